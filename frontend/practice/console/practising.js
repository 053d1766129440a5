// Runs practice on a line's hidden practice line: the trainee gets made-up callers only, until they stop.
import { makeLineKey } from "../../shared/sealing.js";
import { ErrorReply } from "../../shared/socket.js";
import { attempt } from "../../staff/problems.js";

/** @typedef {import("../../shared/protocol.d.ts").PractisingOn} On */
/**
 * @typedef {object} Around
 * @property {import("../../console/desk.js").Desk["request"]} request
 * @property {(code: string) => void} problem
 * @property {() => CryptoKeyPair | null | undefined} pair  this browser's device
 * @property {() => void} changed
 * @property {(code: string) => void} solved  removes the message about this problem
 * @property {(seat: import("../../console/conversation/model/conversation.js").Seat) => void} sit
 * @property {(ms: number, act: () => void) => unknown} after
 * @property {() => void} began
 * @property {() => void} ended  called when practice has ended, also if it ended on another console or by itself
 */

const LOOK_MS = 5000; // practice letters send no bell
const OWN_WORDS = ["practise conflict", "takepractice not_found"];

export class Practising {
  /** @type {On | null} */
  on = null;
  /** Holds the practice lines used in this tab. Their conversations stay visible for a while after practice ends. @type {Map<string, On>} */
  known = new Map();
  #around;
  #looks = false;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** Finds out whether this person practises already: on another console, or in this one before a reload. */
  async look() {
    const told = await this.#around.request("practising").catch(() => null);
    if (told) this.#learn(told.practising);
    this.#around.changed();
  }

  /** Begins practice for one of the person's own lines. @param {string} line */
  begin = (line) => this.#ask(line);
  stop = () => this.#ask(null);

  /** Takes the made-up caller who waits for this person. */
  takeNext() {
    return attempt(
      async () => {
        this.#around.sit(await this.#next());
        this.#around.solved("takepractice_not_found");
      },
      this.#around.problem,
      "takepractice",
      OWN_WORDS,
    );
  }

  /** @param {On | null} on */
  #learn(on) {
    this.on = on;
    if (!on) return this.#around.ended();
    if (!this.known.has(on.line)) this.#around.began();
    this.known.set(on.line, on);
    this.#lookAgain();
  }

  /**
   * Asks at intervals whether practice letters of this person wait. Only this person has them, so the list of
   * letters does not show them.
   */
  #lookAgain() {
    if (this.#looks) return;
    this.#looks = true;
    this.#around.after(LOOK_MS, async () => {
      this.#looks = false;
      const before = this.on;
      if (!before) return;
      const told = await this.#around.request("practising").catch(() => null);
      if (this.on !== before) return; // practice was begun or stopped here in the meantime
      if (told) this.#learn(told.practising);
      else this.#lookAgain();
      this.#around.changed();
    });
  }

  /** Takes a caller, or a letter if no caller waits. */
  async #next() {
    const { request } = this.#around;
    try {
      return await request("takepractice");
    } catch (error) {
      if (!(error instanceof ErrorReply) || error.code !== "not_found" || !this.on) throw error;
      return request("take", { line: this.on.line });
    }
  }

  /** Makes the key to which practice letters are sealed. If a colleague made one first, there are no letters this time. */
  async #makeKey() {
    const pair = this.#around.pair();
    if (!this.on || !pair) return;
    const { line, generation } = this.on;
    const { key, share } = await makeLineKey(line, generation, pair, "letters");
    await this.#around.request("practisekey", { generation, public: key, sealed: share }).catch(() => null);
  }

  /** @param {string | null} line */
  #ask(line) {
    const ask = async () => {
      this.#learn((await this.#around.request("practise", { line })).practising);
      await this.#makeKey();
      this.#around.changed();
    };
    return attempt(ask, this.#around.problem, "practise", OWN_WORDS);
  }
}
