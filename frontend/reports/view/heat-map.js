// Makes a table of weekday by hour, with darker cells for larger numbers, so that it can be read as a chart
// or as numbers.
import { t } from "../../shared/text.js";
import { html } from "../../vendor/lit.js";
import { mostOf, shadeOf } from "../model/published-figures.js";
import { number } from "./bar-table.js";

/** @typedef {import("../model/published-figures.js").Row} Row */

const [WEEKDAYS, HOURS] = [7, 24];

/** @param {string} title @param {Row[]} rows */
export function heat(title, rows) {
  const most = mostOf(rows);
  const at = new Map(rows.map(({ key, value }) => [key, value]));
  return html`<section class="card figure whole" aria-label=${title}>
    <table class="heat">
      <caption>${title}</caption>
      <thead><tr>
        <td></td>
        ${count(HOURS).map((hour) => html`<th scope="col">${hour}</th>`)}
      </tr></thead>
      <tbody>${count(WEEKDAYS).map(
        (weekday) => html`<tr>
          <th scope="row"><abbr title=${t(`board.weekday.${weekday}`)}>${t(`board.weekday.${weekday}.short`)}</abbr></th>
          ${count(HOURS).map((hour) => cell(at.get(keyOf(weekday, hour)) ?? null, most))}
        </tr>`,
      )}</tbody>
    </table>
    <p class="aside">${t("board.figures.heat_legend", { most })}</p>
  </section>`;
}

/** Returns a key such as `1_09`; Monday is 1. @param {number} weekday @param {number} hour */
const keyOf = (weekday, hour) => `${weekday + 1}_${String(hour).padStart(2, "0")}`;

/** @param {number | null} value @param {number} most */
const cell = (value, most) =>
  value === null
    ? html`<td class="hidden"><span class="unseen">${number(null)}</span></td>`
    : html`<td class="shade-${shadeOf(value, most)}"><span>${number(value)}</span></td>`;

/** @param {number} many */
const count = (many) => Array.from({ length: many }, (_, index) => index);
