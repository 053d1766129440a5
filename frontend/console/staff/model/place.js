// Where this person was, over a reload of this tab: which conversation, which panel, how far back. No word is among it.

/** @typedef {{selected: string, panel: string, back: Record<string, number>}} Where  back: in pixels, by conversation */

const NAME = "helpline-place";
/** @type {Where} */
const NOWHERE = { selected: "", panel: "about", back: {} };

export class Place {
  #store;
  /** @type {Where} */
  where;

  /** @param {Pick<Storage, "getItem" | "setItem">} store  of this tab */
  constructor(store) {
    this.#store = store;
    this.where = { ...NOWHERE, ...read(store.getItem(NAME)) };
  }

  /** @param {Partial<Where>} change */
  keep(change) {
    const where = { ...this.where, ...change };
    const [before, after] = [JSON.stringify(this.where), JSON.stringify(where)];
    this.where = where;
    if (before !== after) this.#store.setItem(NAME, after);
  }
}

/** @param {string | null} json @returns {Partial<Where>} */
function read(json) {
  try {
    return JSON.parse(json ?? "{}");
  } catch {
    return {};
  }
}
