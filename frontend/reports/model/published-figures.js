// A line's published figures: which months and quarters there are, and the tables of one of them; and this week as it
// runs. They are fetched, not pushed.

/** @typedef {{key: string, value: number | null}} Row  null: not published, because it or a number beside it is small */
/** @typedef {{name: string, rows: Row[]}} Table */
/** @typedef {{line: string, period: string, total: number | null, tables: Table[], own_codes: Record<string, import("../../staff/languages.js").Texts>}} Period */
/** @typedef {{answered: number | null, abandoned: number | null, days: Row[]}} Week  the last seven days, as they run */
/** @typedef {{months: string[], quarters: string[]}} Periods */
/** @typedef {"loading" | "none" | "shown" | "failed"} State */
/**
 * @typedef {object} Around
 * @property {(address: string) => Promise<any>} fetch  what the address holds; throws where there is nothing
 * @property {() => void} changed
 */

const SHADES = 5;

/** The largest of what is shown, at least one. @param {Row[]} rows */
export const mostOf = (rows) => Math.max(1, ...rows.map(({ value }) => value ?? 0));

/** From none to the darkest. @param {number} value @param {number} most */
export const shadeOf = (value, most) => Math.ceil((value / most) * SHADES);

export class Figures {
  /** @type {State} */
  state = "loading";
  /** @type {Periods} the newest first */
  periods = { months: [], quarters: [] };
  /** Of which there is a report, the newest first. @type {string[]} */
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

  /** Of two at once the later one counts. @param {string} period */
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

  /** Where the chosen period can be fetched. @param {"json" | "csv"} kind */
  address(kind) {
    return `${this.#address}${encodeURIComponent(this.chosen)}.${kind}`;
  }

  /** The page of a year or a quarter for those who pay. @param {string} period */
  report(period) {
    return `${this.#address}report/${encodeURIComponent(period)}/`;
  }

  /** Which answers count together for whom. */
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

/** Periods are written so that they sort as they come. @param {string[]} periods */
const newestFirst = (periods) => [...periods].sort().reverse();
