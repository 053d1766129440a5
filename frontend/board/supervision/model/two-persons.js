// What one supervisor asks for and another one confirms: what waits, and the actions that need approval in their risky direction only.
// A request to hold a conversation, or to read it again, is one more of them.

/** @typedef {import("../../../shared/protocol.d.ts").ApprovalRow} ApprovalRow */
/** @typedef {import("../../../shared/protocol.d.ts").ContactRow} ContactRow */
/** @typedef {import("../../../shared/protocol.d.ts").AlertMailRow} AlertMailRow */
/** @typedef {import("../../../shared/protocol.d.ts").HoldRow} HoldRow */
/** @typedef {import("../../../shared/protocol.d.ts").ReadingRow} ReadingRow */
/** @typedef {{rows: ApprovalRow[], holds: HoldRow[], readings: ReadingRow[], contacts: ContactRow[], alerts: AlertMailRow[]}} Waiting */
/**
 * @typedef {object} Around
 * @property {import("../../board.js").Board["request"]} request
 * @property {(action: () => Promise<unknown>, own?: Record<string, string>) => Promise<unknown>} act  one action at a time, then a fresh look
 * @property {(told: string) => void} tell  a text's key
 * @property {() => void} rings  something new waits for this supervisor
 */

const TAKEN = { conflict: "approval_conflict" };

export class TwoPersons {
  /** @type {ApprovalRow[]} oldest first */
  rows = [];
  /** @type {HoldRow[]} that were asked for */
  holds = [];
  /** @type {ReadingRow[]} likewise */
  readings = [];
  /** @type {ContactRow[]} */
  contacts = [];
  /** @type {AlertMailRow[]} of each line */
  alerts = [];
  #around;
  /** Those that have rung. @type {Set<string>} */
  #rung = new Set();

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    Object.assign(this, { rows: [], holds: [], readings: [], contacts: [], alerts: [] });
  }

  /** How many wait for this supervisor. */
  get mine() {
    return this.#mine.length;
  }

  /** What waits for this supervisor, by its id. */
  get #mine() {
    const others = (/** @type {{own: boolean}} */ { own }) => !own;
    return [
      ...this.rows.filter(({ may }) => may).map(({ approval }) => approval),
      ...this.holds.filter(others).map(({ hold }) => hold),
      ...this.readings.filter(others).map(({ reading }) => reading),
    ];
  }

  /** The approval request for the review key of a line. @param {string} line */
  keyOf(line) {
    return this.rows.find((row) => row.kind === "review_key" && row.line === line);
  }

  /** What to show once nothing newer is asked. @returns {Promise<Waiting>} */
  async look() {
    const { request } = this.#around;
    const [{ approvals }, { holds, readings }, { services, alerts }] = await Promise.all([
      request("approvals"),
      request("reviewapprovals"),
      request("contacts"),
    ]);
    return { rows: approvals, holds, readings, contacts: services, alerts };
  }

  /** @param {Waiting} seen */
  show(seen) {
    Object.assign(this, seen);
    const mine = this.#mine;
    const fresh = mine.some((id) => !this.#rung.has(id));
    this.#rung = new Set(mine);
    if (fresh) this.#around.rings();
  }

  /** @param {string} approval */
  confirm = (approval) =>
    this.#around.act(() => this.#around.request("confirmapproval", { approval }), TAKEN);

  /** Takes back one's own, or says no to a colleague's. @param {string} approval */
  drop = (approval) => this.#around.act(() => this.#around.request("dropapproval", { approval }), TAKEN);

  /** @param {string} service @param {string} mail @param {string} url */
  setContact = (service, mail, url) =>
    this.#ask(() => this.#around.request("setcontact", { service, mail, url }));

  /** @param {string} line @param {string} mail */
  setAlertMail = (line, mail) =>
    this.#ask(() => this.#around.request("setalertmail", { line, mail }), { conflict: "alert_mail" });

  /** Shorter, and reading with two, at once. @param {string} line @param {number} hours @param {boolean} two */
  keep = (line, hours, two) => this.#ask(() => this.#around.request("keeping", { line, hours, two }));

  /** At once, save another supervisor's that is not lost. @param {string} device @param {boolean} lost */
  revoke = (device, lost) => this.#ask(() => this.#around.request("revoke", { device, lost }));

  /** Says so where it waits. @param {() => Promise<{waits: boolean}>} action @param {Record<string, string>} [own]  codes that mean something else here */
  #ask = (action, own = TAKEN) =>
    this.#around.act(async () => {
      const { waits } = await action();
      this.#around.tell(waits ? "board.approval.asked" : "board.approval.done");
    }, own);
}

/** Nobody is asked where there is no second supervisor yet, and the form says so. @param {boolean} byTwo @param {readonly string[]} asked @param {string} waits */
export function toldOf(byTwo, asked, waits) {
  if (asked.length) return waits;
  return byTwo ? "board.two.alone" : "board.directory.saved";
}
