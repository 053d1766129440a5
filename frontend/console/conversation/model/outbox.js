// Sends messages in order. After the first attempt an item does not change: a retry sends the same bytes. Only after
// `stale_epoch` the same id and text are sealed again, for an epoch whose wrap could be opened here.
import { reseal, seal, TooLong } from "../../../shared/sealing.js";
import { Dropped, ErrorReply } from "../../../shared/socket.js";

/** @typedef {import("../../../shared/sealing.js").Item} Item */
/** @typedef {Exclude<import("../../../shared/sealing.js").Kind, "intake">} Kind */
/** @typedef {import("../../../shared/sealing.js").Place} Place */
/**
 * @typedef {object} Unsent
 * @property {number} key
 * @property {Kind} kind
 * @property {string} text
 * @property {Item | null} item  null until it is sealed for the first time
 * @property {boolean} stale  whether it has to be sealed again, for a newer epoch than the item's
 * @property {"waiting" | "sending" | "stored" | "failed"} state
 * @property {string} problem  an error code, "dropped", or ""
 * @property {boolean} pauses  whether it waits for a moment after a refusal that passes
 */
/**
 * @typedef {object} Way
 * @property {(kind: "post" | "note", box: {id: string, epoch: number, box: string}, what: Kind) => Promise<unknown>} send
 * @property {() => Place | null} place  returns where a text can be sealed now
 * @property {() => string} hindrance  returns why nothing can be sent now, or ""
 * @property {() => void} changed  called when the list has changed
 * @property {(ms: number, act: () => void) => () => void} after
 */

const PASSING = ["slow_down", "try_again"];
const PAUSE_MS = 3000;

export class Outbox {
  /** @type {Unsent[]} */
  unsent = [];
  #way;
  #busy = false;
  #keys = 0;

  /** @param {Way} way */
  constructor(way) {
    this.#way = way;
  }

  get items() {
    return this.unsent.flatMap(({ item }) => (item ? [item] : []));
  }

  /** @param {string} text @param {{kind?: Kind, item?: Item | null}} [how]  item: one that was sealed and stored before a reload */
  add(text, { kind = "message", item = null } = {}) {
    const fresh = { key: ++this.#keys, kind, text, item, stale: false, problem: "", pauses: false };
    this.unsent = [...this.unsent, { ...fresh, state: /** @type {const} */ ("waiting") }];
    this.#way.changed();
    this.pump();
  }

  /** @param {number} key */
  retry(key) {
    this.#set(key, { state: "waiting", problem: "", pauses: false });
    this.pump();
  }

  /** Removes a message from the list and returns it. @param {number} key */
  takeBack(key) {
    const taken = this.unsent.find((one) => one.key === key);
    this.unsent = this.unsent.filter((one) => one.key !== key);
    this.#way.changed();
    return taken;
  }

  /** Removes a message whose entry is in the log. @param {string} id */
  settle(id) {
    const left = this.unsent.filter(({ item }) => item?.id !== id);
    if (left.length === this.unsent.length) return;
    this.unsent = left;
    this.#way.changed();
  }

  clear() {
    this.unsent = [];
  }

  /** Sends what can be sent, one after the other. */
  async pump() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) await this.#send(next);
    } finally {
      this.#busy = false;
    }
  }

  /** Returns the first waiting message if it may be sent now. A later message never overtakes it. */
  #next() {
    const first = this.unsent.find(({ state }) => state === "waiting");
    return first && this.#mayGo(first) ? first : undefined;
  }

  /** @param {Unsent} unsent */
  #mayGo({ item, stale, pauses }) {
    if (pauses) return false;
    const hindrance = this.#way.hindrance();
    // After the end the same bytes may be sent one more time: the reply says whether they were stored before.
    if (hindrance === "ended") return true;
    if (hindrance) return false;
    const place = this.#way.place();
    return item && stale ? (place?.epoch ?? 0) > item.epoch : place !== null;
  }

  /** @param {Unsent} unsent */
  async #send({ key, kind, text, item: before, stale }) {
    this.#set(key, { state: "sending" });
    try {
      const item = await this.#sealed(kind, text, before, stale);
      this.#set(key, { item, stale: false });
      // While it was being sealed, somebody may have left.
      const hindrance = this.#way.hindrance();
      if (hindrance === "ended" && !item) return this.#set(key, { state: "failed", problem: "ended" });
      if (!item || (hindrance && hindrance !== "ended")) return this.#set(key, { state: "waiting" });
      const { id, epoch, box } = item;
      await this.#way.send(kind === "note" ? "note" : "post", { id, epoch, box }, kind);
      this.#set(key, { state: "stored", problem: "" });
    } catch (error) {
      this.#failed(key, error);
    }
  }

  /** @param {Kind} kind @param {string} text @param {Item | null} item @param {boolean} stale */
  async #sealed(kind, text, item, stale) {
    const place = this.#way.place();
    if (!place) return item;
    if (!item) return seal(kind, kind === "note" ? { text } : text, place);
    return stale ? reseal(item, place) : item;
  }

  /** @param {number} key @param {unknown} error */
  #failed(key, error) {
    const code = error instanceof ErrorReply ? error.code : error instanceof TooLong ? "too_long" : "dropped";
    if (!(error instanceof ErrorReply || error instanceof TooLong || error instanceof Dropped)) throw error;
    // The server has stored other bytes under this id: its entry is in the log or will arrive.
    if (code === "replayed") return this.#set(key, { state: "stored", problem: "" });
    if (code === "stale_epoch") return this.#set(key, { state: "waiting", stale: true, problem: code });
    if (code === "dropped") return this.#set(key, { state: "waiting", problem: code });
    if (!PASSING.includes(code)) return this.#set(key, { state: "failed", problem: code });
    this.#set(key, { state: "waiting", problem: code, pauses: true });
    // The timer alone ends the pause: the clock is set by the server's frames, and may go back meanwhile.
    this.#way.after(PAUSE_MS, () => {
      this.#set(key, { pauses: false });
      this.pump();
    });
  }

  /** @param {number} key @param {Partial<Unsent>} change */
  #set(key, change) {
    this.unsent = this.unsent.map((one) => (one.key === key ? { ...one, ...change } : one));
    this.#way.changed();
  }
}
