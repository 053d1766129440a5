// Who should be there now and soon, by line: asked at once, and anew whenever the rota of a line changes.
import { comingOf } from "./rota-week.js";

/** @typedef {import("../../../shared/protocol.d.ts").ShiftShown} Shift */
/** @typedef {import("../../supervision/model/live-floor.js").FloorLine} FloorLine */
/** @typedef {{shift: Shift, here: string[], missing: string[], sick: string[], gap: number}} Now  aliases; gap: how many more are wanted than are here */

const THERE = ["on", "break"];
const HOUR_MS = 3_600_000;

export class WhoIsOn {
  /** @type {Map<string, Shift[]>} */
  shifts = new Map();
  #around;
  #askedAt = 0;

  /** @param {{request: import("../../../staff/station.js").Station["request"], changed: () => void, now: () => number}} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    this.shifts.clear();
  }

  /** @param {Iterable<string>} lines */
  async look(lines) {
    this.#askedAt = this.#around.now();
    for (const line of lines) {
      const ok = await this.#around.request("onshift", { line }).catch(() => null);
      if (ok?.shifts) this.shifts.set(line, ok.shifts);
    }
    this.#around.changed();
  }

  /** What was asked an hour ago does not know the next shift. @param {Iterable<string>} lines */
  refresh(lines) {
    if (this.#around.now() - this.#askedAt > HOUR_MS) this.look(lines);
  }

  /** The shifts that go on. @param {string} line @param {FloorLine | undefined} behind @returns {Now[]} */
  now(line, behind) {
    const at = this.#around.now();
    const there = new Set(behind?.people.filter(({ duty }) => THERE.includes(duty)).map(({ id }) => id));
    return (this.shifts.get(line) ?? [])
      .filter(({ starts, ends }) => Date.parse(starts) <= at && at < Date.parse(ends))
      .map((shift) => {
        const coming = comingOf(shift.places);
        const here = coming.filter(({ person }) => there.has(person)).map(({ alias }) => alias);
        const missing = coming.filter(({ person }) => !there.has(person)).map(({ alias }) => alias);
        const sick = shift.places.filter(({ state }) => state === "sick").map(({ alias }) => alias);
        return { shift, here, missing, sick, gap: Math.max(0, shift.wanted - here.length) };
      });
  }

  /** The first that begins later, or nothing within a day. @param {string} line */
  next(line) {
    const at = this.#around.now();
    return (this.shifts.get(line) ?? []).find(({ starts }) => Date.parse(starts) > at);
  }
}
