// Notes who is typing, and when to tell the others again that this person is typing. A lost hint is not sent again.

/** @typedef {import("./undo.js").Clock} Clock */

const [EVERY_MS, LASTS_MS] = [3000, 5000];

export class Typing {
  #clock;
  #toldAt = -Infinity;
  /** Holds until when each member counts as typing. @type {Map<string, number>} */
  #others = new Map();

  /** @param {Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** Returns whether it is time to tell the others again, and notes the time. */
  due() {
    const now = this.#clock.now();
    if (now - this.#toldAt < EVERY_MS) return false;
    this.#toldAt = now;
    return true;
  }

  /** @param {string} member */
  heard(member) {
    this.#others.set(member, this.#clock.now() + LASTS_MS);
    this.#clock.after(LASTS_MS, () => this.#clock.changed());
  }

  /** Notes that a member's message has arrived, so they are not typing any more. @param {string} member */
  done(member) {
    this.#others.delete(member);
  }

  clear() {
    this.#others.clear();
  }

  get others() {
    const now = this.#clock.now();
    return [...this.#others].filter(([, until]) => until > now).map(([member]) => member);
  }
}
