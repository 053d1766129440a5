// Starts the console on its page.
import { load, use } from "../shared/i18n.js";
import { App } from "./app.js";
import { callForAttention, watchAttendance } from "./attention.js";
import { listenToKeys } from "./keys.js";
import { Console } from "./model.js";
import { Preferences } from "./preferences.js";

const language = document.documentElement.lang === "en" ? "en" : "nl";
const catalogue = await load(new URL(`../i18n/console.${language}.json`, import.meta.url).href);
use(catalogue, language === "en" ? "en-GB" : language);

const desk = new Console({
  url: `${location.origin.replace(/^http/, "ws")}/ws/console/`,
  memory: localStorage,
  store: sessionStorage,
  label: label(),
});
const preferences = new Preferences(localStorage);
const app = Object.assign(new App(), { desk, preferences });
document.getElementById("console")?.replaceChildren(app);

callForAttention(desk, preferences);
watchAttendance(desk);
listenToKeys(desk, preferences, () => app.open("help"));
for (const moment of ["online", "pageshow", "focus"]) addEventListener(moment, () => desk.wake());
desk.start();

/** What a supervisor sees of this browser. */
function label() {
  const [browser = "", system = ""] = [
    /Firefox|Edg|OPR|Chrome|Safari/,
    /Windows|Android|iPhone|iPad|Mac|Linux/,
  ].map((pattern) => pattern.exec(navigator.userAgent)?.[0]);
  return `${browser} ${system}`.trim();
}
