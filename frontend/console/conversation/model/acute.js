// Models the acute protocol of a conversation: the line's steps, and which of them were recorded. It contains no text
// of the conversation.
import { attempt } from "../../../staff/problems.js";

/** @typedef {import("../../../shared/protocol.d.ts").ProtocolStep} Step */
/** @typedef {import("../../../shared/protocol.d.ts").TakenStep} Taken */
/** @typedef {import("../../../shared/protocol.d.ts").Step["how"]} How */

const ACUTE = 2;
const ASK_AGAIN_MS = 3000;
const DONE = "done";
const GONE = "caller_gone";

export class Acute {
  /** Holds the line's steps in order; empty until they are fetched. @type {Step[]} */
  steps = [];
  /** Holds the slugs of the line's urgent services, which can be called. @type {string[]} */
  urgent = [];
  /** @type {Map<string, Taken>} */
  taken = new Map();
  /** Identifies the recorded step that is being changed, or "". */
  reopened = "";
  /** Is true if all steps are shown instead of one. */
  listed = false;
  /** Is true if the protocol is folded to one row; null if nobody chose: then the width of the screen decides. @type {boolean | null} */
  folded = null;
  /** Is true if a step is being sent. */
  busy = false;
  /** Identifies the step that is shown; "" until somebody has chosen or recorded a step. */
  #at = "";
  #asked = false;
  #conversation;
  #desk;

  /** @param {import("./conversation.js").Conversation} conversation @param {import("./conversation.js").Surroundings} desk */
  constructor(conversation, desk) {
    this.#conversation = conversation;
    this.#desk = desk;
  }

  /** Returns whether the steps are shown. After one was recorded, the steps stay, even if the flag is lowered. */
  get applies() {
    return this.#conversation.risk === ACUTE || this.taken.size > 0;
  }

  /** Returns whether the step about telling the caller of a call to a third party is recorded: as done, or with the reason why not. */
  get told() {
    return this.steps.some(({ code, tells }) => tells && this.taken.has(code));
  }

  /** Returns the number of the step about telling the caller; 0 if there is none. */
  get telling() {
    return this.steps.findIndex(({ tells }) => tells) + 1;
  }

  /** Returns the steps that are not recorded yet. */
  get open() {
    return this.steps.filter(({ code }) => !this.taken.has(code));
  }

  /** Returns the step to show: the chosen one, or the first that is not recorded yet. @returns {Step | undefined} */
  get current() {
    return this.steps.find(({ code }) => code === this.#at) ?? this.open[0];
  }

  /** Returns a step's number, counted from 1. @param {Step} step */
  numberOf = (step) => this.steps.indexOf(step) + 1;

  /** Shows one step, recorded or not. @param {string} code */
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

  /** Shows the buttons again for a step that was recorded by mistake. @param {string} code */
  reopen(code) {
    this.reopened = code;
    this.#desk.changed();
  }

  /** Takes the recorded steps from the server. If the step that is shown was recorded or changed, the next open step is shown. @param {Taken[]} taken */
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

  /** Returns the code of the next open step: one after this step, else one before it, else "". @param {Step} step */
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
      this.#asked = false;
      this.#desk.after(ASK_AGAIN_MS, () => this.applies && !this.#asked && this.#ask());
    }
    this.#desk.changed();
  }

  /** Returns why a step cannot be recorded this way now, or "". @param {Step} step @param {How} how */
  hindrance({ outside }, how) {
    if (how === GONE) return this.#callerReads ? "caller_here" : "";
    return outside && how === DONE && !this.told ? "tell_first" : "";
  }

  /** Returns whether the caller is present and reads along. In a letter this is false, because the caller reads the letter later. */
  get #callerReads() {
    const { state, emptied, isLetter, log } = this.#conversation;
    return state === "active" && !emptied && !isLetter && log.callerHere;
  }

  /** Records a step. The result arrives as a `flagged` frame. @param {Step} step @param {How} how */
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

/** Returns the ways in which a step can be recorded. @param {Step} step @returns {readonly How[]} */
export const waysOf = ({ tells }) =>
  tells ? ["done", "caller_gone", "danger"] : /** @type {const} */ (["done", "not_needed"]);

/**
 * Returns the words to insert into a text, with line breaks that leave an empty line before and after the
 * words. So the words do not run into the typed text.
 * @param {string} before @param {string} words @param {string} behind
 */
export function apart(before, words, behind) {
  const above = before.trim() ? "\n".repeat(Math.max(0, 2 - (/\n*$/.exec(before)?.[0].length ?? 0))) : "";
  const below = behind.trim() ? "\n".repeat(Math.max(0, 2 - (/^\n*/.exec(behind)?.[0].length ?? 0))) : "";
  return above + words + below;
}
