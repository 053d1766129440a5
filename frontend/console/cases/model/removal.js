// Models the removal case of one conversation as its counsellor works on it: links, notices, and the outcome of each.
import { boxesOf, changed, freshItemId, isGone, itemsIn, linkIn, MOST_ITEMS } from "../../../shared/cases.js";
import { platformOf } from "../../../shared/platforms.js";
import { PASSING } from "../../../shared/socket.js";
import { codeOf } from "../../../staff/problems.js";

/** @typedef {import("../../../shared/cases.js").Item} Item */
/** @typedef {import("../../../shared/cases.js").Listed} Listed */
/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("../../conversation/model/conversation.js").Surroundings} Surroundings */
/** @typedef {"removed" | "gone" | "refused" | "silent" | "dropped"} Outcome  silent: the platform never answered */

const DAY = 86_400;
const AGAIN_MS = 5_000;

export class Removal {
  /** Holds the ids of items whose platform never answered. That outcome is counted, but the item keeps its state. @type {Set<string>} */
  silent = new Set();
  /** Holds the ids of the items whose links are in the notice that was made last. @type {Set<string>} */
  #noticed = new Set();
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

  /** Returns whether this seat may change the list now. */
  get mayWrite() {
    return this.#conversation.hindrance === "" && this.#conversation.allowed.has("post");
  }

  /** Returns the items by site, because each site gets one notice. The sites are in the order of their first item. @returns {[string, Listed[]][]} */
  get bySite() {
    /** @type {Map<string, Listed[]>} */
    const groups = new Map();
    for (const item of this.items) {
      const site = siteOf(item.url);
      groups.set(site, [...(groups.get(site) ?? []), item]);
    }
    return [...groups];
  }

  /** Returns why a link cannot be added, or "". @param {string} typed @returns {"" | "nolink" | "known" | "full"} */
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

  /** Call it when a notice is made. @param {Listed[]} items  whose links are in it */
  notices(items) {
    this.#noticed = new Set(items.map(({ id }) => id));
  }

  /** Returns the items that the notice made last does not name, because they came later. @param {Listed[]} items  of one site */
  unnoticed(items) {
    return items.filter(({ id }) => !this.#noticed.has(id));
  }

  /** Records that the notice to a site was sent. Links that came after it was made are not marked: the site has not been told. @param {Listed[]} items  of one site @param {string} ref  the site's reference for it */
  sent(items, ref) {
    const told = items.filter(({ id }) => this.#noticed.has(id));
    this.#post(told.map((item) => this.#changed(item, { state: "sent", at: this.#now, ref })));
    for (const item of told) {
      this.#count(item, { platform: platformOf(item.url)?.code ?? "other" });
      this.#count(item, { what: item.what });
    }
  }

  /** @param {Listed} item @param {Outcome} outcome */
  ended(item, outcome) {
    // Without a notice from here, the outcome says nothing about what platforms do with notices.
    if (item.asked || this.#changed(item, {}).state === "sent") this.#count(item, { outcome });
    if (item.asked) this.#count(item, { days: bandOf(Math.max(0, this.#now - item.asked)) });
    if (outcome === "silent") this.silent = new Set([...this.silent, item.id]);
    else this.#post([this.#changed(item, { state: outcome, at: this.#now })]);
    this.#desk.changed();
  }

  /** Undoes an outcome that was chosen by mistake: the item returns to its state before the site's answer. The figures do not change back. @param {Listed} item */
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

  /** Also keeps what is on its way: a note that was just typed must not be undone by the next button. @param {Listed} item @param {Partial<Item>} change @returns {Item} */
  #changed(item, change) {
    const { unsent } = this.#conversation.writing.outbox;
    const boxes = unsent.flatMap(({ kind, text }) => (kind === "case" ? (itemsIn(text) ?? []) : []));
    const before = boxes.findLast(({ id }) => id === item.id) ?? changed(item, { note: item.notes.line });
    return { ...before, ...change };
  }

  /** @param {Item[]} items */
  #post(items) {
    for (const box of boxesOf(items)) this.#conversation.writing.outbox.add(box, { kind: "case" });
  }

  /** Sends a result of one item for the figures about platforms. In a chat, only the seat in charge sends it. @param {Listed} item @param {Record<string, string>} what */
  #count(item, what) {
    const { id, allowed, isLetter } = this.#conversation;
    if (!isLetter && !allowed.has("close")) return;
    this.#tell({ conversation: id, item: item.id, ...what });
  }

  /** Sends a result until it is counted or refused: the connection may be gone without a sign, and the server counts each result once. @param {{conversation: string, item: string}} result */
  async #tell(result) {
    try {
      await this.#desk.request("caseresult", result);
    } catch (error) {
      if (["dropped", ...PASSING].includes(codeOf(error)))
        this.#desk.after(AGAIN_MS, () => this.#tell(result));
    }
  }

  get #now() {
    return Math.floor(this.#desk.now() / 1000);
  }
}

/** Returns the name of the site that a link leads to. @param {string} url */
export const siteOf = (url) => platformOf(url)?.name ?? new URL(url).hostname;

/** Returns the band of days to which a length of time belongs. @param {number} seconds */
export function bandOf(seconds) {
  const days = Math.floor(seconds / DAY);
  if (days <= 1) return "0-1";
  if (days <= 7) return "2-7";
  return days <= 30 ? "8-30" : "more";
}

/** Counts the items that are gone, and all items that were not dropped. @param {Listed[]} items */
export function goneOf(items) {
  const wanted = items.filter(({ state }) => state !== "dropped");
  return { gone: wanted.filter(isGone).length, all: wanted.length };
}
