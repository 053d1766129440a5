// The own conversations: whose they are, what happens in each, and how long nobody has said anything.
import { t } from "../../../shared/text.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { idleTime, lineName, titleOf } from "../../words.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../../console.js").Console} Console */

/** @param {Console} desk */
export function list(desk) {
  const { conversations } = desk;
  if (!conversations.size) return html`<p class="empty">${t("console.no_conversations")}</p>`;
  return html`<ul class="conversations">
    ${repeat(
      conversations.values(),
      ({ id }) => id,
      (conversation) => row(desk, conversation),
    )}
  </ul>`;
}

/** @param {Console} desk @param {Conversation} conversation */
function row(desk, conversation) {
  const { id, unread, emptied, state, seat, wrapup } = conversation;
  const line = lineName(desk, seat.line);
  return html`<li>
    <button type="button" class="row" aria-current=${id === desk.selected ? "true" : "false"} @click=${() => desk.select(id)}>
      <bdi class="who">${titleOf(conversation)}</bdi>
      ${unread ? badge(unread) : nothing}
      <span class="what">${line} · ${wrapup.stage === "due" ? t("console.state.wrapup") : emptied ? t("console.state.emptied") : doing(desk, conversation)}</span>
      ${emptied || state === "ended" ? nothing : timer(desk, conversation)}
    </button>
  </li>`;
}

/** @param {number} unread */
const badge = (unread) =>
  html`<span class="badge">${unread}<span class="unseen">${t("console.unread")}</span></span>`;

/** @param {Console} desk @param {Conversation} conversation */
function doing({ asked }, { id, state, typing, log, seat, closing }) {
  if (asked.listener(id)) return t("console.state.listen");
  if (closing.at) return t("console.state.closing");
  if (typing.others.includes(log.caller)) return t("console.state.typing");
  if (state === "active" && log.people.has(seat.member) && !log.granted) return t("console.state.letting_in");
  if (state === "active" && log.caller && !log.callerHere) return t("console.state.away");
  return t(`console.state.${state}`);
}

/** @param {Console} desk @param {Conversation} conversation */
function timer(desk, conversation) {
  const { text, tone } = idleTime(conversation, desk.now());
  return html`<span class="timer ${tone}" title=${t("console.since_last")}>
    <span class="unseen">${tone ? t(`console.waits.${tone}`) : t("console.since_last")}</span>${text}
  </span>`;
}
