// Makes a table of figures with a bar beside each number, so that it can be read as a chart or as numbers.
import { t } from "../../shared/text.js";
import { html, svg } from "../../vendor/lit.js";

/** @typedef {import("../model/published-figures.js").Row} Row */

const FULL = 100;

/** @param {string} title @param {Row[]} rows @param {(key: string) => string} words */
export function bars(title, rows, words) {
  const most = Math.max(1, ...rows.map(({ value }) => value ?? 0));
  return html`<section class="card figure" aria-label=${title}>
    <table>
      <caption>${title}</caption>
      <thead class="unseen"><tr>
        <th scope="col">${t("board.figures.what")}</th>
        <th scope="col">${t("board.figures.number")}</th>
        <td></td>
      </tr></thead>
      <tbody>${rows.map(({ key, value }) => bar(words(key), value, most))}</tbody>
    </table>
  </section>`;
}

/** @param {string} words @param {number | null} value @param {number} most */
const bar = (words, value, most) => html`<tr class=${value === null ? "hidden" : ""}>
  <th scope="row">${words}</th>
  <td class="number">${number(value)}</td>
  <td class="drawn" aria-hidden="true"><svg viewBox="0 0 ${FULL} 10" preserveAspectRatio="none">
    ${value ? svg`<rect class="open" width=${(value / most) * FULL} height="10"></rect>` : svg``}
  </svg></td>
</tr>`;

/** @param {number | null} value */
export const number = (value) => (value === null ? t("board.figures.hidden") : String(value));
