// Models the form of a line's opening hours: the saved ones, the changes, and a preview of the next four weeks. The server
// calculates the preview. No change takes effect before it is saved.
import { browser } from "../../../shared/socket.js";
import { codeOf } from "../../../staff/problems.js";
import { problemsOf } from "./hours-rules.js";

/** @typedef {import("./hours-rules.js").Span} Span */
/** @typedef {import("./hours-rules.js").Schedule} Schedule */
/** @typedef {import("./hours-rules.js").Day} Day */
/** @typedef {Schedule & {feasts: string[], preview: Day[], version: string}} Shown  as the server sends it */
/**
 * @typedef {object} Around
 * @property {import("../../../staff/station.js").Station["request"]} request
 * @property {() => void} changed
 * @property {(ms: number, act: () => void) => () => void} [after]
 */

const TRIES_MS = 400;
const NONE = /** @type {Shown} */ ({
  week: Array(7).fill([]),
  holidays: {},
  dates: [],
  feasts: [],
  preview: [],
  version: "",
});

export class HoursForm {
  /** Holds the values in the form. @type {Schedule} */
  schedule = NONE;
  /** Holds the next four weeks as they would be with the values in the form. @type {Day[]} */
  preview = [];
  /** Holds the saved hours, as the server sent them. */
  stands = NONE;
  loaded = false;
  saving = false;
  saved = false;
  /** Holds the error code if the server refused the last request, else "". */
  refused = "";
  #around;
  #line;
  #turn = 0;
  #cancel = () => {};

  /** @param {string} line @param {Around} around */
  constructor(line, around) {
    this.#line = line;
    this.#around = around;
  }

  get problems() {
    return problemsOf(this.schedule);
  }

  get dirty() {
    return inOrder(this.schedule) !== inOrder(this.stands);
  }

  /** Returns the dates of the preview that differ from the saved hours. */
  get changes() {
    const before = new Map(this.stands.preview.map((day) => [day.date, told(day)]));
    return new Set(this.preview.filter((day) => before.get(day.date) !== told(day)).map(({ date }) => date));
  }

  /** Fetches the saved hours, unless the form has changes. */
  async load() {
    if (this.loaded && this.dirty) return;
    await this.#ask(async () => {
      const shown = await this.#around.request("hours", { line: this.#line });
      if (!this.loaded || !this.dirty) this.#take(shown);
      this.loaded = true;
    });
  }

  /** Discards the changes. */
  reset() {
    this.#cancel();
    this.#turn++;
    this.#take(this.stands);
    this.refused = "";
    this.#around.changed();
  }

  /** @param {Partial<Schedule>} change */
  set(change) {
    this.schedule = { ...this.schedule, ...change };
    Object.assign(this, { refused: "", saved: false });
    this.#cancel();
    if (!this.problems.size)
      this.#cancel = (this.#around.after ?? browser.after)(TRIES_MS, () => this.#try());
    this.#around.changed();
  }

  /** @param {number} weekday @param {Span[]} spans */
  setDay(weekday, spans) {
    this.set({ week: this.schedule.week.map((day, index) => (index === weekday ? spans : day)) });
  }

  /** Sets the hours of a holiday. null means that the holiday has no hours of its own. @param {string} feast @param {Span[] | null} spans */
  setHoliday(feast, spans) {
    const { [feast]: _, ...others } = this.schedule.holidays;
    this.set({ holidays: spans ? { ...others, [feast]: spans } : others });
  }

  /** @param {number} index @param {Partial<import("./hours-rules.js").Dated> | null} change  null: the date is no exception any more */
  setDate(index, change) {
    const { dates } = this.schedule;
    if (!change) return this.set({ dates: dates.filter((_, other) => other !== index) });
    this.set({ dates: dates.map((row, other) => (other === index ? { ...row, ...change } : row)) });
  }

  addDate() {
    this.set({ dates: [...this.schedule.dates, { date: "", spans: [], reason: "" }] });
  }

  async save() {
    if (this.saving || this.problems.size) return;
    this.#cancel();
    this.saving = true;
    await this.#ask(async () => {
      this.#take(await this.#send(true));
      this.saved = true;
    });
    if (this.refused === "conflict") await this.#compare();
    this.saving = false;
    this.#around.changed();
  }

  /** Fetches what a colleague has saved meanwhile: the preview then shows in what the form differs from it. */
  async #compare() {
    const { refused } = this;
    await this.#ask(async () => {
      this.stands = await this.#around.request("hours", { line: this.#line });
    });
    this.refused ||= refused;
  }

  /** Fetches the preview. If two requests overlap, only the answer to the later one is used. */
  async #try() {
    const turn = ++this.#turn;
    await this.#ask(async () => {
      const { preview } = await this.#send(false);
      if (turn === this.#turn) this.preview = preview;
    });
  }

  /** @param {boolean} save @returns {Promise<Shown>} */
  #send(save) {
    return this.#around.request("sethours", {
      ...{ line: this.#line, ...this.schedule },
      ...{ keep: save, version: save ? this.stands.version : "" },
    });
  }

  /** @param {Shown} shown */
  #take(shown) {
    this.#turn++;
    Object.assign(this, { stands: shown, schedule: scheduleOf(shown), preview: shown.preview });
  }

  /** Runs a request. If the server refuses, the form stays as it is. @param {() => Promise<void>} act */
  async #ask(act) {
    try {
      await act();
      this.refused = "";
    } catch (error) {
      this.refused = codeOf(error);
    }
    this.#around.changed();
  }
}

/** @param {Shown} shown @returns {Schedule} */
const scheduleOf = ({ week, holidays, dates }) => ({ week, holidays, dates });

/** @param {Schedule} schedule */
const inOrder = ({ week, holidays, dates }) => JSON.stringify([week, Object.entries(holidays).sort(), dates]);

/** @param {Day} day */
const told = ({ spans, why }) => JSON.stringify([spans.map(({ opens, closes }) => [opens, closes]), why]);
