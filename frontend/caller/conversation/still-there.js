// Who has long said nothing is asked, before anybody ends a conversation over it.
import { el, t } from "../../shared/text.js";

const SILENCE_MS = 5 * 60_000;

/** @typedef {import("./conversation.js").Conversation} Conversation */

/** Since when an answer of the caller's is waited for, in milliseconds; null while it is not. @param {Pick<Conversation, "rows" | "company" | "ended" | "isOwn">} conversation */
export function silentSince({ rows, company, ended, isOwn }) {
  const last = rows.findLast(({ words }) => words);
  if (ended || !company.length || !last || isOwn(last)) return null;
  return Date.parse(last.at);
}

export class StillThere {
  #conversation;
  #log;
  #leave;
  #attract;
  #back;
  #now;
  #sign = 0; // when the caller last did something
  /** @type {HTMLElement | null} */
  #card = null;
  #owed = false; // a yes unheard would end the conversation

  /** @param {Conversation} conversation @param {{log: HTMLElement, leave: () => void, attract: () => void, back?: () => void, now?: () => number}} on  leave: asks once more; back: where the focus goes */
  constructor(conversation, { log, leave, attract, back = () => {}, now = Date.now }) {
    this.#conversation = conversation;
    this.#log = log;
    this.#leave = leave;
    this.#attract = attract;
    this.#back = back;
    this.#now = now;
    this.#sign = now();
  }

  /** The caller types, or answers. */
  sign() {
    this.#sign = this.#now();
    this.#close();
  }

  /** At each change, and as time goes by. */
  look() {
    this.#tell();
    const since = silentSince(this.#conversation);
    if (since === null || !this.#log.isConnected) return this.#close();
    if (this.#card || this.#now() - Math.max(since, this.#sign) < SILENCE_MS) return;
    this.#card = this.#ask();
    this.#log.append(this.#card);
    this.#card.scrollIntoView({ block: "end" });
    this.#attract();
  }

  #ask() {
    const button = (/** @type {string} */ key, /** @type {() => void} */ onclick) =>
      el("button", { type: "button", class: "second", onclick }, t(key));
    const here = () => {
      this.sign();
      this.#owed = true;
      this.#tell();
      this.#back();
    };
    return el(
      "li",
      { class: "card still" },
      el("h2", {}, t("caller.still.title")),
      el("p", {}, t("caller.still.text")),
      el(
        "div",
        { class: "answers" },
        button("caller.still.yes", here),
        button("caller.still.no", this.#leave),
      ),
    );
  }

  #tell() {
    if (this.#owed)
      this.#conversation.type(() => {
        this.#owed = false;
      });
  }

  #close() {
    this.#card?.remove();
    this.#card = null;
  }
}
