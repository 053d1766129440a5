// Starts the supervisor's page.
import { load, use } from "../shared/i18n.js";
import { App } from "./app.js";
import { Board } from "./board.js";
import { Alarm } from "./supervision/model/alarm-sound.js";

const MINUTE_MS = 60_000;

const language = document.documentElement.lang === "en" ? "en" : "nl";
const catalogue = await load(new URL(`../i18n/board.${language}.json`, import.meta.url).href);
use(catalogue, language === "en" ? "en-GB" : language);

const board = new Board({
  url: `${location.origin.replace(/^http/, "ws")}/ws/console/`,
  memory: localStorage,
  label: label(),
});
const alarm = new Alarm(localStorage);
board.floor.addEventListener("alarm", alarm.sound);
document.getElementById("board")?.replaceChildren(Object.assign(new App(), { board, alarm }));
for (const moment of ["online", "pageshow", "focus"]) addEventListener(moment, () => board.wake());
// What time alone changes rings no bell: dates that pass, and whether the purge keeps its word.
setInterval(() => {
  if (board.connection !== "open") return;
  board.refresh();
  board.floor.look();
}, MINUTE_MS);
board.start();

/** What another supervisor sees of this browser. */
function label() {
  const found = [/Firefox|Edg|OPR|Chrome|Safari/, /Windows|Android|iPhone|iPad|Mac|Linux/].map(
    (pattern) => pattern.exec(navigator.userAgent)?.[0] ?? "",
  );
  return found.join(" ").trim();
}
