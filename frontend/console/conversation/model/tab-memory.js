// Keeps unsent texts over a reload of this tab: drafts and messages, as boxes under the conversation's epoch secrets.
// Nothing here can be read without a wrap, so these texts become unreadable together with the transcript.
import { openOwn, Refused, seal } from "../../../shared/sealing.js";

/** @typedef {import("../../../shared/sealing.js").Item} Item */
/** @typedef {import("../../../shared/sealing.js").Place} Place */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} Store */
/** @typedef {[epoch: number, box: string]} Row */

/** @typedef {"draft" | "note" | "brief" | "closing"} Name  the name of a draft: of a message, a note, a brief or closing words */

/** @typedef {{name: "draft" | "note" | "unsent", epoch: number, box: string}} Stored */

/** @param {Name | "unsent"} name */
const prefixOf = (name) => `helpline-${name}-`;
const PREFIXES = /** @type {const} */ (["draft", "note", "brief", "closing", "unsent"]).map(prefixOf);
/** Holds the first part of the name under which this tab stores a mark. The mark says that the person has not finished the page after a heavy conversation. */
export const CARE = "helpline-care-";

export class TabMemory {
  #store;
  #conversation;
  /** @type {Record<string, number>} */
  #versions = {};

  /** @param {Store} store @param {string} conversation */
  constructor(store, conversation) {
    this.#store = store;
    this.#conversation = conversation;
  }

  /** Saves a draft, with a fresh id each time: two texts under one id would share key and nonce. @param {Name} name @param {string} text @param {Place | null} place */
  async saveDraft(name, text, place) {
    const version = this.#supersede(name);
    if (!text) return this.#store.removeItem(prefixOf(name) + this.#conversation);
    if (!place) return;
    const { epoch, box } = await seal("message", text, place);
    // Sealing takes a moment, in which the text may have been sent.
    if (version === this.#versions[name]) this.#write(name, [[epoch, box]]);
  }

  /** @param {Name} name @param {(epoch: number) => Place | null} placeIn */
  async draft(name, placeIn) {
    const [item] = await this.#read(name, placeIn);
    return item?.text ?? "";
  }

  /** @param {Name} name */
  #supersede(name) {
    this.#versions[name] = (this.#versions[name] ?? 0) + 1;
    return this.#versions[name];
  }

  /** @param {Item[]} items */
  saveUnsent(items) {
    if (items.length)
      this.#write(
        "unsent",
        items.map(({ epoch, box }) => [epoch, box]),
      );
    else this.#store.removeItem(prefixOf("unsent") + this.#conversation);
  }

  /** @param {(epoch: number) => Place | null} placeIn */
  unsent(placeIn) {
    return this.#read("unsent", placeIn);
  }

  /** Returns the boxes of messages and notes, in the order in which they were written. @returns {Stored[]} */
  get stored() {
    return /** @type {const} */ (["unsent", "draft", "note"]).flatMap((name) =>
      rowsOf(this.#store.getItem(prefixOf(name) + this.#conversation)).map(([epoch, box]) => ({
        name,
        epoch,
        box,
      })),
    );
  }

  forget() {
    for (const name of /** @type {const} */ (["draft", "note", "brief"])) this.#supersede(name);
    for (const prefix of PREFIXES) this.#store.removeItem(prefix + this.#conversation);
  }

  /** @param {Name | "unsent"} name @param {Row[]} rows */
  #write(name, rows) {
    this.#store.setItem(prefixOf(name) + this.#conversation, JSON.stringify(rows));
  }

  /** Returns the items that can be opened. The others belong to another seat or epoch, and are ignored. @param {Name | "unsent"} name @param {(epoch: number) => Place | null} placeIn */
  async #read(name, placeIn) {
    /** @type {Item[]} */
    const items = [];
    for (const [epoch, box] of rowsOf(this.#store.getItem(prefixOf(name) + this.#conversation))) {
      const place = placeIn(epoch);
      if (place) items.push(...(await openOwn(box, place).then((item) => [item], nothingIfRefused)));
    }
    return items;
  }
}

/** Deletes what belongs to conversations in which this person has no seat any more. @param {Store} store @param {ReadonlySet<string>} conversations */
export function sweep(store, conversations) {
  const names = Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
  for (const name of names) {
    const prefix = [...PREFIXES, CARE].find((one) => name.startsWith(one));
    if (prefix && !conversations.has(name.slice(prefix.length))) store.removeItem(name);
  }
}

/** @param {string | null} json @returns {Row[]} */
function rowsOf(json) {
  try {
    return JSON.parse(json ?? "[]");
  } catch {
    return [];
  }
}

/** @param {unknown} error @returns {Item[]} */
function nothingIfRefused(error) {
  if (error instanceof Refused) return [];
  throw error;
}
