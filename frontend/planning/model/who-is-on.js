// Holds who should be on duty now and next, by line. It is fetched at once, and again whenever a line's rota
// changes.
import { comingOf } from "./landing.js";

/** @typedef {import("../../shared/protocol.d.ts").ShiftShown} Shift */
/** @typedef {import("../../board/supervision/model/live-floor.js").FloorLine} FloorLine */
/**
 * @typedef {object} Now
 * @property {Shift[]} shifts  that are running now
 * @property {number} here  how many people are on duty or on a break, planned or not
 * @property {number} wanted
 * @property {number} gap  how many more are wanted than are here
 * @property {string[]} missing  aliases of those who should be here and are not
 * @property {string[]} sick  aliases of those who reported sick
 */

const THERE = ["on", "break"];
const HOUR_MS = 3_600_000;

export class WhoIsOn {
  /** @type {Map<string, Shift[]>} */
  shifts = new Map();
  #around;
  /** @type {string[]} */
  #lines = [];
  /** Holds when all lines were last fetched, in milliseconds; 0 if one failed. */
  #askedAt = 0;

  /** @param {{request: import("../../staff/station.js").Station["request"], changed: () => void, now: () => number}} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    this.shifts.clear();
  }

  /** Fetches the shifts of these lines, which `refresh` will fetch again. @param {string[]} lines */
  async enter(lines) {
    this.#lines = lines;
    this.#askedAt = this.#around.now();
    if (!(await this.look(lines))) this.#askedAt = 0;
  }

  /** Fetches the shifts of some lines. Returns whether all requests succeeded. @param {string[]} lines */
  async look(lines) {
    let all = true;
    for (const line of lines) {
      const ok = await this.#around.request("onshift", { line }).catch(() => null);
      if (ok?.shifts) this.shifts.set(line, ok.shifts);
      else all = false;
    }
    this.#around.changed();
    return all;
  }

  /** Fetches all shifts again after an hour, because the last reply may not include the next shift; and at once if a request failed. */
  async refresh() {
    if (this.#around.now() - this.#askedAt > HOUR_MS) await this.enter(this.#lines);
  }

  /** Merges the shifts that are running now. Each person who is here counts once, even if not planned. @param {string} line @param {FloorLine | undefined} behind @returns {Now | null} */
  now(line, behind) {
    const at = this.#around.now();
    const shifts = (this.shifts.get(line) ?? []).filter(
      ({ starts, ends }) => Date.parse(starts) <= at && at < Date.parse(ends),
    );
    if (!shifts.length) return null;
    const there = new Set(behind?.people.filter(({ duty }) => THERE.includes(duty)).map(({ id }) => id));
    const places = shifts.flatMap((shift) => shift.places);
    const wanted = shifts.reduce((sum, shift) => sum + shift.wanted, 0);
    return {
      ...{ shifts, wanted, here: there.size, gap: Math.max(0, wanted - there.size) },
      missing: aliasesOf(comingOf(places).filter(({ person }) => !there.has(person))),
      sick: aliasesOf(places.filter(({ state }) => state === "sick")),
    };
  }

  /** Returns the first shift that has not begun, within a day. @param {string} line */
  next(line) {
    const at = this.#around.now();
    return (this.shifts.get(line) ?? []).find(({ starts }) => Date.parse(starts) > at);
  }

  /** Returns whom to call if nobody is on duty: those who should be here now, else those on the next shift. @param {string} line @param {FloorLine | undefined} behind @returns {import("../../board/board.js").ToCall | null} */
  toCall(line, behind) {
    const missing = this.now(line, behind)?.missing ?? [];
    if (missing.length) return { from: "", names: missing };
    const next = this.next(line);
    const names = next ? aliasesOf(comingOf(next.places)) : [];
    return next && names.length ? { from: next.starts, names } : null;
  }
}

/** Returns each alias once. @param {Shift["places"]} places */
const aliasesOf = (places) => [...new Map(places.map(({ person, alias }) => [person, alias])).values()];
