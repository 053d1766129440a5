// Asks a silent caller whether they are still there, before silence ends the conversation.
import { el, t } from "../../shared/text.js";

const SILENCE_MS = 5 * 60_000;

/** @typedef {import("./conversation.js").Conversation} Conversation */

/** Returns since when staff wait for the caller, in milliseconds, or null. @param {Pick<Conversation, "rows" | "company" | "ended" | "isOwn">} conversation */
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
  #sign = 0; // the caller's last action
  #since = 0; // as last looked
  #heard = 0; // the same by this clock
  /** @type {HTMLElement | null} */
  #card = null;
  #owed = false; // the yes is not sent yet

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

  /** Call it when the caller types or answers. */
  sign() {
    this.#sign = this.#now();
    this.#close();
  }

  /** Call it at each change, and at intervals. */
  look() {
    this.#tell();
    const since = silentSince(this.#conversation);
    if (since === null || !this.#log.isConnected) return this.#close();
    if (since !== this.#since) this.#heard = this.#since ? this.#now() : Math.min(since, this.#now());
    this.#since = since;
    if (this.#card || this.#now() - Math.max(this.#heard, this.#sign) < SILENCE_MS) return;
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
