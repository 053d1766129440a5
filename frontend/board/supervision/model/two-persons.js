// What one supervisor asks for and another one confirms: what waits, and the deeds of which the worse half waits.
// A wish to hold a conversation, or to read it again, is one more of them.

/** @typedef {import("../../../shared/protocol.d.ts").WishRow} WishRow */
/** @typedef {import("../../../shared/protocol.d.ts").ContactRow} ContactRow */
/** @typedef {import("../../../shared/protocol.d.ts").HoldRow} HoldRow */
/** @typedef {import("../../../shared/protocol.d.ts").ReadingRow} ReadingRow */
/** @typedef {{rows: WishRow[], holds: HoldRow[], readings: ReadingRow[], contacts: ContactRow[]}} Waiting */
/**
 * @typedef {object} Around
 * @property {import("../../board.js").Board["request"]} request
 * @property {(deed: () => Promise<unknown>, own?: Record<string, string>) => Promise<unknown>} act  one deed at a time, then a fresh look
 * @property {(told: string) => void} tell  a text's key
 * @property {() => void} rings  something new waits for this supervisor
 */

const TAKEN = { conflict: "wish_conflict" };

export class TwoPersons {
  /** @type {WishRow[]} oldest first */
  rows = [];
  /** @type {HoldRow[]} that were asked for */
  holds = [];
  /** @type {ReadingRow[]} likewise */
  readings = [];
  /** @type {ContactRow[]} */
  contacts = [];
  #around;
  /** Those that have rung. @type {Set<string>} */
  #rung = new Set();

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    Object.assign(this, { rows: [], holds: [], readings: [], contacts: [] });
  }

  /** How many wait for this supervisor. */
  get mine() {
    return this.#mine.length;
  }

  /** What waits for this supervisor, by its id. */
  get #mine() {
    const others = (/** @type {{own: boolean}} */ { own }) => !own;
    return [
      ...this.rows.filter(({ may }) => may).map(({ wish }) => wish),
      ...this.holds.filter(others).map(({ hold }) => hold),
      ...this.readings.filter(others).map(({ reading }) => reading),
    ];
  }

  /** The wish for the review key of a line that waits. @param {string} line */
  keyOf(line) {
    return this.rows.find((row) => row.kind === "review_key" && row.line === line);
  }

  /** What to show once nothing newer is asked. @returns {Promise<Waiting>} */
  async look() {
    const { request } = this.#around;
    const [{ wishes }, { holds, readings }, { services }] = await Promise.all([
      request("wishes"),
      request("reviewwishes"),
      request("contacts"),
    ]);
    return { rows: wishes, holds, readings, contacts: services };
  }

  /** @param {Waiting} seen */
  show(seen) {
    Object.assign(this, seen);
    const mine = this.#mine;
    const fresh = mine.some((id) => !this.#rung.has(id));
    this.#rung = new Set(mine);
    if (fresh) this.#around.rings();
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
