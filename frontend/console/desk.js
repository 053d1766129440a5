// What a console and a guest's desk have in common: one connection, the server's clock, conversations, and what went
// wrong. It tells that something changed with "change", and that something was said in the background with "heard".
import { Socket } from "../shared/socket.js";
import { Conversation } from "./conversation/model/conversation.js";
import { afterTimeout } from "./conversation/model/time.js";

/** @typedef {import("../shared/socket.js").Frame} Frame */
/** @typedef {import("./conversation/model/conversation.js").Seat} Seat */
/** @typedef {{service: string, name: string, desk: boolean, open: boolean | null}} Service */
/** @typedef {{id: string, alias: string, roles: string[], lines: string[], service: string | null}} Me */
/**
 * @typedef {object} Around
 * @property {string} url
 * @property {import("../shared/socket.js").World} [world]  what a test replaces of the browser
 * @property {import("./conversation/model/tab-memory.js").Store} store  of this tab
 */

export class Station extends EventTarget {
  /** @type {"console" | "partner" | "guest"} partner: another service's desk; guest: one conversation, by a link */
  mode = "console";
  /** @type {import("../shared/socket.js").State} */
  connection = "connecting";
  /** Why it will not come back by itself: a close code or an error code. */
  stopped = "";
  restarting = false;
  /** @type {Me | null} */
  me = null;
  /** @type {import("../staff/device.js").Device | null} */
  device = null;
  /** @type {Service[]} */
  services = [];
  /** @type {Record<string, string[]>} what the form after a conversation may say, by question */
  codes = {};
  /** @type {Map<string, Conversation>} */
  conversations = new Map();
  selected = "";
  /** Somebody looks at this page now. */
  attended = false;
  /** @type {string[]} codes of what went wrong, until somebody has read them */
  problems = [];
  /** Ready sentences in a language. @type {(language: string) => string[]} */
  replies = () => [];
  #around;
  #socket;
  #skew = 0;
  #clock;
  after;

  /** @param {Around} around */
  constructor(around) {
    super();
    this.#around = around;
    this.after = around.world?.after ?? afterTimeout;
    this.#clock = around.world?.now ?? Date.now;
    const handlers = {
      opening: () => this.opening(),
      opened: (/** @type {Frame} */ ok) => this.greeted(/** @type {any} */ (ok)),
      frame: (/** @type {Frame} */ frame) => this.#receive(frame),
      state: (/** @type {import("../shared/socket.js").State} */ state) => this.#connected(state),
      stopped: (/** @type {import("../shared/socket.js").Stop} */ why) => this.halted(why),
    };
    this.#socket = new Socket(around.url, handlers, around.world);
  }

  // What each of them does its own way

  /** @returns {Frame} */
  opening() {
    throw new Error("a station says itself how it opens");
  }

  /** The ok of the opening frame. @param {any} _ok */
  greeted(_ok) {}

  /** Whether a frame was meant for the station itself, not for a conversation. @param {Frame} _frame */
  hear(_frame) {
    return false;
  }

  /** Something has changed, and nobody has been told yet. */
  settle() {}

  /** @param {import("../shared/socket.js").Stop} why */
  halted({ code, error }) {
    this.stopped = error ? error.code : String(code);
    this.changed();
  }

  // The connection

  connect() {
    this.stopped = "";
    this.#socket.start();
  }

  disconnect() {
    this.#socket.stop();
  }

  /** The page is shown again, or the network is back. */
  wake() {
    this.#socket.wake();
  }

  /** @param {string} type @param {object} fields */
  request = (type, fields) => this.#socket.request(type, fields);

  changed = () => {
    this.settle();
    if (this.attended) this.current?.see();
    this.dispatchEvent(new Event("change"));
  };

  /** The server's clock in milliseconds, as far as its beats tell. */
  now = () => this.#clock() + this.#skew;

  /** @param {string} code */
  problem = (code) => {
    if (!this.problems.includes(code)) this.problems = [...this.problems, code];
    this.changed();
  };

  /** @param {string} code */
  dismissProblem(code) {
    this.problems = this.problems.filter((other) => other !== code);
    this.changed();
  }

  /** Takes up a seat. @param {Seat} seat @param {CryptoKeyPair} pair */
  sit(seat, pair) {
    const { conversation: id } = seat;
    const before = this.conversations.get(id);
    // Who comes back has a new seat: nothing of the old one stays.
    if (before?.seat.member !== seat.member) {
      before?.closing.undo();
      this.conversations.set(id, new Conversation(seat, pair, this.#desk()));
    }
    this.conversations.get(id)?.open();
  }

  /** @returns {import("./conversation/model/conversation.js").Desk} */
  #desk() {
    return {
      request: this.request,
      changed: this.changed,
      heard: (conversation) => this.dispatchEvent(new CustomEvent("heard", { detail: conversation })),
      problem: this.problem,
      now: this.now,
      after: this.after,
      store: this.#around.store,
      codes: () => this.codes,
    };
  }

  /** @param {import("../shared/socket.js").State} state */
  #connected(state) {
    this.connection = state;
    if (state !== "open") for (const conversation of this.conversations.values()) conversation.offline();
    this.changed();
  }

  /** @param {Frame} frame */
  #receive(frame) {
    if (frame.type === "beat") this.#beat(/** @type {any} */ (frame));
    else if (frame.type === "notice" && frame.code === "restarting") this.restarting = true;
    else if (frame.type === "notice") this.problem(String(frame.code));
    else if (!this.hear(frame)) this.conversations.get(String(frame.conversation))?.receive(frame);
    this.changed();
  }

  /** @param {{at: string, seqs: Record<string, number>}} beat */
  #beat({ at, seqs }) {
    this.#skew = Date.parse(at) - this.#clock() || 0;
    for (const conversation of this.conversations.values()) conversation.beat(seqs[conversation.id]);
  }

  // The screen

  get current() {
    return this.conversations.get(this.selected);
  }

  /** @param {string} id  "" for none */
  select(id) {
    if (this.selected === id) return;
    this.selected = id;
    this.changed();
  }

  /** @param {boolean} attended */
  attend(attended) {
    this.attended = attended;
    this.changed();
  }

  /** Takes an emptied conversation off the list. @param {string} id */
  dismiss(id) {
    if (!this.conversations.get(id)?.emptied) return;
    this.putAway(id);
    this.changed();
  }

  /** @param {string} id */
  putAway(id) {
    this.conversations.delete(id);
    if (this.selected === id) this.selected = this.conversations.keys().next().value ?? "";
  }

  /** A service by name, or "" where nobody told it. @param {string} slug */
  serviceName(slug) {
    const told = [...this.conversations.values()].flatMap(({ log }) => [...log.invitations.values()]);
    const listed = this.services.find(({ service }) => service === slug)?.name;
    return listed ?? told.find(({ to }) => to.service === slug)?.to.name ?? "";
  }
}
