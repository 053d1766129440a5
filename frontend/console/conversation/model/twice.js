// Makes an action need two presses: the first one asks, and a second one within a few seconds confirms.

/** @typedef {Pick<import("./conversation.js").Surroundings, "now" | "after" | "changed">} Clock */

const ASKS_MS = { from: 400, to: 8_000 }; // from: a press before that is the second half of a double click

export class Twice {
  /** Holds the time of the first press, in milliseconds; 0 if there was none. */
  at = 0;
  #clock;
  #cancel = () => {};

  /** @param {Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {() => unknown} act */
  ask(act) {
    const now = this.#clock.now();
    if (this.at && now - this.at < ASKS_MS.from) return;
    if (this.at) {
      this.drop();
      act();
      return;
    }
    this.at = now;
    this.#cancel = this.#clock.after(ASKS_MS.to, () => this.drop());
    this.#clock.changed();
  }

  drop() {
    if (!this.at) return;
    this.#cancel();
    this.at = 0;
    this.#clock.changed();
  }
}
