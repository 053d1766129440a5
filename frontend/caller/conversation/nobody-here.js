// Shows whom to call in danger while nobody can answer, or if the caller said it is acute.
import { el, t } from "../../shared/text.js";

const SOON_MS = 5_000; // a page that is loaded again, or a server that restarts, is back sooner
const LONG_MS = 60_000;
const LATE_MS = 50; // timers and Date.now() may differ a little
const ACUTE = 2;

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {"" | "offline" | "away" | "waits" | "ended"} Why */

/** Returns why nobody can answer now, or "". During the first wait the card has numbers. @param {Conversation} conversation @returns {Why} */
export function whyNobody({ begun, ended, connection, stalled, company, rows, letter }) {
  if (!begun) return "";
  if (ended) return "ended";
  if (stalled || connection !== "open") return "offline";
  if (company.some(({ here }) => here) || (letter && !letter.queued)) return "";
  if (company.length) return "away";
  return rows.some(({ kind }) => kind === "requeued") ? "waits" : "";
}

export class NobodyHere {
  element = el("div", { class: "nobody", role: "status", hidden: true });
  /** @type {Why} */
  #why = "";
  #since = 0;
  #shown = "";
  #conversation;
  #inDanger;
  #now;
  #after;

  /** @param {Conversation} conversation @param {() => (Node | string)[]} inDanger  whom to call @param {() => number} [now] @param {(ms: number, act: () => void) => unknown} [after] */
  constructor(conversation, inDanger, now = Date.now, after = (ms, act) => setTimeout(act, ms)) {
    this.#conversation = conversation;
    this.#inDanger = inDanger;
    this.#now = now;
    this.#after = after;
  }

  /** Call it at each change. */
  look = () => {
    const why = whyNobody(this.#conversation);
    if (why !== this.#why) {
      if (!this.#why) this.#since = this.#now();
      this.#why = why;
      for (const ms of why ? [SOON_MS, LONG_MS] : []) this.#after(ms + LATE_MS, this.look);
    }
    const past = this.#now() - this.#since;
    const { begun, urgency } = this.#conversation;
    const atOnce = why === "waits" || why === "ended" || (begun && urgency === ACUTE);
    const isLong = why === "offline" && past >= LONG_MS;
    this.#show(isLong ? "long" : atOnce || (why && past >= SOON_MS) ? "short" : "");
  };

  /** @param {string} what */
  #show(what) {
    if (what === this.#shown) return;
    this.#shown = what;
    this.element.hidden = what === "";
    const told = what === "long" ? [el("p", {}, t("caller.nobody.offline"))] : [];
    this.element.replaceChildren(...told, el("p", {}, ...this.#inDanger()));
  }
}
