// Models the desk of a guest: a worker of a service without accounts, who joins one conversation by a one-time link and
// a PIN. This browser's key is deleted when the seat has left or the conversation has ended.
import { makeDeviceKey, openProof, pointOf } from "../../../shared/sealing.js";
import { CLOSED, ErrorReply, PASSING } from "../../../shared/socket.js";
import { PROVE_AGAIN_MS } from "../../../staff/device.js";
import { usual } from "../../../staff/languages.js";
import { Desk } from "../../desk.js";

/** @typedef {import("./guest-keys.js").GuestKeys} GuestKeys */

const [NOTE, LINK, PIN_DIGITS] = ["helpline-guest", "helpline-guest-link", 6];

export class GuestDesk extends Desk {
  /** @type {Desk["mode"]} */
  mode = "guest";
  /** @type {"starting" | "no_link" | "pin" | "joining" | "talking" | "over"} */
  step = "starting";
  /** Holds the reason why the PIN is asked again, or why the guest's visit is over. */
  why = "";
  #store;
  #keys;
  #link;
  #pin = "";
  /** Holds the name by which the guest wants to be called. */
  #called = "";
  /** Holds the token that opens the seat again after a lost connection; "" before there is one. */
  #resume = "";
  /** Holds the key's name in this browser; "" after the key is deleted. */
  #name = "";
  #point = "";
  /** @type {CryptoKeyPair | null} */
  #pair = null;
  /** Is true if another connection was opened after this browser could not prove that it has the key. There is only one such retry. */
  #triedAgain = false;
  /** Counts how often the link and this PIN were sent. */
  #sent = 0;

  /** @param {import("../../desk.js").Around & {link: string, keys: GuestKeys}} around  link: the token, or "" */
  constructor(around) {
    super(around);
    this.#store = around.store;
    this.#keys = around.keys;
    this.#link = around.link;
  }

  /** Resumes the seat after a reload; otherwise asks for the PIN. */
  async start() {
    await this.#keys.sweep(this.now()).catch(() => {}); // tried again at the next visit
    this.#keepLink();
    const { name, resume } = readNote(this.#store.getItem(NOTE));
    const pair = name && (await this.#keys.load(name).catch(() => undefined));
    if (!pair) return this.#askPin("");
    await this.#use(name, pair);
    this.#resume = resume;
    this.#become("joining");
    this.connect();
  }

  /** Stores the link in this tab until it is used: it is removed from the address, and the guest may reload before entering the PIN. */
  #keepLink() {
    this.#link ||= this.#store.getItem(LINK) ?? "";
    if (this.#link) this.#store.setItem(LINK, this.#link);
  }

  /** Returns whether a connection is expected: not before the PIN is entered, and not after the end. */
  get wantsConnection() {
    return this.step === "joining" || this.step === "talking";
  }

  get entering() {
    return this.step === "joining";
  }

  /** @param {string} pin @param {string} [called]  the name by which the guest wants to be called */
  async join(pin, called = "") {
    if (this.step !== "pin") return;
    this.#become("joining");
    this.#called = called.trim();
    this.#sent = 0;
    this.#pin = pin.replace(/\D/g, "").slice(0, PIN_DIGITS);
    const name = `guest ${crypto.randomUUID()}`;
    try {
      const pair = await makeDeviceKey();
      // The key is stored before the link is used up: a browser that cannot store it could not resume the seat.
      await this.#keys.store(name, pair, this.now());
      await this.#use(name, pair);
    } catch {
      return this.#become("pin", "broken");
    }
    this.connect();
  }

  /** @param {string} name @param {CryptoKeyPair} pair */
  async #use(name, pair) {
    this.#point = await pointOf(pair);
    this.#name = name;
    this.#pair = pair;
  }

  /** @returns {import("../../../staff/station.js").Wire["opening"]} */
  opening() {
    this.#sent++;
    const [token, pin] = this.#resume ? [this.#resume, null] : [this.#link, this.#pin];
    return { type: "desk", token, pin, key: this.#point, ...(this.#called && { name: this.#called }) };
  }

  /** @param {import("../../../shared/protocol.d.ts").DeskOk} ok */
  async greeted({ conversation, member, resume, prove }) {
    const pair = this.#pair;
    if (!pair) return;
    this.#resume = resume;
    this.#store.removeItem(LINK);
    if (this.#name) this.#store.setItem(NOTE, JSON.stringify({ name: this.#name, resume }));
    this.#pin = "";
    this.restarting = false;
    if (prove && !(await this.#prove(prove, pair, member))) return;
    this.proven = true;
    this.sit({ conversation, member, line: "", locale: usual(), urgency: 0 }, pair);
    this.selected = conversation;
    this.#become("talking");
  }

  /** Proves that this browser has the seat's key and not only its token. @param {string} box @param {CryptoKeyPair} pair @param {string} member */
  async #prove(box, pair, member) {
    const { turn } = this;
    try {
      const secret = await openProof(box, pair, member);
      if (turn !== this.turn) return false; // the secret belongs to an earlier connection
      await this.request("prove", { secret });
    } catch (error) {
      if (turn === this.turn) this.#unproven(error);
      return false;
    }
    this.#triedAgain = false;
    return true;
  }

  /** @param {unknown} error */
  #unproven(error) {
    if (error instanceof ErrorReply && PASSING.includes(error.code)) {
      const { turn } = this; // the database is away
      return void this.after(PROVE_AGAIN_MS, () => turn === this.turn && this.again());
    }
    if (!this.#triedAgain) {
      this.#triedAgain = true;
      return this.again();
    }
    this.disconnect();
    this.stopped = "unproven";
    this.changed();
  }

  /** @param {import("../../../shared/socket.js").Stop} why */
  shut(why) {
    if (this.step === "over") return;
    const gone = why.code === CLOSED.gone;
    if (!gone && why.error?.code !== "not_found") return super.shut(why);
    // After the end only the purge removes a seat.
    const reason = gone || this.current?.state === "ended" ? "gone" : "lost";
    if (this.current) return this.current.empty(reason);
    const cameBack = this.#resume !== "";
    this.#forget();
    this.#resume = "";
    // The seat from before the reload no longer exists. If the address had a new link, that one is used.
    if (cameBack && !this.#link) this.#become("over", reason);
    // If the first reply was lost, the link is used up, and the PIN was right.
    else this.#askPin(cameBack ? "" : this.#sent > 1 ? "used" : "wrong");
  }

  settle() {
    if (this.step === "over" || !this.current) return;
    const { emptied, state } = this.current;
    if (emptied) this.#end(emptied);
    else if (state === "ended") this.#forget(); // the messages stay on the screen until the tab is closed
  }

  /** @param {string} why */
  #askPin(why) {
    this.#become(this.#link ? "pin" : "no_link", why);
  }

  /** @param {string} why */
  #end(why) {
    this.#forget();
    this.#become("over", why);
    this.disconnect();
  }

  /** Deletes the key from this browser. */
  #forget() {
    const name = this.#name;
    if (!name) return;
    this.#name = "";
    this.#store.removeItem(NOTE);
    this.#keys.forget(name).catch(() => this.problem("key_stays"));
  }

  /** @param {GuestDesk["step"]} step @param {string} [why] */
  #become(step, why = "") {
    this.step = step;
    this.why = why;
    this.changed();
  }
}

/** @param {string | null} json */
function readNote(json) {
  try {
    const { name, resume } = JSON.parse(json ?? "{}");
    return { name: String(name ?? ""), resume: String(resume ?? "") };
  } catch {
    return { name: "", resume: "" };
  }
}
