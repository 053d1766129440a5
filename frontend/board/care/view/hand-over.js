// Ends a shift: with one button, asks everybody on the line to hand over, and lists the people who still have
// conversations.
import { t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";
import { ask } from "../../supervision/view/confirm-dialog.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../../supervision/model/live-floor.js").FloorLine} FloorLine */

/** @param {Board} board @param {FloorLine} behind */
export function handOver(board, behind) {
  const { line, people } = behind;
  const { floor } = board;
  const asked = floor.wasAsked(line);
  const left = people.filter(({ conversations }) => conversations.length);
  const names = left.map(({ alias, conversations }) => `${alias} (${conversations.length})`).join(", ");
  return html`<p class="hand-over">
    <button type="button" class="quiet" ?disabled=${board.hindrance !== ""} aria-disabled=${String(asked)}
      @click=${asked ? nothing : ask({ kind: "handover", line, behind })}>${t(asked ? "board.asked" : "board.hand_over")}</button>
    ${floor.handsOver(line) ? html`<span role="status">${left.length ? t("board.hand_over.left", { names }) : t("board.hand_over.done")}</span>` : nothing}
  </p>`;
}
