// Makes an action need two presses: the first one asks, and a second one within a few seconds confirms.

/** @typedef {Pick<import("./conversation.js").Surroundings, "after" | "changed">} Clock */

const ASKS_MS = { from: 400, to: 8_000 }; // from: a press before that is the second half of a double click

export class Twice {
  /** Tells whether the first press asked, and no second one has answered. */
  asks = false;
  /** Tells whether a press confirms. */
  ready = false;
  #clock;
  #cancel = () => {};

  /** @param {Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {() => unknown} act */
  ask(act) {
    if (this.ready) {
      this.drop();
      act();
      return;
    }
    if (this.asks) return;
    this.asks = true;
    const becomes = this.#clock.after(ASKS_MS.from, () => {
      this.ready = true;
      this.#clock.changed();
    });
    const ends = this.#clock.after(ASKS_MS.to, () => this.drop());
    this.#cancel = () => {
      becomes();
      ends();
    };
    this.#clock.changed();
  }

  drop() {
    if (!this.asks) return;
    this.#cancel();
    this.asks = this.ready = false;
    this.#clock.changed();
  }
}
