// Shows the notes that the line's staff write for each other about one conversation. The caller and other services never
// get them.

import { MAX_TEXT_BYTES } from "../../../shared/sealing.js";
import { clock, composes, t } from "../../../shared/text.js";
import { html, live, nothing, repeat } from "../../../vendor/lit.js";
import { nameOf, unsentInWords } from "../../words.js";
import { hasNotes, notesOf } from "../model/notes-apart.js";
import { waysOut } from "./log-lines.js";
import { OfConversation } from "./of-conversation.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../model/conversation-log.js").LogLine} LogLine */
/** @typedef {import("../model/outbox.js").Unsent} Unsent */

// A note is sent as JSON: 100 bytes are left for what surrounds the text.
const ROOM = MAX_TEXT_BYTES - 100;

class Notes extends OfConversation {
  render() {
    if (!hasNotes(this.conversation)) return nothing;
    const { stored, unsent } = notesOf(this.conversation);
    return html`
      <p class="explains">${t("console.notes_why")}</p>
      <div class="notes">
        ${repeat(
          stored,
          ({ seq }) => seq,
          (line) => note(this.conversation, line),
        )}
        ${unsent.map((one) => onItsWay(this.conversation, one))}
        ${stored.length || unsent.length ? nothing : html`<p class="empty">${t("console.no_notes")}</p>`}
      </div>
      ${this.#form()}
    `;
  }

  #form() {
    const { allowed, writing, state } = this.conversation;
    if (state === "ended") return nothing;
    const { text } = writing.drafts.note;
    const over = new TextEncoder().encode(JSON.stringify(text)).length - ROOM;
    return html`<form class="note-form" @submit=${this.#submit}>
      <label for="note">${t("console.note")}</label>
      <textarea id="note" data-first rows="3" .value=${live(text)} @input=${this.#typed} @keydown=${this.#key}></textarea>
      ${over > 0 ? html`<p class="length bad" role="alert">${t("console.too_long", { n: over })}</p>` : nothing}
      <button class="main" ?disabled=${!text.trim() || over > 0 || !allowed.has("note")}>${t("console.keep_note")}</button>
    </form>`;
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const { drafts } = this.conversation.writing;
    if (drafts.note.text.trim()) this.conversation.writing.note(drafts.note.text);
    this.requestUpdate();
  }

  /** @param {InputEvent} event */
  #typed(event) {
    this.conversation.writing.drafts.note.set(/** @type {HTMLTextAreaElement} */ (event.target).value);
    this.requestUpdate();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.altKey || composes(event)) return;
    event.preventDefault();
    /** @type {HTMLTextAreaElement} */ (event.target).form?.requestSubmit();
  }
}

/** @param {Conversation} conversation @param {LogLine} line */
const note = (conversation, line) => html`<article class="note">
  <header><bdi>${nameOf(conversation, line.by)}</bdi> <time datetime=${line.at}>${clock(line.at)}</time></header>
  ${line.fault ? html`<p class="fault ${line.fault}">${t(`console.fault.${line.fault}`)}</p>` : html`<p class="text">${line.text}</p>`}
</article>`;

/** @param {Conversation} conversation @param {Unsent} unsent */
const onItsWay = (
  conversation,
  unsent,
) => html`<article class="note ${unsent.state === "failed" ? "failed" : "pending"}">
  <p class="text">${unsent.text}</p>
  ${unsent.state === "stored" ? nothing : html`<p class="sending">${t(`console.sending.${unsent.state}`)}</p>`}
  ${unsent.problem ? html`<p class="why">${unsentInWords(unsent.problem)}</p>` : nothing}
  ${unsent.state === "failed" ? waysOut(conversation, unsent) : nothing}
</article>`;

customElements.define("hl-notes", Notes);
