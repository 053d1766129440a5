// What a made-up caller says, one turn after the other: after a pause, and where a turn waits for it, after an answer.

import { toCaller } from "../staff/languages.js";

/** @typedef {{says: import("../staff/languages.js").Texts, pause: number, after_answer: boolean}} Turn  pause: in seconds */
/** @typedef {{code: string, title: import("../staff/languages.js").Texts, about: import("../staff/languages.js").Texts, urgency: 0 | 1 | 2, accepts: boolean, turns: Turn[]}} Case */
/**
 * @typedef {object} Stage
 * @property {(text: string) => void} say
 * @property {() => void} type
 * @property {() => number} answers  how often somebody of the staff has written
 * @property {(ms: number, act: () => void) => () => void} after
 */

export class Script {
  #turns;
  #language;
  #stage;
  #next = 0;
  #heard = 0;
  #waits = false;
  #cancel = () => {};

  /** @param {Turn[]} turns @param {string} language @param {Stage} stage */
  constructor(turns, language, stage) {
    this.#turns = turns;
    this.#language = language;
    this.#stage = stage;
  }

  /** Whether everything was said. */
  get over() {
    return this.#next >= this.#turns.length;
  }

  /** Something has changed: it may be an answer. */
  look() {
    const turn = this.#turns[this.#next];
    if (!turn || this.#waits || (turn.after_answer && this.#stage.answers() <= this.#heard)) return;
    this.#waits = true;
    this.#stage.type();
    this.#cancel = this.#stage.after(turn.pause * 1000, () => this.#say(turn));
  }

  stop() {
    this.#cancel();
    this.#turns = [];
  }

  /** @param {Turn} turn */
  #say(turn) {
    this.#waits = false;
    this.#next++;
    // What was answered while somebody still wrote is an answer to the turn before.
    this.#heard = this.#stage.answers();
    this.#stage.say(toCaller(turn.says, this.#language, false));
    this.look();
  }
}
