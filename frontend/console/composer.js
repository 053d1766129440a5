// Where the counsellor writes. Enter sends, Shift+Enter makes a new line; the text lies in the model, not here.
import { t } from "../shared/i18n.js";
import { MAX_TEXT_BYTES } from "../shared/sealing.js";
import { html, live, nothing } from "../vendor/lit.js";
import { Watching } from "./watching.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */

const NEAR_BYTES = 1000;

class Composer extends Watching {
  static properties = { conversation: { attribute: false } };

  constructor() {
    super();
    /** @type {Conversation} */
    this.conversation = /** @type {any} */ (null);
  }

  render() {
    const { draft } = this.conversation.writing;
    const left = MAX_TEXT_BYTES - new TextEncoder().encode(draft).length;
    return html`<form class="composer" @submit=${this.#submit}>
      <label class="unseen" for="draft">${t("console.write")}</label>
      <textarea
        id="draft"
        rows="2"
        autocomplete="off"
        placeholder=${t("console.write")}
        aria-describedby="hindrance"
        .value=${live(draft)}
        @input=${this.#typed}
        @keydown=${this.#key}
      ></textarea>
      <button class="main" ?disabled=${!draft.trim() || left < 0}>${t("console.send")}</button>
      ${left < NEAR_BYTES ? length(left) : nothing}
      <p id="hindrance" role="status">${this.#hindrance()}</p>
    </form>`;
  }

  firstUpdated() {
    // Not where that would cover half the screen with a keyboard.
    if (matchMedia("(pointer: fine)").matches) this.querySelector("textarea")?.focus({ preventScroll: true });
  }

  #hindrance() {
    const why = this.conversation.hindrance;
    return why && why !== "emptied" ? t(`console.hindrance.${why}`) : nothing;
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
    this.conversation.writing.setDraft(/** @type {HTMLTextAreaElement} */ (event.target).value);
    this.conversation.type();
    this.requestUpdate();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }
}

/** @param {number} left  bytes */
const length = (left) =>
  left < 0
    ? html`<p class="length bad" role="alert">${t("console.too_long", { n: -left })}</p>`
    : html`<p class="length">${t("console.room_left", { n: left })}</p>`;

customElements.define("hl-composer", Composer);
