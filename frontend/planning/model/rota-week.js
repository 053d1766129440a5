// A line's week as its supervisor plans it: shifts, who is on them, and what the server said no to. After each action, and
// whenever somebody else changed it, the week is asked anew.
import { codeOf } from "../../staff/problems.js";

/** @typedef {import("../../shared/protocol.d.ts").ShiftShown} Shift */
/** @typedef {import("../../shared/protocol.d.ts").RotaDay} Day */
/** @typedef {import("../../shared/protocol.d.ts").RotaPerson} Person */
/** @typedef {{day: string, opens: string, closes: string, wanted: number}} When */
/**
 * @typedef {object} Around
 * @property {import("../../staff/station.js").Station["request"]} request
 * @property {() => void} changed
 * @property {() => number} now  in milliseconds
 */

const DAY_MS = 86_400_000;
const WEEK = 7;
export const USUAL = "usual week";

export class RotaWeek {
  /** The first of the seven days, as `2026-11-30`. */
  monday;
  /** @type {Day[]} */
  days = [];
  /** @type {Shift[]} */
  shifts = [];
  /** @type {Person[]} */
  people = [];
  /** There is a usual week to fill in. */
  usual = false;
  loaded = false;
  busy = false;
  /** An error code. */
  refused = "";
  /** How many shifts the last action made or kept: to be said once. @type {{action: "kept" | "filled", n: number} | null} */
  done = null;
  /** What would be lost is asked once more: a shift, or that there is another usual week. */
  asking = "";
  line;
  #around;
  #turn = 0;

  /** @param {string} line @param {Around} around */
  constructor(line, around) {
    this.line = line;
    this.#around = around;
    this.monday = mondayOf(new Date(around.now()));
  }

  async load() {
    const turn = ++this.#turn;
    try {
      const found = await this.#around.request("rota", { line: this.line, monday: this.monday });
      if (turn !== this.#turn) return;
      const { days, shifts, people, usual } = found;
      Object.assign(this, { days, shifts, people, usual, loaded: true });
    } catch (error) {
      if (turn === this.#turn) this.refused = codeOf(error);
    }
    this.#around.changed();
  }

  /** So many weeks on, or back. @param {number} weeks */
  go(weeks) {
    const noon = new Date(`${this.monday}T12:00:00Z`).getTime();
    this.monday = new Date(noon + weeks * WEEK * DAY_MS).toISOString().slice(0, 10);
    Object.assign(this, { loaded: false, refused: "", done: null, asking: "" });
    return this.load();
  }

  /** @param {When} when */
  add = (when) => this.#do("addshift", { line: this.line, ...when });

  /** @param {string} shift @param {When} when */
  change = (shift, when) => this.#do("changeshift", { shift, ...when });

  /** The second time it goes, and everybody on it with it. @param {string} shift */
  drop = (shift) => this.#twice(shift, () => this.#do("dropshift", { shift }));

  /** @param {string} shift @param {string} person */
  putOn = (shift, person) => this.#do("puton", { shift, person });

  /** @param {string} shift @param {string} person */
  takeOff = (shift, person) => this.#do("takeoff", { shift, person });

  /** The same shift on another day of this week. @param {string} id @param {string} day */
  move(id, day) {
    const shift = this.shifts.find((one) => one.shift === id);
    if (!shift || shift.day === day) return;
    const { opens, closes, wanted } = shift;
    return this.change(id, { day, opens, closes, wanted });
  }

  /** Another usual week goes for it: then it is asked once more. */
  keep = () => {
    const keep = () => this.#do("keepusual", { line: this.line, monday: this.monday }, "kept");
    return this.usual ? this.#twice(USUAL, keep) : keep();
  };

  fill = () => this.#do("fillweek", { line: this.line, monday: this.monday }, "filled");

  /** @param {string} what @param {() => Promise<boolean>} action */
  #twice(what, action) {
    const sure = this.asking === what;
    this.asking = sure ? "" : what;
    if (sure) return action();
    this.#around.changed();
    return Promise.resolve(false);
  }

  /** One action at a time. @param {string} type @param {object} fields @param {"kept" | "filled"} [action] */
  async #do(type, fields, action) {
    if (this.busy) return false;
    Object.assign(this, { busy: true, refused: "", done: null, asking: "" });
    this.#around.changed();
    try {
      const asked = /** @type {[never, never]} */ ([type, fields]);
      const ok = /** @type {any} */ (await this.#around.request(...asked));
      if (action) this.done = { action, n: ok.shifts };
    } catch (error) {
      this.refused = codeOf(error);
    }
    this.busy = false;
    await this.load();
    return !this.refused;
  }
}

/** How many more are wanted than will come. @param {Shift} shift */
export const lacking = ({ wanted, places }) => Math.max(0, wanted - comingOf(places).length);

/** Who will come. @param {Shift["places"]} places */
export const comingOf = (places) => places.filter(({ state }) => state !== "sick");

/** @param {Date} date */
function mondayOf(date) {
  const local = new Date(date.getTime() - ((date.getDay() + 6) % WEEK) * DAY_MS);
  const [year, month, day] = [local.getFullYear(), local.getMonth() + 1, local.getDate()];
  return [year, month, day].map((part) => String(part).padStart(2, "0")).join("-");
}
