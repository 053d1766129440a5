// What this person had today on each line, what their line agreed on as enough, and whether they want to talk.
import { attempt } from "../../../staff/problems.js";

/** @typedef {import("../../../shared/protocol.d.ts").OwnLoad} Load */
/** @typedef {{request: import("../../desk.js").Desk["request"], problem: (code: string) => void, changed: () => void}} Around */

export class OwnCare {
  /** @type {Load[]} */
  loads = [];
  /** What was enough when they last said that they go on. @type {Map<string, number>} */
  #seen = new Map();
  #around;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** @param {Load[]} loads */
  learn(loads) {
    this.loads = loads;
    // A new day begins at nothing: what was enough yesterday is told again.
    for (const { line, talks } of loads) if (talks < (this.#seen.get(line) ?? 0)) this.#seen.delete(line);
  }

  /** @param {string} line */
  of(line) {
    return this.loads.find((load) => load.line === line);
  }

  /** Lines on which it was enough for today, and nobody has said yet that they go on. */
  get enough() {
    return this.loads.filter((load) => isEnough(load) && (this.#seen.get(load.line) ?? -1) < load.talks);
  }

  /** Nothing is enforced: who knows it goes on. @param {Load} load */
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
