// What the first days of the own lines still lack: told by the server, gone once nothing is.

/** @typedef {import("../../../shared/protocol.d.ts").BeginningStep} Step */
/**
 * @typedef {object} Around
 * @property {import("../../board.js").Board["request"]} request
 * @property {(action: () => Promise<unknown>) => Promise<unknown>} act  one action at a time, then a fresh look
 */

/** Without these nobody is helped, or nobody could confirm what takes two: the list stands open. */
const FIRST = ["supervisors", "counsellors", "devices", "signing", "hours"];

export class BeginHere {
  /** @type {Step[]} in the order in which they are best done */
  steps = [];
  #around;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    this.steps = [];
  }

  /** What to show once nothing newer is asked. */
  look = () => this.#around.request("beginning");

  get done() {
    return this.steps.filter(({ lines }) => !lines.length).length;
  }

  get isOver() {
    return this.done === this.steps.length;
  }

  get isUrgent() {
    return this.steps.some(({ what, lines }) => lines.length > 0 && FIRST.includes(what));
  }

  /** Signatures come from a command on the server, which rings no bell here. */
  get waitsForRoot() {
    return this.steps.some(({ what, lines }) => what === "signing" && lines.length > 0);
  }

  /** The numbers that callers of these lines are shown are right. @param {string[]} lines */
  readNumbers = (lines) =>
    this.#around.act(async () => {
      for (const line of lines) await this.#around.request("numbersread", { line });
    });
}
