// Telephone and mail, counted by hand in two taps, so that a year is whole; the last tap can be taken back.
import { codeOf } from "../../../staff/problems.js";

/** @typedef {import("../../../shared/protocol.d.ts").CountContact["how"]} How */

/** @type {How[]} */
export const HOW = ["telephone", "mail"];

export class ByHand {
  /** What was counted last. @type {{line: string, how: How} | null} */
  last = null;
  busy = false;
  #around;

  /** @param {{request: import("../../../staff/station.js").Station["request"], changed: () => void, problem: (code: string) => void}} around */
  constructor(around) {
    this.#around = around;
  }

  /** @param {string} line @param {How} how */
  count = (line, how) => this.#send(line, how, false);

  undo = () => (this.last ? this.#send(this.last.line, this.last.how, true) : undefined);

  /** @param {string} line @param {How} how @param {boolean} undo */
  async #send(line, how, undo) {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.#around.request("countcontact", { line, how, undo });
      this.last = undo ? null : { line, how };
    } catch (error) {
      this.#around.problem(codeOf(error));
    }
    this.busy = false;
    this.#around.changed();
  }
}
