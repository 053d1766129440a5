// Renders the field in which the counsellor writes. Enter sends, Shift+Enter makes a new line, `/` lists ready sentences.
// The text is kept in the model, not here.

import { MAX_TEXT_BYTES } from "../../../shared/sealing.js";
import { composes, t } from "../../../shared/text.js";
import { html, live, nothing } from "../../../vendor/lit.js";
import { hindranceOf, titleOf } from "../../words.js";
import { OfConversation } from "./of-conversation.js";
import { list } from "./ready-sentences.js";

const NEAR_BYTES = 1000;

class Composer extends OfConversation {
  /** Holds the index of the ready sentence that Enter would insert; `#closed` is the draft for which the list was closed. */
  #at = 0;
  #closed = "";

  render() {
    const { draft } = this.conversation.writing;
    const left = MAX_TEXT_BYTES - new TextEncoder().encode(draft).length;
    const offers = this.#offers();
    const { isLetter, unanswered } = this.conversation;
    const whom = isLetter
      ? t("console.letter.write")
      : t("console.write_to", { who: titleOf(this.conversation) });
    return html`<form class="composer" @submit=${this.#submit}>
      ${offers.length ? list(offers, this.#at, (reply) => this.#write(reply)) : nothing}
      <label class="unseen" for="draft">${whom}</label>
      <textarea
        id="draft"
        rows=${isLetter ? "8" : "2"}
        autocomplete="off"
        placeholder=${whom}
        aria-describedby="hindrance"
        aria-autocomplete="list"
        aria-controls=${offers.length ? "replies" : nothing}
        aria-activedescendant=${offers.length ? `reply-${this.#at}` : nothing}
        .value=${live(draft)}
        @input=${this.#typed}
        @keydown=${this.#key}
      ></textarea>
      <button class="main" ?disabled=${!draft.trim() || left < 0}>${t(unanswered ? "console.letter.answer" : "console.send")}</button>
      ${left < NEAR_BYTES ? length(left) : nothing}
      <p id="hindrance" role="status">${hindranceOf(this.conversation.hindrance)}</p>
    </form>`;
  }

  firstUpdated() {
    // On a touch screen, the focus would open a keyboard over half of the screen.
    if (matchMedia("(pointer: fine)").matches) this.querySelector("textarea")?.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.conversation.writing.draft;
    if (!text.trim() || new TextEncoder().encode(text).length > MAX_TEXT_BYTES) return;
    this.conversation.writing.post(text);
    this.requestUpdate();
  }

  /** @param {InputEvent} event */
  #typed(event) {
    this.#write(/** @type {HTMLTextAreaElement} */ (event.target).value);
    this.conversation.type();
  }

  /** @param {string} text */
  #write(text) {
    this.conversation.writing.setDraft(text);
    this.#at = 0;
    this.requestUpdate();
  }

  #offers() {
    const { writing } = this.conversation;
    return writing.draft === this.#closed ? [] : this.station.offered(this.conversation);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const offers = this.#offers();
    if (offers.length && this.#choose(event, offers)) return event.preventDefault();
    if (event.key !== "Enter" || event.shiftKey || event.altKey || composes(event)) return;
    if (this.conversation.isLetter) return; // here Enter begins a paragraph: the answer to a letter is one message
    event.preventDefault();
    this.#send();
  }

  /** Handles a key, and returns whether the list of ready sentences used it. @param {KeyboardEvent} event @param {import("../model/ready-sentences.js").Offer[]} offers */
  #choose(event, offers) {
    const { key, shiftKey } = event;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) this.#at = (this.#at + step + offers.length) % offers.length;
    else if (key === "Enter" && !shiftKey && !composes(event)) this.#write(offers[this.#at].text);
    else if (key === "Escape") this.#closed = this.conversation.writing.draft;
    else return false;
    this.requestUpdate();
    return true;
  }
}

/** @param {number} left  bytes */
const length = (left) =>
  left < 0
    ? html`<p class="length bad" role="alert">${t("console.too_long", { n: -left })}</p>`
    : html`<p class="length">${t("console.room_left", { n: left })}</p>`;

customElements.define("hl-composer", Composer);
