// Models approval requests: everything that waits for a second supervisor, including requests to hold a conversation or
// to read it again. Also sends changes that need approval in one direction only: a longer retention needs it, a shorter
// one does not.

import { ErrorReply } from "../../../shared/socket.js";
import { t } from "../../../shared/text.js";

/** @typedef {import("../../../shared/protocol.d.ts").ApprovalRow} ApprovalRow */
/** @typedef {import("../../../shared/protocol.d.ts").ContactRow} ContactRow */
/** @typedef {import("../../../shared/protocol.d.ts").AlertMailRow} AlertMailRow */
/** @typedef {import("../../../shared/protocol.d.ts").HoldRow} HoldRow */
/** @typedef {import("../../../shared/protocol.d.ts").ReadingRow} ReadingRow */
/** @typedef {import("../../../shared/protocol.d.ts").ApproversRow} ApproversRow */
/** @typedef {{approvers: ApproversRow[], rows: ApprovalRow[], holds: HoldRow[], readings: ReadingRow[], contacts: ContactRow[], alerts: AlertMailRow[]}} Waiting */
/**
 * @typedef {object} Around
 * @property {import("../../board.js").Board["request"]} request
 * @property {(action: () => Promise<unknown>, own?: Record<string, string>) => Promise<unknown>} act  runs one action at a time, then fetches the state again
 * @property {(told: string) => void} tell  announces a text, given by its key
 * @property {() => void} rings  called if something new waits for this supervisor
 */

const TAKEN = { conflict: "approval_conflict" };

export class TwoPersons {
  /** Holds, by line, who could approve a request of this supervisor; empty until it is known. @type {ApproversRow[]} */
  approvers = [];
  /** Holds the approval requests, oldest first. @type {ApprovalRow[]} */
  rows = [];
  /** Holds the requests to hold a conversation. @type {HoldRow[]} */
  holds = [];
  /** Holds the requests to read a conversation again. @type {ReadingRow[]} */
  readings = [];
  /** @type {ContactRow[]} */
  contacts = [];
  /** Holds the addresses for each line's alerts. @type {AlertMailRow[]} */
  alerts = [];
  #around;
  /** Holds the ids that were announced with a sound already. @type {Set<string>} */
  #rung = new Set();

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    Object.assign(this, { approvers: [], rows: [], holds: [], readings: [], contacts: [], alerts: [] });
  }

  /** Returns how many requests wait for this supervisor. */
  get mine() {
    return this.#mine.length;
  }

  /** Returns the ids of the requests that wait for this supervisor. */
  get #mine() {
    const others = (/** @type {{own: boolean}} */ { own }) => !own;
    return [
      ...this.rows.filter(({ may }) => may).map(({ approval }) => approval),
      ...this.holds.filter(others).map(({ hold }) => hold),
      ...this.readings.filter(others).map(({ reading }) => reading),
    ];
  }

  /** Returns the approval request for a line's review key. @param {string} line */
  keyOf(line) {
    return this.rows.find((row) => row.kind === "review_key" && row.line === line);
  }

  /** Returns whether this supervisor's requests apply immediately, because there is no second supervisor. @param {string | null} line  null: no single line */
  isAlone = (line) => this.#approversOf(line)?.alone === true;

  /** Returns a sentence that says who could approve a request of this supervisor. @param {string | null} line  null: no single line */
  saysOfTwo(line) {
    const found = this.#approversOf(line);
    if (!found) return t("board.two");
    if (found.alone) return t("board.two.at_once");
    const names = found.others.join(", ");
    return names ? t("board.two.others", { names }) : t("board.two.nobody");
  }

  /** @param {string | null} line */
  #approversOf = (line) => this.approvers.find((one) => one.line === line);

  /** Fetches the data to show. The board ignores the result if it has begun a newer fetch. @returns {Promise<Waiting>} */
  async look() {
    const { request } = this.#around;
    const [{ approvals, approvers }, { holds, readings }, { services, alerts }] = await Promise.all([
      request("approvals"),
      request("reviewapprovals"),
      request("contacts"),
    ]);
    return { approvers, rows: approvals, holds, readings, contacts: services, alerts };
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
    this.#around.act(() => this.#around.request("confirmapproval", { approval }).catch(sayWhy), TAKEN);

  /** Withdraws this supervisor's request, or refuses a colleague's. @param {string} approval */
  drop = (approval) => this.#around.act(() => this.#around.request("dropapproval", { approval }), TAKEN);

  /** @param {string} service @param {string} mail @param {string} url */
  setContact = (service, mail, url) =>
    this.#ask(() => this.#around.request("setcontact", { service, mail, url }));

  /** @param {string} line @param {string} mail */
  setAlertMail = (line, mail) =>
    this.#ask(() => this.#around.request("setalertmail", { line, mail }), { conflict: "alert_mail" });

  /** Sets how long the line keeps conversations. A shorter time applies immediately, and so does the rule that reading needs two supervisors. @param {string} line @param {number} hours @param {boolean} two */
  keep = (line, hours, two) => this.#ask(() => this.#around.request("keeping", { line, hours, two }));

  /** Revokes a device immediately. For another supervisor's device, approval is needed, unless the device is lost. @param {string} device @param {boolean} lost */
  revoke = (device, lost) => this.#ask(() => this.#around.request("revoke", { device, lost }));

  /** Runs an action, and announces whether it waits for approval. @param {() => Promise<{waits: boolean}>} action @param {Record<string, string>} [own]  error codes that get another text here */
  #ask = (action, own = TAKEN) =>
    this.#around.act(async () => {
      const { waits } = await action();
      this.#around.tell(waits ? "board.approval.asked" : "board.approval.done");
    }, own);
}

/** Gives the refusal to end a line its own code, because the usual text of a conflict would blame a colleague. @param {any} error @returns {never} */
export function sayWhy(error) {
  if (error?.frame?.field !== "ended") throw error;
  throw new ErrorReply({ ...error.frame, code: "still_inside", field: undefined });
}

/** Returns the key of the text that is shown after saving. Without a second supervisor, no approval is requested, and the form says so. @param {boolean} byTwo @param {readonly string[]} asked @param {string} waits */
export function toldOf(byTwo, asked, waits) {
  if (asked.length) return waits;
  return byTwo ? "board.two.alone" : "board.directory.saved";
}
