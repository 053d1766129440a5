// Renders the log of a conversation: lines about who joined and left, messages with their ticks, and unsent messages.
import { clock, t } from "../../../shared/text.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { nameOf, roleOf, unsentInWords } from "../../words.js";
import { isText } from "../model/conversation.js";
import { shown } from "../model/notes-apart.js";

/** @typedef {import("../../desk.js").Desk} Desk */
/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../model/conversation-log.js").LogLine} LogLine */
/** @typedef {import("../model/outbox.js").Unsent} Unsent */

/**
 * Renders the newest lines and a button for older ones, so that a long conversation costs no more than a short one.
 * @param {Desk} desk @param {Conversation} conversation @param {number} most @param {() => void} older
 */
export const lines = (desk, conversation, most, older) => html`
  ${
    shown(conversation).said.length > most
      ? // Tab skips this button, because its focus would scroll the log to the top. By keyboard, scrolling shows older lines.
        html`<button type="button" class="older quiet" tabindex="-1" @click=${older}>${t("console.older")}</button>`
      : nothing
  }
  ${repeat(
    shown(conversation).said.slice(-most),
    ({ seq }) => seq,
    (line) => (isText(line) ? message(conversation, line) : spoken(desk, conversation, line)),
  )}
  ${repeat(
    shown(conversation).unsent,
    ({ key }) => key,
    (unsent) => onItsWay(conversation, unsent),
  )}
`;

/** @param {Conversation} conversation @param {LogLine} line */
function message(conversation, line) {
  if (line.kind === "intake" && !line.fault) return said(line, t("console.line.intake"));
  if (isRepeated(conversation, line))
    return said(line, t("console.line.brief_again", { name: nameOf(conversation, line.by) }));
  const own = conversation.log.isOwn(line.by);
  return html`<article class="message ${own ? "own" : ""} ${line.kind}">
    <header>
      <bdi class="author">${nameOf(conversation, line.by)}</bdi>
      <time datetime=${line.at}>${clock(line.at)}</time>
      ${line.kind === "brief" ? html`<span class="label">${briefFor(conversation, line)}</span>` : nothing}
    </header>
    ${line.fault ? fault(line.fault) : text(line)}
    ${own ? ticks(conversation, line) : nothing}
  </article>`;
}

/** Returns the label of a brief. If the brief was sent with an invitation, the label names its recipient. @param {Conversation} conversation @param {LogLine} line */
function briefFor({ log }, { id }) {
  const asked = [...log.invitations.values()].find(({ brief }) => brief === id);
  return asked ? t("console.brief.for", { name: asked.to.name }) : t("console.brief");
}

/** Returns whether a brief repeats an earlier one, for somebody who joined later. A repeated brief is shown as one short line. @param {Conversation} conversation @param {LogLine} line */
const isRepeated = ({ log }, { kind, seq, by, text, fault }) =>
  kind === "brief" &&
  !fault &&
  log.lines.some((one) => one.kind === kind && one.seq < seq && one.by === by && one.text === text);

/** @param {LogLine} line */
const text = (line) =>
  line.text.trim()
    ? html`<p class="text">${line.text}</p>`
    : html`<p class="fault">${t("console.no_text")}</p>`;

/** @param {Exclude<LogLine["fault"], "">} why */
const fault = (why) => html`<p class="fault ${why}">${t(`console.fault.${why}`)}</p>`;

/** @param {Conversation} conversation @param {LogLine} line */
function ticks(conversation, line) {
  const seen = conversation.log.people.get(conversation.log.caller)?.seen ?? 0;
  return tick(seen >= line.seq ? "read" : "stored");
}

/** @param {"stored" | "read"} state */
const tick = (state) => {
  const words = t(`console.tick.${state}`);
  return html`<p class="tick ${state}" title=${words}><span class="unseen">${words}</span></p>`;
};

/** Renders a line about somebody who joined or left, or about the whole conversation. @param {Desk} desk @param {Conversation} conversation @param {LogLine} line */
function spoken(desk, conversation, line) {
  if (line.fault) return said(line, t("console.line.unverified"), "bad");
  if (line.kind === "case")
    return said(line, t("console.line.case", { name: listedBy(conversation, line.by) }));
  if (line.kind === "ended" || line.kind === "left") return said(line, departed(conversation, line));
  if (line.invited) return said(line, invited(conversation, line.invited));
  if (line.kind === "referred") return said(line, referred(desk, conversation, line));
  const names = line.about.map((member) => nameOf(conversation, member)).join(", ");
  const person = conversation.log.people.get(line.about[0] ?? "");
  const role = roleOf(desk, person);
  if (line.kind === "joined" && person?.certified === "bad")
    return said(line, t("console.line.uncertified", { name: names, role }), "bad");
  const kind = line.kind === "opened" && conversation.isLetter ? "letter_opened" : line.kind;
  return said(line, t(`console.line.${kind}`, { name: names, role }));
}

/** Names who changed the removal case. In a letter, the line's key is the author. @param {Conversation} conversation @param {string} by */
const listedBy = (conversation, by) =>
  conversation.log.people.get(by)?.role === "letters" ? t("console.case.line") : nameOf(conversation, by);

/** @param {Desk} desk @param {Conversation} conversation @param {LogLine} line */
const referred = (desk, conversation, { by, service }) =>
  t("console.line.referred", {
    name: nameOf(conversation, by),
    service: desk.serviceName(service) || service,
  });

/** @param {Conversation} conversation @param {import("../model/conversation-log.js").Invited} invited */
function invited(conversation, { how, to, by, state, history }) {
  const words = { by: nameOf(conversation, by ?? ""), name: to.name };
  if (state === "ringing" && how === "handoff")
    return t(`console.invited.agreed.${history ? "all" : "new"}`, words);
  if (state === "ringing") return t(`console.invited.${how}`, words);
  // History is null until the caller has answered.
  const unanswered = state === "expired" && how === "handoff" && history === null;
  return t(`console.invited.${unanswered ? "unanswered" : state}`, words);
}

/** @param {Conversation} conversation @param {LogLine} line */
function departed(conversation, { kind, reason, about: [member = ""] }) {
  return t(`console.${kind}.${reason}`, { name: nameOf(conversation, member) });
}

/** @param {LogLine} line @param {string} words @param {string} [tone] */
const said = ({ at }, words, tone = "") =>
  html`<p class="spoken ${tone}"><time datetime=${at}>${clock(at)}</time> <bdi>${words}</bdi></p>`;

/** @param {Conversation} conversation @param {Unsent} unsent */
function onItsWay(conversation, unsent) {
  const { kind, text, state, problem } = unsent;
  return html`<article class="message own ${kind} ${state === "failed" ? "failed" : "pending"}">
    ${kind === "brief" ? html`<header><span class="label">${t("console.brief")}</span></header>` : nothing}
    <p class="text">${kind === "case" ? t("console.case.sending") : text}</p>
    ${state === "stored" ? tick("stored") : html`<p class="sending">${t(`console.sending.${state}`)}</p>`}
    ${problem ? html`<p class="why">${unsentInWords(problem)}</p>` : nothing}
    ${state === "failed" ? waysOut(conversation, unsent) : nothing}
  </article>`;
}

/** @param {Conversation} conversation @param {Unsent} unsent */
export const waysOut = ({ writing }, { key, kind }) => html`<p class="ways">
  <button type="button" @click=${() => writing.outbox.retry(key)}>${t("console.retry")}</button>
  <button type="button" class="quiet" @click=${() => writing.takeBack(key)}>${t(kind === "case" ? "console.case.discard" : "console.take_back")}</button>
</p>`;
