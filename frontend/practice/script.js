// Plays a made-up caller's text, turn by turn: each turn after a pause, and some turns only after staff have answered.

import { toCaller } from "../staff/languages.js";

/** @typedef {import("../staff/languages.js").Texts} Texts */
/** @typedef {{says: Texts, pause: number, after_answer: boolean, away: number}} Turn  pause, away: in seconds */
/** @typedef {{code: string, title: Texts, about: Texts, urgency: 0 | 1 | 2, accepts: boolean, turns: Turn[], intake: Record<string, string>, locale: string, letter: boolean}} MadeUp  as the server describes them; locale: "" for the language chosen on the page */
/** @typedef {{next: number, heard: number}} Where  next: the index of the next turn; heard: how many messages staff had written when the previous turn was said */
/**
 * @typedef {object} Stage
 * @property {(text: string) => void} say
 * @property {() => void} type
 * @property {() => number} answers  the number of messages that the staff have written
 * @property {() => void} away  cuts the caller's connection
 * @property {() => void} back  restores the connection
 * @property {(ms: number, act: () => void) => () => void} after
 */

export class Script {
  #turns;
  #language;
  #stage;
  #next;
  #heard;
  #waits = false;
  #cancel = () => {};

  /** @param {Turn[]} turns @param {string} language @param {Stage} stage @param {Where} [where]  from before a reload */
  constructor(turns, language, stage, where = { next: 0, heard: 0 }) {
    this.#turns = turns;
    this.#language = language;
    this.#stage = stage;
    this.#next = where.next;
    this.#heard = where.heard;
  }

  /** Returns whether everything was said. */
  get over() {
    return this.#next >= this.#turns.length;
  }

  /** @returns {Where} */
  get where() {
    return { next: this.#next, heard: this.#heard };
  }

  /** Call this after each change, because the change may be an answer of the staff. */
  look() {
    const turn = this.#turns[this.#next];
    if (!turn || this.#waits || (turn.after_answer && this.#stage.answers() <= this.#heard)) return;
    this.#waits = true;
    this.#stage.type();
    this.#cancel = this.#stage.after(turn.pause * 1000, () =>
      turn.away ? this.#goAway(turn) : this.#say(turn),
    );
  }

  stop() {
    this.#cancel();
    this.#turns = [];
  }

  /** @param {Turn} turn */
  #goAway(turn) {
    this.#stage.away();
    this.#cancel = this.#stage.after(turn.away * 1000, () => {
      this.#stage.back();
      this.#say(turn);
    });
  }

  /** @param {Turn} turn */
  #say(turn) {
    this.#waits = false;
    this.#next++;
    // Messages that staff wrote before this moment count as answers to the previous turn.
    this.#heard = this.#stage.answers();
    this.#stage.say(toCaller(turn.says, this.#language, false));
    this.look();
  }
}
