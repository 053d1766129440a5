// One conversation on the screen. The element lives and dies with its conversation: the next caller never lands
// on one that still shows another's text.
import { t } from "../../../shared/text.js";
import { given, Ticking } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";
import { strip } from "../../handoff/view/invitation-outcome.js";
import { listenAsked } from "../../supervision/view/break-and-listen-in.js";
import { nameOf, problemInWords, roleInWords, titleOf } from "../../words.js";
import { shown } from "../model/notes-apart.js";
import { lines } from "./log-lines.js";
import "./composer.js";
import "../../figures/view/wrapup-form.js";

/** @typedef {import("../../console.js").Console} Console */
/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../model/conversation-log.js").Person} Person */
/** @typedef {import("../../desk.js").Desk} Desk */

const NEAR_PX = 80;

/** @extends {Ticking<Desk>} */
class Talk extends Ticking {
  static properties = { ...Ticking.properties, conversation: { attribute: false } };
  #follows = true;
  #shown = 0;
  #behind = false;
  /** @type {Element | null} */
  #watched = null;
  // A longer draft, a banner or a phone's keyboard takes room from below: the newest line stays in sight.
  #resized = new ResizeObserver(() => this.#follows && this.#toEnd());

  constructor() {
    super();
    /** @type {Conversation} */
    this.conversation = given;
  }

  render() {
    const { conversation } = this;
    if (conversation.wrapup.shows)
      return html`<hl-wrapup .station=${this.station} .conversation=${conversation}></hl-wrapup>`;
    if (conversation.emptied) return emptied(this.station, conversation);
    if (conversation.refused) return refused(this.station, conversation);
    return html`
      ${this.#header()}
      <div
        class="log"
        role="log"
        tabindex="0"
        aria-label=${t("console.log")}
        @scroll=${this.#scrolled}
      >${lines(this.station, conversation)}</div>
      <p class="typists" aria-live="polite">${typists(conversation)}</p>
      ${this.#behind ? this.#newer() : nothing}
      ${conversation.state === "ended" || this.station.mode === "guest" ? nothing : strips(/** @type {Console} */ (this.station), conversation)}
      ${conversation.closing.at ? closing(this.station, conversation) : nothing}
      ${conversation.state === "ended" ? over(this.station, conversation) : this.#composer()}
    `;
  }

  #header() {
    const { conversation, station: desk } = this;
    const { allowed, state } = conversation;
    return html`<header class="talk-head">
      ${desk.mode === "guest" ? nothing : html`<button type="button" class="back quiet" @click=${() => desk.select("")}>${t("console.back")}</button>`}
      <h2><bdi>${titleOf(conversation)}</bdi></h2>
      <ul class="here" aria-label=${t("console.here")}>${seats(desk, conversation)}</ul>
      <p class="deeds">
        ${desk.mode === "guest" ? nothing : panelButtons(conversation)}
        ${state !== "ended" && allowed.has("leave") && !handsOver(conversation) ? deed("leave", () => conversation.leave()) : nothing}
        ${allowed.has("close") ? deed("close", () => conversation.close()) : nothing}
      </p>
    </header>`;
  }

  #composer() {
    return html`<hl-composer .station=${this.station} .conversation=${this.conversation}></hl-composer>`;
  }

  #newer() {
    return html`<button type="button" class="newer" @click=${this.#toEnd}>${t("console.newer")}</button>`;
  }

  updated() {
    const log = this.querySelector(".log");
    if (log && log !== this.#watched) this.#resized.observe(log);
    this.#watched = log;
    const { said, unsent } = shown(this.conversation);
    const count = said.length + unsent.length;
    if (count === this.#shown) return;
    this.#shown = count;
    if (this.#follows) this.#toEnd();
    else this.#behind = true;
  }

  connectedCallback() {
    super.connectedCallback();
    this.conversation.inSight = true;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  #toEnd = () => {
    const log = this.querySelector(".log");
    if (log) log.scrollTop = log.scrollHeight;
  };

  /** @param {Event} event */
  #scrolled(event) {
    const { scrollHeight, scrollTop, clientHeight } = /** @type {HTMLElement} */ (event.target);
    this.#follows = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.#follows) this.#behind = false;
    if (this.conversation.inSight === this.#follows) return;
    this.conversation.inSight = this.#follows;
    this.station.changed();
  }
}

/** @param {Console} desk @param {Conversation} conversation */
const strips = (desk, conversation) => html`${listenAsked(desk, conversation)} ${strip(desk, conversation)}`;

/** The strip has the better word for leaving. @param {Conversation} conversation */
const handsOver = ({ inviting }) => inviting.stage === "arrived" && inviting.latest?.how === "handoff";

/** What the right column has for this seat. @param {Conversation} conversation */
const panelButtons = ({ inviting }) => html`
  <button type="button" class="about quiet" data-about>${t("console.about")}</button>
  ${!inviting.hindrance ? html`<button type="button" class="invite" data-panel="invite">${t("console.invite")}</button>` : nothing}
`;

/** @param {Desk} desk @param {Conversation} conversation */
const seats = (desk, conversation) =>
  [...conversation.log.people.values()]
    .filter(({ present, role }) => present && role !== "review")
    .map((person) => seat(desk, conversation, person));

/** @param {Desk} desk @param {Conversation} conversation @param {Person} person */
const seat = (desk, conversation, person) => html`<li class=${person.here ? "is-here" : "is-away"}>
  <bdi>${nameOf(conversation, person.member)}</bdi>
  <span class="role">${roleInWords(desk, conversation, person)}</span>
  <span class="unseen">${person.here ? t("console.is_here") : t("console.is_away")}</span>
</li>`;

/** @param {Conversation} conversation */
function typists(conversation) {
  const names = conversation.typing.others.map((member) => nameOf(conversation, member));
  return names.length ? t("console.typing", { name: names.join(", ") }) : nothing;
}

/** @param {"leave" | "close" | "done"} name @param {() => void} act */
const deed = (name, act) =>
  html`<button type="button" class=${name} @click=${act}>${t(`console.${name}`)}</button>`;

/** @param {Desk} desk @param {Conversation} conversation */
const closing = (desk, conversation) => html`<p class="closing" role="status">
  ${t("console.closing", { n: Math.max(0, Math.ceil((conversation.closing.at - desk.now()) / 1000)) })}
  <button type="button" @click=${() => conversation.closing.undo()}>${t("console.undo")}</button>
</p>`;

/** @param {Desk} desk @param {Conversation} conversation */
const over = ({ mode }, conversation) => html`<footer class="over">
  <p>${t(mode === "guest" ? "console.guest.ended" : "console.over")}</p>
  ${conversation.wrapup.pending ? wrapUp(conversation.wrapup) : nothing}
  ${mode !== "guest" && !conversation.wrapup.pending && conversation.allowed.has("leave") ? deed("done", () => conversation.leave()) : nothing}
</footer>`;

/** @param {import("../../figures/model/wrapup.js").WrapUp} wrapup */
const wrapUp = (wrapup) => html`<span class="ways">
  <button type="button" class="main" @click=${() => wrapup.open()}>${t("console.wrapup.open")}</button>
  <button type="button" class="quiet" @click=${() => wrapup.finish()}>${t("console.wrapup.skip")}</button>
</span>`;

/** @param {Desk} desk @param {Conversation} conversation */
const emptied = (desk, conversation) => html`<div class="nothing">
  <p>${t(`console.emptied.${conversation.emptied}`)}</p>
  <button type="button" class="main" @click=${() => desk.dismiss(conversation.id)}>${t("console.dismiss")}</button>
</div>`;

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
