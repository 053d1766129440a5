// What this tab keeps over a reload, and the only place that touches sessionStorage. It ends with the tab and
// holds nothing readable: secrets lie under the shelf key, which is in memory only and comes again with
// `resume`; texts lie in their boxes.
import { openFromShelf, openOwn, reseal, seal, sealUnderShelf } from "../shared/sealing.js";
import { ErrorReply } from "../shared/socket.js";

/** @typedef {import("../shared/sealing.js").Secret} Secret */
/** @typedef {{id: string, epoch: number, box: string, sent: boolean}} Unsent  sent: its bytes are frozen */
/** @typedef {{service: string, history: boolean}} Yes  what stood on the card */
/** @typedef {Record<string, number[]>} Owed  by member: the earlier epochs it has still to be given */
/** @typedef {{epoch: number, sealed: string, owed: Owed}} KeptFlight  owed: if the grant counts */
/** @typedef {{answered: number, unanswered: number, backups: string}} Keeps  seconds after the end, and an instant */
/**
 * @typedef {object} Kept
 * @property {string} conversation
 * @property {string} member
 * @property {string} token
 * @property {string} line
 * @property {string | null} review  the key named in `start`
 * @property {Keeps} [keeps]  as `start` said
 * @property {boolean} [erasing]  asked for, and no reply yet
 * @property {Record<string, string>} seats  by member: role and key, for good
 * @property {Record<string, Yes>} yes  by invitation
 * @property {Record<string, boolean>} shared  by member of the line: may it read what was said to partners alone
 * @property {number} counted  the highest epoch that counted
 * @property {number} floor  nothing is sealed below it
 * @property {string | null} secrets  sealed
 * @property {KeptFlight | null} flight  a grant under way
 * @property {Owed} owed
 * @property {Unsent[]} unsent
 */
/** @typedef {import("../shared/sealing.js").Item} Item */
/** @typedef {"waiting" | "sending" | "failed" | "never"} State  failed: to be tried again; never: it cannot be sent */
/** @typedef {{kind: "message" | "intake", content: string | object, item: Item | null, sent: boolean, state: State}} Outgoing  sent: its bytes are frozen */
/**
 * @typedef {object} Way
 * @property {(type: string, fields: object) => Promise<object>} request
 * @property {() => boolean} open  whether something may be sent now
 * @property {() => void} changed
 * @property {() => void} grant  makes a new epoch if one is due
 * @property {(ms: number, act: () => void) => unknown} after
 */

const NAME = "tab";
const CAME_TO_NOTHING = ["refused", "declined", "expired", "withdrawn"];
const PAUSE_MS = { slow_down: 1100, try_again: 2000, stale_epoch: 500 };

export class Keep {
  #storage;
  /** @type {string | null} */
  #shelf = null;
  #writing = Promise.resolve();

  /** @param {Pick<Storage, "getItem" | "setItem" | "removeItem"> | null} storage  null: in memory only */
  constructor(storage) {
    this.#storage = storage;
    this.state = this.#read();
  }

  /** @param {Pick<Kept, "conversation" | "member" | "token" | "line" | "review" | "keeps">} started @param {string} shelf */
  begin(started, shelf) {
    this.#shelf = shelf;
    this.state = {
      ...started,
      ...{ seats: {}, yes: {}, shared: {}, counted: 0, floor: 0 },
      ...{ secrets: null, flight: null, owed: {}, unsent: [] },
    };
    this.save();
  }

  /** What the caller answered to a card: a yes, with what stood on it, or null. @param {string} invitation @param {Yes | null} yes */
  consent(invitation, yes) {
    if (!this.state) return;
    if (yes) this.state.yes[invitation] = yes;
    else delete this.state.yes[invitation];
    this.save();
  }

  /** A yes ends with its invitation. @param {string} invitation @param {string} state */
  invited(invitation, state) {
    if (CAME_TO_NOTHING.includes(state)) this.consent(invitation, null);
  }

  /** @param {string | null} shelf  null once it has ended */
  unlock(shelf) {
    this.#shelf = shelf;
  }

  /** Throws nothing: without storage the talk goes on, and only a reload loses it. */
  save() {
    try {
      this.#storage?.setItem(NAME, JSON.stringify(this.state));
    } catch {
      this.#storage = null;
    }
  }

  /** Drops everything, at once. */
  forget() {
    this.state = null;
    this.#shelf = null;
    try {
      this.#storage?.removeItem(NAME);
    } catch {
      this.#storage = null;
    }
  }

  /**
   * The secrets that count, and with them what is owed. One write after the other, each with the newest map:
   * the flight goes in the same write in which its secret comes.
   * @param {ReadonlyMap<number, Secret>} secrets @param {Owed} owed @param {number} [landed]  the flight's epoch
   */
  shelve(secrets, owed, landed) {
    this.#writing = this.#writing.then(async () => {
      if (!this.#shelf || !this.state) return;
      const sealed = await sealUnderShelf(this.#shelf, secrets);
      if (!this.state) return; // forgotten meanwhile
      const flight = this.state.flight?.epoch === landed ? null : this.state.flight;
      Object.assign(this.state, { secrets: sealed, owed, flight });
      this.save();
    });
    return this.#writing;
  }

  /** A grant's secret, before it is sent. @param {number} epoch @param {Secret} secret @param {Owed} owed */
  async takeOff(epoch, secret, owed) {
    if (!this.#shelf || !this.state) return;
    const sealed = await sealUnderShelf(this.#shelf, new Map([[epoch, secret]]));
    if (!this.state) return;
    this.state.flight = { epoch, sealed, owed };
    this.save();
  }

  /** A grant that did not count. */
  throwAway() {
    if (!this.state) return;
    this.state.flight = null;
    this.save();
  }

  /** What an earlier page shelved; nothing where it cannot be opened any more. */
  async fetchSecrets() {
    const flight = this.state?.flight ?? null;
    const secrets = await this.#open(this.state?.secrets);
    const secret = flight && (await this.#open(flight.sealed)).get(flight.epoch);
    return { secrets, flight: flight && secret ? { epoch: flight.epoch, secret, owed: flight.owed } : null };
  }

  /** @param {string | null | undefined} sealed @returns {Promise<Map<number, Secret>>} */
  async #open(sealed) {
    if (!sealed || !this.#shelf) return new Map();
    return openFromShelf(this.#shelf, sealed).catch(() => new Map());
  }

  /** @returns {Kept | null} */
  #read() {
    try {
      return JSON.parse(this.#storage?.getItem(NAME) ?? "null");
    } catch {
      return null;
    }
  }
}

/** What the caller wrote and the server has not acknowledged yet: in order, never lost, never twice. */
export class Outbox {
  /** @type {Outgoing[]} */
  items = [];
  #keep;
  #letin;
  #way;
  #sending = false;
  /** @type {Unsent[]} what an earlier page left, until its secrets are here */
  #left;

  /** @param {Keep} keep @param {import("./admission.js").LetIn} letin @param {Way} way */
  constructor(keep, letin, way) {
    this.#keep = keep;
    this.#letin = letin;
    this.#way = way;
    this.#left = keep.state?.unsent ?? [];
  }

  /** @param {"message" | "intake"} kind @param {string | object} content @throws {import("../shared/sealing.js").TooLong} */
  async add(kind, content) {
    // Sealed at once, also where it has to wait: only boxes lie in the storage.
    const item = this.#keep.state && this.#letin.counts ? await seal(kind, content, this.#letin.place) : null;
    this.items.push({ kind, content, item, sent: false, state: "waiting" });
    this.#save();
    this.send();
  }

  /** @param {Outgoing} outgoing */
  tryAgain(outgoing) {
    outgoing.state = "waiting";
    this.send();
  }

  /** The server has it. @param {string} id */
  stored(id) {
    this.items = this.items.filter(({ item }) => item?.id !== id);
    this.#save();
  }

  /** Takes up what an earlier page left; to be called when its secrets are here. */
  async restore() {
    const kept = this.#keep.state;
    /** @type {Outgoing[]} */
    const restored = [];
    for (const { sent, epoch, box } of this.#left) {
      const secret = this.#letin.secrets.get(epoch);
      if (!kept || !secret) continue;
      const where = { conversation: kept.conversation, epoch, sender: kept.member, secret };
      const item = await openOwn(box, where).catch(() => null);
      const kind = item?.kind === "intake" ? "intake" : "message";
      if (item) restored.push({ kind, content: item.text, item, sent, state: "waiting" });
    }
    this.#left = [];
    this.items.unshift(...restored);
  }

  /** Sends what may be sent, one after the other. */
  async send() {
    if (this.#sending) return;
    this.#sending = true;
    for (let next = this.#next; next && next.state !== "failed"; next = this.#next)
      if (!this.#way.open() || !(await this.#sendOne(next))) break;
    this.#sending = false;
  }

  get #next() {
    return this.items.find(({ state }) => state !== "never");
  }

  /** @param {Outgoing} outgoing @returns {Promise<boolean>} whether to go on */
  async #sendOne(outgoing) {
    if (!outgoing.sent) await this.#seal(outgoing);
    const { item } = outgoing;
    // While it was being sealed somebody may have left.
    if (!item || !this.#way.open()) return true;
    outgoing.sent = true;
    outgoing.state = "sending";
    this.#save();
    this.#way.changed();
    try {
      await this.#way.request("post", { id: item.id, epoch: item.epoch, box: item.box });
      this.stored(item.id);
      return true;
    } catch (error) {
      outgoing.state = "waiting";
      if (error instanceof ErrorReply) return this.#refused(outgoing, error);
      return false; // the connection went: the same bytes after `resume`
    }
  }

  /** @param {Outgoing} outgoing */
  async #seal(outgoing) {
    const { kind, content, item } = outgoing;
    const { place } = this.#letin;
    outgoing.item = item ? await reseal(item, place) : await seal(kind, content, place);
  }

  /** @param {Outgoing} outgoing @param {ErrorReply} error @returns {Promise<boolean>} whether to go on */
  async #refused(outgoing, { code, frame }) {
    if (code === "slow_down") await this.#pause(PAUSE_MS.slow_down);
    else if (code === "stale_epoch") await this.#stale(outgoing, Number(frame.epoch));
    else if (code === "replayed") this.stored(outgoing.item?.id ?? "");
    else outgoing.state = code === "try_again" ? "failed" : "never";
    if (outgoing.state === "failed")
      this.#way.after(PAUSE_MS.try_again, () => outgoing.state === "failed" && this.tryAgain(outgoing));
    this.#way.changed();
    return outgoing.state !== "failed";
  }

  /** The only case in which the same text is sealed again. @param {Outgoing} outgoing @param {number} epoch */
  async #stale(outgoing, epoch) {
    outgoing.sent = false;
    if (outgoing.item?.epoch !== this.#letin.current) return;
    if (!this.#letin.flight) this.#letin.throwAway(epoch);
    this.#way.grant();
    await this.#pause(PAUSE_MS.stale_epoch);
  }

  /** @param {number} ms @returns {Promise<void>} */
  #pause = (ms) => new Promise((done) => this.#way.after(ms, () => done()));

  #save() {
    const { state } = this.#keep;
    if (!state) return;
    const unsent = this.items.flatMap(({ item, sent }) =>
      item ? [{ id: item.id, epoch: item.epoch, box: item.box, sent }] : [],
    );
    state.unsent = [...this.#left, ...unsent];
    this.#keep.save();
  }
}
