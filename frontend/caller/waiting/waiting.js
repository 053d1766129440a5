// Puts into words what a waiting caller is told: the wait, and every few seconds another statement that is
// true now.
import { clock, t, tn } from "../../shared/text.js";

export const SIGN_MS = 20_000;

/** @typedef {{ahead: number, minutes: [number, number] | null, long: boolean, served: number, closed: boolean, until: string | null, staffed: boolean}} Queue  until: when the wait ends, as nobody is there */

/** Returns the place in words. Nobody is "first" while nobody is there to answer. @param {Queue} queue */
export function placeInWords({ ahead, until }) {
  if (until) return t("caller.waiting.alone");
  return ahead === 0 ? t("caller.waiting.first") : tn("caller.waiting.ahead", ahead);
}

/** @param {Queue} queue */
export const closingInWords = ({ closed, until }) => (closed && !until ? t("caller.waiting.closed") : "");

const SLOW_MINUTES = 20;

/** Returns whether a letter may be better: nobody can answer soon. @param {Queue} queue */
export const isSlow = ({ minutes, long, until, staffed }) =>
  until !== null || !staffed || long || (minutes !== null && minutes[1] > SLOW_MINUTES);

/** Returns the wait in words. A wait over an hour is said plainly; an unknown one is not guessed. @param {Queue} queue */
export function waitInWords({ minutes, long, until, staffed }) {
  if (until) return t("caller.waiting.until", { time: clock(until) });
  if (!staffed) return t("caller.waiting.nobody");
  if (long) return t("caller.waiting.long");
  if (!minutes) return t("caller.waiting.unknown");
  const [low, high] = minutes;
  return t(low ? "caller.waiting.minutes" : "caller.waiting.soon", { low, high });
}

/** Returns a statement that differs from the last one. @param {number} round @param {number} served @param {number} now @param {boolean} [staffed] */
export function signOfLife(round, served, now, staffed = true) {
  const told = [
    t(staffed ? "caller.sign.here" : "caller.sign.place", { time: clock(new Date(now).toISOString()) }),
    served > 0 && tn("caller.sign.served", served),
    t("caller.sign.stay"),
  ].filter((one) => one !== false);
  return told[round % told.length];
}
