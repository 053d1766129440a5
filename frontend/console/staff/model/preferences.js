// What this person chose for this browser. No word of a conversation is among it.

/** @typedef {{shortcuts: boolean, sound: boolean, volume: number, notify: boolean}} Choice */

const NAME = "helpline-preferences";
/** @type {Choice} */
const FIRST = { shortcuts: true, sound: true, volume: 40, notify: false };

export class Preferences {
  #memory;
  /** @type {Choice} */
  choice;

  /** @param {Pick<Storage, "getItem" | "setItem">} memory */
  constructor(memory) {
    this.#memory = memory;
    this.choice = { ...FIRST, ...read(memory.getItem(NAME)) };
  }

  /** @param {Partial<Choice>} change */
  set(change) {
    this.choice = { ...this.choice, ...change };
    this.#memory.setItem(NAME, JSON.stringify(this.choice));
  }
}

/** @param {string | null} json @returns {Partial<Choice>} */
function read(json) {
  try {
    return JSON.parse(json ?? "{}");
  } catch {
    return {};
  }
}
