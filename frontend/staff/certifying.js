// Which keys are certified until when, and this browser's signatures, for the board and for a supervisor's console. What was
// compared by voice is remembered in this browser, so that renewing asks no server whose words they were.
import { certify, loadKey, makeSignerKey, pointOf, storeKey } from "../shared/sealing.js";

/** @typedef {import("../shared/protocol.d.ts").SigningOk} SigningOk */
/** @typedef {import("../shared/protocol.d.ts").DeviceNeeds} DeviceNeeds */
/** @typedef {import("../shared/protocol.d.ts").KeyNeeds} KeyNeeds */
/** @typedef {import("../shared/protocol.d.ts").Need} Need */
/** @typedef {{alias: string, at: number, revoked?: boolean, key?: string}} Compared  when this browser's supervisor compared the words, in milliseconds; `key`: a line's, made here */

const DAY_MS = 86_400_000;
const LASTS = { device: 100, review: 390, letters: 25 }; // days; with the days before its beginning a letters key has 34
const RENEW = 50; // days before the end: from half way on
const ANEW = 400; // days: then the words are compared again
const NEAR = { device: 30, review: 30, letters: 14 }; // days before the end
const SLOW = 9; // days that a caller's clock may be behind: a key for reading afterwards is judged by that clock
const NOTE = "helpline-compared";

export class Certifying {
  /** @type {SigningOk | null} */
  told = null;
  /** This browser holds the key that it is known by as a signer. */
  holds = false;
  #around;
  #keys;

  /**
   * @param {object} around
   * @param {import("./station.js").Station["request"]} around.request
   * @param {(action: () => Promise<unknown>) => Promise<unknown>} around.act
   * @param {() => number} around.now  the server's clock, milliseconds
   * @param {() => string} around.person  who is signed in
   * @param {(device: {id: string, key: string}) => Promise<void>} around.approved  what a device is given in the same act
   * @param {Pick<Storage, "getItem" | "setItem">} around.memory
   * @param {import("./device.js").Keys} [around.keys]
   */
  constructor(around) {
    this.#around = around;
    this.#keys = around.keys ?? { load: loadKey, store: storeKey };
  }

  /** What the page shows of it. */
  async look() {
    const told = await this.#around.request("signing");
    const pair = told.signer && (await this.#pair());
    this.told = told;
    this.holds = Boolean(pair && told.signer && (await pointOf(pair)) === told.signer.key);
    return this;
  }

  /** Revoked once is revoked for good, whatever the server says later. @param {{key: string, state: string}[]} devices */
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

  /** Here keys are certified, or are about to be. */
  get begun() {
    return (
      this.told !== null && (this.told.named || this.told.scopes.length > 0 || this.told.signer !== null)
    );
  }

  /** This browser would sign, and no root said yet that it may. */
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

  /** Of a line's people. @param {string} line */
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

  /** Whether this browser can sign something for a device that is not signed, or not for long. @param {string} device */
  canSign = (device) => this.holds && this.needsOf(device).some((need) => need.mine && this.#isDue(need));

  /** Whether only others signed for it: before one of them goes, somebody else does. @param {string} device */
  canSignToo = (device) => this.holds && this.needsOf(device).some((need) => need.mine && !need.by_me);

  /** Those whose words this browser's supervisor compared less than 400 days ago, with the names of then. */
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

  /** Another key, which signs. It counts once whoever holds the root's words signed for it. */
  makeSigner = () =>
    this.#around.act(async () => {
      const pair = await makeSignerKey();
      await this.#keys.store(this.#name, pair);
      await this.#around.request("makesigner", { key: await pointOf(pair) });
    });

  /** For which lines `approve` would sign. @param {string} device @returns {Need[]} */
  signsFor = (device) =>
    this.holds ? this.needsOf(device).filter((need) => need.mine && (this.#isDue(need) || !need.by_me)) : [];

  /**
   * The eight words were compared: approve, sign for the lines that stood on the screen then, and give the device what
   * opens their letters. A row that somebody adds in between is signed for by nobody who did not see it.
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

  /** One click for all that can be renewed: for the lines that stood in the list, and no other. */
  renew = () => {
    const seen = this.renewable;
    return this.#around.act(async () => {
      for (const { id, key, needs } of seen) await this.#sign(id, key, needs);
    });
  };

  // A line's key for reading afterwards

  /** This browser made it: its words are known from here, not from a row. @param {string} line @param {number} generation @param {string} key @param {string} [use] */
  noteKey(line, generation, key, use) {
    this.#keep({
      ...this.#compared(),
      [keyName({ line, generation, use })]: { alias: "", at: this.#around.now(), key },
    });
  }

  /** "made" here, "other" than what was made here, or "unknown". @param {{line: string, generation: number, key: string, use?: string}} review */
  originOf(review) {
    const made = this.#compared()[keyName(review)]?.key;
    return made === undefined ? "unknown" : made === review.key ? "made" : "other";
  }

  /** Once its words were compared with who made it. @param {KeyNeeds} review */
  signKey = ({ use, line, generation, key, times }) =>
    this.#around.act(async () => {
      if (this.originOf({ line, generation, key, use }) === "other")
        throw new Error("another key than was made here");
      // Half signed: the second one signs the same bytes.
      const [from, until] = times ?? this.#times(use);
      const wanted = /** @type {const} */ ({ use, kind: "line", slug: line, key });
      const sig = await certify(await this.#own(), wanted, from, until);
      await this.#around.request("certifykey", {
        ...{ use, line, generation, not_before: from, not_after: until, sig },
      });
    });

  /** @param {string} device @param {string} key  as it stands on this screen, with its words @param {Need[]} needs */
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

  // What was compared

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
