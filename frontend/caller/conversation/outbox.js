// Holds what the caller wrote and the server has not acknowledged. Each text is sent once, in order.
import { openOwn, reseal, seal } from "../../shared/sealing.js";
import { ErrorReply } from "../../shared/socket.js";

/** @typedef {import("../coming-back/tab-memory.js").TabMemory} TabMemory */
/** @typedef {import("../coming-back/tab-memory.js").Unsent} Unsent */
/** @typedef {import("../../shared/sealing.js").Item} Item */
/** @typedef {"waiting" | "sending" | "failed" | "later" | "never"} State  failed: to be tried again; later: after the letter is answered; never: it cannot be sent */
/** @typedef {{kind: "message" | "intake" | "case", content: string | object, item: Item | null, sent: boolean, state: State, slowed?: number}} Outgoing  sent: its bytes are frozen; slowed: refusals in a row */
/**
 * @typedef {object} Way
 * @property {(item: {id: string, epoch: number, box: string}) => Promise<unknown>} post
 * @property {() => boolean} open  whether something may be sent now
 * @property {() => boolean} isLetter  a letter holds only so much until it is answered
 * @property {() => void} changed
 * @property {() => void} grant  makes a new epoch if one is due
 * @property {(ms: number, act: () => void) => unknown} after
 */

const SLOWED = 30; // refusals in a row
const PAUSE_MS = { slow_down: 1100, try_again: 2000, stale_epoch: 500 };

export class Outbox {
  /** @type {Outgoing[]} */
  items = [];
  #memory;
  #grants;
  #way;
  #sending = false;
  #isOver = false;
  #restored; // the items of earlier pages are loaded

  /** @param {TabMemory} memory @param {import("./grants.js").Grants} grants @param {Way} way */
  constructor(memory, grants, way) {
    this.#memory = memory;
    this.#grants = grants;
    this.#way = way;
    this.#restored = memory.state === null;
  }

  /** @param {"message" | "intake" | "case"} kind @param {string | object} content @throws {import("../../shared/sealing.js").TooLong} */
  async add(kind, content) {
    const item =
      this.#memory.state && this.#grants.counts ? await seal(kind, content, this.#grants.place) : null;
    this.items.push({ kind, content, item, sent: false, state: this.#isOver ? "never" : "waiting" });
    this.save();
    this.send();
  }

  /** @param {Outgoing} outgoing */
  tryAgain(outgoing) {
    outgoing.state = "waiting";
    this.send();
  }

  /** Call it when the letter was answered, or became a chat. */
  holdsMore() {
    for (const outgoing of this.items) if (outgoing.state === "later") outgoing.state = "waiting";
    this.send();
  }

  /** Call it when the conversation has ended: nothing is sent any more. */
  over() {
    this.#isOver = true;
    for (const outgoing of this.items) if (outgoing.state !== "sending") outgoing.state = "never";
  }

  /** @param {string} id */
  stored(id) {
    this.items = this.items.filter(({ item }) => item?.id !== id);
    this.save();
  }

  /** Loads what an earlier page left. Call it once that page's secrets are here. */
  async restore() {
    const remembered = this.#memory.state;
    /** @type {Outgoing[]} */
    const restored = [];
    for (const unsent of this.#restored ? [] : (remembered?.unsent ?? [])) {
      if ("content" in unsent) {
        restored.push({ ...unsent, item: null, sent: false, state: "waiting" });
        continue;
      }
      const { sent, epoch, box } = unsent;
      const secret = this.#grants.secrets.get(epoch);
      if (!remembered || !secret) continue;
      const where = { conversation: remembered.conversation, epoch, sender: remembered.member, secret };
      const item = await openOwn(box, where).catch(() => null);
      const kind = item?.kind === "intake" || item?.kind === "case" ? item.kind : "message";
      if (item) restored.push({ kind, content: item.text, item, sent, state: "waiting" });
    }
    this.items.unshift(...restored);
    this.#restored = true;
    this.save();
  }

  async send() {
    if (this.#sending) return;
    this.#sending = true;
    for (let next = this.#next; next && next.state !== "failed"; next = this.#next)
      if (!this.#way.open() || !(await this.#sendOne(next))) break;
    this.#sending = false;
  }

  get #next() {
    return this.items.find(({ state }) => !["later", "never"].includes(state));
  }

  /** @param {Outgoing} outgoing @returns {Promise<boolean>} whether to go on */
  async #sendOne(outgoing) {
    if (!outgoing.sent) await this.#seal(outgoing);
    const { item } = outgoing;
    // Somebody may have left while it was being sealed.
    if (!item || !this.#way.open()) return true;
    const { sent } = outgoing;
    outgoing.sent = true;
    await this.save();
    if (!this.#way.open()) {
      outgoing.sent = sent;
      return true;
    }
    outgoing.state = "sending";
    this.#way.changed();
    try {
      await this.#way.post({ id: item.id, epoch: item.epoch, box: item.box });
      this.stored(item.id);
      return true;
    } catch (error) {
      outgoing.state = "waiting";
      const goesOn = error instanceof ErrorReply && (await this.#refused(outgoing, error));
      if (this.#isOver) {
        this.over();
        this.#way.changed();
      }
      return goesOn; // disconnected: the same bytes after `resume`
    }
  }

  /** @param {Outgoing} outgoing */
  async #seal(outgoing) {
    const { kind, content, item } = outgoing;
    const { place } = this.#grants;
    outgoing.item = item ? await reseal(item, place) : await seal(kind, content, place);
  }

  /** @param {Outgoing} outgoing @param {ErrorReply} error @returns {Promise<boolean>} whether to go on */
  async #refused(outgoing, { code, frame }) {
    const slowed = code === "slow_down" ? (outgoing.slowed ?? 0) + 1 : 0;
    outgoing.slowed = slowed;
    // A conversation that refuses for so long accepts no more messages, and the other items must not wait.
    if (slowed > SLOWED) outgoing.state = "never";
    else if (slowed) await this.#pause(PAUSE_MS.slow_down);
    else if (code === "stale_epoch") await this.#stale(outgoing, Number(frame.epoch));
    else if (code === "replayed") this.stored(outgoing.item?.id ?? "");
    else if (code === "conflict" && this.#way.isLetter())
      outgoing.state = "later"; // it holds no more now
    else outgoing.state = code === "try_again" ? "failed" : "never";
    if (outgoing.state === "failed")
      this.#way.after(PAUSE_MS.try_again, () => outgoing.state === "failed" && this.tryAgain(outgoing));
    this.#way.changed();
    return outgoing.state !== "failed";
  }

  /** Handles `stale_epoch`, the only case in which the same text is sealed again. @param {Outgoing} outgoing @param {number} epoch */
  async #stale(outgoing, epoch) {
    outgoing.sent = false;
    if (outgoing.item?.epoch !== this.#grants.current) return;
    if (!this.#grants.flight) this.#grants.throwAway(epoch);
    this.#way.grant();
    await this.#pause(PAUSE_MS.stale_epoch);
  }

  /** @param {number} ms @returns {Promise<void>} */
  #pause = (ms) => new Promise((done) => this.#way.after(ms, () => done()));

  /** Stores all that is not acknowledged, also what no secret seals yet: the tab's memory seals it too. */
  save() {
    const { state } = this.#memory;
    if (!state || !this.#restored) return;
    state.unsent = this.items.map(({ kind, content, item, sent }) =>
      item ? { id: item.id, epoch: item.epoch, box: item.box, sent } : { kind, content },
    );
    return this.#memory.save();
  }
}
