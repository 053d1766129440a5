// Models a line's week as its supervisor plans it: the shifts, the people on them, and the server's errors.
// The week is fetched again after each action, and whenever somebody else changes it.
import { codeOf } from "../../staff/problems.js";
import { comingOf, mayMove, mayStand } from "./landing.js";

/** @typedef {import("../../shared/protocol.d.ts").ShiftShown} Shift */
/** @typedef {import("../../shared/protocol.d.ts").RotaDay} Day */
/** @typedef {import("../../shared/protocol.d.ts").RotaPerson} Person */
/** @typedef {{day: string, opens: string, closes: string, wanted: number}} When */
/** @typedef {{what: "add" | "change" | "place", shift: string, person?: string, chosen: string}} Open  `chosen`: a person, "" for nobody yet */
/** @typedef {{kind: "person", person: string, from?: string} | {kind: "shift", shift: string}} Dragged */
/** @typedef {{what: string, name?: string, shift?: Shift, onto?: Shift}} Said */
/**
 * @typedef {object} Around
 * @property {import("../../staff/station.js").Station["request"]} request
 * @property {() => void} changed
 * @property {() => number} now  in milliseconds
 */

const DAY_MS = 86_400_000;
const WEEK = 7;
const AHEAD = 6;
export const USUAL = "usual week";

export class RotaWeek {
  /** Holds the first of the seven days, such as `2026-11-30`. */
  monday;
  /** @type {Day[]} */
  days = [];
  /** @type {Shift[]} */
  shifts = [];
  /** @type {Person[]} */
  people = [];
  /** Is true if there is a usual week to copy. */
  usual = false;
  loaded = false;
  busy = false;
  /** Holds the error code of the last action. */
  refused = "";
  /** Holds how many shifts the last action created or saved, for one announcement. @type {{action: "kept" | "filled", n: number} | null} */
  done = null;
  /** Describes what the last action did, for screen readers as well. @type {Said | null} */
  said = null;
  /** Identifies the one place in the week where something is being chosen or typed. @type {Open | null} */
  open = null;
  /** @type {Dragged | null} */
  dragged = null;
  /** Identifies what needs a second click, because something would be lost: a shift, or USUAL. */
  asking = "";
  line;
  #around;
  #turn = 0;
  /** @type {Promise<void>} */
  #newest = Promise.resolve();
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @param {string} line @param {Around} around */
  constructor(line, around) {
    this.line = line;
    this.#around = around;
    this.monday = mondayOf(new Date(around.now()));
  }

  /** Fetches the week. If calls overlap, as after a bell and an action, all of them get the newest reply. */
  load() {
    this.#newest = this.#ask(++this.#turn);
    return this.#newest;
  }

  /** @param {number} turn @returns {Promise<void>} */
  async #ask(turn) {
    try {
      const found = await this.#around.request("rota", { line: this.line, monday: this.monday });
      if (turn !== this.#turn) return this.#newest;
      const { days, shifts, people, usual } = found;
      Object.assign(this, { days, shifts, people, usual, loaded: true });
      if (this.refused === "dropped") this.refused = ""; // the connection is back
    } catch (error) {
      if (turn !== this.#turn) return this.#newest;
      this.refused = codeOf(error);
    }
    this.#around.changed();
  }

  /** Shows a week that is `weeks` later, or earlier if negative. @param {number} weeks */
  go = (weeks) => this.show(daysLater(this.monday, weeks * WEEK));

  /** @param {string} monday */
  show(monday) {
    this.monday = monday;
    Object.assign(this, { loaded: false, refused: "", done: null, asking: "", open: null, dragged: null });
    this.said = { what: "week" };
    return this.load();
  }

  /** Returns the Mondays of the weeks that can be planned, from this one on. */
  get ahead() {
    const first = mondayOf(new Date(this.#around.now()));
    return Array.from({ length: AHEAD }, (_, n) => daysLater(first, n * WEEK));
  }

  /** Returns the hours of this week's shifts, each once and in order. They are the rows of the week. */
  get rows() {
    return [...new Set(this.shifts.map(hoursOf))].sort();
  }

  /** Opens one place in the week and closes the one that was open. @param {Open["what"]} what @param {string} shift @param {string} [person] */
  unfold(what, shift, person) {
    this.open = { what, shift, person, chosen: "" };
    this.asking = "";
    this.#around.changed();
  }

  fold() {
    this.open = null;
    this.asking = "";
    this.#around.changed();
  }

  /** @param {Open["what"]} what @param {string} shift @param {string} [person] */
  isOpen = (what, shift, person) =>
    this.open?.what === what && this.open.shift === shift && this.open.person === person;

  /** @param {string} chosen */
  choose(chosen) {
    if (this.open) this.open.chosen = chosen;
    this.#around.changed();
  }

  /** Notes what is being dragged, or null. @param {Dragged | null} dragged */
  drag(dragged) {
    this.dragged = dragged;
    this.#around.changed();
  }

  /** Returns whether the dragged person may be put on the shift. @param {Shift} shift */
  landsOn(shift) {
    return this.dragged?.kind === "person" && this.mayStand(shift, this.dragged);
  }

  /** @param {string} day */
  landsAt(day) {
    const { dragged } = this;
    const shift = dragged?.kind === "shift" && this.shiftOf(dragged.shift);
    return Boolean(shift && mayMove(this.shifts, shift, day));
  }

  /** @param {Shift} shift @param {import("./landing.js").Somebody} who */
  mayStand = (shift, who) => mayStand(this.shifts, shift, who, this.#around.now());

  /** @param {string} id */
  shiftOf = (id) => this.shifts.find(({ shift }) => shift === id);

  /** @param {When} when */
  add = (when) => this.#do("addshift", { line: this.line, ...when }, { what: "added" });

  /** @param {string} shift @param {When} when */
  change = (shift, when) => this.#do("changeshift", { shift, ...when }, { what: "changed" });

  /** Deletes a shift and its places, at the second click. @param {string} shift */
  drop = (shift) =>
    this.#twice(shift, () =>
      this.#do("dropshift", { shift }, { what: "dropped", shift: this.shiftOf(shift) }),
    );

  /** @param {string} shift @param {string} person */
  putOn = (shift, person) => this.#do("puton", { shift, person }, this.#told("put_on", person, shift));

  /** @param {string} shift @param {string} person */
  takeOff = (shift, person) => this.#do("takeoff", { shift, person }, this.#told("taken_off", person, shift));

  /** @param {string} shift @param {string} person @param {string} onto */
  movePerson = (shift, person, onto) =>
    this.#do("moveperson", { shift, person, onto }, this.#told("moved", person, shift, onto));

  /** Moves the shift to another day of this week. @param {string} id @param {string} day */
  move(id, day) {
    const shift = this.shiftOf(id);
    if (!shift || shift.day === day) return;
    const { opens, closes, wanted } = shift;
    return this.change(id, { day, opens, closes, wanted });
  }

  /** Saves this week as the usual week. It needs a second click if that replaces another one. */
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

  /** @param {string} what @param {string} person @param {string} shift @param {string} [onto] @returns {Said} */
  #told(what, person, shift, onto = "") {
    const name = this.people.find((one) => one.person === person)?.alias ?? this.#onIt(shift, person);
    return { what, name, shift: this.shiftOf(shift), onto: this.shiftOf(onto) };
  }

  /** Returns the name of a person on a shift who is no longer a counsellor of the line. @param {string} shift @param {string} person */
  #onIt = (shift, person) =>
    this.shiftOf(shift)?.places.find((place) => place.person === person)?.alias ?? "";

  /** Runs one action at a time, in the order in which they were requested. @param {string} type @param {object} fields @param {Said | "kept" | "filled"} told @returns {Promise<boolean>} */
  #do(type, fields, told) {
    const turn = this.#last.then(() => this.#one(type, fields, told));
    this.#last = turn;
    return turn;
  }

  /** @param {string} type @param {object} fields @param {Said | "kept" | "filled"} told */
  async #one(type, fields, told) {
    Object.assign(this, { busy: true, refused: "", done: null, said: null, asking: "" });
    this.#around.changed();
    /** @type {Partial<RotaWeek>} */
    let after = {};
    try {
      const asked = /** @type {[never, never]} */ ([type, fields]);
      const ok = /** @type {any} */ (await this.#around.request(...asked));
      after = typeof told === "string" ? { done: { action: told, n: ok.shifts } } : { said: told };
    } catch (error) {
      this.refused = codeOf(error);
    }
    this.busy = false;
    await this.load();
    // The action is announced only after the week was loaded again, because the sentence says what the shift needs now.
    Object.assign(this, after);
    this.#around.changed();
    return !this.refused;
  }
}

/** Returns how many more people are wanted than will come. @param {Shift} shift */
export const lacking = ({ wanted, places }) => Math.max(0, wanted - comingOf(places).length);

/** Returns the hours of a shift, which identify its row in the week. @param {Shift} shift */
export const hoursOf = ({ opens, closes }) => `${opens}–${closes}`;

/** Returns the number of a week by ISO 8601: week 1 has the year's first Thursday. @param {string} monday */
export function numberOf(monday) {
  const thursday = daysLater(monday, 3);
  const [at, first] = [thursday, `${thursday.slice(0, 4)}-01-01`].map((day) =>
    Date.parse(`${day}T12:00:00Z`),
  );
  return Math.floor((at - first) / DAY_MS / WEEK) + 1;
}

/** @param {string} day @param {number} days */
export const daysLater = (day, days) =>
  new Date(Date.parse(`${day}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** @param {Date} date */
function mondayOf(date) {
  // A day on which the clock changes has 23 or 25 hours, so days are not counted in milliseconds.
  const local = new Date(date.getFullYear(), date.getMonth(), date.getDate() - ((date.getDay() + 6) % WEEK));
  const [year, month, day] = [local.getFullYear(), local.getMonth() + 1, local.getDate()];
  return [year, month, day].map((part) => String(part).padStart(2, "0")).join("-");
}
