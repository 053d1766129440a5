// A console, and a server and a caller played by the test. Time passes only by `pass`; the keys are real.
import { Console } from "../../../frontend/console/console.js";
import * as sealing from "../../../frontend/shared/sealing.js";

/** @typedef {import("../../../frontend/shared/socket.js").Frame} Frame */
/** @typedef {{member: string, role: sealing.Role, alias: string, pair: CryptoKeyPair, key: string}} Player */
/** @typedef {(frame: any) => Frame | Promise<Frame | null> | null} Answer  null: no reply */

const words = new Uint8Array(64);
/** @param {number} size */
const random = (size) => sealing.toBase64url(crypto.getRandomValues(words).slice(0, size));
/** @param {string} code @param {object} [more] @returns {Frame} */
export const error = (code, more = {}) => ({ type: "error", code, detail: "", ...more });
/** @param {object} [fields] @returns {Frame} */
export const ok = (fields = {}) => ({ type: "ok", ...fields });

/** @param {sealing.Role} role @param {string} alias @returns {Promise<Player>} */
export async function player(role, alias) {
  const pair = await sealing.makeDeviceKey();
  return { member: random(8), role, alias, pair, key: await sealing.pointOf(pair) };
}

/** What a tab and a browser keep. */
export class FakeStorage {
  /** @type {Map<string, string>} */
  held = new Map();
  get length() {
    return this.held.size;
  }
  /** @param {number} index */
  key(index) {
    return [...this.held.keys()][index] ?? null;
  }
  /** @param {string} name */
  getItem(name) {
    return this.held.get(name) ?? null;
  }
  /** @param {string} name @param {string} value */
  setItem(name, value) {
    this.held.set(name, value);
  }
  /** @param {string} name */
  removeItem(name) {
    this.held.delete(name);
  }
}

/** One conversation as the server holds it, with its caller. */
export class Talk {
  id = random(16);
  caller = random(8);
  epoch = 0;
  state = "active";
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

  /** One change of an invitation of the console under test. @param {string} state @param {object} [more] */
  invited(state, more = {}) {
    const to = { name: "Centrum Seksueel Geweld", service: "csg" };
    const first = { invitation: "invitation-1", how: "handoff", to, brief: null, history: null };
    return this.add("invited", { ...first, state, ...more }, this.own.member);
  }

  /** @param {Player} who @param {string} [reason] */
  leaves(who, reason = "left") {
    this.present = this.present.filter((other) => other !== who);
    this.add("left", { member: who.member, reason }, who.member);
  }

  /** The caller's browser lets in all who are present. @param {{history?: number[], hiding?: Player}} [how] */
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

  /** What stands in a posted box, read as the caller reads it. @param {any} frame */
  async read({ id, epoch, box }) {
    const where = { conversation: this.id, epoch, sender: this.own.member, secret: this.#secret(epoch) };
    return (await sealing.openOwn(box, where)).text + (id ? "" : " without an id");
  }
}

/** The console under test, in front of a server that answers as the contract says unless `answers` says else. */
export class Stage {
  /** @type {Frame[]} every frame that the console sent */
  sent = [];
  /** @type {Map<string, Talk>} */
  talks = new Map();
  /** @type {Record<string, Answer>} */
  answers = {};
  me = { id: "carla", alias: "Carla", roles: ["counsellor"], lines: ["helpwanted"], service: null };
  /** @type {"console" | "partner"} */
  mode = "console";
  allowed = ALLOWED;
  /** Invitations that `hello` names. @type {object[]} */
  cards = [];
  /** Of the form after a conversation. @type {Record<string, string[]>} */
  codes = {};
  rings = 0;
  device = { id: "device-1", state: "approved" };
  duty = { state: "on", slots: 4 };
  /** Seats that `hello` names. @type {Talk[]} */
  held = [];
  /** @type {Map<string, CryptoKeyPair>} */
  keys = new Map();
  memory = new FakeStorage();
  store = new FakeStorage();
  heard = 0;
  /** @type {Player} */
  own;
  #time = 1_000_000;
  /** @type {Set<{at: number, act: () => void}>} */
  #timers = new Set();
  /** @type {any} the newest WebSocket */
  line;

  /** @param {Player} own */
  constructor(own) {
    this.own = own;
  }

  /** Somebody with an approved device, greeted. @param {(stage: Stage) => unknown} [prepare] */
  static async make(prepare = () => {}) {
    const stage = new Stage(await player("counsellor", "Carla"));
    stage.keys.set(stage.me.id, stage.own.pair);
    stage.memory.setItem("helpline-device", JSON.stringify({ person: stage.me.id, id: stage.device.id }));
    await prepare(stage);
    await stage.load();
    return stage;
  }

  /** A talk in which this person was just let in. @param {(talk: Talk) => unknown} [before] */
  async talk(before = () => {}) {
    const talk = new Talk(this.own);
    this.talks.set(talk.id, talk);
    await before(talk);
    talk.joins(talk.own);
    await talk.grants();
    this.held.push(talk);
    return talk;
  }

  /** What the browser is to the console. @returns {import("../../../frontend/shared/socket.js").World} */
  get world() {
    return {
      connect: () => this.#connect(),
      after: (ms, act) => this.#after(ms, act),
      now: () => this.#time,
      random: () => 0,
    };
  }

  /** The page is loaded, or loaded again: nothing but the two stores and the key stays. */
  async load() {
    this.console = new Console({
      url: "wss://example.org/ws/console/",
      memory: this.memory,
      store: this.store,
      label: "Firefox",
      mode: this.mode,
      keys: {
        load: async (person) => this.keys.get(person),
        store: async (person, pair) => this.keys.set(person, pair),
      },
      world: this.world,
    });
    this.console.addEventListener("heard", () => this.heard++);
    this.console.addEventListener("rings", () => this.rings++);
    await this.console.start();
    await until(() => this.console?.me && this.console.device.state !== "unknown");
  }

  /** @param {Talk} talk */
  seat(talk) {
    const conversation = this.console?.conversations.get(talk.id);
    if (!conversation) throw new Error("no such conversation on the console");
    return conversation;
  }

  /** The lines of a conversation as the screen shows them. @param {Talk} talk */
  texts(talk) {
    return this.seat(talk)
      .log.lines.filter(({ kind }) => kind === "message")
      .map(({ text, fault }) => fault || text);
  }

  /** @param {string} type */
  sentOf(type) {
    return this.sent.filter((frame) => frame.type === type);
  }

  /** @param {Frame} frame */
  deliver(frame) {
    this.line.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** @param {number} code */
  drop(code = 1006) {
    const { line } = this;
    this.line = null;
    line.onclose?.({ code });
  }

  /** @param {number} ms */
  pass(ms) {
    const end = this.#time + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#time = next.at;
      next.act();
    }
    this.#time = end;
  }

  /** @param {number} ms @param {() => void} act */
  #after(ms, act) {
    const timer = { at: this.#time + ms, act };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  #connect() {
    /** @type {any} */
    const line = { close() {}, send: (/** @type {string} */ data) => this.#receive(line, JSON.parse(data)) };
    this.line = line;
    setTimeout(() => line.onopen?.(), 0);
    return line;
  }

  /** @param {any} line @param {any} frame */
  async #receive(line, frame) {
    this.sent.push(frame);
    await null; // a reply never comes before `send` returns
    const own = this.answers[frame.type];
    const reply = own ? await own(frame) : this.#answer(frame);
    if (!reply || line !== this.line) return;
    this.deliver({ ...reply, ref: frame.ref });
    if (reply.type === "ok") this.#follow(frame);
  }

  /** @param {any} frame @returns {Frame} */
  #answer(frame) {
    const talk = this.talks.get(frame.conversation);
    if (frame.type === "hello") return this.#hello(frame);
    if (frame.type === "enrol") return ok({ device: this.device });
    if (frame.type === "duty") return ok({ duty: { state: frame.state, slots: frame.slots } });
    if (frame.type === "open" && talk) return ok({ ...talk.seat, allowed: this.allowed });
    if (frame.type === "sync" && talk) return ok({ seq: talk.entries.length });
    if (["post", "note"].includes(frame.type) && talk) return this.#post(talk, frame);
    if (frame.type === "invite" && talk) return ok({ invitation: "invitation-1" });
    return ok();
  }

  /** @param {any} frame */
  #hello(frame) {
    const { me, duty } = this;
    const device = frame.device === this.device.id ? this.device : null;
    const lines = [{ line: "helpwanted", name: "Helpwanted", open: true }];
    const conversations = this.held.map(({ seat }) => seat);
    const services = [{ service: "csg", name: "Centrum Seksueel Geweld", desk: true, open: true }];
    const rest = { queue: [], colleagues: [], invitations: this.cards, codes: this.codes };
    return ok({ me, duty, device, lines, services, conversations, ...rest });
  }

  /** @param {Talk} talk @param {any} frame */
  #post(talk, { type, id, epoch, box }) {
    const known = talk.entries.find((entry) => entry.id === id);
    if (known) return ok({ seq: known.seq, at: known.at });
    if (epoch !== talk.epoch) return error("stale_epoch", { epoch: talk.epoch });
    const kind = type === "note" ? "note" : "message";
    const { seq, at } = talk.add(kind, { id, epoch, box }, talk.own.member);
    return ok({ seq, at });
  }

  /** What follows an ok on the socket. @param {any} frame */
  #follow(frame) {
    const talk = this.talks.get(frame.conversation);
    if (!talk || !["open", "sync"].includes(frame.type)) return;
    talk.onEntry = (entry) => this.line && this.deliver(entry);
    for (const entry of talk.entries.slice(frame.since)) this.deliver(entry);
    if (frame.type === "open") this.presence(talk, true);
  }

  /** Whether the caller is here. @param {Talk} talk @param {boolean} here */
  presence(talk, here) {
    this.deliver({ type: "presence", conversation: talk.id, member: talk.caller, here });
  }
}

export const ALLOWED = ["beat", "close", "open", "post", "seen", "sync", "typing"];

/** Waits for what the keys take their time for. @param {() => unknown} holds */
export async function until(holds) {
  const end = Date.now() + 3000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never: ${holds}`);
    await new Promise((done) => setTimeout(done, 1));
  }
}

/** Long enough for anything that would happen now to have happened. */
export const quiet = () => new Promise((done) => setTimeout(done, 60));
