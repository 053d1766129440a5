// Shows a line's queue, and the reason for each caller's place.
import { t, tn } from "../../../shared/text.js";
import { languageName, usual } from "../../../staff/languages.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { waitingByUrgency } from "../../supervision/model/floor-groups.js";
import { ask } from "../../supervision/view/confirm-dialog.js";
import { rangeInWords } from "../../supervision/view/figure-tiles.js";
import { since } from "../../supervision/view/since-clock.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../../supervision/model/live-floor.js").BoardLine} BoardLine */
/** @typedef {import("../../supervision/model/live-floor.js").FloorLine} FloorLine */
/** @typedef {import("../../supervision/model/live-floor.js").FloorWaiting} FloorWaiting */

const FIRST = 8; // the number of rows that can be read at a glance
const HEAD = 3; // a longer queue is shown in groups, with this many rows above the button that shows the other rows

/** @param {Board} board @param {BoardLine} sums @param {FloorLine | undefined} behind @param {boolean} all @param {() => void} turn */
export function queue(board, { line, waiting, away }, behind, all, turn) {
  const known = behind?.waiting ?? [];
  const grouped = waiting > FIRST;
  const rows = all ? known : known.slice(0, grouped ? HEAD : FIRST);
  const id = `queue-${line}`;
  return html`<section class="card queue" aria-labelledby=${id}>
    <h3 id=${id}>${t("board.queue")} <span class="num soft">${waiting - away}</span>
      ${away ? html`<span class="soft">${t("board.queue.away", { n: away })}</span>` : nothing}</h3>
    ${behind && grouped ? groups(board, behind) : nothing}
    ${rows.length ? table(board, rows) : html`<p class="nothing">${t("board.queue.empty")}</p>`}
    ${
      grouped
        ? html`<button type="button" class="quiet" aria-expanded=${String(all)} @click=${turn}>
          ${t(`board.queue.${all ? "fewer" : waiting > known.length ? "most" : "all"}`, { n: known.length })}</button>`
        : nothing
    }
    ${waiting > known.length && all ? html`<p class="aside">${tn("board.queue.more", waiting - known.length)}</p>` : nothing}
    <details><summary>${t("board.queue.order")}</summary><p>${t("board.queue.order.why")}</p></details>
  </section>`;
}

/** @param {Board} board @param {FloorLine} behind */
const groups = ({ floor }, behind) =>
  html`<ul class="groups plain">${waitingByUrgency(behind, floor.now()).map(
    ({ urgency, all, away, oldest, ages, rest }) => html`<li data-urgency=${urgency}>
    <b class="num">${all}</b> <span class=${urgency === 2 ? "chip red" : "chip"}>${t(`board.group.${urgency}`)}</span>
    ${oldest ? html`<span>${t("board.group.longest")} ${since(floor, oldest)}</span>` : nothing}
    <span class="ages soft num">${ages.filter(({ n }) => n).map(({ from, to, n }) => html`<span>${t(to ? "board.group.between" : "board.group.from", { from, to: to ?? "", n })}</span>`)}
      ${rest ? html`<span>${tn("board.group.rest", rest)}</span>` : nothing}
      ${away ? html`<span>${t("board.queue.away", { n: away })}</span>` : nothing}</span>
  </li>`,
  )}</ul>`;

/** Rows are keyed by caller, so that a row's button never turns into another caller's just before it is pressed. @param {Board} board @param {FloorWaiting[]} rows */
const table = (board, rows) => html`<table class="floor-table">
  <thead><tr>
    <th scope="col" class="num">${t("board.queue.place")}</th>
    <th scope="col" class="num">${t("board.queue.waits")}</th>
    <th scope="col">${t("board.queue.why")}</th>
    <th scope="col">${t("board.queue.told")}</th>
    <td></td>
  </tr></thead>
  <tbody>${repeat(
    rows,
    ({ conversation }) => conversation,
    (one, index) => row(board, one, index),
  )}</tbody>
</table>`;

/** @param {Board} board @param {FloorWaiting} one @param {number} index */
function row({ floor, hindrance }, one, index) {
  const { conversation, minutes } = one;
  return html`<tr data-conversation=${conversation}>
    <td class="num soft">${index + 1}</td>
    <td class="num"><b>${since(floor, one.since)}</b></td>
    <td>${whyInWords(one, index === 0)} ${marks(one)}</td>
    <td>${rangeInWords(minutes)}</td>
    <td class="actions">${
      index === 0
        ? nothing
        : html`<button type="button" class="quiet" ?disabled=${hindrance !== ""}
          aria-label=${t("board.queue.front_of", { n: index + 1 })}
          @click=${ask({ kind: "front", conversation, since: one.since })}>${t("board.queue.front")}</button>`
    }</td>
  </tr>`;
}

/** @param {FloorWaiting} one @param {boolean} first */
function whyInWords({ why, reason, boost }, first) {
  if (why === "moved") return t("board.why.moved", { reason: t(`board.moved.${reason || "other"}`) });
  if (why === "urgent") return t("board.why.urgent", { n: boost });
  if (why === "requeued") return t("board.why.requeued");
  return t(first ? "board.why.longest" : "board.why.waited");
}

/** @param {FloorWaiting} one */
const marks = ({ urgency, here, locale }) => html`<span class="chips">
  ${urgency === 2 ? html`<span class="chip red">${t("board.mark.acute")}</span>` : nothing}
  ${urgency === 1 ? html`<span class="chip">${t("board.mark.soon")}</span>` : nothing}
  ${here ? nothing : html`<span class="chip">${t("board.mark.away")}</span>`}
  ${locale === usual() ? nothing : html`<span class="chip">${languageName(locale)}</span>`}
</span>`;
