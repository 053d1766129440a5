// Holds how many conversations this person had today on each line, how many the line considers enough, and whether
// the person wants to talk to somebody.
import { attempt } from "../../../staff/problems.js";

/** @typedef {import("../../../shared/protocol.d.ts").OwnLoad} Load */
/** @typedef {{request: import("../../desk.js").Desk["request"], problem: (code: string) => void, changed: () => void}} Around */

export class OwnCare {
  /** @type {Load[]} */
  loads = [];
  /** Holds how many conversations there were when the person last chose to continue, by line. @type {Map<string, number>} */
  #seen = new Map();
  #around;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** @param {Load[]} loads */
  learn(loads) {
    this.loads = loads;
    // On a new day the count begins at 0, so the advice is shown again when that day's conversations are enough.
    for (const { line, talks } of loads) if (talks < (this.#seen.get(line) ?? 0)) this.#seen.delete(line);
  }

  /** @param {string} line */
  of(line) {
    return this.loads.find((load) => load.line === line);
  }

  /** Returns the lines on which the person has had enough conversations for today. Leaves out the lines on which they chose to continue. */
  get enough() {
    return this.loads.filter((load) => isEnough(load) && (this.#seen.get(load.line) ?? -1) < load.talks);
  }

  /** Hides the advice for a line until the next conversation. Nothing is enforced. @param {Load} load */
  goOn({ line, talks }) {
    this.#seen.set(line, talks);
    this.#around.changed();
  }

  /** @param {string} line */
  wantToTalk(line) {
    return attempt(async () => {
      await this.#around.request("debrief", { line });
      this.loads = this.loads.map((load) => (load.line === line ? { ...load, wants: "asked" } : load));
      this.#around.changed();
    }, this.#around.problem);
  }
}

/** @param {Load} load */
const isEnough = ({ talks, heavy, most_talks: talksEnough, most_heavy: heavyEnough }) =>
  (talksEnough !== null && talks >= talksEnough) || (heavyEnough !== null && heavy >= heavyEnough);
