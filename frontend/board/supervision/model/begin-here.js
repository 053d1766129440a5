// What the first days of the own lines still lack: told by the server, gone once nothing is.

/** @typedef {import("../../../shared/protocol.d.ts").BeginningStep} Step */
/**
 * @typedef {object} Around
 * @property {import("../../board.js").Board["request"]} request
 * @property {(action: () => Promise<unknown>) => Promise<unknown>} act  one action at a time, then a fresh look
 */

/** Without these nobody is helped, or nobody could confirm what takes two: the list stands open. */
const FIRST = ["supervisors", "counsellors", "devices", "signing", "hours"];

/** "waits": every line that lacks it waits for somebody else. @param {Step} step @returns {"done" | "waits" | "open"} */
export function stateOf({ lines, waits }) {
  if (!lines.length) return "done";
  return lines.every((line) => waits.includes(line)) ? "waits" : "open";
}

export class BeginHere {
  /** @type {Step[]} in the order in which they are best done */
  steps = [];
  /** Whether whoever looks opened or shut the list, which holds while this page is open; null: neither. @type {boolean | null} */
  unfolded = null;
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

  get isOpen() {
    return this.unfolded ?? this.isUrgent;
  }

  get isUrgent() {
    return this.steps.some(({ what, lines }) => lines.length > 0 && FIRST.includes(what));
  }

  /** Signatures come from a command on the server, which rings no bell here. */
  get waitsForRoot() {
    return this.steps.some(({ what, lines }) => what === "signing" && lines.length > 0);
  }

  /** The numbers that callers of these lines are shown are right. @param {string[]} lines */
  readNumbers = (lines) => this.#noteRead("numbersread", lines);

  /** So are the texts. @param {string[]} lines */
  readWords = (lines) => this.#noteRead("wordsread", lines);

  /** @param {"numbersread" | "wordsread"} what @param {string[]} lines */
  #noteRead = (what, lines) =>
    this.#around.act(async () => {
      for (const line of lines) await this.#around.request(what, { line });
    });
}
