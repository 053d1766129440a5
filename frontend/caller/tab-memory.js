// What this tab keeps over a reload, and the only place that touches sessionStorage. It ends with the tab and
// holds nothing readable: secrets lie under the shelf key, which is in memory only and comes again with
// `resume`; texts lie in their boxes.
import { openFromShelf, sealUnderShelf } from "../shared/sealing.js";

/** @typedef {import("../shared/sealing.js").Secret} Secret */
/** @typedef {{id: string, epoch: number, box: string, sent: boolean}} Unsent  sent: its bytes are frozen */
/** @typedef {{service: string, history: boolean, guest: boolean}} Yes  what stood on the card; guest: comes by a link */
/** @typedef {Record<string, number[]>} Owed  by member: the earlier epochs it has still to be given */
/** @typedef {{epoch: number, sealed: string, owed: Owed}} StoredGrant  owed: if the grant counts */
/** @typedef {{answered: number, unanswered: number, backups: string}} Keeps  seconds after the end, and an instant */
/**
 * @typedef {object} Remembered
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
 * @property {StoredGrant | null} flight  a grant under way
 * @property {Owed} owed
 * @property {Unsent[]} unsent
 */

const NAME = "tab";
const CAME_TO_NOTHING = ["refused", "declined", "expired", "withdrawn"];

export class TabMemory {
  #storage;
  /** @type {string | null} */
  #shelf = null;
  #writing = Promise.resolve();

  /** @param {Pick<Storage, "getItem" | "setItem" | "removeItem"> | null} storage  null: in memory only */
  constructor(storage) {
    this.#storage = storage;
    this.state = this.#read();
  }

  /** @param {Pick<Remembered, "conversation" | "member" | "token" | "line" | "review" | "keeps">} started @param {string} shelf */
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

  /** Throws nothing: without storage the conversation goes on, and only a reload loses it. */
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

  /** @returns {Remembered | null} */
  #read() {
    try {
      return JSON.parse(this.#storage?.getItem(NAME) ?? "null");
    } catch {
      return null;
    }
  }
}
