// Plays the server of a staff page's socket: it records every frame, serves no connection before its key is
// proven, and answers as the test says.
import { challenge } from "./proof.js";

/** @typedef {import("../../../frontend/shared/wire.d.ts").Frame} Frame */
/** @typedef {Frame | Promise<Frame | null> | null} Reply  null: none */
/** @typedef {(frame: any) => Reply} Answer */
/** @typedef {{id: string, key: string, person: string, state: string}} Row  a device that was proven once */

/** @param {string} code @param {object} [more] @returns {Frame} */
export const error = (code, more = {}) => ({ type: "error", code, detail: "", ...more });
/** @param {object} [fields] @returns {Frame} */
export const ok = (fields = {}) => ({ type: "ok", ...fields });

const NOTHING = {
  queue: [],
  colleagues: [],
  services: [],
  conversations: [],
  invitations: [],
  sentences: [],
};

export class StaffServer {
  /** Every frame that the page sent. @type {any[]} */
  sent = [];
  /** Types of what was sent before the proof and was refused for it. @type {string[]} */
  early = [];
  /** Holds answers that replace the server's own, by type of the request. @type {Record<string, Answer>} */
  answers = {};
  /** The newest WebSocket. @type {any} */
  line = null;
  connections = 0;
  /** Holds who has signed in. @type {any} */
  me = null;
  /** @type {Row[]} */
  rows = [];
  /** Returns the state of a key that was never seen. */
  admits = "approved";
  proven = false;
  /** The newest box of this connection. @type {{secret: string, device: Row} | null} */
  #asked = null;
  #lost = false;

  /** Returns what the server answers unless `answers` has another answer. @param {any} _frame @returns {Reply} */
  answer(_frame) {
    return ok();
  }

  /** Sends what follows an ok on the socket. @param {any} _frame */
  follow(_frame) {}

  /** Returns what enrolling needs. @returns {object} */
  told() {
    return { me: this.me, duty: { state: "off", slots: 0 }, lines: [], codes: {}, own_codes: [] };
  }

  /** Returns what only an approved device is told. @returns {object} */
  lists() {
    return NOTHING;
  }

  /** @param {string} type */
  sentOf(type) {
    return this.sent.filter((frame) => frame.type === type);
  }

  /** @param {object} frame */
  deliver(frame) {
    this.line?.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** @param {number} code */
  drop(code = 1006) {
    const { line } = this;
    this.line = null;
    line.onclose?.({ code });
  }

  connect() {
    /** @type {any} */
    const line = { close() {}, send: (/** @type {string} */ data) => this.#receive(line, JSON.parse(data)) };
    this.line = line;
    this.connections++;
    this.#asked = null;
    this.proven = this.#lost = false;
    setTimeout(() => line.onopen?.(), 0);
    return line;
  }

  /** @param {unknown} line @param {Frame} frame */
  async #receive(line, frame) {
    this.sent.push(frame);
    await null; // a reply never comes before `send` returns
    const reply = await this.#reply(frame);
    if (!reply || line !== this.line) return;
    this.deliver({ ...reply, ref: frame.ref });
    if (reply.type === "ok") this.follow(frame);
  }

  /** @param {any} frame @returns {Promise<Frame | null>} */
  async #reply(frame) {
    const own = this.answers[frame.type];
    if (own && (this.proven || PROVING.includes(frame.type))) return own(frame);
    if (frame.type === "hello") return this.greets(frame);
    if (frame.type === "enrol") return this.#enrol(frame);
    if (frame.type === "prove") return this.proves(frame);
    if (this.proven || frame.type === "beat" || (frame.type === "duty" && frame.state === "off"))
      return this.answer(frame);
    this.early.push(frame.type);
    return error("conflict");
  }

  // The device

  /** Returns a box that only this key opens. @param {Row} device @returns {Promise<string>} */
  async demand(device) {
    const { box, secret } = await challenge(device.key, device.id);
    this.#asked = { secret, device };
    return box;
  }

  /** Returns whether it is the newest box's secret; one wrong secret loses the connection. @param {string} secret */
  meets(secret) {
    const asked = this.#asked;
    this.#asked = null;
    if (this.#lost || asked?.secret !== secret) {
      this.#lost = true;
      return null;
    }
    return asked.device;
  }

  /** @param {{device: string | null}} frame */
  async greets({ device: id }) {
    const known = this.rows.find((row) => row.id === id && row.person === this.me.id);
    const device = known ? { id, state: "unproven" } : null;
    const prove = known ? await this.demand(known) : null;
    return ok({ device, prove, ...this.told(), ...NOTHING });
  }

  /** @param {{key: string}} frame */
  async #enrol({ key }) {
    const known = this.rows.find((row) => row.key === key && row.person === this.me.id);
    const { length } = this.rows;
    const fresh = { id: `device-${length + 1}`, key, person: this.me.id, state: this.admits };
    const device = known ?? fresh;
    return ok({ device: { id: device.id, state: "unproven" }, prove: await this.demand(device) });
  }

  /** @param {{secret: string}} frame */
  proves({ secret }) {
    const device = this.meets(secret);
    if (!device) return error("forbidden");
    const { id, key, person, state } = device;
    if (state === "revoked" || this.rows.some((row) => row.key === key && row.person !== person))
      return error("conflict");
    if (!this.rows.includes(device)) this.rows.push(device);
    this.proven = state === "approved";
    const all = this.proven ? { prove: null, ...this.told(), ...this.lists() } : {};
    return ok({ ...all, device: { id, state } });
  }
}

/** Lists the requests that a test may answer in its own way before the proof. */
const PROVING = ["hello", "enrol", "prove", "desk"];
