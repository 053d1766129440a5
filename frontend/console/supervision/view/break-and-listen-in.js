// Shows a supervisor's requests: for a break, in a banner above everything; to read and write along, above the draft of
// that conversation.
import { t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("../../console.js").Console} Console */

/** @param {Console} desk */
export function restAsked({ asked }) {
  if (!asked?.rest) return nothing;
  return html`<div class="banner calm asks">
    <p>${t("console.rest.asked", { name: asked.rest })}</p>
    <span class="ways">
      <button type="button" class="main" @click=${() => asked.takeBreak()}>${t("console.take_break")}</button>
      <button type="button" @click=${() => asked.notNow()}>${t("console.not_now")}</button>
    </span>
  </div>`;
}

/** @param {Console} desk @param {Conversation} conversation */
export function listenAsked({ asked }, { id, inviting }) {
  const listener = asked?.listener(id);
  if (!listener) return nothing;
  const { hindrance, open } = inviting;
  const may = hindrance === "" || hindrance === "open"; // a yes withdraws an open invitation
  return html`<div class="strip asks" role="group" aria-label=${t("console.listen")}>
    <p role="status">${t("console.listen.asked", { name: listener.alias })} ${open ? t("console.listen.instead", { name: open.to.name }) : nothing} ${may || hindrance === "busy" ? nothing : t(`console.invite_not.${hindrance}`)}</p>
    <span class="ways">
      <button type="button" class="main" ?disabled=${!may} @click=${() => asked.letListen(id)}>${t(open ? "console.listen.yes_instead" : "console.listen.yes")}</button>
      <button type="button" @click=${() => asked.refuse(id)}>${t("console.not_now")}</button>
    </span>
  </div>`;
}
