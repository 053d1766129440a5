// Makes the form with the reason and the end of a hold, for a new hold and for an extension.
import { t } from "../../../shared/text.js";
import { html } from "../../../vendor/lit.js";
import { whoConfirms } from "./second-supervisor.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/retention.js").HoldReason} HoldReason */

/** @type {HoldReason[]} callers are told which of these reasons applies */
const REASONS = ["safeguarding", "legal"];

/**
 * @param {Board} board
 * @param {{days: ReturnType<typeof import("../model/hold-days.js").daysOf>, reason?: string, send: string, line: string, ends: string | null}} given  ends: when the conversation is deleted without the hold
 * @param {(asked: {reason: HoldReason, until: string} | null) => void} done  null: the supervisor cancelled
 */
export function holdForm(board, { days, reason = "", send, line, ends }, done) {
  const { busy, hindrance } = board;
  return html`<form @submit=${(/** @type {SubmitEvent} */ event) => done(asked(event))}>
    <label>${t("board.hold.why")} <select name="reason" required>
      <option value="" .selected=${!reason}>${t("board.choose")}</option>
      ${REASONS.map((code) => html`<option value=${code} .selected=${code === reason}>${t(`board.hold_reason.${code}`)}</option>`)}
    </select></label>
    <label>${t("board.hold.until")} <input type="date" name="until" required
      min=${days.first} max=${days.latest} value=${days.chosen}></label>
    <p class="aside">${t("board.hold.two")} ${t("board.hold.told")}</p>
    ${whoConfirms(board, line, ends)}
    <p class="actions">
      <button type="submit" class="main" ?disabled=${busy || hindrance !== ""}>${t(send)}</button>
      <button type="button" class="quiet" @click=${() => done(null)}>${t("board.cancel")}</button>
    </p>
  </form>`;
}

/** @param {SubmitEvent} event */
function asked(event) {
  event.preventDefault();
  const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const reason = REASONS.find((one) => one === fields.get("reason"));
  return reason ? { reason, until: new Date(`${fields.get("until")}T00:00:00`).toISOString() } : null;
}
