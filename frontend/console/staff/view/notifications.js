// Asks for attention without saying what was said: a soft sound, a notification without content, a number in the title.
import { chime } from "../../../shared/chime.js";
import { t } from "../../../shared/text.js";

/** @typedef {import("../../desk.js").Desk} Desk */
/** @typedef {import("../model/preferences.js").Preferences} Preferences */

const NOTES = [
  { hertz: 523, from: 0 },
  { hertz: 659, from: 0.14 },
];
const LOUDEST = 0.25;

/** @type {AudioContext | null} */
let audio = null;

/** @param {number} volume  0 to 100 */
export function sound(volume) {
  audio ??= new AudioContext();
  audio.resume(); // browsers keep it silent until the first key or click
  chime(audio, NOTES, (volume / 100) ** 2 * LOUDEST);
}

/** @param {Desk} desk @param {Preferences} preferences */
export function callForAttention(desk, preferences) {
  desk.addEventListener("heard", (event) => {
    const background = /** @type {CustomEvent} */ (event).detail !== desk.current;
    if (desk.attended && !background) return;
    const { sound: audible, volume, notify } = preferences.choice;
    if (audible && volume) sound(volume);
    if (notify && !desk.attended) showNotification();
  });
  desk.addEventListener("rings", () => {
    const { sound: audible, volume, notify } = preferences.choice;
    if (audible && volume) sound(volume);
    if (notify && !desk.attended) showNotification("console.notification_ring");
  });
  const plain = document.title;
  desk.addEventListener("change", () => {
    const unread = [...desk.conversations.values()].reduce((sum, one) => sum + one.unread, 0);
    const title = unread ? t("console.title_unread", { n: unread, title: plain }) : plain;
    if (document.title !== title) document.title = title;
  });
}

/** @param {string} [words] */
function showNotification(words = "console.notification") {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  // One tag: a second message replaces the first, so that the number of them tells nothing either.
  const shown = new Notification(t(words), { tag: words, silent: true });
  shown.onclick = () => window.focus();
}

/** Whether somebody looks at the page. @param {Desk} desk */
export function watchAttendance(desk) {
  const look = () => desk.attend(document.visibilityState === "visible" && document.hasFocus());
  for (const moment of ["focus", "blur", "pageshow"]) addEventListener(moment, look);
  document.addEventListener("visibilitychange", look);
  look();
}
