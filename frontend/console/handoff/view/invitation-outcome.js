// Shows, between the log and the composer, the outcome of an invitation that this seat sent, and what to do next.
import { t, tn } from "../../../shared/text.js";
import { countdown } from "../../../staff/durations.js";
import { phoneLink } from "../../../staff/phone-link.js";
import { html, nothing } from "../../../vendor/lit.js";
import { isDeskEmpty } from "../model/service-search.js";
import { insteadOf } from "./calling-for-help.js";
import { emptyDesk } from "./service-list.js";

/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("../model/own-invitation.js").Stage} Stage */
/** @typedef {import("../../conversation/model/conversation-log.js").Invited} Invited */
/** @typedef {import("../../console.js").Console} Console */

const OPEN = ["asked", "ringing"];

/** @param {Console} desk @param {Conversation} conversation */
export function strip(desk, conversation) {
  const { stage, latest } = conversation.inviting;
  if (!stage || !latest) return nothing;
  if (OPEN.includes(stage)) return underWay(desk, conversation, latest, stage);
  if (stage === "joining") return html`<p class="strip" role="status">${words(latest, "joining")}</p>`;
  if (stage === "away")
    return html`<div class="strip warn"><p role="status">${words(latest, "away")}</p></div>`;
  if (stage === "arrived") return arrived(conversation, latest);
  return outcome(desk, conversation, latest, stage);
}

/** @param {Invited} invited @param {Stage | "link" | "stays"} stage */
const words = ({ how, to }, stage) => t(`console.strip.${how}.${stage}`, { name: to.name });

/** @param {Console} desk @param {Conversation} conversation @param {Invited} invited @param {Stage} stage */
function underWay(desk, conversation, invited, stage) {
  const { inviting } = conversation;
  const { invitations } = desk;
  const card = invitations.of(invited.invitation);
  const time = card?.expires ? countdown(invitations.left(card)) : "";
  return html`<div class="strip">
    <p role="status">${words(invited, card?.pin ? "link" : stage)} ${card?.pin ? numberOf(desk, invited) : nobodyAt(desk, invited)} ${insteadOf(desk, conversation, false)}</p>
    ${time ? html`<span class="time" aria-label=${t("console.time_left")}>${time}</span>` : nothing}
    ${inviting.mayWithdraw ? button("withdraw", () => inviting.withdraw(invited.invitation)) : nothing}
    ${card?.pin ? readOut(card, invited.to.name) : nothing}
  </div>`;
}

/** Renders the telephone number of the service that has to be called, if the directory has one. @param {Console} desk @param {Invited} invited */
function numberOf({ services }, { to }) {
  const phone = services.find(({ service }) => service === to.service)?.phone;
  return phone ? html`<b class="number">${phoneLink(phone)}</b>` : nothing;
}

/** Says so if nobody is at the desk where the invitation rings. @param {Console} desk @param {Invited} invited */
function nobodyAt({ services, desksThere }, { to }) {
  const found = services.find(({ service }) => service === to.service);
  return found && isDeskEmpty(found, desksThere) ? emptyDesk(found) : nothing;
}

/** Renders the PIN to read out. The link is sent to the service's own contact, and never to the person who invited. @param {import("../model/incoming-invitations.js").Card} card @param {string} name */
const readOut = (
  { pin = "", wrong_pins: wrong = 0, contact = "sending" },
  name,
) => html`<div class="read-out">
  <p><span>${t("console.pin")}</span> <b class="pin">${pin.slice(0, 3)} ${pin.slice(3)}</b></p>
  <p class="why">${t("console.pin_why", { name })}</p>
  ${wrong ? html`<p class="wrong" role="status">${tn("console.pin_wrong", wrong)}</p>` : nothing}
  <p class="contact ${contact}" role="status">${t(`console.contact.${contact}`)}</p>
</div>`;

/** @param {Conversation} conversation @param {Invited} invited */
function arrived(conversation, invited) {
  if (invited.how !== "handoff") return nothing; // a colleague stays, and a transfer ends this seat by itself
  return html`<div class="strip good">
    <p role="status">${words(invited, "arrived")}</p>
    ${conversation.allowed.has("leave") ? button("hand_over", () => conversation.leave(), "main") : nothing}
  </div>`;
}

/** Shows why nobody joined, and what can be done instead. @param {Console} desk @param {Conversation} conversation @param {Invited} invited @param {Stage} stage */
function outcome(desk, conversation, invited, stage) {
  const { inviting, allowed } = conversation;
  const { service } = invited.to;
  const refer = service && allowed.has("refer") && stage !== "refused";
  return html`<div class="strip warn">
    <p role="status">${words(invited, stage)} ${service && stage !== "withdrawn" ? words(invited, "stays") : nothing}
      ${stage === "withdrawn" ? nothing : insteadOf(desk, conversation, true)}</p>
    <span class="ways">
      ${refer ? button("refer", () => referAndDismiss(conversation, service)) : nothing}
      ${!inviting.hindrance ? html`<button type="button" data-panel="invite" data-how=${invited.how}>${t(service ? "console.other_service" : "console.ask_again")}</button>` : nothing}
      ${button("understood", () => inviting.dismiss(), "quiet")}
    </span>
  </div>`;
}

/** @param {Conversation} conversation @param {string} service */
function referAndDismiss({ referring, inviting }, service) {
  referring.refer(service);
  inviting.dismiss();
}

/** Shows a referral that waits to be sent and can be undone. @param {Console} desk @param {Conversation} conversation */
export function referral(desk, { referring }) {
  if (!referring.at) return nothing;
  const n = Math.max(0, Math.ceil((referring.at - desk.now()) / 1000));
  return html`<div class="strip">
    <p role="status">${t("console.referring", { name: desk.serviceName(referring.service), n })}</p>
    <span class="ways">
      <button type="button" @click=${() => referring.undo()}>${t("console.undo")}</button>
      <button type="button" class="quiet" @click=${() => referring.sendNow()}>${t("console.referring.now")}</button>
    </span>
  </div>`;
}

/** @param {string} name @param {() => unknown} act @param {string} [look] */
const button = (name, act, look = "") =>
  html`<button type="button" class=${look} @click=${act}>${t(`console.${name}`)}</button>`;
