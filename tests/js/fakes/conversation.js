// Plays a conversation as the server stores it, with its caller. The keys are real.
import * as sealing from "../../../frontend/shared/sealing.js";

/** @typedef {import("../../../frontend/shared/wire.d.ts").Frame} Frame */
/** @typedef {{member: string, role: sealing.Role, alias: string, pair: CryptoKeyPair, key: string}} Player */

const words = new Uint8Array(64);
/** @param {number} size */
const random = (size) => sealing.toBase64url(crypto.getRandomValues(words).slice(0, size));

/** @param {sealing.Role} role @param {string} alias @returns {Promise<Player>} */
export async function player(role, alias) {
  const pair = await sealing.makeDeviceKey();
  return { member: random(8), role, alias, pair, key: await sealing.pointOf(pair) };
}

export class Talk {
  id = random(16);
  caller = random(8);
  epoch = 0;
  state = "active";
  /** Notes that the form of the seat under test was sent. */
  wrapped = false;
  /** @type {Frame[]} */
  entries = [];
  /** @type {Map<number, sealing.Secret>} */
  secrets = new Map([[0, sealing.freshSecret()]]);
  /** @type {Player[]} */
  present = [];
  /** @type {(entry: Frame) => void} */
  onEntry = () => {};

  /** @param {Player} own  the seat of the console under test */
  constructor(own) {
    this.own = own;
    this.add("opened", { line: "helpwanted" }, this.caller);
  }

  get seat() {
    const { id: conversation, state, epoch } = this;
    const fixed = { line: "helpwanted", locale: "nl", urgency: 0 };
    return { conversation, member: this.own.member, ...fixed, state, seq: this.entries.length, epoch };
  }

  /** @param {string} kind @param {object} fields @param {string | null} by */
  add(kind, fields, by) {
    const seq = this.entries.length + 1;
    const at = new Date(seq * 1000).toISOString();
    /** @type {Frame} */
    const frame = { type: "entry", conversation: this.id, seq, prev: seq - 1, kind, by, at, ...fields };
    this.entries.push(frame);
    this.onEntry(frame);
    return frame;
  }

  /** @param {Player} who */
  joins(
    who,
    invitation = /** @type {string | null} */ (null),
    service = /** @type {string | null} */ (null),
  ) {
    this.present = [...this.present, who];
    const { member, role, alias, key } = who;
    this.add("joined", { member, role, alias, key, service, invitation }, member);
  }

  /** Makes one change of an invitation of the console under test. @param {string} state @param {{by?: string, [field: string]: unknown}} [more] */
  invited(state, { by = this.own.member, ...more } = {}) {
    const to = { name: "Centrum Seksueel Geweld", service: "csg", guest: false };
    const first = { invitation: "invitation-1", how: "handoff", to, brief: null, history: null };
    return this.add("invited", { ...first, state, ...more }, by);
  }

  /** @param {Player} who @param {string} [reason] */
  leaves(who, reason = "left") {
    this.present = this.present.filter((other) => other !== who);
    this.add("left", { member: who.member, reason }, who.member);
  }

  /** Makes the caller's browser let in all who are present. @param {{history?: number[], hiding?: Player}} [how] */
  async grants({ history = [], hiding } = {}) {
    const secret = sealing.freshSecret();
    const epoch = ++this.epoch;
    this.secrets.set(epoch, secret);
    const seats = this.present.map(({ member, role, key }) => ({ member, role, key }));
    const sealedFor = { conversation: this.id, epoch, seats };
    const members = seats.map(({ member }) => member).filter((member) => member !== hiding?.member);
    if (!this.present.includes(this.own)) return this.add("granted", { epoch, members }, this.caller);
    const wrap = await sealing.wrapFor(secret, this.own.member, sealedFor);
    const seat = { member: this.own.member, key: this.own.key };
    const earlier = await Promise.all(
      history.map(async (one) => ({ epoch: one, wrap: await this.#historyFor(one, seat) })),
    );
    return this.add("granted", { epoch, members, wrap, history: earlier }, this.caller);
  }

  /** @param {number} epoch @param {{member: string, key: string}} seat */
  #historyFor(epoch, seat) {
    return sealing.historyFor(this.#secret(epoch), seat, this.id, epoch);
  }

  /** @param {number} epoch */
  #secret(epoch) {
    return /** @type {sealing.Secret} */ (this.secrets.get(epoch));
  }

  /** @param {string | object} text @param {{kind?: sealing.Kind, by?: string}} [how] */
  async says(text, { kind = "message", by = this.caller } = {}) {
    const where = { conversation: this.id, epoch: this.epoch, sender: by, secret: this.#secret(this.epoch) };
    const { id, epoch, box } = await sealing.seal(kind, text, where);
    return this.add(kind === "note" ? "note" : "message", { id, epoch, box }, by);
  }

  /** Opens a posted box as the caller does. @param {any} frame */
  async read({ id, epoch, box }) {
    const where = { conversation: this.id, epoch, sender: this.own.member, secret: this.#secret(epoch) };
    return (await sealing.openOwn(box, where)).text + (id ? "" : " without an id");
  }
}
