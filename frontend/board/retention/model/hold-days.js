// The days on which a hold can end: each at its first moment, where this computer is.

const [SOON, MOST] = [7, 90];

/** Of a hold that begins now, or of one that goes on. @param {number} now @param {{until: string, latest: string}} [held] */
export function daysOf(now, held) {
  const from = held ? Date.parse(held.until) : now;
  const latest = held ? localDay(Date.parse(held.latest)) : localDay(now, MOST);
  const [chosen = latest] = [localDay(from, SOON), latest].sort();
  return { first: localDay(from, 1), latest, chosen };
}

/** As a field for a day takes it; so many days later, of whatever length. @param {number} ms @param {number} [later] */
function localDay(ms, later = 0) {
  const at = new Date(ms);
  at.setDate(at.getDate() + later);
  const [month, day] = [at.getMonth() + 1, at.getDate()].map((n) => String(n).padStart(2, "0"));
  return `${at.getFullYear()}-${month}-${day}`;
}
