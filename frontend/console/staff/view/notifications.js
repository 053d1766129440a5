// Calls for attention without any content: a soft sound, a notification, and the number of unread messages in the title.
import { chime } from "../../../shared/chime.js";
import { t } from "../../../shared/text.js";
import { toneOf } from "../../../staff/initial.js";

/** @typedef {import("../../desk.js").Desk} Desk */
/** @typedef {import("../model/preferences.js").Preferences} Preferences */

/** @typedef {import("../model/preferences.js").Occasion} Occasion */

/** The sounds differ clearly, so that nobody has to look: two rising notes for a message, three for a ring, two low ones for a caller, six rising ones for an acute ring. @type {Record<Occasion | "acute", {hertz: number, from: number}[]>} */
const NOTES = {
  message: [
    { hertz: 523, from: 0 },
    { hertz: 659, from: 0.14 },
  ],
  ring: [
    { hertz: 784, from: 0 },
    { hertz: 659, from: 0.18 },
    { hertz: 784, from: 0.36 },
  ],
  acute: [784, 988, 1175, 784, 988, 1175].map((hertz, note) => ({ hertz, from: 0.16 * note })),
  caller: [
    { hertz: 330, from: 0 },
    { hertz: 392, from: 0.2 },
  ],
};
/** Each colour of a conversation raises its sound by a number of semitones, so that the counsellor can hear which conversation it is about. */
const SEMITONES = [0, 2, 4, 5, 7, 9, 11, 12];
const LOUDEST = 0.25;

/** @type {AudioContext | null} */
let audio = null;

/** @param {Occasion | "acute"} occasion @param {number} volume  0 to 100 @param {string} [initial]  of the conversation that it is about */
export function sound(occasion, volume, initial = "A") {
  audio ??= new AudioContext();
  audio.resume(); // browsers keep it silent until the first key or click
  const higher = 2 ** (SEMITONES[toneOf(initial)] / 12);
  const notes = NOTES[occasion].map(({ hertz, from }) => ({ hertz: hertz * higher, from }));
  chime(audio, notes, (volume / 100) ** 2 * LOUDEST);
}

/** @param {Desk} desk @param {Preferences} preferences */
export function callForAttention(desk, preferences) {
  const play = (/** @type {Occasion} */ occasion, /** @type {string} */ initial = "A") => {
    const { sound: audible, volumes } = preferences.choice;
    if (audible && volumes[occasion]) sound(occasion, volumes[occasion], initial);
  };
  desk.addEventListener("heard", (event) => {
    /** @type {import("../../conversation/model/conversation.js").Conversation} */
    const conversation = /** @type {CustomEvent} */ (event).detail;
    if (desk.attended && conversation === desk.current) return;
    const { initial } = conversation;
    play("message", initial || undefined);
    if (preferences.choice.notify && !desk.attended)
      showNotification(initial ? t("console.notification_in", { initial }) : t("console.notification"));
  });
  desk.addEventListener("rings", (event) => {
    const acute = /** @type {CustomEvent} */ (event).detail?.acute === true;
    const { sound: audible, volumes, notify } = preferences.choice;
    if (audible && volumes.ring) sound(acute ? "acute" : "ring", volumes.ring);
    if (notify && !desk.attended)
      showNotification(t(acute ? "console.notification_ring.acute" : "console.notification_ring"));
  });
  desk.addEventListener("caller", () => play("caller"));
  const plain = document.title;
  desk.addEventListener("change", () => {
    const unread = [...desk.conversations.values()].reduce((sum, one) => sum + one.unread, 0);
    const named = desk.current?.initial ? `${desk.current.initial} · ${plain}` : plain;
    const title = unread ? t("console.title_unread", { n: unread, title: named }) : named;
    if (document.title !== title) document.title = title;
  });
}

/** @param {string} words */
function showNotification(words) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  // With the same tag a second notification replaces the first, so that the number of notifications reveals nothing either.
  const shown = new Notification(words, { tag: words, silent: true });
  shown.onclick = () => window.focus();
}

/** Keeps the desk informed whether somebody looks at the page. @param {Desk} desk */
export function watchAttendance(desk) {
  const look = () => desk.attend(document.visibilityState === "visible" && document.hasFocus());
  for (const moment of ["focus", "blur", "pageshow"]) addEventListener(moment, look);
  document.addEventListener("visibilitychange", look);
  look();
}
