// Stores a guest's keys in this browser. The name of each key is noted with its time, and the next visit deletes keys
// that are older than thirteen hours. Such a key belongs to a tab that was closed without leaving, because no
// conversation is open for longer than twelve hours.
import { deleteKey, keepKey, loadKey } from "../../../shared/sealing.js";

/** @typedef {Pick<Storage, "getItem" | "setItem">} Memory */

const [NOTE, LONGEST_MS] = ["helpline-guest-keys", 13 * 3_600_000];
const DATABASE = { load: loadKey, store: keepKey, forget: deleteKey };

export class GuestKeys {
  #memory;
  #database;

  /** @param {Memory} memory  of this browser @param {typeof DATABASE} [database] */
  constructor(memory, database = DATABASE) {
    this.#memory = memory;
    this.#database = database;
  }

  /** @param {string} name */
  load(name) {
    return this.#database.load(name);
  }

  /** @param {string} name @param {CryptoKeyPair} pair @param {number} now */
  async store(name, pair, now) {
    this.#note({ ...this.#noted(), [name]: now });
    await this.#database.store(name, pair);
  }

  /** @param {string} name */
  async forget(name) {
    await this.#database.forget(name);
    const { [name]: _gone, ...others } = this.#noted();
    this.#note(others);
  }

  /** @param {number} now */
  async sweep(now) {
    const old = Object.entries(this.#noted()).filter(([, made]) => now - made > LONGEST_MS);
    for (const [name] of old) await this.forget(name);
  }

  /** @returns {Record<string, number>} when each was made */
  #noted() {
    try {
      return Object(JSON.parse(this.#memory.getItem(NOTE) ?? "{}"));
    } catch {
      return {};
    }
  }

  /** @param {Record<string, number>} names */
  #note(names) {
    this.#memory.setItem(NOTE, JSON.stringify(names));
  }
}
