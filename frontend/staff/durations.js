// Formats lengths of time for the staff's pages.
import { t } from "../shared/text.js";

const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1000, 60_000, 3_600_000];

/** Returns minutes and seconds, with hours before them if there are any. @param {number} ms */
export function stopwatch(ms) {
  const past = Math.max(0, ms);
  const [hours, minutes] = [Math.floor(past / HOUR_MS), (past % HOUR_MS) / MINUTE_MS];
  const seconds = two((past % MINUTE_MS) / SECOND_MS);
  return hours ? `${hours}:${two(minutes)}:${seconds}` : `${Math.floor(minutes)}:${seconds}`;
}

/** Returns the minutes and seconds that are left. The result is 0:00 only when the time is over. @param {number} ms */
export function countdown(ms) {
  const seconds = Math.ceil(ms / SECOND_MS);
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

/** Returns a length of time in a short form, such as "5 min". @param {string} key  with `.seconds`, `.minutes` and `.hours` @param {number} ms */
export function shortly(key, ms) {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  if (seconds < 60) return t(`${key}.seconds`, { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (ms < HOUR_MS) return t(`${key}.minutes`, { n: minutes });
  return t(`${key}.hours`, { h: Math.floor(minutes / 60), m: two(minutes % 60) });
}

/** @param {number} number */
const two = (number) => String(Math.floor(number)).padStart(2, "0");
