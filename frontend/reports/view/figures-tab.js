// Shows the tab of figures: a published month or quarter of a line, as tables with bars, and as files to
// download.
import { day as dayOnly, t } from "../../shared/text.js";
import { Watching } from "../../staff/elements.js";
import { inOwn } from "../../staff/languages.js";
import { textOf } from "../../staff/problems.js";
import { html, nothing } from "../../vendor/lit.js";
import { Figures } from "../model/published-figures.js";
import { monthInWords, quarterInWords } from "../words.js";
import { bars, number } from "./bar-table.js";
import { heat } from "./heat-map.js";

/** @typedef {import("../../board/board.js").Board} Board */
/** @typedef {import("../model/published-figures.js").Table} Table */
/** @typedef {import("../model/published-figures.js").Period} Period */

/** The rows of these tables have no order of their own, so the largest comes first. */
const BY_NUMBER = ["subject", "detail", "outcome", "referral", "handoff_service", "handoff_outcome"];
const AT_ONCE = "0_1";
const QUARTERS = 4;
const [HEAT, SUMS] = ["hours", "callers"];

/** @param {string} address */
async function fetched(address) {
  // If the session has ended, the server redirects to the sign-in page. That counts as a failure.
  const answer = await fetch(address, { redirect: "error", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** @extends {Watching<Board>} */
class FiguresTab extends Watching {
  static properties = { ...Watching.properties, fetch: { attribute: false } };
  #line = "";
  /** @type {Figures | null} */
  #figures = null;

  constructor() {
    super();
    this.fetch = fetched;
  }

  willUpdate() {
    if (this.#line === this.station.chosen) return;
    this.#line = this.station.chosen;
    this.#figures = new Figures(this.#line, { fetch: this.fetch, changed: () => this.requestUpdate() });
    this.#figures.load();
  }

  render() {
    const figures = this.#figures;
    if (!figures) return nothing;
    const { state, period } = figures;
    return html`<div class="figures">
      <h2>${t("board.figures_of", { name: this.station.line?.name ?? "" })}</h2>
      ${figures.week ? week(figures.week) : nothing}
      ${figures.years.length ? reports(figures) : nothing}
      ${figures.chosen ? this.#choice(figures) : nothing}
      <p class="nothing" role="status">${state === "shown" ? nothing : t(`board.figures.${state}`)}</p>
      ${state === "none" ? html`<p class="aside">${t("board.figures.none_why")}</p>` : nothing}
      ${state === "shown" && period ? this.#period(period) : nothing}
    </div>`;
  }

  /** @param {Figures} figures */
  #choice(figures) {
    const { months, quarters } = figures.periods;
    const option = (/** @type {string} */ period, /** @type {string} */ words) =>
      html`<option value=${period} .selected=${period === figures.chosen}>${words}</option>`;
    return html`<div class="period">
      <label for="period">${t("board.figures.period")}</label>
      <select id="period" @change=${(/** @type {Event} */ event) => figures.choose(/** @type {HTMLSelectElement} */ (event.target).value)}>
        <optgroup label=${t("board.figures.months")}>${months.map((one) => option(one, monthInWords(one)))}</optgroup>
        ${quarters.length ? html`<optgroup label=${t("board.figures.quarters")}>${quarters.map((one) => option(one, quarterInWords(one)))}</optgroup>` : nothing}
      </select>
      <a href=${figures.address("csv")} download>${t("board.figures.csv")}</a>
      <a href=${figures.address("json")} download>${t("board.figures.json")}</a>
    </div>`;
  }

  /** @param {Period} period */
  #period(period) {
    const tables = period.tables.filter(({ name }) => name !== SUMS);
    return html`
      ${sums(period)}
      <p class="aside why">${t("board.figures.small")}</p>
      <div class="tables">${tables.map((table) => this.#table(table))}</div>
    `;
  }

  /** @param {Table} table */
  #table({ name, rows }) {
    const title = this.#words(name);
    if (name === HEAT) return heat(title, rows);
    const words = (/** @type {string} */ key) => this.#words(name, key);
    return bars(title, BY_NUMBER.includes(name) ? mostFirst(rows) : rows, words);
  }

  /** @param {string} table @param {string} [code] */
  #words(table, code = "") {
    const [key, own] = [code ? `${table}.${code}` : table, this.#figures?.period?.own_codes[code || table]];
    return (
      textOf(`form.${key}`) ??
      textOf(`board.figures.${key}`) ??
      (own && inOwn(own)) ??
      this.station.services.get(code) ??
      (code || table)
    );
  }
}

/** Shows the last seven days. Small numbers are hidden here too. @param {import("../model/published-figures.js").Week} week */
const week = ({ answered, abandoned, days }) => html`<section class="week" aria-labelledby="week-title">
  <h3 id="week-title">${t("board.figures.week")}</h3>
  <dl class="sums">
    <div><dt>${t("board.figures.sum.answered")}</dt><dd>${few(answered)}</dd></div>
    <div><dt>${t("board.figures.sum.abandoned")}</dt><dd>${few(abandoned)}</dd></div>
  </dl>
  ${bars(t("board.figures.by_day"), days, weekday)}
  <p class="aside why">${t("board.figures.week_why")}</p>
</section>`;

/** Links to the reports for funders: the years and the newest quarters. @param {Figures} figures */
const reports = (figures) => html`<section class="card reports" aria-labelledby="reports-title">
  <h3 id="reports-title">${t("board.figures.reports")}</h3>
  <p class="lead">${t("board.figures.reports.lead")}</p>
  <p class="actions">
    ${figures.years.map((year) => html`<a href=${figures.report(year)}>${year}</a>`)}
    ${figures.periods.quarters.slice(0, QUARTERS).map((one) => html`<a href=${figures.report(one)}>${quarterInWords(one)}</a>`)}
    <a href=${figures.themes}>${t("board.figures.themes")}</a>
  </p>
</section>`;

/** @param {number | null} value */
const few = (value) => (value === null ? t("board.figures.few") : number(value));

/** @param {string} day  as `2026-11-26` */
const weekday = (day) => dayOnly(`${day}T12:00:00`);

/** Shows the period's sums. @param {Period} period */
function sums({ total, tables }) {
  const of = (/** @type {string} */ table, /** @type {string} */ key) =>
    tables.find(({ name }) => name === table)?.rows.find((row) => row.key === key);
  const [gone, atOnce] = [of(SUMS, "abandoned"), of("waits", AT_ONCE)];
  const shown = [
    ["answered", number(total)],
    ["abandoned", gone && number(gone.value)],
    ["at_once", atOnce && share(atOnce.value, total)],
  ];
  return html`<dl class="sums">
    ${shown.map(([name, text]) => (text ? html`<div><dt>${t(`board.figures.sum.${name}`)}</dt><dd>${text}</dd></div>` : nothing))}
  </dl>`;
}

/** @param {number | null} value @param {number | null} of */
const share = (value, of) => (value === null || !of ? number(null) : `${Math.round((value / of) * 100)} %`);

/** Sorts by number. Hidden numbers come last, in their original order, so that the order reveals nothing. @param {Table["rows"]} rows */
const mostFirst = (rows) => [...rows].sort((a, b) => (b.value ?? 0) - (a.value ?? 0));

customElements.define("hl-figures", FiguresTab);
