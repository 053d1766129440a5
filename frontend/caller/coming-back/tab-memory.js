// Holds what this tab keeps over a reload. It is the only module that uses sessionStorage, which ends with
// the tab. The conversation's id, its token, when a page was last here and how it left are stored in clear.
// The rest is sealed under the shelf key, which is in memory only and arrives again with `resume`.

const sealing = () => import("../../shared/sealing.js"); // the first screen needs no key

/** @typedef {import("../../shared/sealing.js").Secret} Secret */
/** @typedef {{id: string, epoch: number, box: string, sent: boolean} | {kind: "message" | "intake" | "case", content: string | object}} Unsent  sent: its bytes are frozen; without a box: written before there was a secret to seal it with */
/** @typedef {{service: string, history: boolean, guest: boolean}} Yes  what the card said; guest: comes by a link */
/** @typedef {Record<string, number[]>} Owed  by member: earlier epochs still to be shared */
/** @typedef {{epoch: number, sealed: string, owed: Owed}} StoredGrant  owed: valid if the grant counts */
/** @typedef {{answered: number, unanswered: number, backups: string}} Keeps  answered, unanswered: seconds after the end */
/** @typedef {import("../../shared/protocol.d.ts").StandingHold} Hold */
/**
 * @typedef {object} Remembered
 * @property {string} conversation
 * @property {string} member
 * @property {string} token
 * @property {string} line  for which a key has to be certified
 * @property {string} [page]  where it is, which names no line
 * @property {number} [seen]  when this tab last showed a page, in milliseconds
 * @property {boolean} [moved]  it moved to another page of ours
 * @property {string | null} review  the key named in `start`
 * @property {string | null} [letters]  of a letter: the key named in `start`, null if not certified
 * @property {Keeps} [keeps]  as `start` said
 * @property {Hold | null} [hold]  of the line, as last received
 * @property {number} [believed]  after a return by code: up to this entry the log is believed
 * @property {"sure" | "unsure" | ""} [erasing]  asked for, and no reply yet; unsure: the line may have to hold it
 * @property {boolean} [coded]  the caller has a return code
 * @property {boolean} [tone]  whether a tone sounds; undefined until the caller was told of it
 * @property {Record<string, string>} seats  by member: its fixed role and key
 * @property {Record<string, string>} certified  by member: the role and key that were good when it joined, or ""
 * @property {Record<string, Yes>} yes  by invitation
 * @property {Record<string, boolean>} shared  by member of the line: may it read what only partners could
 * @property {number} counted  the highest epoch that counted
 * @property {number} floor  nothing is sealed below it
 * @property {string | null} secrets  sealed
 * @property {StoredGrant | null} flight  a grant not yet confirmed
 * @property {Owed} owed
 * @property {Unsent[]} unsent
 * @property {string} draft  written and not sent yet
 */

const NAME = "tab";
const AT_ONCE = 10_000; // milliseconds between two pages of a tab: within them the same person is assumed
const SEES_MS = 3000;
const CAME_TO_NOTHING = ["refused", "declined", "expired", "withdrawn"];

export function storage() {
  try {
    return sessionStorage;
  } catch {
    return null; // blocked by the browser's settings
  }
}

export class TabMemory {
  #storage;
  /** @type {string | null} */
  #shelf = null;
  #sealed = ""; // the newest sealed state
  #whole = false; // all of it is in memory
  #opens = true; // the sealed state could be opened
  early = ""; // a draft from before the start
  earlier = ""; // an earlier page's draft, until it is shown
  #waits = false;
  #writing = Promise.resolve();
  #shelving = Promise.resolve();
  #trusted = false; // the person at this page is known to be the caller

  /** @param {Pick<Storage, "getItem" | "setItem" | "removeItem"> | null} storage  null: in memory only */
  constructor(storage) {
    this.#storage = storage;
    this.state = this.#read();
  }

  /**
   * Returns whether the same person is still at the page: after a reload or a move to another page of ours. A
   * tab that was restored, duplicated or reached with Back asks first.
   * @param {string | undefined} how  the navigation type, as the browser names it
   */
  goesOn(how, now = Date.now()) {
    const { seen = 0, moved = false } = this.state ?? {};
    return (how === "reload" || moved) && now - seen < AT_ONCE;
  }

  watches() {
    this.sees();
    setInterval(() => this.sees(), SEES_MS);
  }

  sees(now = Date.now()) {
    // Until the caller has confirmed, an open page proves nothing.
    if (!this.state || !this.#trusted) return;
    this.state.seen = now;
    this.#store();
  }

  moves() {
    if (!this.state || !this.#trusted) return;
    this.state.moved = true;
    this.sees();
  }

  /** Call it when another person may be here. */
  doubts() {
    this.#trusted = false;
    if (!this.state) return;
    Object.assign(this.state, { seen: 0, moved: false });
    this.#store();
  }

  trusts(now = Date.now()) {
    this.#trusted = true;
    if (!this.state) return;
    Object.assign(this.state, { seen: now, moved: false });
    this.#store();
  }

  /** @param {Pick<Remembered, "conversation" | "member" | "token" | "line" | "page" | "review" | "keeps" | "hold" | "believed">} started @param {string | null} shelf */
  begin(started, shelf) {
    this.#shelf = shelf;
    this.#trusted = this.#whole = true;
    this.state = { ...nothing(), ...started, seen: Date.now(), draft: this.early };
    this.save();
  }

  /** Keeps the answer to a card: a yes with what the card said, or null. @param {string} invitation @param {Yes | null} yes */
  async consent(invitation, yes) {
    if (!this.state) return;
    if (yes) this.state.yes[invitation] = yes;
    else delete this.state.yes[invitation];
    await this.save();
  }

  /** @param {Hold} hold */
  held({ reason, until }) {
    if (!this.state) return;
    this.state.hold = { reason, until };
    this.save();
  }

  /** Drops a yes when its invitation has failed. @param {string} invitation @param {string} state */
  async invited(invitation, state) {
    if (CAME_TO_NOTHING.includes(state)) await this.consent(invitation, null);
  }

  /**
   * Opens what an earlier page sealed. Returns whether it could: if not, newcomers cannot be checked.
   * @param {string | null} shelf  null once it has ended @param {number} newest  the log's last entry
   */
  async unlock(shelf, newest) {
    this.#shelf = shelf;
    if (this.#whole || !this.state) return this.#opens;
    // The first page closed before it had sealed anything, or the shelf key was deleted after the end. In
    // both cases the log is believed.
    if (!shelf || !this.#sealed) this.state.believed = newest;
    const text = shelf && (await (await sealing()).openTab(shelf, this.#sealed).catch(() => ""));
    if (!this.state) return false; // erased meanwhile
    const { draft } = this.state; // typed on this page
    if (text) Object.assign(this.state, JSON.parse(text));
    this.earlier = this.state.draft;
    if (draft) this.state.draft = draft;
    this.#whole = true;
    this.#opens = shelf !== null && (text !== "" || !this.#sealed);
    return this.#opens;
  }

  /**
   * Writes the clear part at once, the rest when it is sealed. Await it before sending, so that all is
   * stored.
   */
  save() {
    this.#store();
    if (this.#waits) return this.#writing;
    this.#waits = true;
    this.#writing = this.#writing.then(async () => {
      this.#waits = false;
      const [shelf, state] = [this.#shelf, this.state];
      if (!shelf || !state || !this.#whole) return;
      const { conversation, token, seen, moved, erasing, ...hidden } = state;
      const sealed = await (await sealing()).sealTab(shelf, JSON.stringify(hidden));
      if (this.state !== state) return; // erased meanwhile
      this.#sealed = sealed;
      this.#store();
    });
    return this.#writing;
  }

  /** Never throws: without storage only a reload loses the conversation. */
  #store() {
    if (!this.state) return;
    const { conversation, token, seen, moved, erasing } = this.state;
    const kept = { conversation, token, seen, moved, erasing, sealed: this.#sealed };
    try {
      this.#storage?.setItem(NAME, JSON.stringify(kept));
    } catch {
      this.#storage = null;
    }
  }

  forget() {
    this.state = null;
    this.#shelf = null;
    this.#sealed = this.early = "";
    this.#whole = false;
    this.#opens = true;
    try {
      this.#storage?.removeItem(NAME);
    } catch {
      this.#storage = null;
    }
  }

  /**
   * Seals the secrets that count, and what is owed. Calls run one at a time. The grant under way is dropped
   * in the same write that stores its secret.
   * @param {ReadonlyMap<number, Secret>} secrets @param {Owed} owed @param {number} [landed]  the flight's epoch
   */
  shelve(secrets, owed, landed) {
    this.#shelving = this.#shelving.then(async () => {
      const shelf = this.#shelf;
      if (!shelf || !this.state) return;
      const sealed = await (await sealing()).sealUnderShelf(shelf, secrets);
      if (!this.state) return; // erased meanwhile
      const flight = this.state.flight?.epoch === landed ? null : this.state.flight;
      Object.assign(this.state, { secrets: sealed, owed, flight });
      await this.save();
    });
    return this.#shelving;
  }

  /** Stores a grant's secret before the grant is sent. @param {number} epoch @param {Secret} secret @param {Owed} owed */
  async takeOff(epoch, secret, owed) {
    const shelf = this.#shelf;
    if (!shelf || !this.state) return;
    const sealed = await (await sealing()).sealUnderShelf(shelf, new Map([[epoch, secret]]));
    if (!this.state) return;
    this.state.flight = { epoch, sealed, owed };
    await this.save();
  }

  throwAway() {
    if (!this.state) return;
    this.state.flight = null;
    this.save();
  }

  /** Returns an earlier page's secrets; none if they cannot be opened. */
  async fetchSecrets() {
    const flight = this.state?.flight ?? null;
    const secrets = await this.#open(this.state?.secrets);
    const secret = flight && (await this.#open(flight.sealed)).get(flight.epoch);
    return { secrets, flight: flight && secret ? { epoch: flight.epoch, secret, owed: flight.owed } : null };
  }

  /** @param {string} text */
  async keepDraft(text) {
    if (!this.state) this.early = text;
    if (!this.state || this.state.draft === text) return;
    this.state.draft = text;
    await this.save();
  }

  /** @param {boolean} tone */
  async keepTone(tone) {
    if (!this.state) return;
    this.state.tone = tone;
    await this.save();
  }

  /** Waits for all writes. */
  async settled() {
    await this.#shelving;
    await this.#writing;
  }

  /** @param {string | null | undefined} sealed @returns {Promise<Map<number, Secret>>} */
  async #open(sealed) {
    const shelf = this.#shelf;
    if (!sealed || !shelf) return new Map();
    return (await sealing()).openFromShelf(shelf, sealed).catch(() => new Map());
  }

  /** @returns {Remembered | null} */
  #read() {
    try {
      const { sealed = "", ...clear } = JSON.parse(this.#storage?.getItem(NAME) ?? "");
      this.#sealed = sealed;
      return { ...nothing(), ...clear };
    } catch {
      return null;
    }
  }
}

/** @returns {Omit<Remembered, "conversation" | "token">} */
const nothing = () => ({
  ...{
    member: "",
    line: "",
    review: null,
    seats: {},
    certified: {},
    yes: {},
    shared: {},
    counted: 0,
    floor: 0,
  },
  ...{ secrets: null, flight: null, owed: {}, unsent: [], draft: "" },
});
