// Delays an action by some seconds, so that it can be undone before anything is sent.

/** @typedef {Pick<import("./conversation.js").Surroundings, "now" | "after" | "changed">} Clock */

const UNDO_MS = 10_000;

export class Undoable {
  /** Holds when the action will be done, in milliseconds; 0 if none waits. */
  at = 0;
  #clock;
  #ms;
  #cancel = () => {};

  /** @param {Clock} clock @param {number} [ms]  how long it can be undone */
  constructor(clock, ms = UNDO_MS) {
    this.#clock = clock;
    this.#ms = ms;
  }

  /** @param {() => void} act */
  begin(act) {
    if (this.at) return;
    this.at = this.#clock.now() + this.#ms;
    this.#cancel = this.#clock.after(this.#ms, () => {
      this.at = 0;
      act();
      this.#clock.changed();
    });
    this.#clock.changed();
  }

  undo() {
    if (!this.at) return;
    this.#cancel();
    this.at = 0;
    this.#clock.changed();
  }
}
