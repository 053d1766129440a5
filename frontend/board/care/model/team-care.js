// Who wants to talk about what they had, and who carries how much on a line.

/** @typedef {import("../../../shared/protocol.d.ts").DebriefRow} DebriefRow */
/** @typedef {import("../../../shared/protocol.d.ts").CarriedOk} Carried */
/**
 * @typedef {object} Around
 * @property {import("../../board.js").Board["request"]} request
 * @property {(action: () => Promise<unknown>, own?: Record<string, string>) => Promise<unknown>} act  one action at a time, then a fresh look
 * @property {() => void} changed
 */

const HELD = { conflict: "debrief_conflict", not_found: "debrief_conflict" };

export class TeamCare {
  /** @type {DebriefRow[]} oldest first */
  debriefs = [];
  /** By line. @type {Map<string, Carried>} */
  carried = new Map();
  #around;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    this.debriefs = [];
    this.carried.clear();
  }

  /** What to show once nothing newer is asked; of the lines that were looked at, too. */
  async look() {
    const [{ debriefs }, ...carried] = await Promise.all([
      this.#around.request("debriefs"),
      ...[...this.carried.keys()].map((line) => this.#carried(line)),
    ]);
    // Beside what is there: another line may have been looked at meanwhile.
    for (const [line, found] of carried) if (found) this.carried.set(line, found);
    return { debriefs };
  }

  /** Of one line: nothing pushes it. @param {string} line */
  async lookAt(line) {
    const [, carried] = await this.#carried(line);
    if (carried) this.carried.set(line, carried);
    this.#around.changed();
  }

  /** @param {string} line @returns {Promise<[string, Carried | null]>} */
  async #carried(line) {
    return [line, await this.#around.request("carried", { line }).catch(() => null)];
  }

  /** They talked. @param {string} debrief */
  held = (debrief) => this.#around.act(() => this.#around.request("debriefed", { debrief }), HELD);

  /** Null: nothing was agreed. @param {string} line @param {number | null} talks @param {number | null} heavy */
  setLimits = (line, talks, heavy) =>
    this.#around.act(async () => {
      this.carried.set(line, await this.#around.request("setlimits", { line, talks, heavy }));
    });
}
