// Shows whether a line is open, by its hours or by hand, and the buttons to open, close or throttle it now.
import { clock, t, tn } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";
import { ask } from "../../supervision/view/confirm-dialog.js";
import { when } from "../../words.js";

/** @typedef {import("../../supervision/model/live-floor.js").BoardLine} BoardLine */
/** @typedef {import("../../supervision/model/live-floor.js").FloorLine} FloorLine */

/** Renders whether a line is open, whether that follows its hours or was set by hand, and the reason that callers read. @param {BoardLine} sums @param {FloorLine} [behind] */
export function lineState({ state, waiting }, behind) {
  const by = behind && behind.steered !== "hours" ? "hand" : "hours";
  const until = behind?.steered_until ?? behind?.changes;
  return html`<p class="chips">
    <span class=${`chip ${state}`}>${t(`board.line.${state}.${by}`)}${until ? ` ${t("board.line.until", { when: when(until) })}` : nothing}</span>
    ${behind?.steered_at ? html`<span class="soft">${steeredBy(behind)}</span>` : nothing}
    ${behind?.waiting_ends && waiting ? html`<span class="chip amber">${t("board.line.waiting_ends", { time: clock(behind.waiting_ends) })}</span>` : nothing}
    ${behind && behind.most !== null ? html`<span class="chip amber">${tn("board.line.most", behind.most)}</span>` : nothing}
    ${behind?.reason ? html`<span class="told">${t("board.line.reason", { reason: behind.reason })}</span>` : nothing}
  </p>`;
}

/** @param {FloorLine} behind */
function steeredBy({ steered_at: at, steered_by: name }) {
  return name
    ? t("board.line.steered_by", { when: when(at), name })
    : t("board.line.steered", { when: when(at) });
}

/** @param {BoardLine} sums @param {FloorLine} behind @param {boolean} off */
export function openOrClose({ line }, behind, off) {
  const kinds = ["hours", behind.steered === "open" ? "longer" : "open", "closed"].filter(
    (kind) => kind !== behind.steered,
  );
  return html`<p class="actions">
    ${[...kinds, "throttle"].map(
      (kind) => html`<button type="button" class=${kind === "closed" ? "bad" : "quiet"} ?disabled=${off}
        @click=${ask({ kind, line, behind })}>${t(`board.steer.${kind}`)}</button>`,
    )}
  </p>`;
}
