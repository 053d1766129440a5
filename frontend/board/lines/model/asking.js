// What a card asks of a line, one thing after the other: what is under way, what the server said no to, and what it
// answered.
import { codeOf } from "../../../staff/problems.js";

export class Asking {
  loaded = false;
  busy = false;
  /** What the server said no to: an error code. */
  refused = "";
  #line;
  #around;

  /** @param {string} line @param {{request: import("../../../staff/station.js").Station["request"], changed: () => void}} around */
  constructor(line, around) {
    this.#line = line;
    this.#around = around;
  }

  changed = () => this.#around.changed();

  /** Whether it was done. @template Answer @param {string} type @param {object} fields @param {(answer: Answer) => void} keep */
  async ask(type, fields, keep) {
    if (this.busy) return false;
    Object.assign(this, { busy: true, refused: "" });
    this.changed();
    try {
      const asked = /** @type {[never, never]} */ ([type, { line: this.#line, ...fields }]);
      keep(/** @type {Answer} */ (await this.#around.request(...asked)));
      this.loaded = true;
    } catch (error) {
      this.refused = codeOf(error);
    }
    this.busy = false;
    this.changed();
    return !this.refused;
  }
}
