// Models the chosen line's kept conversations: which of them can be read again, the readings (requests to
// read one), and the holds.
import { ErrorReply } from "../../../shared/socket.js";
import { fetchTranscript } from "./transcript.js";

/** @typedef {import("../../../shared/protocol.d.ts").ReviewRow} Review */
/** @typedef {import("../../../shared/protocol.d.ts").ReadingRow} Reading */
/** @typedef {import("../../../shared/protocol.d.ts").HoldRow} Hold */
/** @typedef {import("../../../shared/protocol.d.ts").Hold["reason"]} HoldReason */
/** @typedef {{reading: string, conversation: string, lines: import("./transcript.js").TranscriptLine[] | null, until: string}} Shown  lines: null while it opens; until: when the reading ends, once the server has listed it */
/**
 * @typedef {object} Around
 * @property {import("../../board.js").Board["request"]} request
 * @property {(action: () => Promise<unknown>, own?: Record<string, string>) => Promise<unknown>} act
 * @property {() => {line: string, pair: CryptoKeyPair}} own  the chosen line, and this browser's device
 * @property {() => string} chosen  the line
 * @property {() => Promise<void>} refresh  fetches the board's data again
 * @property {() => void} changed
 * @property {(ms: number, act: () => void) => unknown} after
 * @property {() => number} now  the server's clock, milliseconds
 * @property {(problem: string) => void} fail
 */

/** Limits a page to the number of rows that the server returns for one request. */
const PAGE = 100;
/** These error codes mean that another supervisor was faster, or that the request has expired. */
const GONE = { conflict: "approval_conflict", not_found: "approval_conflict" };

export class Retention {
  /** @type {Review[]} */
  reviews = [];
  /** @type {Reading[]} */
  readings = [];
  /** @type {Hold[]} */
  holds = [];
  more = false;
  /** Filters the conversations that can be read again. `day`: the last day that is included. */
  sought = { person: "", risk: /** @type {0 | 1 | 2} */ (0), minutes: 0, day: "" };
  /** @type {Shown | null} */
  shown = null;
  #pagedOf = ""; // the line of which earlier pages are shown
  #around;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    Object.assign(this, { reviews: [], readings: [], holds: [], shown: null });
  }

  /** Closes the open transcript and clears the person filter when another line is chosen. */
  leaveLine() {
    this.#pagedOf = "";
    // The former line's rows must not stand under the new one's name while its own are fetched.
    Object.assign(this, { reviews: [], readings: [], holds: [], more: false });
    Object.assign(this, { shown: null, sought: { ...this.sought, person: "" } });
  }

  /** Fetches a line's data. The board ignores the result if it has begun a newer fetch. @param {string} line */
  async look(line) {
    const [{ conversations, readings }, { holds }] = await Promise.all([
      this.#around.request("reviews", { line, ...this.#filter() }),
      this.#around.request("holds", { line }),
    ]);
    const more = conversations.length >= PAGE;
    // Earlier pages that somebody has fetched stay, with the forms in them.
    const last = conversations.at(-1)?.opened ?? "";
    const earlier = more && line === this.#pagedOf ? this.reviews.filter(({ opened }) => opened < last) : [];
    const reviews = [...conversations, ...earlier];
    return { reviews, readings, holds, more: earlier.length ? this.more : more };
  }

  /** Shows what `look` fetched. Closes a transcript whose reading has ended, or whose conversation is gone. @param {Awaited<ReturnType<Retention["look"]>>} found */
  show(found) {
    Object.assign(this, found);
    const { shown } = this;
    if (!shown) return;
    const row = found.readings.find(({ reading, open }) => open && reading === shown.reading);
    if (shown.until && !row) this.shown = null;
    if (shown.until || !row) return;
    shown.until = row.until;
    // The board may be offline by then.
    this.#around.after(Date.parse(row.until) - this.#around.now(), () => {
      if (this.shown === shown) this.closeReading();
    });
  }

  /** Returns the filter for `reviews`. A chosen day ends at the following midnight, by this computer's clock. */
  #filter() {
    const { day, ...sought } = this.sought;
    if (!day) return { ...sought, before: null };
    const midnight = new Date(`${day}T00:00:00`);
    midnight.setDate(midnight.getDate() + 1);
    return { ...sought, before: midnight.toISOString() };
  }

  /** @param {Partial<Retention["sought"]>} change */
  async seek(change) {
    this.#pagedOf = "";
    this.sought = { ...this.sought, ...change };
    await this.#around.refresh();
  }

  /** Fetches the next page of earlier conversations. */
  older = () =>
    this.#around.act(async () => {
      const [{ before, ...sought }, line] = [this.#filter(), this.#around.chosen()];
      const last = this.reviews.at(-1)?.opened ?? before;
      const { conversations } = await this.#around.request("reviews", { line, ...sought, before: last });
      if (line !== this.#around.chosen()) return;
      this.#pagedOf = line;
      this.reviews = [...this.reviews, ...conversations];
      this.more = conversations.length >= PAGE;
    });

  /** @param {string} conversation @param {import("../../../shared/protocol.d.ts").Read["reason"]} reason */
  read = (conversation, reason) =>
    this.#around.act(async () => {
      const ok = await this.#around.request("read", { conversation, reason });
      if (ok.open) await this.#open(ok.reading, conversation);
    });

  /** @param {string} reading */
  allow = (reading) => this.#around.act(() => this.#around.request("allow", { reading }), GONE);

  /** Withdraws this supervisor's request to read, or refuses a colleague's. @param {string} reading */
  dropReading = (reading) => this.#around.act(() => this.#around.request("dropreading", { reading }), GONE);

  /** Opens a reading that was allowed. @param {Reading} reading */
  openReading = ({ reading, conversation }) => this.#around.act(() => this.#open(reading, conversation));

  closeReading() {
    this.shown = null;
    this.#around.changed();
  }

  /** @param {string} reading @param {string} conversation */
  async #open(reading, conversation) {
    /** @type {Shown} */
    const opening = { reading, conversation, lines: null, until: "" };
    this.shown = opening;
    this.#around.changed();
    try {
      opening.lines = await fetchTranscript(
        this.#around.request,
        reading,
        conversation,
        this.#around.own().pair,
      );
    } catch (error) {
      if (this.shown !== opening) return; // closed, or another line was chosen
      this.shown = null;
      if (error instanceof ErrorReply && error.code === "conflict") return this.#around.fail("no_share");
      throw error;
    }
  }

  /** @param {string} conversation @param {HoldReason} reason @param {string} until  ISO 8601 */
  askHold = (conversation, reason, until) =>
    this.#around.act(() => this.#around.request("hold", { conversation, reason, until }), {
      conflict: "hold_conflict",
    });

  /** @param {string} hold */
  confirmHold = (hold) =>
    this.#around.act(() => this.#around.request("confirm", { hold }), { conflict: "hold_conflict" });

  /** Withdraws this supervisor's request for a hold, or refuses a colleague's. @param {string} hold */
  dropHold = (hold) => this.#around.act(() => this.#around.request("drop", { hold }));
}
