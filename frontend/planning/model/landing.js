// Decides where a person or a shift may be dropped in the week. A place that the server would refuse is not
// offered.

/** @typedef {import("../../shared/protocol.d.ts").ShiftShown} Shift */
/** @typedef {{person: string, from?: string}} Somebody  `from`: the shift from which they would be moved, if any */

/** Returns the people who will come. @param {Shift["places"]} places */
export const comingOf = (places) => places.filter(({ state }) => state !== "sick");

/**
 * Returns whether a person may be put on a shift. Nobody is on two shifts at the same time or twice on one,
 * and past shifts are closed.
 * @param {Shift[]} shifts @param {Shift} to @param {Somebody} who @param {number} now
 */
export function mayStand(shifts, to, { person, from }, now) {
  if (Date.parse(to.ends) <= now || to.elsewhere.includes(person)) return false;
  if (to.places.some((place) => place.person === person)) return false;
  return !shifts.some(
    (one) =>
      ![to.shift, from].includes(one.shift) &&
      overlap(one, to) &&
      comingOf(one.places).some((place) => place.person === person),
  );
}

/** Returns whether a shift may move to a day: another day, on which the line has no shift at the same hours. @param {Shift[]} shifts @param {Shift} shift @param {string} day */
export const mayMove = (shifts, shift, day) =>
  day !== shift.day &&
  !shifts.some((one) => one.day === day && one.opens === shift.opens && one.closes === shift.closes);

/** @param {Shift} one @param {Shift} other */
const overlap = (one, other) =>
  Date.parse(one.starts) < Date.parse(other.ends) && Date.parse(other.starts) < Date.parse(one.ends);
