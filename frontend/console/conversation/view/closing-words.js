// Renders the field for closing words, which the counsellor writes before closing a conversation, to repeat what was
// agreed. They are sent like any message. The caller also reads them on the card after the end.
import { MAX_TEXT_BYTES } from "../../../shared/sealing.js";
import { t } from "../../../shared/text.js";
import { html, live, nothing } from "../../../vendor/lit.js";
import { OfConversation } from "./of-conversation.js";

class ClosingWords extends OfConversation {
  render() {
    const { writing } = this.conversation;
    const { text } = writing.drafts.closing;
    const unsent = writing.draft.trim();
    return html`<form class="closing-words" @submit=${this.#submit}>
      <label for="closing-words">${t("console.closing_words")}</label>
      <p class="explains" id="closing-words-why">${t("console.closing_words.why")}</p>
      ${unsent ? html`<p class="explains" data-unsent>${t("console.closing_words.unsent")} <q>${unsent}</q></p>` : nothing}
      <textarea
        id="closing-words"
        rows="4"
        autocomplete="off"
        aria-describedby="closing-words-why"
        .value=${live(text)}
        @input=${this.#typed}
        @keydown=${this.#key}
      ></textarea>
      ${tooLong(text) > 0 ? html`<p class="length bad" role="alert">${t("console.too_long", { n: tooLong(text) })}</p>` : nothing}
      <span class="ways">
        <button class="main" ?disabled=${!fits(text)}>${t("console.closing_words.send")}</button>
        <button type="button" @click=${() => this.conversation.closing.stopWords()}>${t("console.undo")}</button>
      </span>
    </form>`;
  }

  firstUpdated() {
    this.querySelector("textarea")?.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const { drafts } = this.conversation.writing;
    if (fits(drafts.closing.text)) this.conversation.closing.sendWords();
  }

  /** @param {Event} event */
  #typed(event) {
    this.conversation.writing.drafts.closing.set(/** @type {HTMLTextAreaElement} */ (event.target).value);
    this.requestUpdate();
  }

  /** Handles Escape. Enter makes a new line here: closing words are written with care, and sent with the button. @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") this.conversation.closing.stopWords();
  }
}

/** @param {string} text */
const fits = (text) => text.trim() !== "" && tooLong(text) <= 0;

/** Returns by how many bytes a text is too long; 0 or less if it fits. @param {string} text */
const tooLong = (text) => new TextEncoder().encode(text).length - MAX_TEXT_BYTES;

customElements.define("hl-closing-words", ClosingWords);
