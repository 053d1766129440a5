// Sums up a crowded floor in a few rows: who waits, by urgency and time, and the people, by whether they can
// take a caller.

/** @typedef {import("./live-floor.js").FloorLine} FloorLine */
/** @typedef {import("./live-floor.js").FloorPerson} FloorPerson */
/** @typedef {typeof STATES[number]} PersonState */

const MINUTE_MS = 60_000;
/** Holds the lower bounds of the groups in minutes. The last group has no upper bound. */
export const AGES = [0, 5, 10, 20];
export const STATES = /** @type {const} */ (["free", "full", "last", "break", "off"]);

/**
 * Groups the waiting callers, the most urgent first. `ages`: how many of the listed callers are in each group; `rest`:
 * how many callers are not listed.
 * @param {FloorLine} behind @param {number} now
 */
export const waitingByUrgency = ({ urgencies, waiting }, now) =>
  urgencies.map(({ urgency, waiting: all, away, oldest }) => {
    const listed = waiting.filter((one) => one.urgency === urgency);
    const ages = AGES.map((from, index) => ({
      from,
      to: AGES[index + 1] ?? null,
      n: listed.filter(({ since }) => isBetween((now - Date.parse(since)) / MINUTE_MS, from, AGES[index + 1]))
        .length,
    }));
    return { urgency, all, away, oldest, ages, rest: Math.max(0, all - listed.length) };
  });

/** @param {number} minutes @param {number} from @param {number} [to] */
const isBetween = (minutes, from, to = Number.POSITIVE_INFINITY) =>
  Math.max(0, minutes) >= from && minutes < to;

/** Groups the people by state, without empty groups. @param {FloorPerson[]} people */
export function peopleByState(people) {
  const sorted = [...people].sort((a, b) => a.alias.localeCompare(b.alias));
  return STATES.map((state) => ({ state, people: sorted.filter((one) => stateOf(one) === state) })).filter(
    (group) => group.people.length,
  );
}

/** @param {FloorPerson} person @returns {PersonState} */
function stateOf({ duty, slots, busy }) {
  if (duty === "break") return "break";
  if (duty !== "on") return "off";
  if (!slots) return "last";
  return busy < slots ? "free" : "full";
}
