// Telephone and mail, counted by hand in two taps, so that a year is whole; the last tap can be taken back.
import { codeOf } from "../../../staff/problems.js";

/** @typedef {import("../../../shared/protocol.d.ts").CountContact["how"]} How */

/** @type {How[]} */
export const HOW = ["telephone", "mail"];

export class ByHand {
  /** What was counted last. @type {{line: string, how: How} | null} */
  last = null;
  /** A count is on its way. */
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

  /** Takes back what is shown as counted, also while another count is on its way: that one stands. */
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
