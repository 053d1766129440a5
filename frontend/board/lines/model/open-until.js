// Calculates until when a line stays open if it is opened by hand, in this computer's time zone.

const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;
const USUAL_MS = 2 * HOUR_MS;
const LONGEST_MS = 24 * HOUR_MS;

/**
 * Returns the time of day that the form suggests: the end that was set by hand before. Without such an end,
 * it is the closing time if the line is open now and closes within a day; otherwise two hours from now,
 * rounded up to a quarter of an hour, or the next change of the hours if that is sooner.
 * @param {{steered_until: string | null, changes: string | null}} behind @param {boolean} isOpen @param {number} now
 */
export function usualEnd({ steered_until, changes }, isOpen, now) {
  const soon = Math.ceil((now + USUAL_MS) / QUARTER_MS) * QUARTER_MS;
  const change = changes ? Date.parse(changes) : Number.POSITIVE_INFINITY;
  if (steered_until) return timeOf(Date.parse(steered_until));
  return timeOf(isOpen && change - now <= LONGEST_MS ? change : Math.min(soon, change));
}

/** Returns the next moment after `now` at which the clock shows this time, at most a day from now, in ISO 8601, or null for no time. @param {string} time  HH:MM @param {number} now */
export function nextAt(time, now) {
  const [hours, minutes] = time.split(":").map(Number);
  if (!time || Number.isNaN(hours) || Number.isNaN(minutes)) return null;
  const at = new Date(now);
  at.setHours(hours, minutes, 0, 0);
  if (at.getTime() > now) return at.toISOString();
  // When the clock goes back, an hour comes twice, and a day has 25 hours.
  const again = at.getTime() + HOUR_MS;
  if (again > now && timeOf(again) === timeOf(at.getTime())) return new Date(again).toISOString();
  at.setDate(at.getDate() + 1);
  return new Date(Math.min(at.getTime(), now + LONGEST_MS)).toISOString();
}

/** @param {number} ms */
function timeOf(ms) {
  const at = new Date(ms);
  return [at.getHours(), at.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
}
