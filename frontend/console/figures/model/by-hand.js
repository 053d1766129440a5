// Counts contacts by telephone and mail by hand, so that a year's figures are complete. The last count can be undone.
import { codeOf } from "../../../staff/problems.js";

/** @typedef {import("../../../shared/protocol.d.ts").CountContact["how"]} How */

/** @type {How[]} */
export const HOW = ["telephone", "mail"];

export class ByHand {
  /** Holds the last count, until it is undone. @type {{line: string, how: How} | null} */
  last = null;
  /** Is true if a count is being sent. */
  busy = false;
  #around;

  /** @param {{request: import("../../../staff/station.js").Station["request"], changed: () => void, problem: (code: string) => void}} around */
  constructor(around) {
    this.#around = around;
  }

  /** @param {string} line @param {How} how */
  count = async (line, how) => {
    if (this.busy) return;
    this.busy = true;
    if (await this.#send(line, how, false)) this.last = { line, how };
    this.busy = false;
    this.#around.changed();
  };

  /** Undoes the count that is shown. Another count that is being sent at the same time is not affected. */
  undo = async () => {
    const { last } = this;
    if (!last) return;
    this.last = null;
    this.#around.changed();
    if (!(await this.#send(last.line, last.how, true))) this.last ??= last;
    this.#around.changed();
  };

  /** @param {string} line @param {How} how @param {boolean} undo */
  async #send(line, how, undo) {
    try {
      await this.#around.request("countcontact", { line, how, undo });
      return true;
    } catch (error) {
      this.#around.problem(codeOf(error));
      return false;
    }
  }
}
