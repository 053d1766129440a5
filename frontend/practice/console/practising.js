// Practising on the hidden twin of a line: made-up callers, and no real ones, until somebody stops.
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
 * @property {(code: string) => void} solved  is a problem no more
 * @property {(seat: import("../../console/conversation/model/conversation.js").Seat) => void} sit
 * @property {(ms: number, act: () => void) => unknown} after
 * @property {() => void} began
 * @property {() => void} ended  also elsewhere, or by itself
 */

const LOOK_MS = 5000; // nobody is rung for a practice letter
const OWN_WORDS = ["practise conflict", "takepractice not_found"];

export class Practising {
  /** @type {On | null} */
  on = null;
  /** Where somebody practised in this tab, by line: its conversations stand there for a while after the end. @type {Map<string, On>} */
  known = new Map();
  #around;
  #looks = false;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** Where this person practises already, at another console or before a reload. */
  async look() {
    const told = await this.#around.request("practising").catch(() => null);
    if (told) this.#learn(told.practising);
    this.#around.changed();
  }

  /** Of an own line. @param {string} line */
  begin = (line) => this.#ask(line);
  stop = () => this.#ask(null);

  /** The made-up caller of the tab beside this one. */
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

  /** Whether letters of one's own wait: they are counted for this person alone, so that no shelf shows them. */
  #lookAgain() {
    if (this.#looks) return;
    this.#looks = true;
    this.#around.after(LOOK_MS, async () => {
      this.#looks = false;
      const before = this.on;
      if (!before) return;
      const told = await this.#around.request("practising").catch(() => null);
      if (this.on !== before) return; // it was begun or stopped here meanwhile
      if (told) this.#learn(told.practising);
      else this.#lookAgain();
      this.#around.changed();
    });
  }

  /** A letter, where no caller waits. */
  async #next() {
    const { request } = this.#around;
    try {
      return await request("takepractice");
    } catch (error) {
      if (!(error instanceof ErrorReply) || error.code !== "not_found" || !this.on) throw error;
      return request("take", { line: this.on.line });
    }
  }

  /** Practice letters are sealed to a key of this browser. Where a colleague was faster, there are none this time. */
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
