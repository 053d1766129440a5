// Holds the steps that a new line still lacks, as the server sends them. The list disappears when no step is missing.

/** @typedef {import("../../../shared/protocol.d.ts").BeginningStep} Step */
/**
 * @typedef {object} Around
 * @property {import("../../board.js").Board["request"]} request
 * @property {(action: () => Promise<unknown>) => Promise<unknown>} act  runs one action at a time, then fetches the state again
 */

/** While one of these steps is missing, the list is open: without this step nobody gets help, or nobody can give a second approval. */
const FIRST = ["supervisors", "counsellors", "devices", "signing", "hours"];

/** Returns the state of a step. "waits": on every line that lacks this step, somebody else has to act. @param {Step} step @returns {"done" | "waits" | "open"} */
export function stateOf({ lines, waits }) {
  if (!lines.length) return "done";
  return lines.every((line) => waits.includes(line)) ? "waits" : "open";
}

export class BeginHere {
  /** Holds the steps in the recommended order. @type {Step[]} */
  steps = [];
  /** Is true if the supervisor opened the list on this page, false if they closed it; null if neither. @type {boolean | null} */
  unfolded = null;
  #around;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    this.steps = [];
  }

  /** Fetches the data to show. The board ignores the result if it has begun a newer fetch. */
  look = () => this.#around.request("beginning");

  get done() {
    return this.steps.filter(({ lines }) => !lines.length).length;
  }

  get isOver() {
    return this.done === this.steps.length;
  }

  /** Returns whether the list is unfolded. While callers wait or talk, the list is folded, to keep the queue in sight, unless the supervisor unfolded the list. @param {boolean} busy */
  isOpen(busy) {
    return this.unfolded ?? (this.isUrgent && !busy);
  }

  get isUrgent() {
    return this.steps.some(({ what, lines }) => lines.length > 0 && FIRST.includes(what));
  }

  /** Returns whether signatures are missing. They come from a command on the server, which sends no bell. */
  get waitsForRoot() {
    return this.steps.some(({ what, lines }) => what === "signing" && lines.length > 0);
  }

  /** Confirms that the telephone numbers shown to these lines' callers are right. @param {string[]} lines */
  readNumbers = (lines) => this.#noteRead("numbersread", lines);

  /** Confirms that these lines' texts are right. @param {string[]} lines */
  readWords = (lines) => this.#noteRead("wordsread", lines);

  /** @param {"numbersread" | "wordsread"} what @param {string[]} lines */
  #noteRead = (what, lines) =>
    this.#around.act(async () => {
      for (const line of lines) await this.#around.request(what, { line });
    });
}
