// One conversation on the screen. The element lives and dies with its conversation: the next caller never lands
// on one that still shows another's text.
import { t } from "../shared/i18n.js";
import { html, nothing } from "../vendor/lit.js";
import { lines } from "./lines.js";
import { Watching } from "./watching.js";
import { nameOf, problemInWords, roleInWords, titleOf } from "./words.js";
import "./composer.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./log.js").Person} Person */

const NEAR_PX = 80;

class Talk extends Watching {
  static properties = { conversation: { attribute: false } };
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
    this.conversation = /** @type {any} */ (null);
  }

  render() {
    const { conversation } = this;
    if (conversation.emptied) return emptied(this.desk, conversation);
    if (conversation.refused) return refused(conversation);
    return html`
      ${this.#header()}
      <div
        class="log"
        role="log"
        tabindex="0"
        aria-label=${t("console.log")}
        @scroll=${this.#scrolled}
      >${lines(conversation)}</div>
      <p class="typists" aria-live="polite">${typists(conversation)}</p>
      ${this.#behind ? this.#newer() : nothing}
      ${conversation.closing.at ? closing(this.desk, conversation) : nothing}
      ${conversation.state === "ended" ? over(conversation) : this.#composer()}
    `;
  }

  #header() {
    const { conversation, desk } = this;
    const { allowed, state } = conversation;
    return html`<header class="talk-head">
      <button type="button" class="back quiet" @click=${() => desk.select("")}>${t("console.back")}</button>
      <h2><bdi>${titleOf(conversation)}</bdi></h2>
      <ul class="here" aria-label=${t("console.here")}>${seats(conversation)}</ul>
      <p class="deeds">
        <button type="button" class="about quiet" data-about>${t("console.about")}</button>
        ${state !== "ended" && allowed.has("leave") ? deed("leave", () => conversation.leave()) : nothing}
        ${allowed.has("close") ? deed("close", () => conversation.close()) : nothing}
      </p>
    </header>`;
  }

  #composer() {
    return html`<hl-composer .desk=${this.desk} .conversation=${this.conversation}></hl-composer>`;
  }

  #newer() {
    return html`<button type="button" class="newer" @click=${this.#toEnd}>${t("console.newer")}</button>`;
  }

  updated() {
    const log = this.querySelector(".log");
    if (log && log !== this.#watched) this.#resized.observe(log);
    this.#watched = log;
    const count = this.conversation.log.lines.length + this.conversation.writing.outbox.unsent.length;
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
    this.desk.changed();
  }
}

/** @param {Conversation} conversation */
const seats = (conversation) =>
  [...conversation.log.people.values()]
    .filter(({ present, role }) => present && role !== "review")
    .map((person) => seat(conversation, person));

/** @param {Conversation} conversation @param {Person} person */
const seat = (conversation, person) => html`<li class=${person.here ? "is-here" : "is-away"}>
  <bdi>${nameOf(conversation, person.member)}</bdi>
  <span class="role">${roleInWords(conversation, person)}</span>
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

/** @param {import("./model.js").Console} desk @param {Conversation} conversation */
const closing = (desk, conversation) => html`<p class="closing" role="status">
  ${t("console.closing", { n: Math.max(0, Math.ceil((conversation.closing.at - desk.now()) / 1000)) })}
  <button type="button" @click=${() => conversation.closing.undo()}>${t("console.undo")}</button>
</p>`;

/** @param {Conversation} conversation */
const over = (conversation) => html`<footer class="over">
  <p>${t("console.over")}</p>
  ${conversation.allowed.has("leave") ? deed("done", () => conversation.leave()) : nothing}
</footer>`;

/** @param {import("./model.js").Console} desk @param {Conversation} conversation */
const emptied = (desk, conversation) => html`<div class="nothing">
  <p>${t(`console.emptied.${conversation.emptied}`)}</p>
  <button type="button" class="main" @click=${() => desk.dismiss(conversation.id)}>${t("console.dismiss")}</button>
</div>`;

/** @param {Conversation} conversation */
const refused = ({ refused: code }) =>
  html`<div class="nothing"><p>${code === "conflict" ? t("console.elsewhere.one") : problemInWords(code)}</p></div>`;

customElements.define("hl-talk", Talk);
