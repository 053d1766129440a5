// Models a line's letters: whether it takes them, what it promises, and the letters key, which is made here
// and shared with the line's devices.
import { makeLineKey } from "../../../shared/sealing.js";
import { shareLetters } from "../../../staff/letters-shares.js";

/** @typedef {import("../../../shared/protocol.d.ts").LetterSettingsOk} Settings */
/** @typedef {import("../../../shared/protocol.d.ts").KeyLine} KeyLine */
/** @typedef {import("../../../shared/protocol.d.ts").KeyDevice} KeyDevice */
/**
 * @typedef {object} Around
 * @property {import("../../board.js").Board["request"]} request
 * @property {(action: () => Promise<unknown>, own?: Record<string, string>) => Promise<unknown>} act
 * @property {() => {line: string, pair: CryptoKeyPair}} own  the chosen line, and this browser's device
 * @property {(line: string, generation: number, key: string) => void} noteKey  it was made here
 * @property {(key: string) => boolean} isRevoked  this browser saw that it was: it gets nothing, whatever a row says
 * @property {(told: string) => void} tell  a text's key
 */

const USE = "letters";
const LACKS = { conflict: "letters_lack" };

export class LineLetters {
  /** @type {Settings | null} */
  settings = null;
  /** @type {KeyLine | null} */
  keys = null;
  #around;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  clear() {
    Object.assign(this, { settings: null, keys: null });
  }

  /** Fetches what to show of a line. The board shows it unless a newer request has begun. @param {string} line */
  async look(line) {
    const [settings, keys] = await Promise.all([
      this.#around.request("lettersettings", { line }),
      this.#around.request("keys", { use: USE }),
    ]);
    return { settings, keys: keys.lines.find((one) => one.line === line) ?? null };
  }

  /** Returns the key's valid generation. */
  get key() {
    return this.keys?.keys.find(({ confirmed, retired }) => confirmed !== null && retired === null);
  }

  /** Returns the generation that still needs a second supervisor's approval. */
  get waiting() {
    return this.keys?.keys.find(({ confirmed }) => confirmed === null);
  }

  /** Returns the line's devices that cannot open its letters. */
  get without() {
    const { isRevoked } = this.#around;
    return (this.keys?.devices ?? []).filter(
      ({ id, key }) => !this.key?.devices.includes(id) && !isRevoked(key),
    );
  }

  makeKey = () =>
    this.#around.act(async () => {
      const { line, pair } = this.#around.own();
      const generation = (this.keys?.keys[0]?.generation ?? 0) + 1;
      const { key, share } = await makeLineKey(line, generation, pair, USE);
      const { waits } = await this.#around.request("makekey", {
        ...{ line, generation, public: key, sealed: share, use: USE },
      });
      this.#around.noteKey(line, generation, key);
      if (waits) this.#around.tell("board.approval.asked");
    });

  /** Shares every generation that this browser can open. @param {KeyDevice} device  whose words were compared */
  give = (device) =>
    this.#around.act(async () => {
      const { pair } = this.#around.own();
      await shareLetters(this.#around.request, pair, device, this.keys ? [this.keys] : []);
    });

  /** Notes that a supervisor has seen that letters expired unanswered. @param {string} line */
  acknowledge = (line) => this.#around.act(() => this.#around.request("ackletters", { line }));

  /** @param {"never" | "closed" | "always"} letters @param {{days: number, hours: number, people: string[]}} promises */
  save = (letters, { days, hours, people }) =>
    this.#around.act(async () => {
      const { line } = this.#around.own();
      const { waits } = await this.#around.request("setletters", { line, letters, days, hours, people });
      this.#around.tell(waits ? "board.approval.asked" : "board.approval.done");
    }, LACKS);
}
