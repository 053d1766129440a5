// Models a line's published figures: the months and quarters that exist, the tables of the chosen one, and
// the last seven days. They are fetched; the server pushes none of them.

/** @typedef {{key: string, value: number | null}} Row  null: not published, because it or a number beside it is small */
/** @typedef {{name: string, rows: Row[]}} Table */
/** @typedef {{line: string, period: string, total: number | null, tables: Table[], own_codes: Record<string, import("../../staff/languages.js").Texts>}} Period */
/** @typedef {{answered: number | null, abandoned: number | null, days: Row[]}} Week  the last seven days so far */
/** @typedef {{months: string[], quarters: string[]}} Periods */
/** @typedef {"loading" | "none" | "shown" | "failed"} State */
/**
 * @typedef {object} Around
 * @property {(address: string) => Promise<any>} fetch  returns the data at the address; throws if there is none
 * @property {() => void} changed
 */

const SHADES = 5;

/** Returns the largest value, at least 1. @param {Row[]} rows */
export const mostOf = (rows) => Math.max(1, ...rows.map(({ value }) => value ?? 0));

/** Returns the shade of a value: from 0 for zero to SHADES for the largest. @param {number} value @param {number} most */
export const shadeOf = (value, most) => Math.ceil((value / most) * SHADES);

export class Figures {
  /** @type {State} */
  state = "loading";
  /** @type {Periods} the newest first */
  periods = { months: [], quarters: [] };
  /** Holds the years for which there is a report, the newest first. @type {string[]} */
  years = [];
  /** @type {Week | null} */
  week = null;
  chosen = "";
  /** @type {Period | null} */
  period = null;
  #line;
  #around;

  /** @param {string} line @param {Around} around */
  constructor(line, around) {
    this.#line = line;
    this.#around = around;
  }

  async load() {
    await this.#ask(async () => {
      const { months, quarters, years = [], week } = await this.#around.fetch(this.#address);
      this.periods = { months: newestFirst(months), quarters: newestFirst(quarters) };
      this.years = newestFirst(years);
      this.week = week;
      const newest = this.periods.months[0] ?? this.periods.quarters[0] ?? "";
      if (newest) await this.choose(newest);
      else this.#become("none");
    });
  }

  /** Loads a period. If another one is chosen before it arrives, the later choice is shown. @param {string} period */
  async choose(period) {
    this.chosen = period;
    this.#become("loading");
    await this.#ask(async () => {
      const found = await this.#around.fetch(this.address("json"));
      if (period !== this.chosen) return;
      this.period = found;
      this.#become("shown");
    });
  }

  /** Returns the address of the chosen period's file. @param {"json" | "csv"} kind */
  address(kind) {
    return `${this.#address}${encodeURIComponent(this.chosen)}.${kind}`;
  }

  /** Returns the address of the report on a year or a quarter, for those who fund the line. @param {string} period */
  report(period) {
    return `${this.#address}report/${encodeURIComponent(period)}/`;
  }

  /** Returns the address of the page on which answers are grouped for funders. */
  get themes() {
    return `${this.#address}themes/`;
  }

  get #address() {
    return `/board/figures/${encodeURIComponent(this.#line)}/`;
  }

  /** @param {() => Promise<void>} act */
  async #ask(act) {
    const asked = this.chosen;
    try {
      await act();
    } catch {
      if (asked === this.chosen) this.#become("failed");
    }
  }

  /** @param {State} state */
  #become(state) {
    this.state = state;
    this.#around.changed();
  }
}

/** Sorts periods. Their names sort by date. @param {string[]} periods */
const newestFirst = (periods) => [...periods].sort().reverse();
