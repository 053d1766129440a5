// "Begin here": what a new line still lacks, each with the way there.
import { t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/begin-here.js").Step} Step */

/** Where each is done. */
const WAYS = /** @type {Record<string, string>} */ ({
  supervisors: "/people/invite/",
  counsellors: "/people/invite/",
  devices: "#mensen",
  signing: "#mensen",
  review_key: "#mensen",
  hours: "#uren",
  numbers: "#woorden",
  alerts: "#samen",
});

/** @param {Board} board */
export function beginHere(board) {
  const { begin } = board;
  if (begin.isOver) return nothing;
  return html`<details class="card begin-here" ?open=${begin.isUrgent}>
    <summary><h2>${t("board.begin")}</h2> <span class="soft">${t("board.begin.done", { n: begin.done, of: begin.steps.length })}</span></summary>
    <ol class="rows">${begin.steps.map((step) => one(board, step))}</ol>
  </details>`;
}

/** @param {Board} board @param {Step} step */
function one(board, { what, lines }) {
  if (!lines.length)
    return html`<li class="done" data-step=${what}><p><span aria-hidden="true">✓</span> ${t(`board.begin.${what}`)} <span class="soft">${t("board.begin.is_done")}</span></p></li>`;
  const names = lines.map((line) => board.floor.nameOf(line)).join(", ");
  return html`<li data-step=${what}>
    <p><b>${t(`board.begin.${what}`)}</b>${board.floor.lines.length > 1 ? html` <span class="soft">${names}</span>` : nothing}</p>
    <p class="soft">${t(`board.begin.${what}.why`)}</p>
    <p class="actions">${way(what)} ${what === "numbers" ? read(board, lines) : nothing}</p>
  </li>`;
}

/** @param {string} what */
const way = (what) => html`<a href=${WAYS[what]}>${t(`board.begin.${what}.go`)}</a>`;

/** @param {Board} board @param {string[]} lines */
const read = ({ begin, busy, hindrance }, lines) => html`<button type="button" class="quiet"
  ?disabled=${busy || hindrance !== ""} @click=${() => begin.readNumbers(lines)}>${t("board.begin.numbers.read")}</button>`;
