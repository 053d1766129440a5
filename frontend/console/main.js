// Starts the console, or another service's desk, on its page.

import { browserLabel, prepare, signedOut, socketAt, wakeWithPage } from "../staff/page.js";
import { App } from "./app.js";
import { Console } from "./console.js";
import { Preferences } from "./staff/model/preferences.js";
import { listenToKeys } from "./staff/view/keyboard-shortcuts.js";
import { callForAttention, watchAttendance } from "./staff/view/notifications.js";

await prepare("console");
const desk = new Console({
  url: socketAt("/ws/console/"),
  memory: localStorage,
  store: sessionStorage,
  label: browserLabel(),
  signedOut,
  mode: document.documentElement.dataset.mode === "partner" ? "partner" : "console",
});
const preferences = new Preferences(localStorage);
desk.replies = (language) => preferences.replies(language);
const app = Object.assign(new App(), { station: desk, preferences });
document.getElementById("console")?.replaceChildren(app);

callForAttention(desk, preferences);
watchAttendance(desk);
listenToKeys(desk, preferences, app);
wakeWithPage(desk);
desk.start();
