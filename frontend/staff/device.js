// Models this browser's device, for the console and the board: a key that cannot be exported, kept for each
// person, and the id that the server gave it. The id alone authenticates nobody: on each connection the browser shows
// that it has the key, by opening a box that the server sealed for it.
import { keepKey, loadKey, makeDeviceKey, openProof, pointOf, Refused } from "../shared/sealing.js";
import { Dropped, ErrorReply, PASSING } from "../shared/socket.js";
import { eightWords } from "./eight-words.js";

/** @typedef {{load: (person: string) => Promise<CryptoKeyPair | undefined>, keep: (person: string, made: CryptoKeyPair, old?: string) => Promise<CryptoKeyPair>}} Keys  as in sealing.js */
/** @typedef {import("../shared/protocol.d.ts").HelloOk} Everything  what the server sends to an approved device */
/** @typedef {import("../shared/protocol.d.ts").ProveOk} ProveOk */
/** @typedef {{id: string, box: string}} Challenge  sealed for the key of the device with this id */
/**
 * @typedef {object} Around
 * @property {import("./station.js").Station["request"]} request
 * @property {() => number} turn  the number of the connection: anything that was begun on another connection is ignored
 * @property {() => void} again  opens another connection at once
 * @property {(ms: number, act: () => void) => unknown} after
 * @property {(ok: Everything) => void} proven  called when the device is authenticated and approved
 * @property {() => void} withdrawn  called when the key no longer gives access to anything here
 * @property {() => void} changed
 * @property {Pick<Storage, "getItem" | "setItem">} memory  where the last person and the device's id are noted
 * @property {Keys} [keys]
 * @property {string} label  the name under which a supervisor sees this browser
 */

const NOTE = "helpline-device";
export const PROVE_AGAIN_MS = 3000;

export class Device {
  /** @type {"unknown" | "missing" | "making" | "proving" | "pending" | "approved" | "refused" | "broken"} */
  state = "unknown";
  /** Holds the reason why the device is refused: it was revoked, it belongs to another person, or the proof failed. @type {"withdrawn" | "unproven"} */
  why = "withdrawn";
  /** @type {string | null} */
  id = null;
  /** @type {CryptoKeyPair | null} */
  pair = null;
  /** Holds the public key. On other people's pages this device has other ids than `id`, so they compare keys. */
  key = "";
  /** Holds the key's eight words, while a supervisor still has to compare them. */
  words = "";
  #person = "";
  /** @type {Promise<void> | null} */
  #loading = null;
  /** Is true if the page reconnected after a failed proof. It does so only once. */
  #triedAgain = false;
  /** Holds the aliases of the people who can approve the device while it waits. @type {string[]} */
  approvers = [];
  /** Is true if the approval arrived before the reply to `prove`, which still says `pending`. */
  #approvedFirst = false;
  #around;
  #keys;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
    this.#keys = around.keys ?? { load: loadKey, keep: keepKey };
  }

  /** Call it before `hello`. Finds the id of the last person's device, if this browser has its key. */
  async prepare() {
    const { person, id } = readNote(this.#around.memory.getItem(NOTE));
    this.#loading = this.#load(person);
    await this.#loading;
    this.id = this.pair ? id : null;
  }

  /** Call it after `hello`. @param {string} person @param {Challenge | null} known  null: this person has no such device */
  async greet(person, known) {
    const turn = this.#around.turn();
    if (person !== this.#person) {
      this.#loading = this.#load(person);
      known = null;
    } else if (this.state === "missing") this.#loading = this.#load(person); // another tab may have made a key
    await this.#loading; // the key may still be loading
    if (this.state === "broken" || (this.state === "making" && !this.pair)) return;
    if (this.pair) await this.#prove(turn, known);
    else this.#become("missing");
  }

  /** Makes a key for this browser, unless another tab has made one. It cannot open what earlier keys could. */
  async make() {
    if (this.state === "making") return;
    const [person, refused] = [this.#person, this.state === "refused" ? this.key : ""];
    this.#become("making");
    try {
      const pair = await this.#keys.keep(person, await makeDeviceKey(), refused);
      globalThis.navigator?.storage?.persist?.(); // otherwise a full disk, or in Safari a week without a visit, deletes the key
      if (person !== this.#person) return;
      await this.#use(pair);
    } catch {
      return this.#become("broken");
    }
    this.#triedAgain = false;
    // A connection on which a proof failed cannot enrol a device.
    if (refused) this.#around.again();
    else await this.#prove(this.#around.turn(), null);
  }

  /** @param {import("../shared/protocol.d.ts").DeviceOut} frame */
  hear({ id, state }) {
    if (id !== this.id) return;
    if (state === "revoked") this.#refuse("withdrawn");
    else if (state === "approved" && this.state === "pending") this.#around.again();
    else if (state === "approved") this.#approvedFirst = this.state === "proving";
  }

  // The proof

  /** @param {number} turn @param {Challenge | null} known */
  async #prove(turn, known) {
    this.#become("proving");
    this.#approvedFirst = false;
    /** @type {ProveOk} */
    let ok;
    try {
      // A box that does not open was sealed for an earlier key. Then this key is enrolled.
      const secret = (known && (await this.#opened(known))) ?? (await this.#enrol(turn));
      this.#hold(turn);
      ok = await this.#around.request("prove", { secret });
    } catch (error) {
      if (turn === this.#around.turn()) this.#failed(error);
      return;
    }
    this.#settle(ok);
  }

  /** @param {Challenge} known @returns {Promise<string | null>} */
  async #opened({ id, box }) {
    return this.#open(id, box).catch(() => null);
  }

  /** Enrols the key. If the server knows it, its existing device is returned. @param {number} turn */
  async #enrol(turn) {
    this.#hold(turn);
    const { key } = this;
    const { device, prove } = await this.#around.request("enrol", { key, label: this.#around.label });
    return this.#open(device.id, prove);
  }

  /** @param {string} id @param {string} box */
  #open(id, box) {
    if (!this.pair) throw new Refused("a browser without its key");
    this.id = id;
    return openProof(box, this.pair, id);
  }

  /** Throws Dropped if the connection has changed: a secret of an earlier connection is not valid on the current one. @param {number} turn */
  #hold(turn) {
    if (turn !== this.#around.turn()) throw new Dropped("another connection");
  }

  /** @param {unknown} error */
  #failed(error) {
    if (error instanceof Dropped) return; // the next `hello` tries again
    const code = error instanceof ErrorReply ? error.code : "";
    if (code === "conflict") return this.#refuse("withdrawn");
    if (PASSING.includes(code)) return this.#proveLater(); // the database is away: the key may be good
    if (this.#triedAgain) return this.#refuse("unproven");
    this.#triedAgain = true;
    this.#around.again();
  }

  /** Proves again on another connection: the challenge of this one has been used. */
  #proveLater() {
    const { turn, again, after } = this.#around;
    const begun = turn();
    after(PROVE_AGAIN_MS, () => begun === turn() && again());
  }

  /** @param {ProveOk} ok */
  #settle(ok) {
    const { id, state } = ok.device;
    Object.assign(this, { id, approvers: ok.approvers ?? [] });
    this.#triedAgain = false;
    try {
      this.#around.memory.setItem(NOTE, JSON.stringify({ person: this.#person, id }));
    } catch {
      // The disk is full. The note only saves a question at the next sign-in.
    }
    if (state !== "approved") return this.#approvedFirst ? this.#around.again() : this.#wait();
    this.state = "approved";
    this.#around.proven(/** @type {Everything} */ (ok));
  }

  /** Shows the eight words, which a supervisor has to hear. */
  async #wait() {
    this.#become("pending");
    const { key } = this;
    const words = (await eightWords(key)).join(" ");
    if (key !== this.key) return;
    this.words = words;
    this.#around.changed();
  }

  /** @param {Device["why"]} why */
  #refuse(why) {
    this.why = why;
    this.#become("refused");
    if (why === "withdrawn") this.#around.withdrawn();
  }

  // The key

  /** @param {string} person */
  async #load(person) {
    this.#person = person;
    this.state = "unknown";
    this.pair = this.id = null;
    try {
      const pair = person && (await this.#keys.load(person));
      if (pair && person === this.#person) await this.#use(pair);
    } catch {
      this.#become("broken");
    }
  }

  /** @param {CryptoKeyPair} pair */
  async #use(pair) {
    this.key = await pointOf(pair);
    this.words = "";
    this.id = null;
    this.pair = pair;
  }

  /** @param {Device["state"]} state */
  #become(state) {
    this.state = state;
    this.#around.changed();
  }
}

/** @param {string | null} json @returns {{person: string, id: string | null}} */
function readNote(json) {
  try {
    const { person, id } = JSON.parse(json ?? "{}");
    return { person: String(person ?? ""), id: id ?? null };
  } catch {
    return { person: "", id: null };
  }
}
