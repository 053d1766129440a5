// Shows the steps that a new line still lacks ("Begin here"), each with its state, a reason and a link.
import { t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";
import { stateOf } from "../model/begin-here.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/begin-here.js").Step} Step */

/** Maps each step to the page on which it is done. A backup has no page, because it is made on the server. */
const WAYS = /** @type {Record<string, string>} */ ({
  supervisors: "/people/invite/",
  counsellors: "/people/invite/",
  devices: "#mensen",
  signing: "#mensen",
  review_key: "#mensen",
  hours: "#uren",
  words: "#woorden",
  numbers: "#woorden",
  alerts: "#samen",
  letters_key: "#mensen",
});
/** Maps a step to the page that shows the step while it waits for somebody, if this is another page than in WAYS. */
const WAITING = /** @type {Record<string, string>} */ ({
  supervisors: "#mensen",
  counsellors: "/people/",
  review_key: "#samen",
  letters_key: "#samen",
});

/** @param {Board} board @param {boolean} busy  somebody waits or talks */
export function beginHere(board, busy) {
  const { begin } = board;
  if (begin.isOver) return nothing;
  return html`<details class="card begin-here" ?open=${begin.isOpen(busy)}>
    <summary @click=${() => turn(begin, busy)}><h2>${t("board.begin")}</h2> <span class="soft">${t("board.begin.done", { n: begin.done, of: begin.steps.length })}</span></summary>
    <ol class="rows">${begin.steps.map((step) => one(board, step))}</ol>
  </details>`;
}

/** Notes the click; the browser itself opens or closes the list. @param {Board["begin"]} begin @param {boolean} busy */
function turn(begin, busy) {
  begin.unfolded = !begin.isOpen(busy);
}

/** @param {Board} board @param {Step} step */
function one(board, step) {
  const { what, lines } = step;
  const state = stateOf(step);
  if (state === "done")
    return html`<li class="done" data-step=${what}><p><span aria-hidden="true">✓</span> ${t(`board.begin.${what}`)} ${stands(state)}</p></li>`;
  const some = lines.length < board.floor.lines.length; // otherwise every line lacks it
  return html`<li class=${state} data-step=${what}>
    <p><b>${t(`board.begin.${what}`)}</b> ${stands(state)}
      ${some ? html`<span class="soft">${lines.map((line) => board.floor.nameOf(line)).join(", ")}</span>` : nothing}</p>
    <p class="soft">${t(`board.begin.${what}.${state === "waits" ? "waits" : "why"}`)}</p>
    <p class="actions">${way(what, state)} ${read(board, step)}</p>
  </li>`;
}

/** @param {string} state */
const stands = (state) => html`<span class="stands">${t(`board.begin.state.${state}`)}</span>`;

/** @param {string} what @param {string} state */
function way(what, state) {
  const seen = state === "waits" ? WAITING[what] : undefined;
  if (seen) return html`<a href=${seen}>${t("board.begin.look")}</a>`;
  return WAYS[what] ? html`<a href=${WAYS[what]}>${t(`board.begin.${what}.go`)}</a>` : nothing;
}

/** Lets a person confirm that callers read the right texts and numbers, which no program can check. @param {Board} board @param {Step} step */
function read({ begin, busy, hindrance }, { what, lines }) {
  const note = { words: begin.readWords, numbers: begin.readNumbers }[/** @type {string} */ (what)];
  if (!note) return nothing;
  return html`<button type="button" class="quiet"
    ?disabled=${busy || hindrance !== ""} @click=${() => note(lines)}>${t(`board.begin.${what}.read`)}</button>`;
}
