// Holds which keys are certified and until when, and signs keys with this browser's signer, for the board and
// for a supervisor's console. This browser remembers which words were compared by voice, so that a renewal does not
// depend on what the server says about them.
import { certify, keepKey, loadKey, makeSignerKey, pointOf } from "../shared/sealing.js";
import { ErrorReply } from "../shared/socket.js";

/** @typedef {import("../shared/protocol.d.ts").SigningOk} SigningOk */
/** @typedef {import("../shared/protocol.d.ts").KeyNeeds} KeyNeeds */
/** @typedef {import("../shared/protocol.d.ts").Need} Need */
/** @typedef {{alias: string, at: number, revoked?: boolean, key?: string}} Compared  at: when this browser's supervisor compared the words, in milliseconds; key: a line's key that was made here */

const DAY_MS = 86_400_000;
const LASTS = { device: 100, review: 390, letters: 25 }; // days from now; a line's key is valid from SLOW days ago on: a letters key for 34 days in all
const RENEW = 50; // days before the end: half of the time for which a device's signature is valid
const ANEW = 400; // days after which the words have to be compared again
const NEAR = { device: 30, review: 30, letters: 14 }; // days before the end
const SLOW = 9; // days that a caller's clock may be slow: callers' browsers judge a line's key by their own clock
const NOTE = "helpline-compared";

export class Certifying {
  /** @type {SigningOk | null} */
  told = null;
  /** Is true if this browser has the private key of its supervisor's signer. */
  holds = false;
  #around;
  #keys;

  /**
   * @param {object} around
   * @param {import("./station.js").Station["request"]} around.request
   * @param {(action: () => Promise<unknown>) => Promise<unknown>} around.act
   * @param {() => number} around.now  the server's clock, milliseconds
   * @param {() => string} around.person  who is signed in
   * @param {(device: {id: string, key: string}) => Promise<void>} around.approved  gives an approved device its keys, in the same action
   * @param {Pick<Storage, "getItem" | "setItem">} around.memory
   * @param {import("./device.js").Keys} [around.keys]
   */
  constructor(around) {
    this.#around = around;
    this.#keys = around.keys ?? { load: loadKey, keep: keepKey };
  }

  /** Fetches everything that is shown about signatures. */
  async look() {
    const told = await this.#around.request("signing");
    const pair = told.signer && (await this.#pair());
    this.told = told;
    this.holds = Boolean(pair && told.signer && (await pointOf(pair)) === told.signer.key);
    return this;
  }

  /** Remembers revoked devices: if the server later says that one of them is approved, this browser does not believe it. @param {{key: string, state: string}[]} devices */
  noteRevoked(devices) {
    const known = this.#compared();
    const ended = devices.filter(
      ({ key, state }) => state === "revoked" && known[key] && !known[key].revoked,
    );
    for (const { key } of ended) known[key].revoked = true;
    if (ended.length) this.#keep(known);
  }

  /** @param {string} key */
  isRevoked = (key) => this.#compared()[key]?.revoked === true;

  /** Returns whether keys are certified here, or are about to be. */
  get begun() {
    return (
      this.told !== null && (this.told.named || this.told.scopes.length > 0 || this.told.signer !== null)
    );
  }

  /** Returns whether this browser could sign, but no root has allowed it yet. */
  get waitsForRoot() {
    return this.holds && !this.told?.scopes.some(({ mine }) => mine);
  }

  /** @param {string} device  its id */
  needsOf = (device) => this.told?.devices.find(({ id }) => id === device)?.needs ?? [];

  /** @param {Need} need @param {keyof typeof NEAR} [use] @returns {"unsigned" | "ended" | "near" | "good"} */
  stateOf({ until }, use = "device") {
    if (!until) return "unsigned";
    const left = Date.parse(until) - this.#around.now();
    return left <= 0 ? "ended" : left <= NEAR[use] * DAY_MS ? "near" : "good";
  }

  /** Counts the devices of a line's people by state: not approved, not signed, signature ends soon or has ended. @param {string} line */
  counts(line) {
    const counts = { pending: 0, unsigned: 0, near: 0, ended: 0 };
    for (const { state, needs } of this.told?.devices ?? []) {
      const need = needs.find(({ kind, slug }) => kind === "line" && slug === line);
      if (!need) continue;
      const what = state === "pending" ? state : this.stateOf(need);
      if (what !== "good") counts[what]++;
    }
    return counts;
  }

  /** Returns whether this browser can sign for a device whose signature is missing or ends soon. @param {string} device */
  canSign = (device) => this.#mine(device).some((need) => this.#isDue(need));

  /** Returns whether only others signed for the device. A second signature keeps it valid if their signer is withdrawn. @param {string} device */
  canSignToo = (device) => this.#mine(device).some((need) => !need.by_me);

  /** Returns what this browser's signer may sign for a device: nothing if this browser saw the device revoked. @param {string} device @returns {Need[]} */
  #mine(device) {
    const row = this.holds ? this.told?.devices.find(({ id }) => id === device) : undefined;
    return row && !this.isRevoked(row.key) ? row.needs.filter(({ mine }) => mine) : [];
  }

  /**
   * Returns the devices that can be renewed: this browser's supervisor compared their words less than 400
   * days ago. The alias is the one that was used then.
   */
  get renewable() {
    const [known, now] = [this.#compared(), this.#around.now()];
    return (this.told?.devices ?? []).flatMap(({ id, key, state, needs }) => {
      const seen = known[key];
      const fresh = seen && !seen.revoked && now - seen.at < ANEW * DAY_MS;
      const due = needs.filter((need) => need.mine && need.until && this.#isDue(need));
      const names = due.map(({ name }) => name).join(", ");
      return fresh && names && state === "approved" && this.holds
        ? [{ id, key, names, needs: due, alias: seen.alias }]
        : [];
    });
  }

  // What the supervisor does

  /** Makes a signing key. It becomes valid when somebody with the root's words has signed a scope that names it. */
  makeSigner = () =>
    this.#around.act(async () => {
      await this.look(); // another tab may have made it
      if (this.holds) return;
      const old = await this.#pair();
      const point = old && (await pointOf(old));
      // After a restored backup the server may not know this key, which the scopes name.
      if (old && point !== this.told?.signer?.key && (await this.#takes(old))) return;
      const pair = await this.#keys.keep(this.#name, await makeSignerKey(), point);
      await this.#around.request("makesigner", { key: await pointOf(pair) });
    });

  /** Offers a key that is here already. Returns whether the server takes it as this browser's signer. @param {CryptoKeyPair} pair */
  async #takes(pair) {
    try {
      await this.#around.request("makesigner", { key: await pointOf(pair) });
    } catch (error) {
      if (error instanceof ErrorReply && error.code === "conflict") return false;
      throw error;
    }
    return true;
  }

  /** Returns the lines and services for which `approve` would sign. @param {string} device @returns {Need[]} */
  signsFor = (device) => this.#mine(device).filter((need) => this.#isDue(need) || !need.by_me);

  /**
   * Call it after the eight words were compared. Approves the device, signs for the lines that were on the
   * screen at that moment, and gives the device the letters keys. A line that was added to the device later is
   * not signed, because the supervisor has not seen it.
   * @param {{id: string, key: string, alias: string, state: string}} device
   */
  approve = ({ id, key, alias, state }) => {
    const seen = this.signsFor(id);
    return this.#around.act(async () => {
      if (state === "pending") await this.#around.request("approve", { device: id });
      this.#remember(key, alias);
      if (seen.length) await this.#sign(id, key, seen);
      if (!this.isRevoked(key)) await this.#around.approved({ id, key });
    });
  };

  /** Renews everything that can be renewed, but only for the lines that the list showed. */
  renew = () => {
    const seen = this.renewable;
    return this.#around.act(async () => {
      for (const { id, key, needs } of seen) await this.#sign(id, key, needs);
    });
  };

  // The keys of a line

  /** Notes a line's key that this browser made, so that its words do not have to come from a database row, which could be forged. @param {string} line @param {number} generation @param {string} key @param {string} [use] */
  noteKey(line, generation, key, use) {
    this.#keep({
      ...this.#compared(),
      [keyName({ line, generation, use })]: { alias: "", at: this.#around.now(), key },
    });
  }

  /** Returns "made" for a key that was made here, "other" if another one was made here, else "unknown". @param {{line: string, generation: number, key: string, use?: string}} review */
  originOf(review) {
    const made = this.#compared()[keyName(review)]?.key;
    return made === undefined ? "unknown" : made === review.key ? "made" : "other";
  }

  /** Signs a line's key. Call it after its words were compared with the person who made it. @param {KeyNeeds} review */
  signKey = ({ use, line, generation, key, times }) =>
    this.#around.act(async () => {
      if (this.originOf({ line, generation, key, use }) === "other")
        throw new Error("another key than was made here");
      // If a supervisor has signed already, the next one signs the same bytes.
      const [from, until] = times ?? this.#times(use);
      const wanted = /** @type {const} */ ({ use, kind: "line", slug: line, key });
      const sig = await certify(await this.#own(), wanted, from, until);
      await this.#around.request("certifykey", {
        ...{ use, line, generation, not_before: from, not_after: until, sig },
      });
    });

  /** @param {string} device @param {string} key  as this screen shows it, with its words @param {Need[]} needs */
  async #sign(device, key, needs) {
    const pair = await this.#own();
    const [not_before, not_after] = this.#times("device");
    const signed = needs.map(async ({ kind, slug }) => {
      const sig = await certify(pair, { use: "device", kind, slug, key }, not_before, not_after);
      return { kind, slug, not_before, not_after, sig };
    });
    await this.#around.request("certify", { device, signed: await Promise.all(signed) });
  }

  /** @param {Need} need */
  #isDue({ until }) {
    return !until || Date.parse(until) - this.#around.now() < RENEW * DAY_MS;
  }

  /** @param {keyof typeof LASTS} use @returns {[number, number]} */
  #times(use) {
    const at = Math.floor(this.#around.now() / 1000);
    const from = use !== "device" ? at - (SLOW * DAY_MS) / 1000 : at;
    return [from, at + (LASTS[use] * DAY_MS) / 1000];
  }

  get #name() {
    return `signer ${this.#around.person()}`;
  }

  #pair = () => this.#keys.load(this.#name);

  async #own() {
    const pair = await this.#pair();
    if (!pair) throw new Error("a browser without its signer");
    return pair;
  }

  // The words that were compared

  /** @param {string} key @param {string} alias */
  #remember(key, alias) {
    const known = this.#compared();
    this.#keep({ ...known, [key]: { ...known[key], alias, at: this.#around.now() } });
  }

  /** @returns {Record<string, Compared>} */
  #compared() {
    try {
      return JSON.parse(this.#around.memory.getItem(NOTE) ?? "{}");
    } catch {
      return {};
    }
  }

  /** @param {Record<string, Compared>} known */
  #keep(known) {
    this.#around.memory.setItem(NOTE, JSON.stringify(known));
  }
}

/** @param {{line: string, generation: number, use?: string}} of */
const keyName = ({ line, generation, use = "review" }) => `${use} ${line} ${generation}`;
