// Shows what precedes the end of a conversation: a countdown, during which the end can be undone, or a question, if the
// conversation would also end for other staff, is acute, or something would be lost.
import { t, tn } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";
import { nameOf, roleOf } from "../../words.js";
import { labelOf } from "./acute-protocol.js";
import { OfConversation } from "./of-conversation.js";

/** @typedef {import("../../desk.js").Desk} Desk */
/** @typedef {import("../model/conversation.js").Conversation} Conversation */

class Ending extends OfConversation {
  render() {
    const { conversation, station: desk } = this;
    return html`<section class="closing ending" aria-labelledby="ending-title" @keydown=${this.#key}>
      <h3 id="ending-title">${t("console.ending")}</h3>
      ${conversation.closing.wrote ? html`<p><b>${t("console.ending.wrote")}</b></p>` : nothing}
      ${alsoEndsFor(desk, conversation)}
      ${losses(conversation.closing)}
      ${unanswered(conversation.closing)}
      ${conversation.closing.isAcute ? openSteps(conversation) : nothing}
      <p class="ways">${ways(conversation)}</p>
    </section>`;
  }

  firstUpdated() {
    // A question that appears by itself must not take the focus from somebody who types: their next Enter would answer it.
    if (document.activeElement?.matches("textarea, input:not([type=radio], [type=checkbox])")) return;
    this.querySelector("button")?.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") this.conversation.closing.undo();
  }
}

/** Names the other staff for whom the conversation would end. @param {Desk} desk @param {Conversation} conversation */
export function alsoEndsFor(desk, conversation) {
  const { others } = conversation.closing;
  if (!others.length) return nothing;
  const names = others.map((one) => `${nameOf(conversation, one.member)} (${roleOf(desk, one)})`).join(", ");
  return html`<p>${t("console.ending.others", { names })}</p>`;
}

/** Shows which links and drafts would be lost, and which invitation the end would withdraw. @param {Conversation["closing"]} closing */
const losses = ({ invited, typed, unreported }) =>
  html`${unreported ? html`<p>${tn("console.ending.unreported", unreported)}</p>` : nothing}
    ${invited ? html`<p>${t("console.ending.invited", { name: invited.to.name })}</p>` : nothing}
    ${typed.map((name) => html`<p>${t(`console.ending.${name}`)}</p>`)}`;

/** @param {Conversation["closing"]} closing */
const unanswered = (closing) =>
  closing.unanswered ? html`<p>${t("console.ending.unanswered")}</p>` : nothing;

/** @param {Conversation} conversation */
function openSteps({ acute }) {
  const open = acute.open.map(labelOf);
  if (!open.length) return html`<p>${t("console.ending.acute")}</p>`;
  return html`<p>${t("console.ending.acute")} ${t("console.ending.steps")}</p>
    <ul>${open.map((label) => html`<li>${label}</li>`)}</ul>`;
}

/** Renders the buttons. Those that end nothing come first. @param {Conversation} conversation */
function ways(conversation) {
  const { closing, allowed, hindrance } = conversation;
  const leave = closing.others.length > 0 && allowed.has("leave");
  const isHandoff = closing.others.some(({ role }) => role === "partner");
  return html`
    ${leave ? html`<button type="button" class="main" @click=${() => conversation.leave()}>${t(isHandoff ? "console.hand_over" : "console.ending.leave")}</button>` : nothing}
    <button type="button" @click=${() => closing.undo()}>${t("console.undo")}</button>
    ${hindrance ? nothing : html`<button type="button" @click=${() => closing.writeWords()}>${t("console.closing_words.write")}</button>`}
    <button type="button" class="ends" @click=${() => closing.confirm()}>${t(closing.others.length ? "console.ending.all" : "console.ending.yes")}</button>
  `;
}

/** Shows the countdown, during which the end can be undone. @param {Desk} desk @param {Conversation} conversation */
export const countdownTo = (desk, { closing, hindrance }) => html`<div class="closing">
  ${unanswered(closing)}
  <p role="status">${t("console.closing", { n: Math.max(0, Math.ceil((closing.at - desk.now()) / 1000)) })}</p>
  <p class="ways">
    ${hindrance ? nothing : html`<button type="button" @click=${() => closing.writeWords()}>${t("console.closing_words.write")}</button>`}
    <button type="button" @click=${() => closing.undo()}>${t("console.undo")}</button>
  </p>
</div>`;

customElements.define("hl-ending", Ending);
