// Keeps a text that is not sent yet. It is stored in this tab, sealed, shortly after the last keystroke, so that a reload
// does not lose it.

/** @typedef {import("./tab-memory.js").TabMemory} TabMemory */

const SAVE_MS = 400;

/** Joins texts that were written separately, with an empty line between them, so that they do not read as one. @param {(string | undefined)[]} texts */
export const apartInOne = (texts) => texts.filter(Boolean).join("\n\n");

export class Draft {
  text = "";
  #name;
  #memory;
  #way;
  #cancel = () => {};
  /** Tells whether the stored text was read. Until then nothing is stored, because that would overwrite it. */
  #restored = false;
  #changed = false;

  /**
   * @param {import("./tab-memory.js").Name} name @param {TabMemory} memory
   * @param {{after: (ms: number, act: () => void) => () => void, place: () => import("../../../shared/sealing.js").Place | null, notStored: (error: unknown) => void, ahead?: () => string}} way  ahead: messages that wait to be sealed, which a reload would lose
   */
  constructor(name, memory, way) {
    this.#name = name;
    this.#memory = memory;
    this.#way = way;
  }

  /** @param {string} text */
  set(text) {
    this.text = text;
    this.#cancel();
    if (text) this.#cancel = this.#way.after(SAVE_MS, () => this.keep());
    else this.keep();
  }

  /** Puts the stored text in front of what was typed since the page was loaded. @param {(epoch: number) => import("../../../shared/sealing.js").Place | null} placeIn */
  async restore(placeIn) {
    const stored = await this.#memory.draft(this.#name, placeIn);
    if (this.#restored) return;
    this.#restored = true;
    if (!this.text.includes(stored)) this.text = apartInOne([stored, this.text]);
    if (this.#changed) this.keep();
  }

  /** Empties the draft in memory only: the tab's memory is emptied as a whole. */
  empty() {
    this.#cancel();
    this.#restored = true; // what is being read from there must not be put back
    this.text = "";
  }

  /** Stores the text immediately, and in front of it the messages that wait to be sealed. */
  keep() {
    this.#cancel();
    this.#changed = true;
    if (!this.#restored) return;
    const text = apartInOne([this.#way.ahead?.(), this.text]);
    this.#memory.saveDraft(this.#name, text, this.#way.place()).catch(this.#way.notStored);
  }
}
