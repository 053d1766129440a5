// Lists the person's conversations: the caller, what happens in each, and how long nobody has said anything.
import { t } from "../../../shared/text.js";
import { initialMark } from "../../../staff/initial-mark.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { callerOf, idleTime, lastWords, lineName, signsOf } from "../../words.js";
import { flags } from "./risk-flag.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../../console.js").Console} Console */

/** @param {Console} desk */
export function list(desk) {
  const { conversations } = desk;
  if (!conversations.size)
    return html`<p class="empty">${t(desk.loading ? "console.loading" : "console.no_conversations")}</p>`;
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
  const { id, unread, emptied, refused, state, seat } = conversation;
  const words = emptied ? "" : lastWords(conversation);
  return html`<li>
    <button type="button" class="row" aria-current=${id === desk.selected ? "true" : "false"} @click=${() => desk.select(id)}>
      <span class="who">${initialMark(seat.initial ?? "")} <bdi>${callerOf(conversation)}</bdi></span>
      ${unread ? badge(unread) : nothing}
      ${words ? html`<bdi class="said">${words}</bdi>` : nothing}
      <span class="what">${flags(conversation)} ${[...of(desk, seat.line), stands(desk, conversation), ...(emptied ? [] : signsOf(conversation))].join(" · ")}</span>
      ${emptied || refused || state === "ended" ? nothing : timer(desk, conversation)}
    </button>
  </li>`;
}

/** @param {number} unread */
const badge = (unread) =>
  html`<span class="badge">${unread}<span class="unseen">${t("console.unread")}</span></span>`;

/** Names the line, for a person who works for more than one. @param {Console} desk @param {string} line */
const of = (desk, line) => (desk.mode === "console" && desk.lines.length === 1 ? [] : [lineName(desk, line)]);

/** @param {Console} desk @param {Conversation} conversation */
function stands(desk, conversation) {
  // The conversation is open on another device, so this page does not know what happens in it.
  if (conversation.refused === "conflict") return t("console.state.elsewhere");
  if (conversation.wrapup.stage === "due") return t("console.state.wrapup");
  return conversation.emptied ? t("console.state.emptied") : doing(desk, conversation);
}

/** @param {Console} desk @param {Conversation} conversation */
function doing({ asked }, { id, state, typing, log, seat, closing, inviting }) {
  if (asked.listener(id)) return t("console.state.listen");
  if (closing.at) return t("console.state.closing");
  if (closing.asked) return t("console.state.ending");
  if (inviting.rangInVain) return t("console.state.nobody_came");
  if (typing.others.includes(log.caller)) return t("console.state.typing");
  if (state === "active" && log.people.has(seat.member) && !log.granted) return t("console.state.letting_in");
  if (state === "active" && log.callerNeedsCode) return t("console.state.code");
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
