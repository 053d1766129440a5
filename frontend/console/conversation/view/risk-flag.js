// Shows and sets how worried the line's staff are about the caller's safety. Colleagues in the conversation and
// supervisors see a change immediately.
import { t } from "../../../shared/text.js";
import { html, live, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */

const RISKS = /** @type {const} */ ([0, 1, 2]);

/** Renders the staff's flag, and the urgency that the caller chose at the start if that is higher. @param {Conversation} conversation */
export const flags = ({ risk, seat: { urgency } }) =>
  html`${risk ? html`<span class="flagged flagged-${risk}">${t(`console.flag.${risk}`)}</span>` : nothing}
    ${urgency > risk ? html`<span class="flagged told-${urgency}">${t(`console.urgency.mark.${urgency}`)}</span>` : nothing}`;

/** @param {Conversation} conversation */
export const flagging = (conversation) => html`<fieldset class="flagging">
  <legend>${t("console.flag")}</legend>
  <div class="switch">
    ${RISKS.map(
      (risk) => html`<label class="risk-${risk}">
        <input type="radio" name="risk" value=${risk} ?data-first=${risk === conversation.risk} .checked=${live(risk === conversation.risk)}
          @change=${() => conversation.flag(risk)}>
        <span>${t(`console.flag.${risk}`)}</span>
      </label>`,
    )}
  </div>
  <p class="why" role="status">${t(conversation.risk ? `console.flag.${conversation.flagKnown ? "known" : "unknown"}` : "console.flag.why")}</p>
</fieldset>`;
