// This browser's device, for the console and the board: a key that cannot leave it, kept by person, and what the
// server calls it.
import { loadKey, makeDeviceKey, pointOf, storeKey } from "../shared/sealing.js";
import { ErrorReply } from "../shared/socket.js";

/** @typedef {{load: (person: string) => Promise<CryptoKeyPair | undefined>, store: (person: string, pair: CryptoKeyPair) => Promise<unknown>}} Keys */
/**
 * @typedef {object} Around
 * @property {import("./station.js").Station["request"]} request
 * @property {() => void} changed
 * @property {Pick<Storage, "getItem" | "setItem">} memory  where the last person and the device's id are noted
 * @property {Keys} [keys]
 * @property {string} label  what a supervisor sees of this browser
 */

const NOTE = "helpline-device";

export class Device {
  /** @type {"unknown" | "missing" | "making" | "pending" | "approved" | "refused" | "broken"} */
  state = "unknown";
  /** @type {string | null} */
  id = null;
  /** @type {CryptoKeyPair | null} */
  pair = null;
  #person = "";
  #around;
  #keys;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
    this.#keys = around.keys ?? { load: loadKey, store: storeKey };
  }

  /** Before `hello`: the id of the last person's device, if its key is really here. */
  async prepare() {
    const { person, id } = readNote(this.#around.memory.getItem(NOTE));
    await this.#load(person);
    this.id = this.pair ? id : null;
  }

  /** After `hello`. @param {string} person @param {{id: string, state: string} | null} known  as the server sees it */
  async greet(person, known) {
    if (person !== this.#person) {
      await this.#load(person);
      known = null;
    }
    if (this.state === "broken") return;
    if (!this.pair) this.#become("missing");
    else if (known) this.#note(known);
    else await this.#enrol(this.pair); // a known key gets its device back
  }

  /** Makes a key for this browser. What earlier keys could read stays closed for it. */
  async make() {
    this.#become("making");
    try {
      const pair = await makeDeviceKey();
      await this.#keys.store(this.#person, pair);
      this.pair = pair;
    } catch {
      return this.#become("broken");
    }
    await this.#enrol(this.pair);
  }

  /** @param {import("../shared/protocol.d.ts").DeviceOut} frame */
  hear({ id, state }) {
    if (id === this.id) this.#become(state === "revoked" ? "refused" : stateOf(state));
  }

  /** @param {CryptoKeyPair} pair */
  async #enrol(pair) {
    try {
      const ok = await this.#around.request("enrol", { key: await pointOf(pair), label: this.#around.label });
      this.#note(ok.device);
    } catch (error) {
      // Withdrawn, or somebody else's. Without a reply the next `hello` tries again.
      if (error instanceof ErrorReply) this.#become("refused");
    }
  }

  /** @param {string} person */
  async #load(person) {
    this.#person = person;
    this.state = "unknown";
    try {
      this.pair = (person && (await this.#keys.load(person))) || null;
    } catch {
      this.pair = null;
      this.#become("broken");
    }
  }

  /** @param {{id: string, state: string}} device */
  #note({ id, state }) {
    this.id = id;
    this.#around.memory.setItem(NOTE, JSON.stringify({ person: this.#person, id }));
    this.#become(stateOf(state));
  }

  /** @param {Device["state"]} state */
  #become(state) {
    this.state = state;
    this.#around.changed();
  }
}

/** @param {unknown} state */
const stateOf = (state) => (state === "approved" ? "approved" : "pending");

/** @param {string | null} json @returns {{person: string, id: string | null}} */
function readNote(json) {
  try {
    const { person, id } = JSON.parse(json ?? "{}");
    return { person: String(person ?? ""), id: id ?? null };
  } catch {
    return { person: "", id: null };
  }
}
