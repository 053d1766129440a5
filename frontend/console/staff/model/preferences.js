// Stores what this person has chosen for this browser. It stores nothing of a conversation.

/** @typedef {"message" | "ring" | "caller"} Occasion  message: somebody wrote; ring: this person is asked to join; caller: a caller waits after nobody did */
/** @typedef {{shortcuts: boolean, sound: boolean, volumes: Record<Occasion, number>, notify: boolean, keys: Record<string, string>}} Choice  volumes: 0 to 100; keys: those that differ from the defaults */

const NAME = "helpline-preferences";
/** @type {Choice} */
const FIRST = {
  shortcuts: true,
  sound: true,
  volumes: { message: 40, ring: 60, caller: 30 },
  notify: false,
  keys: {},
};

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
