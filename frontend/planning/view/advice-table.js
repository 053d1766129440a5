// Shows how many people each hour of the week needs and how many are planned: as sentences, as a table that
// can be read like a chart, and under other assumptions.

import { problemInWords } from "../../board/words.js";
import { day as dayInWords, t, tn } from "../../shared/text.js";
import { html, nothing } from "../../vendor/lit.js";

/** @typedef {import("../model/staffing-advice.js").StaffingAdvice} StaffingAdvice */
/** @typedef {import("../model/staffing-advice.js").Hour} Hour */
/** @typedef {import("../model/staffing-advice.js").Shown} Shown */
/** @typedef {import("../model/staffing-advice.js").Stretch} Stretch */

const MOST_SENTENCES = 4;
const [FEWEST, MOST, MOST_SLOTS, MOST_HOURS] = [-3, 3, 4, 3];
/** @type {Record<string, string>} */
const SIGNS = { too_few: "▼", enough: "✓", plenty: "▲" };

/** @param {StaffingAdvice} advice @param {() => void} changed */
export function advice(advice, changed) {
  const { shown, refused } = advice;
  return html`<section class="card advice" aria-labelledby="advice-title">
    <h3 id="advice-title">${t("board.advice")}</h3>
    ${refused ? html`<p class="wrong" role="alert">${problemInWords(refused)}</p>` : nothing}
    ${shown ? told(advice, shown, changed) : html`<p class="nothing" role="status">${t("board.advice.loading")}</p>`}
  </section>`;
}

/** @param {StaffingAdvice} advice @param {Shown} shown @param {() => void} changed */
function told(advice, shown, changed) {
  if (advice.knowsNothing) return html`<p class="lead" role="status">${t("board.advice.too_little")}</p>`;
  return html`
    <div class="sentences" role="status">
      ${stretches(advice.stretches("too_few"), "short")}
      ${stretches(advice.stretches("plenty"), "plenty")}
      ${advice.stretches("too_few").length ? nothing : html`<p>${t("board.advice.fine")}</p>`}
      ${shown.helped === null ? nothing : html`<p><b>${t("board.advice.helped", { n: Math.round(shown.helped * 100) })}</b></p>`}
    </div>
    ${whatIf(advice, shown, changed)}
    <div class="scrolls" tabindex="0" role="group" aria-labelledby="advice-title">${table(advice, shown)}</div>
    <p class="aside">${t("board.advice.legend")}</p>
    <p class="aside">${t("board.advice.from", { handling: Math.round(shown.handling), patience: Math.round(shown.patience), slots: shown.slots, at_once: shown.goals[0], soon: shown.goals[1] })}</p>
    ${shown.letters ? html`<p class="aside">${t("board.advice.letters", { week: Math.round(shown.letters.week), hours: Math.round(shown.letters.hours) })}</p>` : nothing}
    ${shown.checked ? html`<p class="aside checked">${checked(shown.checked)}</p>` : nothing}
  `;
}

/** @param {Stretch[]} found @param {"short" | "plenty"} kind */
function stretches(found, kind) {
  if (!found.length) return nothing;
  const rest = found.length - MOST_SENTENCES;
  return html`<ul class=${kind}>
    ${found.slice(0, MOST_SENTENCES).map(({ day, from, to, n }) => html`<li>${tn(`board.advice.${kind}`, n).replace("{when}", t("board.advice.when", { day: dayInWords(`${day}T12:00:00`), from, to }))}</li>`)}
    ${rest > 0 ? html`<li>${tn("board.advice.more", rest)}</li>` : nothing}
  </ul>`;
}

/** @param {StaffingAdvice} advice @param {Shown} shown @param {() => void} changed */
function whatIf(advice, shown, changed) {
  const { people, longer } = advice.whatIf;
  const slots = advice.whatIf.slots ?? shown.slots;
  const ask = (/** @type {"people" | "slots" | "longer"} */ name) => (/** @type {Event} */ event) => {
    advice.ask({ [name]: Number(/** @type {HTMLInputElement} */ (event.target).value) });
    changed();
  };
  return html`<fieldset class="what-if">
    <legend>${t("board.advice.what_if")}</legend>
    ${slider("people", people, FEWEST, MOST, ask("people"))}
    ${slider("slots", slots, 1, MOST_SLOTS, ask("slots"))}
    ${slider("longer", longer, 0, MOST_HOURS, ask("longer"))}
    ${advice.isPlain ? nothing : html`<button type="button" class="quiet" @click=${() => advice.reset()}>${t("board.advice.reset")}</button>`}
  </fieldset>`;
}

/** @param {string} name @param {number} value @param {number} min @param {number} max @param {(event: Event) => void} ask */
const slider = (name, value, min, max, ask) => html`<label>${t(`board.advice.if.${name}`)}
  <input type="range" min=${min} max=${max} step="1" .value=${String(value)} aria-valuetext=${said(name, value)} @input=${ask}>
  <output>${said(name, value)}</output></label>`;

/** @param {string} name @param {number} n */
const said = (name, n) => (name === "people" && n > 0 ? `+${n}` : String(n));

/** @param {StaffingAdvice} advice @param {Shown} shown */
function table(advice, shown) {
  const days = [...new Set(shown.hours.map(({ day }) => day))];
  return html`<table class="needs">
    <caption class="unseen">${t("board.advice.table")}</caption>
    <thead><tr><th scope="col">${t("board.advice.hour")}</th>
      ${days.map((day, index) => html`<th scope="col"><abbr title=${dayInWords(`${day}T12:00:00`)}>${t(`board.weekday.${index}.short`)}</abbr></th>`)}</tr></thead>
    <tbody>${[...advice.rows].map(([hour, row]) => html`<tr><th scope="row">${hour}–${hour + 1}</th>${row.map(cell)}</tr>`)}</tbody>
  </table>`;
}

/** @param {Hour} hour */
function cell({ verdict, planned, low, high, expected }) {
  if (verdict === "closed")
    return html`<td class="closed"><span class="unseen">${t("board.advice.closed")}</span></td>`;
  if (verdict === "unknown") return html`<td>?</td>`;
  const need = low === high ? `${low}` : `${low}–${high}`;
  return html`<td class=${verdict} title=${t("board.advice.expected", { n: expected ?? 0 })}>
    <b>${planned}</b><span class="need">/${need}</span> <span aria-hidden="true">${SIGNS[verdict]}</span><span class="unseen">${t(`board.advice.verdict.${verdict}`)}</span></td>`;
}

/** @param {NonNullable<Shown["checked"]>} checked */
const checked = ({ hours, foretold, came, off, short }) =>
  t("board.advice.checked", { hours, foretold: Math.round(foretold), came, off: off.toFixed(1), short });
