// Shows the invitations to this person, one card each, without a word of the conversation.
import { t } from "../../../shared/text.js";
import { ringsAcute } from "../../../staff/acute.js";
import { countdown } from "../../../staff/durations.js";
import { Ticking } from "../../../staff/elements.js";
import { languageName } from "../../../staff/languages.js";
import { isPractice } from "../../../staff/practice-line.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { lineName } from "../../words.js";

/** @typedef {import("../model/incoming-invitations.js").Card} Card */
/** @typedef {import("../../console.js").Console} Console */

/** @extends {Ticking<Console>} */
class Incoming extends Ticking {
  render() {
    const desk = this.station;
    return html`<div class="incoming" role="alert">
      ${repeat(
        desk.invitations.incoming,
        ({ invitation }) => invitation,
        (one) => card(desk, one),
      )}
    </div>`;
  }
}

/** @param {Console} desk @param {Card} invitation */
function card(desk, invitation) {
  const { from, line, locale, expires } = invitation;
  const [left, may] = [countdown(desk.invitations.left({ expires })), desk.device.state === "approved"];
  const acute = ringsAcute(invitation);
  return html`<section class="ring ${acute ? "acute" : ""}" aria-label=${t("console.ring")}>
    <p class="asks">${acute ? html`<b class="flagged flagged-2">${t("console.flag.2")}</b>` : nothing}
      <bdi>${from}</bdi> ${t(`console.ring.${asked(invitation)}`)}</p>
    <p class="what">
      ${lineName(desk, line)} · ${languageName(locale)} ${why(invitation)}
      ${may || desk.device.state === "proving" ? nothing : html`· ${t("console.ring.no_device")}`}
    </p>
    <span class="time" aria-hidden="true">${left}</span>
    ${answers(desk, invitation, may, acute)}
  </section>`;
}

/** Returns what is asked, as the end of a text's key. @param {Card} invitation */
function asked({ how, line, risk, urgency }) {
  if (how !== "consult") return how;
  if (isPractice(line)) return "consult.practice";
  return ringsAcute({ risk, urgency }) ? "consult.acute" : how;
}

/** Renders the urgency. An acute flag of the line's staff replaces the urgency that the caller chose at the start. @param {Card} invitation */
function why({ risk, urgency }) {
  if (risk === 2) return html`· <b>${t("console.acute")}</b>`;
  return urgency
    ? html`· <b class="urgency-${urgency}">${t(`console.urgency.said.${urgency}`)}</b>`
    : nothing;
}

/** Renders the buttons. For an acute conversation, "no" is less prominent than "yes". @param {Console} desk @param {Card} invitation @param {boolean} may @param {boolean} acute */
const answers = ({ invitations }, { invitation }, may, acute) => html`<span class="ways">
  <button type="button" class="main" ?disabled=${!may} @click=${() => invitations.answer(invitation, true)}>${t("console.ring.yes")}</button>
  <button type="button" class=${acute ? "quiet" : ""} @click=${() => invitations.answer(invitation, false)}>${t("console.ring.no")}</button>
</span>`;

customElements.define("hl-incoming", Incoming);
