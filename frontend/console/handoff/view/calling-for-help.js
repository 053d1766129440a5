// Renders the button that calls the whole line, why it is disabled, and whom to telephone if nobody is there.
import { t } from "../../../shared/text.js";
import { phoneLink } from "../../../staff/phone-link.js";
import { html, nothing } from "../../../vendor/lit.js";
import { lineName } from "../../words.js";

/** @typedef {import("../../console.js").Console} Console */
/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */

export const EMERGENCY = "112";

/** @param {Console} desk @param {Conversation} conversation @param {string} id  of the text below the button, unique on the page */
export const callForHelp = (desk, conversation, id) => {
  const { inviting } = conversation;
  const off = inviting.callHindrance !== "" || isCut(desk);
  return html`<p class="ways">
    <button type="button" data-about aria-describedby=${id} ?disabled=${off} @click=${() => inviting.needSomebody()}>${t("console.somebody")}</button>
  </p>
  <div id=${id} class="why" role="status">${explained(desk, conversation)}</div>`;
};

/** Returns whether the connection is lost, so that a call would reach nobody. @param {Console} desk */
const isCut = ({ connection }) => connection !== "open";

/** Explains the button. It promises no help if nobody is there. @param {Console} desk @param {Conversation} conversation */
function explained(desk, conversation) {
  const { inviting, seat } = conversation;
  const why = inviting.callHindrance;
  if (isCut(desk) && why !== "ended")
    return html`<p class="nobody">${t("console.somebody.offline")}</p> ${numbers(desk, seat.line)}`;
  if (!desk.somebodyOf(seat.line) && why !== "ended") return nobodyThere(desk, conversation);
  const told = t(why ? `console.invite_not.${why}` : "console.somebody.why");
  return why === "ended" ? html`${told} ${supervisorOnCall(desk, seat.line)}` : told;
}

/** @param {Console} desk @param {Conversation} conversation */
const nobodyThere = (desk, { seat }) =>
  html`<p class="nobody">${t("console.somebody.nobody", { line: lineName(desk, seat.line) })}</p> ${numbers(desk, seat.line)}`;

/** Shows telephone numbers below a call for help, if nobody is there or nobody came. The call rings anyway: somebody who is off duty may hear it. @param {Console} desk @param {Conversation} conversation @param {boolean} over  whether the call ended without anybody joining */
export function insteadOf(desk, { inviting, seat }, over) {
  if (!inviting.callsForHelp) return nothing;
  return over ? numbers(desk, seat.line) : nobodyElse(desk, seat.line);
}

/** Says that nobody else of the line is there, and whom to call; nothing if somebody is. @param {Console} desk @param {string} line */
export const nobodyElse = (desk, line) =>
  desk.somebodyOf(line)
    ? nothing
    : html`<span>${t("console.somebody.nobody", { line: lineName(desk, line) })}</span> ${numbers(desk, line)}`;

/** @param {Console} desk @param {string} line */
const numbers = (desk, line) =>
  html`<span class="emergency">${t("console.somebody.emergency")} ${phoneLink(EMERGENCY)}</span> ${supervisorOnCall(desk, line)}`;

/** Shows the telephone numbers in an acute conversation, unless they are below the help button of the same tab already. They are there if a call would reach nobody. @param {Console} desk @param {Conversation} conversation @param {boolean} hasButton */
export function acuteNumbers(desk, { acute, state, seat }, hasButton) {
  const isShown = hasButton && (isCut(desk) || !desk.somebodyOf(seat.line));
  return !acute.applies || state === "ended" || isShown
    ? nothing
    : html`<p class="acute-numbers">${numbers(desk, seat.line)}</p>`;
}

/** Shows the number of the line's supervisor on call, if there is one. @param {Console} desk @param {string} line */
export function supervisorOnCall({ onCall }, line) {
  const phone = onCall?.get(line);
  return phone
    ? html`<span class="emergency">${t("console.somebody.on_call")} ${phoneLink(phone)}</span>`
    : nothing;
}
