// Shows one conversation. Each conversation has an element of its own, so that no caller's text is ever shown in another
// caller's conversation.
import { dayAndClock, t } from "../../../shared/text.js";
import { initialMark } from "../../../staff/initial-mark.js";
import { isPractice } from "../../../staff/practice-line.js";
import { html, nothing } from "../../../vendor/lit.js";
import { referral, strip } from "../../handoff/view/invitation-outcome.js";
import { listenAsked } from "../../supervision/view/break-and-listen-in.js";
import {
  callerOf,
  dotOf,
  nameOf,
  presenceOf,
  problemInWords,
  roleInWords,
  titleOfPeople,
} from "../../words.js";
import { shown } from "../model/notes-apart.js";
import { whomToCall } from "./acute-protocol.js";
import { alsoEndsFor, countdownTo } from "./ending.js";
import { lines } from "./log-lines.js";
import { OfConversation } from "./of-conversation.js";
import { flags } from "./risk-flag.js";
import "./closing-words.js";
import "./composer.js";
import "../../figures/view/wrapup-form.js";

/** @typedef {import("../../console.js").Console} Console */
/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../model/conversation-log.js").Person} Person */
/** @typedef {import("../../desk.js").Desk} Desk */

const NEAR_PX = 80;
const WINDOW = 20; // lines on the screen, until somebody scrolls back
const MORE = 100;

class Talk extends OfConversation {
  /** Is true if the newest line is kept in sight, and nobody has scrolled back. */
  #follows = true;
  /** Is true if the earlier scroll position has been restored. */
  #placed = false;
  #most = WINDOW;
  #measured = 0;
  /** Holds the state of the last rendering: the number of lines, the newest one, the last unsent message, and the height. */
  #drawn = { lines: 0, newest: 0, written: 0, height: 0 };
  /** @type {Element | null} */
  #log = null;

  render() {
    const { conversation } = this;
    if (conversation.wrapup.shows)
      return html`${whomToCall(/** @type {Console} */ (this.station), conversation)}${unsaidThere(conversation)}<hl-wrapup .station=${this.station} .conversation=${conversation}></hl-wrapup>`;
    if (conversation.emptied) return emptied(this.station, conversation);
    if (conversation.refused) return refused(this.station, conversation);
    return html`
      ${this.#header()}
      ${conversation.acute.applies ? html`<hl-acute .station=${this.station} .conversation=${conversation}></hl-acute>` : nothing}
      <div
        class="log"
        role="log"
        tabindex="0"
        aria-label=${t("console.log")}
        @scroll=${this.#scrolled}
      ><div class="lines">${lines(this.station, conversation, this.#most, this.#older)}</div></div>
      <p class="typists" aria-live="polite">${typists(conversation)}</p>
      ${!this.#follows && conversation.unread ? this.#newer() : nothing}
      ${conversation.state === "ended" || conversation.closing.asked || this.station.mode === "guest" ? nothing : strips(/** @type {Console} */ (this.station), conversation)}
      ${conversation.state === "active" && conversation.log.fellAway ? leftAlone(conversation.log.fellAway) : nothing}
      ${conversation.isLetter && conversation.state !== "ended" ? promise(conversation) : nothing}
      ${conversation.state === "active" && !conversation.isLetter && conversation.log.callerNeedsCode ? byCode() : nothing}
      ${conversation.doubting.asks ? doubting(this.station, conversation) : nothing}
      ${conversation.closing.at ? countdownTo(this.station, conversation) : nothing}
      ${conversation.closing.asked ? html`<hl-ending .station=${this.station} .conversation=${conversation}></hl-ending>` : nothing}
      ${conversation.state === "ended" ? over(this.station, conversation) : this.#writing()}
    `;
  }

  #header() {
    const { conversation, station: desk } = this;
    const { allowed, state } = conversation;
    return html`<header class="talk-head">
      ${desk.mode === "guest" ? nothing : html`<button type="button" class="back quiet" @click=${() => desk.select("")}>${t("console.back")}</button>`}
      <h2>${initialMark(conversation.initial)} <bdi>${callerOf(conversation)}</bdi>
        ${isPractice(conversation.seat.line) ? html`<span class="practice">${t("console.practice_mark")}</span>` : nothing}
        ${flags(conversation)}</h2>
      <ul class="here" aria-label=${titleOfPeople(conversation)}>${seats(desk, conversation)}</ul>
      <p class="actions">
        ${desk.mode === "guest" ? nothing : panelButtons(conversation)}
        ${state !== "ended" && allowed.has("leave") && !handsOver(conversation) ? action("leave", () => conversation.leave()) : nothing}
        ${state !== "ended" && allowed.has("giveback") ? action("giveback", () => conversation.giveBack()) : nothing}
        ${allowed.has("close") && !conversation.isLetter ? action("close", () => conversation.close()) : nothing}
      </p>
    </header>`;
  }

  #writing() {
    if (this.conversation.closing.parting)
      return html`<hl-closing-words .station=${this.station} .conversation=${this.conversation}></hl-closing-words>`;
    return html`<hl-composer .station=${this.station} .conversation=${this.conversation}></hl-composer>`;
  }

  #newer() {
    return html`<button type="button" class="newer" @click=${this.#toEnd}>${t("console.newer")}</button>`;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#follow(this.conversation.back < NEAR_PX);
  }

  willUpdate() {
    const { said } = shown(this.conversation);
    // While somebody reads older lines, each new line below must not remove one at the top.
    if (this.#placed && !this.#follows) this.#most += said.length - this.#drawn.lines;
    this.#drawn = { ...this.#drawn, lines: said.length, height: this.#follows ? 0 : heightOf(this.#log) };
  }

  updated() {
    const log = this.querySelector(".log");
    if (log !== this.#log) this.#placed = false;
    this.#log = log;
    if (!log) return;
    const { said, unsent } = shown(this.conversation);
    const newest = said.at(-1)?.seq ?? 0;
    const written = unsent.at(-1)?.key ?? 0;
    const isOwn = written > this.#drawn.written;
    const isNew = newest > this.#drawn.newest || isOwn;
    if (!this.#placed) this.#place(log);
    else if (isOwn || (isNew && this.#follows)) this.#toEnd();
    else if (isNew) log.scrollTop -= log.scrollHeight - this.#drawn.height; // the lines that are being read keep their place
    this.#drawn = { ...this.#drawn, newest, written: Math.max(written, this.#drawn.written) };
    // If all lines fit, nobody can scroll to older lines, so they are added here. The height is measured only if the
    // number of lines has changed, because measuring causes a layout.
    if (!this.#placed || this.#measured === this.#most) return;
    this.#measured = this.#most;
    if (log.scrollHeight <= log.clientHeight) this.#older();
  }

  /** Restores the scroll position from before a reload or from before another conversation was opened. @param {Element} log */
  #place(log) {
    const { back, complete } = this.conversation;
    log.scrollTop = -back;
    if (log.scrollHeight - log.clientHeight < back && this.#hasOlder) this.#showMore();
    else this.#placed = complete;
  }

  get #hasOlder() {
    return shown(this.conversation).said.length > this.#most;
  }

  #showMore() {
    this.#most += MORE;
    this.requestUpdate();
  }

  #older = () => this.#hasOlder && this.#showMore();

  #toEnd = () => {
    if (this.#log) this.#log.scrollTop = 0;
    if (this.#follows) return;
    this.#follow(true);
    this.station.changed(); // the lines below are now in sight
  };

  /** Notes the scroll position. `scrollTop` counts from the newest line, so it does not change with the height of the log or of anything below it. */
  #scrolled = () => {
    if (!this.#placed || !this.#log) return;
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    const back = Math.max(0, Math.round(-scrollTop));
    if (scrollHeight - clientHeight - back < NEAR_PX) this.#older();
    this.conversation.back = back < NEAR_PX ? 0 : back;
    if (this.#follows === back < NEAR_PX) return;
    this.#follow(back < NEAR_PX);
    this.station.changed();
  };

  /** @param {boolean} follows */
  #follow(follows) {
    this.#follows = follows;
    this.conversation.inSight = follows;
  }
}

/** @param {Element | null} log */
const heightOf = (log) => log?.scrollHeight ?? 0;

/** @param {Console} desk @param {Conversation} conversation */
const strips = (desk, conversation) =>
  html`${listenAsked(desk, conversation)} ${referral(desk, conversation)} ${strip(desk, conversation)}`;

/** Shows when a letter's answer is due, or that it was answered. @param {Conversation} conversation */
const promise = ({ seat: { due } }) => html`<p class="strip" role="status">
  ${due ? t("console.letter.due", { when: dayAndClock(due) }) : t("console.letter.answered")}</p>`;

/** Tells a colleague, often a supervisor who only listened, that the caller has nobody else now. @param {Person} who */
const leftAlone = ({ alias }) =>
  html`<p class="strip warn" role="alert">${t("console.left_alone", { name: alias })}</p>`;

/** Tells the counsellor that the caller can return by return code only, and may never do so. */
const byCode = () => html`<p class="strip warn" role="status">${t("console.by_code")}</p>`;

/** Returns whether the strip offers to hand over. In that case the button to leave is not shown. @param {Conversation} conversation */
const handsOver = ({ inviting }) => inviting.stage === "arrived" && inviting.latest?.how === "handoff";

/** Renders the buttons that open the right column. @param {Conversation} conversation */
const panelButtons = ({ inviting }) => html`
  <button type="button" class="about quiet" data-about>${t("console.about")}</button>
  ${!inviting.hindrance ? html`<button type="button" class="invite" data-panel="invite">${t("console.invite")}</button>` : nothing}
`;

/** @param {Desk} desk @param {Conversation} conversation */
const seats = (desk, conversation) =>
  [...conversation.log.people.values()]
    .filter(({ present, role }) => present && role !== "review" && role !== "letters")
    .map((person) => seat(desk, conversation, person));

/** @param {Desk} desk @param {Conversation} conversation @param {Person} person */
const seat = (desk, conversation, person) => html`<li class=${dotOf(presenceOf(conversation, person))}>
  <bdi>${nameOf(conversation, person.member)}</bdi>
  ${person.certified ? html`<span class="certified ${person.certified}" title=${t(`console.certified.${person.certified}`)}><span aria-hidden="true">${person.certified === "good" ? "✓" : "!"}</span><span class="unseen">${t(`console.certified.${person.certified}`)}</span></span>` : nothing}
  <span class="role">${roleInWords(desk, conversation, person)}</span>
  <span class="unseen">${t(`console.${presenceOf(conversation, person)}`)}</span>
</li>`;

/** @param {Conversation} conversation */
function typists(conversation) {
  const names = conversation.typing.others.map((member) => nameOf(conversation, member));
  return names.length ? t("console.typing", { name: names.join(", ") }) : nothing;
}

/** @param {"leave" | "close" | "done" | "giveback"} name @param {() => void} act */
const action = (name, act) =>
  html`<button type="button" class=${name} @click=${act}>${t(`console.${name}`)}</button>`;

/** @param {Desk} desk @param {Conversation} conversation */
const doubting = (desk, conversation) => html`<div class="closing doubting">
  <p role="status">${t(`console.${conversation.asked.what}.sure`)}</p>
  ${/^(flag\.|leave$)/.test(conversation.asked.what) ? nothing : alsoEndsFor(desk, conversation)}
  <p class="ways">
    <button type="button" class="unserious" ?disabled=${!conversation.doubting.ready} @click=${() => conversation.asked.again()}>${t(`console.${conversation.asked.what}.yes`)}</button>
    <button type="button" @click=${() => conversation.doubting.drop()}>${t("console.undo")}</button>
  </p>
</div>`;

/** @param {Desk} desk @param {Conversation} conversation */
const over = (
  desk,
  conversation,
) => html`${whomToCall(/** @type {Console} */ (desk), conversation)}${unsent(conversation)}<footer class="over">
  <p>${t(desk.mode === "guest" ? "console.guest.ended" : "console.over")}</p>
  ${conversation.wrapup.pending ? wrapUp(conversation.wrapup) : nothing}
  ${desk.mode !== "guest" && !conversation.wrapup.pending && conversation.allowed.has("leave") ? action("done", () => conversation.leave()) : nothing}
</footer>`;

/** @param {import("../../figures/model/wrapup.js").WrapUp} wrapup */
const wrapUp = (wrapup) => html`<span class="ways">
  <button type="button" class="main" @click=${() => wrapup.open()}>${t("console.wrapup.open")}</button>
  <button type="button" class="quiet" @click=${() => wrapup.finish()}>${t("console.wrapup.skip")}</button>
</span>`;

/** @param {Desk} desk @param {Conversation} conversation */
const emptied = (desk, conversation) => {
  const back = desk.mode === "console" && /** @type {Console} */ (desk).takingBack.mayAsk(conversation);
  return html`<div class="nothing">
    <p>${t(`console.emptied.${conversation.emptied}`)} ${back ? t("console.take_caller_back.why") : nothing}</p>
    ${unsaidThere(conversation)}
    ${back && conversation.writing.stored.length ? html`<p>${t("console.unsaid_sealed")}</p>` : nothing}
    ${back ? takeBack(/** @type {Console} */ (desk), conversation) : nothing}
    <button type="button" class=${back ? "quiet" : "main"} @click=${() => desk.dismiss(conversation.id)}>${t("console.dismiss")}</button>
  </div>`;
};

/** Renders what was unsent when this seat ended. @param {Conversation} conversation */
const unsaidThere = ({ emptied, unsaid: { draft, note } }) =>
  unsaid(t(emptied === "lost" ? "console.unsaid" : "console.unsaid_over"), [draft, note]);

/** Renders unsent text to be read and copied. Long text scrolls, also by keyboard. @param {string} why @param {string[]} texts */
const unsaid = (why, texts) =>
  texts.some((text) => text.trim())
    ? html`<div class="unsaid" role="group" tabindex="0" aria-label=${why}><p class="why">${why}</p>
      ${texts.map((text) => (text.trim() ? html`<p class="words"><bdi>${text}</bdi></p>` : nothing))}</div>`
    : nothing;

/** Renders the unsent drafts after the conversation has ended. @param {Conversation} conversation */
const unsent = ({ writing: { drafts } }) =>
  unsaid(
    t("console.unsaid_at_end"),
    [drafts.draft, drafts.closing, drafts.note].map(({ text }) => text),
  );

/** @param {Console} desk @param {Conversation} conversation */
const takeBack = ({ takingBack }, { id }) =>
  html`<button type="button" class="main" ?disabled=${takingBack.underWay} @click=${() => takingBack.ask(id)}>${t("console.take_caller_back")}</button>`;

/** @param {Desk} desk @param {Conversation} conversation */
const refused = (desk, { id, refused: code }) => html`<div class="nothing">
  <p>${code === "conflict" ? t("console.elsewhere.one") : problemInWords(code)}</p>
  ${code === "conflict" && desk.mode === "console" ? fetchIt(/** @type {Console} */ (desk), id) : nothing}
  <button type="button" class="back quiet" @click=${() => desk.select("")}>${t("console.back")}</button>
</div>`;

/** @param {Console} desk @param {string} id */
const fetchIt = (desk, id) => html`
  <p class="why">${t("console.fetch_why")}</p>
  <button type="button" class="main" @click=${() => desk.takeOver(id)}>${t("console.fetch")}</button>
`;

customElements.define("hl-talk", Talk);
