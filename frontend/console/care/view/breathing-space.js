// Renders the screen after the wrap-up form: its result and, after a heavy conversation, the offer of a break and of a
// talk.
import { t } from "../../../shared/text.js";
import { isPractice } from "../../../staff/practice-line.js";
import { html, nothing } from "../../../vendor/lit.js";
import { supervisorOnCall } from "../../handoff/view/calling-for-help.js";

/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("../../console.js").Console} Console */

/** @param {Console} desk @param {Conversation} conversation */
export const care = (desk, { wrapup, seat }) => html`
  ${wrapup.stage === "sent" ? nothing : html`<p>${t(`console.wrapup.${wrapup.stage}_why`)}</p>`}
  ${wrapup.heavy ? html`${rest(desk)} ${debrief(desk, seat.line)}` : nothing}
  <p class="ways">
    <button type="button" class=${wrapup.heavy && desk.duty.state === "on" ? "" : "main"} @click=${() => wrapup.finish()}>${t("console.wrapup.done")}</button>
  </p>
`;

/** Offers a break. A partner's desk has none. @param {Console} desk */
function rest(desk) {
  if (!desk.takesCallers) return nothing;
  const { state, slots } = desk.duty;
  return html`<section class="care">
    <h3>${t("console.care.break")}</h3>
    <p>${t(state === "on" ? "console.care.break_why" : "console.care.resting")}</p>
    ${
      state === "on"
        ? html`<p class="ways"><button type="button" class="main" @click=${() => desk.setDuty("break", slots)}>${t("console.take_break")}</button></p>`
        : nothing
    }
  </section>`;
}

/** Shows the colleagues who can be asked now, and a button that asks a supervisor for a talk. It is possible that a supervisor sees the request only on the next day. @param {Console} desk @param {string} line */
function debrief(desk, line) {
  const { colleagues } = desk;
  const here = colleagues.filter((one) => one.line === line && one.duty !== "off").map(({ alias }) => alias);
  return html`<section class="care">
    <h3>${t("console.care.debrief")}</h3>
    <p>${here.length ? t("console.care.debrief_with", { names: here.join(", ") }) : t("console.care.debrief_none")}</p>
    <p>${supervisorOnCall(desk, line)}</p>
    ${desk.mode !== "console" ? nothing : isPractice(line) ? html`<p class="why">${t("console.practice_nobody")}</p>` : wantsToTalk(desk, line)}
  </section>`;
}

/** @param {Console} desk @param {string} line */
const wantsToTalk = ({ care }, line) =>
  care.of(line)?.wants
    ? html`<p role="status">${t(care.of(line)?.wants === "acute" ? "console.care.known" : "console.care.wanted")}</p>`
    : html`<p class="ways"><button type="button" @click=${() => care.wantToTalk(line)}>${t("console.care.want")}</button></p>`;
