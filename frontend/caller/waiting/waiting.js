// What somebody who waits is told: the wait in words and, every few seconds, another thing that is true now.
import { clock, t, tn } from "../../shared/text.js";

export const SIGN_MS = 20_000;

/** @typedef {{ahead: number, minutes: [number, number] | null, long: boolean, served: number, closed: boolean, until: string | null, staffed: boolean}} Queue  until: nobody is there, and the waiting ends */

/** Nobody's turn where nobody is there. @param {Queue} queue */
export function placeInWords({ ahead, until }) {
  if (until) return t("caller.waiting.alone");
  return ahead === 0 ? t("caller.waiting.first") : tn("caller.waiting.ahead", ahead);
}

/** @param {Queue} queue */
export const closingInWords = ({ closed, until }) => (closed && !until ? t("caller.waiting.closed") : "");

const SLOW_MINUTES = 20;

/** Where a letter may be the better way: nobody is there, or not soon. @param {Queue} queue */
export const isSlow = ({ minutes, long, until, staffed }) =>
  until !== null || !staffed || long || (minutes !== null && minutes[1] > SLOW_MINUTES);

/** An hour and more is said as it is; what nobody can tell is not guessed. @param {Queue} queue */
export function waitInWords({ minutes, long, until, staffed }) {
  if (until) return t("caller.waiting.until", { time: clock(until) });
  if (!staffed) return t("caller.waiting.nobody");
  if (long) return t("caller.waiting.long");
  if (!minutes) return t("caller.waiting.unknown");
  const [low, high] = minutes;
  return t(low ? "caller.waiting.minutes" : "caller.waiting.soon", { low, high });
}

/** Never the same twice in a row. @param {number} round @param {number} served @param {number} now @param {boolean} [staffed] */
export function signOfLife(round, served, now, staffed = true) {
  const told = [
    t(staffed ? "caller.sign.here" : "caller.sign.place", { time: clock(new Date(now).toISOString()) }),
    served > 0 && tn("caller.sign.served", served),
    t("caller.sign.stay"),
  ].filter((one) => one !== false);
  return told[round % told.length];
}
