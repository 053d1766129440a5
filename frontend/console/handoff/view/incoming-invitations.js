// Who asks this person to join: one calm card each, without a word of the conversation.
import { t } from "../../../shared/text.js";
import { countdown } from "../../../staff/durations.js";
import { Ticking } from "../../../staff/elements.js";
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
function card(desk, { invitation, how, from, line, locale, urgency, expires }) {
  const { invitations, device } = desk;
  const [left, may] = [countdown(invitations.left({ expires })), device.state === "approved"];
  return html`<section class="ring" aria-label=${t("console.ring")}>
    <p class="asks"><bdi>${from}</bdi> ${t(`console.ring.${how}`)}</p>
    <p class="what">
      ${lineName(desk, line)} · ${t(`console.language.${locale}`)}
      ${urgency ? html`· <b class="urgency-${urgency}">${t(`console.urgency.${urgency}`)}</b>` : nothing}
      ${may || device.state === "proving" ? nothing : html`· ${t("console.ring.no_device")}`}
    </p>
    <span class="time" aria-hidden="true">${left}</span>
    <span class="ways">
      <button type="button" class="main" ?disabled=${!may} @click=${() => invitations.answer(invitation, true)}>${t("console.ring.yes")}</button>
      <button type="button" @click=${() => invitations.answer(invitation, false)}>${t("console.ring.no")}</button>
    </span>
  </section>`;
}

customElements.define("hl-incoming", Incoming);
