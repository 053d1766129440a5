// A return code that the caller wrote down: what it opens is renewed with each new secret, until it is thrown away.
import { sealForReturn } from "../../shared/sealing.js";
import { Dropped } from "../../shared/socket.js";

/** @typedef {{hash: string | null, box: string | null}} Sealed */

export class KeptCode {
  #memory;
  #secrets;
  #settled;
  #send;
  /** With how many secrets it opens. @type {{code: string, opens: number} | null} */
  #kept = null;

  /** @param {{memory: import("./tab-memory.js").TabMemory, secrets: () => Map<number, import("../../shared/sealing.js").Secret>, settled: () => boolean, send: (sealed: Sealed) => Promise<unknown>}} of  secrets: by epoch; settled: the log is complete */
  constructor({ memory, secrets, settled, send }) {
    this.#memory = memory;
    this.#secrets = secrets;
    this.#settled = settled;
    this.#send = send;
  }

  /** Of this page, which renews it, or of an earlier one of this tab. */
  get state() {
    return { kept: this.#memory.state?.coded === true, renewed: this.#kept !== null };
  }

  /** From now on this code opens the conversation once more, or none does. @param {string | null} code */
  async keep(code) {
    const [before, { state }, secrets] = [this.#kept, this.#memory, this.#secrets()];
    if (!this.#settled() || !state) throw new Dropped("not connected");
    this.#kept = null; // nothing is renewed meanwhile
    const opens = secrets.size;
    try {
      const sealed = code === null ? null : await sealForReturn(code, state.conversation, secrets);
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

  /** It opens what came since, too. */
  async renew() {
    const [kept, secrets, { state }] = [this.#kept, this.#secrets(), this.#memory];
    if (!kept || kept.opens === secrets.size || !this.#settled() || !state) return;
    kept.opens = secrets.size;
    const sealed = await sealForReturn(kept.code, state.conversation, secrets);
    if (this.#kept !== kept) return; // thrown away meanwhile
    await this.#send(sealed).catch(() => {
      kept.opens = 0; // the next change tries again
    });
  }
}
