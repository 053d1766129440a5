// Starts the console, or another service's desk, on its page.
import { App } from "./app.js";
import { Console } from "./console.js";
import { prepare, socketAt, wakeWithPage } from "./page.js";
import { Preferences } from "./staff/model/preferences.js";
import { listenToKeys } from "./staff/view/keyboard-shortcuts.js";
import { callForAttention, watchAttendance } from "./staff/view/notifications.js";

await prepare();
const desk = new Console({
  url: socketAt("/ws/console/"),
  memory: localStorage,
  store: sessionStorage,
  label: label(),
  mode: document.documentElement.dataset.mode === "partner" ? "partner" : "console",
});
const preferences = new Preferences(localStorage);
desk.replies = (language) => preferences.replies(language);
const app = Object.assign(new App(), { desk, preferences });
document.getElementById("console")?.replaceChildren(app);

callForAttention(desk, preferences);
watchAttendance(desk);
listenToKeys(desk, preferences, app);
wakeWithPage(desk);
desk.start();

/** What a supervisor sees of this browser. */
function label() {
  const [browser = "", system = ""] = [
    /Firefox|Edg|OPR|Chrome|Safari/,
    /Windows|Android|iPhone|iPad|Mac|Linux/,
  ].map((pattern) => pattern.exec(navigator.userAgent)?.[0]);
  return `${browser} ${system}`.trim();
}
