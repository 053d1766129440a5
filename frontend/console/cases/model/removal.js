// The removal case of one conversation as its counsellor works on it: links, notices, and what became of each.
import { boxesOf, changed, freshItemId, isGone, linkIn, MOST_ITEMS } from "../../../shared/cases.js";
import { platformOf } from "../../../shared/platforms.js";

/** @typedef {import("../../../shared/cases.js").Item} Item */
/** @typedef {import("../../../shared/cases.js").Listed} Listed */
/** @typedef {import("../../../shared/cases.js").State} State */
/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("../../conversation/model/conversation.js").Surroundings} Surroundings */
/** @typedef {"removed" | "gone" | "refused" | "silent" | "dropped"} Outcome  silent: the platform never answered */

const DAY = 86_400;

export class Removal {
  /** Whose outcome was told although the item stays as it is. @type {Set<string>} */
  silent = new Set();
  #conversation;
  #desk;

  /** @param {Conversation} conversation @param {Surroundings} desk */
  constructor(conversation, desk) {
    this.#conversation = conversation;
    this.#desk = desk;
  }

  get items() {
    return this.#conversation.log.cases.items;
  }

  /** Whether this seat may change the list now. */
  get mayWrite() {
    return this.#conversation.hindrance === "" && this.#conversation.allowed.has("post");
  }

  /** By site, in the order in which the first of each came: one notice goes to each. @returns {[string, Listed[]][]} */
  get bySite() {
    /** @type {Map<string, Listed[]>} */
    const groups = new Map();
    for (const item of this.items) {
      const site = siteOf(item.url);
      groups.set(site, [...(groups.get(site) ?? []), item]);
    }
    return [...groups];
  }

  /** Why a link cannot be added, or "". @param {string} typed @returns {"" | "nolink" | "known" | "full"} */
  wrong(typed) {
    const url = linkIn(typed);
    if (!url) return "nolink";
    if (this.items.some((item) => item.url === url)) return "known";
    return this.items.length >= MOST_ITEMS ? "full" : "";
  }

  /** @param {{url: string, what: Item["what"], by: Item["by"]}} fields  `url` as it was typed */
  add({ url, what, by }) {
    const state = /** @type {const} */ ("open");
    this.#post([{ id: freshItemId(), url: linkIn(url), what, by, state, at: this.#now, ref: "", note: "" }]);
  }

  /** The notice went out. @param {Listed[]} items  of one site @param {string} ref  what the site calls it */
  sent(items, ref) {
    this.#post(items.map((item) => this.#changed(item, { state: "sent", at: this.#now, ref })));
    for (const item of items) {
      this.#count(item, { platform: platformOf(item.url)?.code ?? "other" });
      this.#count(item, { what: item.what });
    }
  }

  /** @param {Listed} item @param {Outcome} outcome */
  ended(item, outcome) {
    // What was never reported and is gone or needed no more says nothing of a platform.
    if (item.asked || !["gone", "dropped"].includes(outcome)) this.#count(item, { outcome });
    if (item.asked) this.#count(item, { days: bandOf(Math.max(0, this.#now - item.asked)) });
    if (outcome === "silent") this.silent = new Set([...this.silent, item.id]);
    else this.#post([this.#changed(item, { state: outcome, at: this.#now })]);
    this.#desk.changed();
  }

  /** An outcome was a slip: it is as before the site did anything. What was counted stays counted. @param {Listed} item */
  reopens(item) {
    const { asked } = item;
    this.#post([
      this.#changed(item, asked ? { state: "sent", at: asked } : { state: "open", at: this.#now }),
    ]);
  }

  /** @param {Listed} item @param {string} note  for the caller */
  say(item, note) {
    this.#post([this.#changed(item, { note })]);
  }

  /** @param {Listed} item @param {Partial<Item>} change @returns {Item} */
  #changed(item, change) {
    return changed(item, { note: item.notes.line, ...change });
  }

  /** @param {Item[]} items */
  #post(items) {
    for (const box of boxesOf(items)) this.#conversation.writing.outbox.add(box, { kind: "case" });
  }

  /** For the figures of what platforms did, once for each item; who is not in charge counts nothing. @param {Listed} item @param {Record<string, string>} what */
  #count(item, what) {
    const { id, allowed, isLetter } = this.#conversation;
    if (!isLetter && !allowed.has("close")) return;
    this.#desk.request("caseresult", { conversation: id, item: item.id, ...what }).catch(() => {});
  }

  get #now() {
    return Math.floor(this.#desk.now() / 1000);
  }
}

/** The name of the site that a link leads to. @param {string} url */
export const siteOf = (url) => platformOf(url)?.name ?? new URL(url).hostname;

/** Of a time in seconds. @param {number} seconds */
export function bandOf(seconds) {
  const days = Math.floor(seconds / DAY);
  if (days <= 1) return "0-1";
  if (days <= 7) return "2-7";
  return days <= 30 ? "8-30" : "more";
}

/** How many are gone, of those that still matter. @param {Listed[]} items */
export function goneOf(items) {
  const wanted = items.filter(({ state }) => state !== "dropped");
  return { gone: wanted.filter(isGone).length, all: wanted.length };
}
