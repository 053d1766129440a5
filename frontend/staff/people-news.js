// What supervisors are rung for about their people: a device that waits until its words were compared, and a second
// factor that a colleague replaced. On the board and in the console alike.
import { eightWords } from "./eight-words.js";

/** @typedef {import("../shared/protocol.d.ts").DeviceRow} DeviceRow */
/** @typedef {import("../shared/protocol.d.ts").ReplacementRow} ReplacementRow */
/** @typedef {DeviceRow & {words: string}} Waiting */
/**
 * @typedef {object} Around
 * @property {import("./station.js").Station["request"]} request
 * @property {(action: () => Promise<unknown>) => Promise<unknown>} act  and a fresh look
 * @property {(row: DeviceRow) => Promise<unknown>} approve  and sign for each line of the person, where this browser may
 * @property {() => void} rings  somebody new waits
 */

export class PeopleNews {
  /** @type {Waiting[]} */
  waiting = [];
  /** @type {ReplacementRow[]} newest first */
  replaced = [];
  /** Of supervisors, which a second one has to revoke with this one. @type {Set<string>} */
  refused = new Set();
  acting = false;
  #around;
  /** Those that have rung. @type {Set<string>} */
  #rung = new Set();

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    this.refused.clear();
    Object.assign(this, { waiting: [], replaced: [] });
  }

  /** What to show once nothing newer is asked, and all devices. */
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

  /** After the eight words were heard. @param {Waiting} row */
  approve = (row) => this.#once(() => this.#around.approve(row));

  /** The words differed: it is to read nothing. @param {{id: string}} row */
  refuse = ({ id: device }) =>
    this.#once(() =>
      this.#around.act(async () => {
        const { waits } = await this.#around.request("revoke", { device, differ: true });
        if (waits) this.refused.add(device);
      }),
    );

  /** The second factor of before counts again. @param {string} replacement */
  undo = (replacement) =>
    this.#once(() => this.#around.act(() => this.#around.request("undoreplacement", { replacement })));

  /** @param {() => Promise<unknown>} action */
  async #once(action) {
    if (this.acting) return;
    this.acting = true;
    await action();
    this.acting = false;
  }
}
