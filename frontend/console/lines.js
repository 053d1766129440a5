// The conversation as it is read: spoken lines for who came and went, messages with their ticks, and what is on its way.
import { clock, t } from "../shared/i18n.js";
import { html, nothing, repeat } from "../vendor/lit.js";
import { isText } from "./conversation.js";
import { nameOf, problemInWords } from "./words.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./log.js").Line} Line */
/** @typedef {import("./outbox.js").Unsent} Unsent */

/** @param {Conversation} conversation */
export const lines = (conversation) => html`
  ${repeat(
    conversation.log.lines,
    ({ seq }) => seq,
    (line) => (isText(line) ? message(conversation, line) : spoken(conversation, line)),
  )}
  ${repeat(
    conversation.writing.outbox.unsent,
    ({ key }) => key,
    (unsent) => onItsWay(conversation, unsent),
  )}
`;

/** @param {Conversation} conversation @param {Line} line */
function message(conversation, line) {
  if (line.kind === "intake" && !line.fault) return said(line, t("console.line.intake"));
  const own = line.by === conversation.seat.member;
  return html`<article class="message ${own ? "own" : ""}">
    <header>
      <bdi class="author">${nameOf(conversation, line.by)}</bdi>
      <time datetime=${line.at}>${clock(line.at)}</time>
    </header>
    ${line.fault ? fault(line.fault) : text(line)}
    ${own ? ticks(conversation, line) : nothing}
  </article>`;
}

/** @param {Line} line */
const text = (line) =>
  line.text.trim()
    ? html`<p class="text">${line.text}</p>`
    : html`<p class="fault">${t("console.no_text")}</p>`;

/** @param {Exclude<Line["fault"], "">} why */
const fault = (why) => html`<p class="fault ${why}">${t(`console.fault.${why}`)}</p>`;

/** @param {Conversation} conversation @param {Line} line */
function ticks(conversation, line) {
  const seen = conversation.log.people.get(conversation.log.caller)?.seen ?? 0;
  return tick(seen >= line.seq ? "read" : "stored");
}

/** @param {"stored" | "read"} state */
const tick = (state) => {
  const words = t(`console.tick.${state}`);
  return html`<p class="tick ${state}" title=${words}><span class="unseen">${words}</span></p>`;
};

/** Somebody came or went, or something happened to the whole conversation. @param {Conversation} conversation @param {Line} line */
function spoken(conversation, line) {
  if (line.fault) return said(line, t("console.line.unverified"), "bad");
  if (line.kind === "ended" || line.kind === "left") return said(line, departed(conversation, line));
  const names = line.about.map((member) => nameOf(conversation, member)).join(", ");
  const role = conversation.log.people.get(line.about[0] ?? "")?.role ?? "caller";
  return said(line, t(`console.line.${line.kind}`, { name: names, role: t(`console.role.${role}`) }));
}

/** @param {Conversation} conversation @param {Line} line */
function departed(conversation, { kind, reason, about: [member = ""] }) {
  return t(`console.${kind}.${reason}`, { name: nameOf(conversation, member) });
}

/** @param {Line} line @param {string} words @param {string} [tone] */
const said = ({ at }, words, tone = "") =>
  html`<p class="spoken ${tone}"><time datetime=${at}>${clock(at)}</time> <bdi>${words}</bdi></p>`;

/** @param {Conversation} conversation @param {Unsent} unsent */
function onItsWay(conversation, unsent) {
  const { text, state, problem } = unsent;
  return html`<article class="message own ${state === "failed" ? "failed" : "pending"}">
    <p class="text">${text}</p>
    ${state === "stored" ? tick("stored") : html`<p class="sending">${t(`console.sending.${state}`)}</p>`}
    ${problem ? html`<p class="why">${problemInWords(problem)}</p>` : nothing}
    ${state === "failed" ? ways(conversation, unsent) : nothing}
  </article>`;
}

/** @param {Conversation} conversation @param {Unsent} unsent */
const ways = ({ writing }, { key }) => html`<p class="ways">
  <button type="button" @click=${() => writing.outbox.retry(key)}>${t("console.retry")}</button>
  <button type="button" class="quiet" @click=${() => writing.takeBack(key)}>${t("console.take_back")}</button>
</p>`;
