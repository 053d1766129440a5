// Keeps a return code valid: each new secret is sealed for it, until the caller discards it.
import { SEATS, sealForReturn } from "../../shared/sealing.js";
import { Dropped } from "../../shared/socket.js";

/** @typedef {{hash: string | null, box: string | null}} Sealed */

export class KeptCode {
  #memory;
  #secrets;
  #seats;
  #settled;
  #send;
  /** `opens`: how many secrets it opens. @type {{code: string, opens: number} | null} */
  #kept = null;

  /** @param {{memory: import("./tab-memory.js").TabMemory, secrets: () => Map<number, import("../../shared/sealing.js").Secret>, seats?: () => Promise<import("../../shared/sealing.js").Secret | null>, settled: () => boolean, send: (sealed: Sealed) => Promise<unknown>}} of  secrets: by epoch; settled: the log is complete */
  constructor({ memory, secrets, seats = async () => null, settled, send }) {
    this.#memory = memory;
    this.#secrets = secrets;
    this.#seats = seats;
    this.#settled = settled;
    this.#send = send;
  }

  /** Returns whether there is a code, and whether this page renews it. An earlier page's code is not renewed. */
  get state() {
    return { kept: this.#memory.state?.coded === true, renewed: this.#kept !== null };
  }

  /** Sets the code that opens the conversation once more; null discards it. @param {string | null} code */
  async keep(code) {
    const [before, { state }, secrets] = [this.#kept, this.#memory, this.#secrets()];
    if (!this.#settled() || !state) throw new Dropped("not connected");
    this.#kept = null; // so that nothing is renewed now
    const opens = secrets.size;
    try {
      const sealed = code === null ? null : await this.#sealed(code, state.conversation);
      await this.#send(sealed ?? { hash: null, box: null });
    } catch (error) {
      this.#kept = before;
      throw error;
    }
    this.#kept = code === null ? null : { code, opens };
    state.coded = code !== null;
    this.#memory.save();
    this.renew();
  }

  /** Takes over a letter's code, which stays valid. @param {string} code */
  goesOn(code) {
    this.#kept = { code, opens: this.#secrets().size };
    if (this.#memory.state) this.#memory.state.coded = true;
  }

  /** @param {string} code @param {string} conversation */
  async #sealed(code, conversation) {
    const [secrets, seats] = [new Map(this.#secrets()), await this.#seats()];
    if (seats) secrets.set(SEATS, seats);
    return sealForReturn(code, conversation, secrets);
  }

  /** Seals new secrets for the code too. */
  async renew() {
    const [kept, secrets, { state }] = [this.#kept, this.#secrets(), this.#memory];
    if (!kept || kept.opens === secrets.size || !this.#settled() || !state) return;
    kept.opens = secrets.size;
    const sealed = await this.#sealed(kept.code, state.conversation);
    if (this.#kept !== kept) return; // discarded by now
    await this.#send(sealed).catch(() => {
      kept.opens = 0; // so that the next change tries again
    });
  }
}
