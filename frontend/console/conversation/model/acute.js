// A life is at stake: the line's steps beside the conversation, and which of them were taken. No word of what was said.
import { attempt } from "../../../staff/problems.js";

/** @typedef {import("../../../shared/protocol.d.ts").ProtocolStep} Step */
/** @typedef {import("../../../shared/protocol.d.ts").TakenStep} Taken */
/** @typedef {import("../../../shared/protocol.d.ts").Step["how"]} How */

const ACUTE = 2;
const DONE = "done";

export class Acute {
  /** @type {Step[]} in order, once they have come */
  steps = [];
  /** @type {Map<string, Taken>} */
  taken = new Map();
  /** The step that is being changed. */
  reopened = "";
  #asked = false;
  #conversation;
  #desk;

  /** @param {import("./conversation.js").Conversation} conversation @param {import("./conversation.js").Surroundings} desk */
  constructor(conversation, desk) {
    this.#conversation = conversation;
    this.#desk = desk;
  }

  /** The steps stay beside the conversation once one was taken, also when the worry is less. */
  get applies() {
    return this.#conversation.risk === ACUTE || this.taken.size > 0;
  }

  /** Whether the caller was told that others are called, or it is on record why not. */
  get told() {
    return this.steps.some(({ code, tells }) => tells && this.taken.has(code));
  }

  /** Steps about which nothing is on record. */
  get open() {
    return this.steps.filter(({ code }) => !this.taken.has(code));
  }

  /** A step that was ticked by mistake is asked about anew. @param {string} code */
  reopen(code) {
    this.reopened = code;
    this.#desk.changed();
  }

  /** What the server says of it. @param {Taken[]} taken */
  learn(taken) {
    this.taken = new Map(taken.map((one) => [one.step, one]));
    if (this.applies && !this.#asked) this.#ask();
  }

  async #ask() {
    this.#asked = true;
    try {
      const { steps } = await this.#desk.request("lineprotocol", { line: this.#conversation.seat.line });
      this.steps = steps;
    } catch {
      this.#asked = false; // the next flag, or the next connection, asks again
    }
    this.#desk.changed();
  }

  /** Why this cannot be put on record now, or "". @param {Step} step @param {How} how */
  hindrance({ outside }, how) {
    return outside && how === DONE && !this.told ? "tell_first" : "";
  }

  /** What became of it comes back as a frame. @param {Step} step @param {How} how */
  take(step, how) {
    if (this.hindrance(step, how)) return;
    this.reopened = "";
    const { id } = this.#conversation;
    return attempt(
      () => this.#desk.request("step", { conversation: id, step: step.code, how }),
      this.#desk.problem,
    );
  }
}

/** What can be said of a step. @param {Step} step @returns {readonly How[]} */
export const waysOf = ({ tells }) =>
  tells ? ["done", "caller_gone", "danger"] : /** @type {const} */ (["done", "not_needed"]);
