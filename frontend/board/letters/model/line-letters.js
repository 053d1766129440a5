// Models a line's letters: whether the line takes letters, when it promises an answer, and which devices cannot open
// letters.
import { LineKeys } from "../../retention/model/line-keys.js";

/** @typedef {import("../../../shared/protocol.d.ts").LetterSettingsOk} Settings */
/** @typedef {import("../../../shared/protocol.d.ts").KeyLine} KeyLine */
/** @typedef {import("../../../shared/protocol.d.ts").KeyDevice} KeyDevice */
/**
 * @typedef {import("../../retention/model/line-keys.js").Around & {
 *   isRevoked: (key: string) => boolean,
 * }} Around  isRevoked: whether this browser has seen that the key was revoked; such a device is left out, even if the server lists it
 */

const USE = "letters";
const LACKS = { conflict: "letters_lack" };

export class LineLetters {
  /** @type {Settings | null} */
  settings = null;
  /** @type {KeyLine | null} */
  keyLine = null;
  #around;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
    this.keys = new LineKeys(around, USE, () => this.keyLine);
  }

  clear() {
    Object.assign(this, { settings: null, keyLine: null });
  }

  /** Fetches a line's data. The board ignores the result if it has begun a newer fetch. @param {string} line */
  async look(line) {
    const [settings, keys] = await Promise.all([
      this.#around.request("lettersettings", { line }),
      this.#around.request("keys", { use: USE }),
    ]);
    return { settings, keyLine: keys.lines.find((one) => one.line === line) ?? null };
  }

  /** Returns the line's devices that cannot open its letters. */
  get without() {
    const { isRevoked } = this.#around;
    return (this.keyLine?.devices ?? []).filter(
      ({ id, key }) => !this.keys.present?.devices.includes(id) && !isRevoked(key),
    );
  }

  /** Records that a supervisor has seen that letters expired without an answer. @param {string} line */
  acknowledge = (line) => this.#around.act(() => this.#around.request("ackletters", { line }));

  /** @param {"never" | "closed" | "always"} letters @param {{days: number, hours: number, people: string[]}} promises */
  save = (letters, { days, hours, people }) =>
    this.#around.act(async () => {
      const { line } = this.#around.own();
      const { waits } = await this.#around.request("setletters", { line, letters, days, hours, people });
      this.#around.tell(waits ? "board.approval.asked" : "board.approval.done");
    }, LACKS);
}
