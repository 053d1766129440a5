// Asks for attention without saying what was said: a soft sound, a notification without content, a number in the title.
import { t } from "../../../shared/i18n.js";

/** @typedef {import("../../desk.js").Station} Station */
/** @typedef {import("../model/preferences.js").Preferences} Preferences */

const NOTES = [
  { hertz: 523, from: 0 },
  { hertz: 659, from: 0.14 },
];
const [ATTACK_S, LASTS_S, LOUDEST] = [0.03, 0.5, 0.25];

/** @type {AudioContext | null} */
let audio = null;

/** Two soft notes. @param {number} volume  0 to 100 */
export function chime(volume) {
  audio ??= new AudioContext();
  audio.resume(); // browsers keep it silent until the first key or click
  const now = audio.currentTime;
  for (const { hertz, from } of NOTES) note(audio, hertz, now + from, (volume / 100) ** 2 * LOUDEST);
}

/** @param {AudioContext} context @param {number} hertz @param {number} at @param {number} loudness */
function note(context, hertz, at, loudness) {
  const [tone, gain] = [context.createOscillator(), context.createGain()];
  tone.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loudness, at + ATTACK_S);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + LASTS_S);
  tone.connect(gain).connect(context.destination);
  tone.start(at);
  tone.stop(at + LASTS_S);
}

/** @param {Station} desk @param {Preferences} preferences */
export function callForAttention(desk, preferences) {
  desk.addEventListener("heard", (event) => {
    const background = /** @type {CustomEvent} */ (event).detail !== desk.current;
    if (desk.attended && !background) return;
    const { sound, volume, notify } = preferences.choice;
    if (sound && volume) chime(volume);
    if (notify && !desk.attended) showNotification();
  });
  desk.addEventListener("rings", () => {
    const { sound, volume, notify } = preferences.choice;
    if (sound && volume) chime(volume);
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

/** Whether somebody looks at the page. @param {Station} desk */
export function watchAttendance(desk) {
  const look = () => desk.attend(document.visibilityState === "visible" && document.hasFocus());
  for (const moment of ["focus", "blur", "pageshow"]) addEventListener(moment, look);
  document.addEventListener("visibilitychange", look);
  look();
}
