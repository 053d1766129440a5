// Alerts supervisors about their people: a device that waits until its words are compared, and a second
// factor that a colleague replaced. The board and the console both use it.
import { eightWords } from "./eight-words.js";

/** @typedef {import("../shared/protocol.d.ts").DeviceRow} DeviceRow */
/** @typedef {import("../shared/protocol.d.ts").ReplacementRow} ReplacementRow */
/** @typedef {DeviceRow & {words: string}} Waiting */
/**
 * @typedef {object} Around
 * @property {import("./station.js").Station["request"]} request
 * @property {(action: () => Promise<unknown>) => Promise<unknown>} act  runs an action, then fetches the state again
 * @property {(row: DeviceRow) => Promise<unknown>} approve  approves a device, and signs for each of the person's lines for which this browser may sign
 * @property {() => void} rings  called when somebody new waits
 */

export class PeopleNews {
  /** @type {Waiting[]} */
  waiting = [];
  /** @type {ReplacementRow[]} newest first */
  replaced = [];
  /** Holds the devices of supervisors whose revocation waits for a second supervisor. @type {Set<string>} */
  refused = new Set();
  acting = false;
  #around;
  /** Holds the ids that were announced with a sound already. @type {Set<string>} */
  #rung = new Set();

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    this.refused.clear();
    Object.assign(this, { waiting: [], replaced: [] });
  }

  /** Fetches the news, and all devices. The page ignores the result if it has begun a newer fetch. */
  async look() {
    const { request } = this.#around;
    const [{ devices }, { rows }] = await Promise.all([request("devices"), request("replacements")]);
    const pending = devices.filter(({ state }) => state === "pending");
    const waiting = await Promise.all(
      pending.map(async (row) => ({ ...row, words: (await eightWords(row.key)).join(" ") })),
    );
    return { devices, waiting, replaced: rows };
  }

  /** @param {{waiting: Waiting[], replaced: ReplacementRow[]}} seen */
  show({ waiting, replaced }) {
    Object.assign(this, { waiting, replaced });
    const all = [...waiting.map(({ id }) => id), ...replaced.map(({ replacement }) => replacement)];
    const fresh = all.filter((id) => !this.#rung.has(id));
    this.#rung = new Set(all);
    if (fresh.length) this.#around.rings();
  }

  /** Approves a device. Call it after its eight words were heard. @param {Waiting} row */
  approve = (row) => this.#once(() => this.#around.approve(row));

  /** Revokes a device whose words differed. @param {{id: string}} row */
  refuse = ({ id: device }) =>
    this.#once(() =>
      this.#around.act(async () => {
        const { waits } = await this.#around.request("revoke", { device, differ: true });
        if (waits) this.refused.add(device);
      }),
    );

  /** Restores the earlier second factor. @param {string} replacement */
  undo = (replacement) =>
    this.#once(() => this.#around.act(() => this.#around.request("undoreplacement", { replacement })));

  /** @param {() => Promise<unknown>} action */
  async #once(action) {
    if (this.acting) return;
    this.acting = true;
    try {
      await action();
    } finally {
      this.acting = false;
    }
  }
}
