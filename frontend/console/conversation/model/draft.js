// A text that is not sent yet: kept over a reload of this tab, sealed, a moment after the last key.

/** @typedef {import("./tab-memory.js").Kept} Kept */

const SAVE_MS = 400;

export class Draft {
  text = "";
  #name;
  #kept;
  #way;
  #cancel = () => {};

  /**
   * @param {import("./tab-memory.js").Name} name @param {Kept} kept
   * @param {{after: (ms: number, act: () => void) => () => void, place: () => import("../../../shared/sealing.js").Place | null, notKept: (error: unknown) => void}} way
   */
  constructor(name, kept, way) {
    this.#name = name;
    this.#kept = kept;
    this.#way = way;
  }

  /** @param {string} text */
  set(text) {
    this.text = text;
    this.#cancel();
    if (text) this.#cancel = this.#way.after(SAVE_MS, () => this.#save());
    else this.#save();
  }

  /** @param {(epoch: number) => import("../../../shared/sealing.js").Place | null} placeIn */
  async restore(placeIn) {
    const kept = await this.#kept.draft(this.#name, placeIn);
    this.text ||= kept;
  }

  /** Without a word to the store, which is emptied as a whole. */
  empty() {
    this.#cancel();
    this.text = "";
  }

  #save() {
    this.#kept.saveDraft(this.#name, this.text, this.#way.place()).catch(this.#way.notKept);
  }
}
