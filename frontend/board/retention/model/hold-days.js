// Calculates the days on which a hold can end. The hold ends at the first moment of the chosen day, in this computer's
// time zone.

const [SOON, MOST] = [7, 90];

/** Returns the days for a new hold, or for one that is extended. @param {number} now @param {{until: string, latest: string}} [held] */
export function daysOf(now, held) {
  const from = held ? Date.parse(held.until) : now;
  const latest = held ? localDay(Date.parse(held.latest)) : localDay(now, MOST);
  const [chosen = latest] = [localDay(from, SOON), latest].sort();
  return { first: localDay(from, 1), latest, chosen };
}

/** Returns the value of a date field, `later` calendar days after a moment. It counts calendar days, not spans of 24 hours, so the result is right when the clocks change. @param {number} ms @param {number} [later] */
function localDay(ms, later = 0) {
  const at = new Date(ms);
  at.setDate(at.getDate() + later);
  const [month, day] = [at.getMonth() + 1, at.getDate()].map((n) => String(n).padStart(2, "0"));
  return `${at.getFullYear()}-${month}-${day}`;
}
