// What one supervisor asks for and another one confirms: what waits, and the deeds of which the worse half waits.

/** @typedef {import("../../../shared/protocol.d.ts").WishRow} WishRow */
/** @typedef {import("../../../shared/protocol.d.ts").ContactRow} ContactRow */
/**
 * @typedef {object} Around
 * @property {import("../../board.js").Board["request"]} request
 * @property {(deed: () => Promise<unknown>, own?: Record<string, string>) => Promise<unknown>} act  one deed at a time, then a fresh look
 * @property {(told: string) => void} tell  a text's key
 */

const TAKEN = { conflict: "wish_conflict" };

export class TwoPersons {
  /** @type {WishRow[]} oldest first */
  rows = [];
  /** @type {ContactRow[]} */
  contacts = [];
  #around;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    Object.assign(this, { rows: [], contacts: [] });
  }

  /** How many wait for this supervisor. */
  get mine() {
    return this.rows.filter(({ may }) => may).length;
  }

  /** The wish for the review key of a line that waits. @param {string} line */
  keyOf(line) {
    return this.rows.find((row) => row.kind === "review_key" && row.line === line);
  }

  /** What to show once nothing newer is asked. @returns {Promise<{rows: WishRow[], contacts: ContactRow[]}>} */
  async look() {
    const { request } = this.#around;
    const [{ wishes }, { services }] = await Promise.all([request("wishes"), request("contacts")]);
    return { rows: wishes, contacts: services };
  }

  /** @param {string} wish */
  confirm = (wish) => this.#around.act(() => this.#around.request("confirmwish", { wish }), TAKEN);

  /** Takes back one's own, or says no to a colleague's. @param {string} wish */
  drop = (wish) => this.#around.act(() => this.#around.request("dropwish", { wish }), TAKEN);

  /** @param {string} service @param {string} mail @param {string} url */
  setContact = (service, mail, url) =>
    this.#ask(() => this.#around.request("setcontact", { service, mail, url }));

  /** Shorter, and reading with two, at once. @param {string} line @param {number} hours @param {boolean} two */
  keep = (line, hours, two) => this.#ask(() => this.#around.request("keeping", { line, hours, two }));

  /** At once, save another supervisor's that is not lost. @param {string} device @param {boolean} lost */
  revoke = (device, lost) => this.#ask(() => this.#around.request("revoke", { device, lost }));

  /** Says so where it waits. @param {() => Promise<{waits: boolean}>} deed */
  #ask = (deed) =>
    this.#around.act(async () => {
      const { waits } = await deed();
      this.#around.tell(waits ? "board.wish.asked" : "board.wish.done");
    }, TAKEN);
}
