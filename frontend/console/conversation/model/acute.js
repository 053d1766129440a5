// A life is at stake: the line's steps beside the conversation, and which of them were taken. No word of what was said.
import { attempt } from "../../../staff/problems.js";

/** @typedef {import("../../../shared/protocol.d.ts").ProtocolStep} Step */
/** @typedef {import("../../../shared/protocol.d.ts").TakenStep} Taken */
/** @typedef {import("../../../shared/protocol.d.ts").Step["how"]} How */

const ACUTE = 2;
const DONE = "done";
const GONE = "caller_gone";

export class Acute {
  /** @type {Step[]} in order, once they have come */
  steps = [];
  /** Whom to call: the line's urgent services. @type {string[]} */
  urgent = [];
  /** @type {Map<string, Taken>} */
  taken = new Map();
  /** The step that is being changed. */
  reopened = "";
  /** All steps are shown instead of one. */
  listed = false;
  /** One line only; null: nobody chose, the width of the screen decides. @type {boolean | null} */
  folded = null;
  /** On its way to the server. */
  busy = false;
  /** The step that is shown, once somebody chose it or it followed from what was recorded. */
  #at = "";
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

  /** The number of the step that tells the caller. */
  get telling() {
    return this.steps.findIndex(({ tells }) => tells) + 1;
  }

  /** Steps about which nothing is on record. */
  get open() {
    return this.steps.filter(({ code }) => !this.taken.has(code));
  }

  /** What is to be done now: the step that was chosen, or the first about which nothing is on record. @returns {Step | undefined} */
  get current() {
    return this.steps.find(({ code }) => code === this.#at) ?? this.open[0];
  }

  /** @param {Step} step  counted from 1 */
  numberOf = (step) => this.steps.indexOf(step) + 1;

  /** Shows one step, also one that was recorded. @param {string} code */
  choose(code) {
    Object.assign(this, { listed: false, reopened: "" });
    this.#at = code;
    this.#desk.changed();
  }

  /** @param {boolean} folded */
  fold(folded) {
    this.folded = folded;
    this.#desk.changed();
  }

  /** @param {boolean} listed */
  list(listed) {
    this.listed = listed;
    this.#desk.changed();
  }

  /** A step that was ticked by mistake is asked about anew. @param {string} code */
  reopen(code) {
    this.reopened = code;
    this.#desk.changed();
  }

  /** What the server says of it. Once the step that is shown is recorded, the next open one is shown. @param {Taken[]} taken */
  learn(taken) {
    const { current } = this;
    const before = this.taken;
    this.taken = new Map(taken.map((one) => [one.step, one]));
    if (current)
      this.#at = isSame(before.get(current.code), this.taken.get(current.code))
        ? current.code
        : this.#after(current);
    if (this.applies && !this.#asked) this.#ask();
  }

  /** The code of the next open step, those before it last; "" if none is open. @param {Step} step */
  #after(step) {
    const at = this.steps.indexOf(step);
    const [next] = [...this.steps.slice(at + 1), ...this.steps.slice(0, at)].filter(
      ({ code }) => !this.taken.has(code),
    );
    return next?.code ?? "";
  }

  async #ask() {
    this.#asked = true;
    const line = this.#desk.lineOf(this.#conversation.seat.line);
    try {
      const { steps, urgent } = await this.#desk.request("lineprotocol", { line });
      Object.assign(this, { steps, urgent });
    } catch {
      this.#asked = false; // the next flag, or the next connection, asks again
    }
    this.#desk.changed();
  }

  /** Why this cannot be put on record now, or "". @param {Step} step @param {How} how */
  hindrance({ outside }, how) {
    if (how === GONE) return this.#callerReads ? "caller_here" : "";
    return outside && how === DONE && !this.told ? "tell_first" : "";
  }

  /** A letter is read whenever its caller comes. */
  get #callerReads() {
    const { state, emptied, isLetter, log } = this.#conversation;
    return state === "active" && !emptied && !isLetter && log.callerHere;
  }

  /** What became of it comes back as a frame. @param {Step} step @param {How} how */
  async take(step, how) {
    if (this.busy || this.hindrance(step, how)) return;
    this.reopened = "";
    this.busy = true;
    const { id } = this.#conversation;
    await attempt(
      () => this.#desk.request("step", { conversation: id, step: step.code, how }),
      this.#desk.problem,
    );
    this.busy = false;
    this.#desk.changed();
  }
}

/** @param {Taken | undefined} one @param {Taken | undefined} other */
const isSame = (one, other) => one?.how === other?.how && one?.at === other?.at;

/** What can be said of a step. @param {Step} step @returns {readonly How[]} */
export const waysOf = ({ tells }) =>
  tells ? ["done", "caller_gone", "danger"] : /** @type {const} */ (["done", "not_needed"]);
