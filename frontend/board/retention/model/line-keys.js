// Models the chosen line's keys for one use, review or letters. They are made in this browser and shared with the line's
// devices.
import { makeLineKey } from "../../../shared/sealing.js";
import { shareKeys } from "../../../staff/key-shares.js";

/** @typedef {import("../../../shared/protocol.d.ts").KeyLine} KeyLine */
/** @typedef {import("../../../shared/protocol.d.ts").KeyDevice} KeyDevice */
/** @typedef {"review" | "letters"} KeyUse */
/**
 * @typedef {object} Around
 * @property {import("../../board.js").Board["request"]} request
 * @property {(action: () => Promise<unknown>, own?: Record<string, string>) => Promise<unknown>} act  own: error codes that get another text here
 * @property {() => {line: string, pair: CryptoKeyPair}} own  the chosen line, and this browser's device
 * @property {(line: string, generation: number, key: string, use: KeyUse) => void} noteKey  remembers that this browser made the key
 * @property {(told: string) => void} tell  announces a text, given by its key
 */

export class LineKeys {
  #around;
  #use;
  #found;

  /** @param {Around} around @param {KeyUse} use @param {() => KeyLine | null | undefined} found  the line's keys as the server last sent them */
  constructor(around, use, found) {
    this.#around = around;
    this.#use = use;
    this.#found = found;
  }

  /** Returns the valid generation. */
  get present() {
    return this.#found()?.keys.find(({ confirmed, retired }) => confirmed !== null && retired === null);
  }

  /** Returns the generation that still needs a second supervisor's approval. */
  get waiting() {
    return this.#found()?.keys.find(({ confirmed }) => confirmed === null);
  }

  /** Makes the first key, or its next generation. */
  make = () =>
    this.#around.act(async () => {
      const { line, pair } = this.#around.own();
      const use = this.#use;
      const generation = (this.#found()?.keys[0]?.generation ?? 0) + 1;
      const { key, share } = await makeLineKey(line, generation, pair, use);
      const sent = { line, generation, public: key, sealed: share, use };
      const { waits } = await this.#around.request("makekey", sent);
      this.#around.noteKey(line, generation, key, use); // only after it was accepted: a refused key does not get this generation
      if (waits) this.#around.tell("board.approval.asked");
    });

  /** Gives the device every generation of the line's key that this browser can open. @param {KeyDevice} device  whose words were compared */
  give = (device) =>
    this.#around.act(() => {
      const found = this.#found();
      return shareKeys(
        this.#around.request,
        this.#around.own().pair,
        this.#use,
        device,
        found ? [found] : [],
      );
    });
}
