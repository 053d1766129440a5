// What is not sent yet, over a reload of this tab: the draft and messages on their way, as boxes under the
// conversation's own epoch secrets. Nothing here is readable without a wrap, so it ends with the transcript.
import { openOwn, Refused, seal } from "../shared/sealing.js";

/** @typedef {import("../shared/sealing.js").Item} Item */
/** @typedef {import("../shared/sealing.js").Place} Place */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} Store */
/** @typedef {[epoch: number, box: string]} Row */

const [DRAFT, UNSENT] = ["helpline-draft-", "helpline-unsent-"];

export class Kept {
  #store;
  #conversation;
  #version = 0;

  /** @param {Store} store @param {string} conversation */
  constructor(store, conversation) {
    this.#store = store;
    this.#conversation = conversation;
  }

  /** A fresh id at each save: two texts under one id would share key and nonce. @param {string} text @param {Place | null} place */
  async saveDraft(text, place) {
    const version = ++this.#version;
    if (!text) return this.#store.removeItem(DRAFT + this.#conversation);
    if (!place) return;
    const { epoch, box } = await seal("message", text, place);
    // Sealing takes a moment, in which the text may have been sent.
    if (version === this.#version) this.#write(DRAFT, [[epoch, box]]);
  }

  /** @param {(epoch: number) => Place | null} placeIn */
  async draft(placeIn) {
    const [item] = await this.#read(DRAFT, placeIn);
    return item?.text ?? "";
  }

  /** @param {Item[]} items */
  saveUnsent(items) {
    if (items.length)
      this.#write(
        UNSENT,
        items.map(({ epoch, box }) => [epoch, box]),
      );
    else this.#store.removeItem(UNSENT + this.#conversation);
  }

  /** @param {(epoch: number) => Place | null} placeIn */
  unsent(placeIn) {
    return this.#read(UNSENT, placeIn);
  }

  forget() {
    this.#version++;
    for (const prefix of [DRAFT, UNSENT]) this.#store.removeItem(prefix + this.#conversation);
  }

  /** @param {string} prefix @param {Row[]} rows */
  #write(prefix, rows) {
    this.#store.setItem(prefix + this.#conversation, JSON.stringify(rows));
  }

  /** Those that open; what does not is of another seat or epoch, and no use to anybody. @param {string} prefix @param {(epoch: number) => Place | null} placeIn */
  async #read(prefix, placeIn) {
    /** @type {Item[]} */
    const items = [];
    for (const [epoch, box] of rowsOf(this.#store.getItem(prefix + this.#conversation))) {
      const place = placeIn(epoch);
      if (place) items.push(...(await openOwn(box, place).then((item) => [item], nothingIfRefused)));
    }
    return items;
  }
}

/** Throws away what belongs to conversations that are no longer this person's. @param {Store} store @param {ReadonlySet<string>} conversations */
export function sweep(store, conversations) {
  const names = Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
  for (const name of names) {
    const prefix = [DRAFT, UNSENT].find((one) => name.startsWith(one));
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
