// Holds who wants to talk about a hard conversation, and how many conversations each person had, by line.

/** @typedef {import("../../../shared/protocol.d.ts").DebriefRow} DebriefRow */
/** @typedef {import("../../../shared/protocol.d.ts").CarriedOk} Carried */
/**
 * @typedef {object} Around
 * @property {import("../../board.js").Board["request"]} request
 * @property {(action: () => Promise<unknown>, own?: Record<string, string>) => Promise<unknown>} act  runs one action at a time, then fetches the state again
 * @property {() => void} changed
 */

const HELD = { conflict: "debrief_conflict", not_found: "debrief_conflict" };

export class TeamCare {
  /** @type {DebriefRow[]} oldest first */
  debriefs = [];
  /** Holds each person's load, by line. @type {Map<string, Carried>} */
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

  /**
   * Fetches the data to show, including the numbers of conversations on the lines whose list was opened. The board
   * ignores the result if it has begun a newer fetch.
   */
  async look() {
    const [{ debriefs }, ...carried] = await Promise.all([
      this.#around.request("debriefs"),
      ...[...this.carried.keys()].map((line) => this.#carried(line)),
    ]);
    // Entries are added one by one, because another line's load may have arrived in the meantime.
    for (const [line, found] of carried) if (found) this.carried.set(line, found);
    return { debriefs };
  }

  /** Fetches the load of one line, which the server does not push. @param {string} line */
  async lookAt(line) {
    const [, carried] = await this.#carried(line);
    if (carried) this.carried.set(line, carried);
    this.#around.changed();
  }

  /** @param {string} line @returns {Promise<[string, Carried | null]>} */
  async #carried(line) {
    return [line, await this.#around.request("carried", { line }).catch(() => null)];
  }

  /** Records that a debrief has taken place. @param {string} debrief */
  held = (debrief) => this.#around.act(() => this.#around.request("debriefed", { debrief }), HELD);

  /** Sets a line's limits. Null means that nothing was agreed. @param {string} line @param {number | null} talks @param {number | null} heavy */
  setLimits = (line, talks, heavy) =>
    this.#around.act(async () => {
      this.carried.set(line, await this.#around.request("setlimits", { line, talks, heavy }));
    });
}
