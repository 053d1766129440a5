// Makes a console, and plays its server and a caller. Time passes only by `pass`; the keys are real.
import { Console } from "../../../frontend/console/console.js";
import { FakeStorage, keeping, until } from "./browser.js";
import { player, Talk } from "./conversation.js";
import { error, ok, StaffServer } from "./staff-server.js";

export { FakeStorage, quiet, until } from "./browser.js";
export { player, Talk } from "./conversation.js";
export { error, ok } from "./staff-server.js";

/** @typedef {import("../../../frontend/shared/wire.d.ts").Frame} Frame */
/** @typedef {import("./conversation.js").Player} Player */

/** Holds the console under test, whose server answers as the contract says unless `answers` has another answer. */
export class Stage extends StaffServer {
  /** @type {Map<string, Talk>} */
  talks = new Map();
  me = { id: "carla", alias: "Carla", roles: ["counsellor"], lines: ["helpwanted"], service: null };
  /** @type {"console" | "partner"} */
  mode = "console";
  allowed = ALLOWED;
  /** Invitations that `hello` names. @type {object[]} */
  cards = [];
  /** Of the form after a conversation. @type {Record<string, string[]>} */
  codes = {};
  /** @type {object[]} */
  ownCodes = [];
  /** Ready sentences of the lines, and one's own by language. @type {object[]} */
  sentences = [];
  /** @type {Record<string, string[]>} */
  ownSentences = {};
  /** What this person had today. @type {object[]} */
  loads = [];
  /** @type {object[]} */
  letters = [];
  /** Of the pages that the server has. */
  release = "r1";
  rings = 0;
  /** In the queue of the line, and of them those who are here. */
  waits = { waiting: 1, here: 1 };
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

  /** @param {Player} own */
  constructor(own) {
    super();
    this.own = own;
  }

  /** Makes the console of somebody with an approved device, after the greeting. @param {(stage: Stage) => unknown} [prepare] */
  static async make(prepare = () => {}) {
    const stage = await Stage.built(prepare);
    await stage.load();
    return stage;
  }

  /** Makes the console of somebody with an approved device, before the page is loaded. @param {(stage: Stage) => unknown} [prepare] */
  static async built(prepare = () => {}) {
    const stage = new Stage(await player("counsellor", "Carla"));
    stage.keys.set(stage.me.id, stage.own.pair);
    stage.rows = [{ id: "device-1", key: stage.own.key, person: stage.me.id, state: "approved" }];
    stage.memory.setItem("helpline-device", JSON.stringify({ person: stage.me.id, id: "device-1" }));
    await prepare(stage);
    return stage;
  }

  /** Makes a conversation in which this person was just let in. @param {(talk: Talk) => unknown} [before] */
  async talk(before = () => {}) {
    const talk = new Talk(this.own);
    this.talks.set(talk.id, talk);
    await before(talk);
    talk.joins(talk.own);
    await talk.grants();
    this.held.push(talk);
    return talk;
  }

  /** The optional apps that this page has. @type {((desk: Console) => import("../../../frontend/console/console.js").ConsoleApp)[]} */
  apps = [];
  /** The server's time in milliseconds, where it differs from this machine's. @type {number | null} */
  serverTime = null;
  /** Whether the person must sign in again. */
  signedOut = false;

  /** Returns the browser's functions that the console uses. @returns {import("../../../frontend/shared/socket.js").World} */
  get world() {
    return {
      connect: () => this.connect(),
      after: (ms, act) => this.#after(ms, act),
      now: () => this.#time,
      random: () => 0,
    };
  }

  /** Loads the page, or loads it again: only the two stores and the key stay. */
  async load() {
    await this.begin();
    await until(() => this.console?.me && !UNDERWAY.includes(this.console.device.state));
  }

  async begin() {
    this.console = new Console({
      url: "wss://example.org/ws/console/",
      memory: this.memory,
      store: this.store,
      label: "Firefox",
      mode: this.mode,
      apps: this.apps,
      release: "r1",
      keys: {
        load: async (person) => this.keys.get(person),
        keep: (...own) => keeping(this.keys)(...own),
      },
      signedOut: async () => this.signedOut,
      world: this.world,
    });
    this.console.addEventListener("heard", () => this.heard++);
    this.console.addEventListener("rings", () => this.rings++);
    await this.console.start();
  }

  /** Returns what this tab stores of conversations, without the place on the screen. */
  get kept() {
    return new Map([...this.store.held].filter(([name]) => name !== "helpline-place"));
  }

  /** @param {Talk} talk */
  seat(talk) {
    const conversation = this.console?.conversations.get(talk.id);
    if (!conversation) throw new Error("no such conversation on the console");
    return conversation;
  }

  /** Returns the lines of a conversation as the screen shows them. @param {Talk} talk */
  texts(talk) {
    return this.seat(talk)
      .log.lines.filter(({ kind }) => kind === "message")
      .map(({ text, fault }) => fault || text);
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

  /** Tells whether a timer was set that is due in so long. @param {number} ms */
  waitsFor(ms) {
    return [...this.#timers].some(({ at }) => at === this.#time + ms);
  }

  /** @param {number} ms @param {() => void} act */
  #after(ms, act) {
    const timer = { at: this.#time + ms, act };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** @param {any} frame @returns {Frame} */
  answer(frame) {
    const talk = this.talks.get(frame.conversation);
    if (frame.type === "devices") return ok({ devices: [] });
    if (frame.type === "replacements") return ok({ rows: [] });
    if (frame.type === "lineprotocol") return ok({ steps: [], urgent: [] });
    if (frame.type === "duty") return ok({ duty: { state: frame.state, slots: frame.slots } });
    if (frame.type === "open" && talk)
      return ok({
        initial: "A",
        risk: 0,
        known: false,
        wrapped: talk.wrapped,
        steps: [],
        read: 0,
        ...talk.seat,
        allowed: this.allowed,
      });
    if (frame.type === "sync" && talk) return ok({ seq: talk.entries.length });
    if (["post", "note"].includes(frame.type) && talk) return this.#post(talk, frame);
    if (frame.type === "invite" && talk) return ok({ invitation: "invitation-1" });
    return ok();
  }

  told() {
    const { me, duty, codes, ownCodes } = this;
    return {
      release: this.release,
      at: new Date(this.serverTime ?? this.#time).toISOString(),
      me,
      duty,
      codes,
      own_codes: ownCodes,
      lines: [{ line: "helpwanted", name: "Helpwanted", open: true, formal: false }],
    };
  }

  lists() {
    const conversations = this.held.map(({ seat }) => seat);
    const services = [
      {
        ...{ service: "csg", name: "Centrum Seksueel Geweld", desk: true, guest: false, open: true },
        ...{
          purpose: "",
          purpose_en: "",
          needs: "",
          phone: "0800-0188",
          site: "",
          languages: [],
          ages: [null, null],
          uses: 0,
        },
      },
    ];
    const queue = [{ type: "queue", line: "helpwanted", oldest: null, urgent: 0, ...this.waits }];
    const told = {
      sentences: this.sentences,
      own_sentences: this.ownSentences,
      loads: this.loads,
      letters: this.letters,
    };
    return { queue, colleagues: [], services, conversations, invitations: this.cards, ...told };
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

  /** @param {any} frame */
  follow(frame) {
    const talk = this.talks.get(frame.conversation);
    if (!talk || !["open", "sync"].includes(frame.type)) return;
    talk.onEntry = (entry) => this.line && this.deliver(entry);
    for (const entry of talk.entries.slice(frame.since)) this.deliver(entry);
    if (frame.type === "open") this.presence(talk, true);
  }

  /** Sends whether the caller is here, or can return by code only. @param {Talk} talk @param {boolean} here @param {boolean} [code] */
  presence(talk, here, code = false) {
    this.deliver({ type: "presence", conversation: talk.id, member: talk.caller, here, code });
  }
}

/** Lists the states from which a device goes on to another by itself. */
const UNDERWAY = ["unknown", "making", "proving"];
export const ALLOWED = ["beat", "close", "open", "post", "seen", "sync", "typing"];
