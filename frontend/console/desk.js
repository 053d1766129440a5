// What a console and a guest's desk have in common: conversations, and what went wrong. It tells that something was said
// in the background with "heard".
import { Station } from "../staff/station.js";
import { Conversation } from "./conversation/model/conversation.js";

/** @typedef {import("../staff/station.js").Wire["frame"]} Frame */
/** @typedef {import("./conversation/model/conversation.js").Seat} Seat */
/** @typedef {import("../shared/protocol.d.ts").ServiceCard} Service */
/** @typedef {import("../staff/station.js").Around & {store: import("./conversation/model/tab-memory.js").Store, trust?: import("../shared/sealing.js").Trust | null}} Around  store: of this tab; trust: what the page itself names */

export class Desk extends Station {
  /** @type {"console" | "partner" | "guest"} partner: another service's desk; guest: one conversation, by a link */
  mode = "console";
  restarting = false;
  /** @type {Service[]} */
  services = [];
  /** Slugs of those at whose desk somebody is on duty; null: nobody said. @type {string[] | null} */
  desksThere = null;
  /** @type {Record<string, string[]>} what the form after a conversation may say, by question */
  codes = {};
  /** @type {import("../shared/protocol.d.ts").OwnCodeShown[]} which of them a line has for itself */
  ownCodes = [];
  /** @type {Map<string, Conversation>} */
  conversations = new Map();
  selected = "";
  /** Somebody looks at this page now. */
  attended = false;
  /** @type {string[]} codes of what went wrong, until somebody has read them */
  problems = [];
  #store;

  /** @param {Around} around */
  constructor(around) {
    super(around);
    this.#store = around.store;
    this.trust = around.trust ?? null;
  }

  /** What the form after a conversation of a line offers: no other line's own. @param {string} line @param {string} question */
  codesFor(line, question) {
    const own = this.ownCodes.filter((one) => one.question === question);
    const of = (/** @type {string} */ code) => own.filter((one) => one.code === code);
    return (this.codes[question] ?? []).filter(
      (code) => !of(code).length || of(code).some((one) => one.line === line),
    );
  }

  // What each of them does its own way

  /** Somebody waits for the connection, so that its loss is told. */
  get wantsConnection() {
    return true;
  }

  /** It has never been there yet. */
  get entering() {
    return !this.me;
  }

  /** Whether a frame was meant for the desk itself, not for a conversation. @param {Frame} _frame */
  hear(_frame) {
    return false;
  }

  /** Ready sentences for what is being written: none at a guest's desk. @param {Conversation} _conversation @returns {import("./conversation/model/ready-sentences.js").Offer[]} */
  offered(_conversation) {
    return [];
  }

  /** For which line somebody sits in a conversation. @param {string} line  the conversation's */
  lineOf = (line) => line;

  /** Something has changed, and nobody has been told yet. */
  settle() {}

  // The connection

  changed = () => {
    this.settle();
    if (this.attended) this.current?.see();
    this.dispatchEvent(new Event("change"));
  };

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
    // Who comes back has a new seat: nothing of the old one stays but what they were writing.
    if (before?.emptied || before?.seat.member !== seat.member) {
      before?.closing.undo();
      const conversation = new Conversation(seat, pair, this.#surroundings());
      this.conversations.set(id, conversation);
      if (before) conversation.writing.goOnWith(before.unsaid);
    }
    this.conversations.get(id)?.open();
  }

  /** @returns {import("./conversation/model/conversation.js").Surroundings} */
  #surroundings() {
    return {
      trust: this.trust,
      request: this.request,
      changed: this.changed,
      heard: (conversation) => this.dispatchEvent(new CustomEvent("heard", { detail: conversation })),
      problem: this.problem,
      now: this.now,
      after: this.after,
      store: this.#store,
      codes: () => this.codes,
      lineOf: this.lineOf,
    };
  }

  /** @param {import("../shared/socket.js").State} state */
  connected(state) {
    if (state !== "open") for (const conversation of this.conversations.values()) conversation.offline();
    super.connected(state);
  }

  /** @param {Frame} frame */
  receive(frame) {
    if (frame.type === "beat") this.#beat(frame);
    else if (frame.type === "notice" && frame.code === "restarting") this.restarting = true;
    else if (frame.type === "notice") this.problem(frame.code);
    else if (!this.hear(frame) && "conversation" in frame) {
      const conversation = this.conversations.get(frame.conversation ?? "");
      conversation?.receive(frame);
      if (conversation?.isReplaying(frame)) return;
    }
    this.changed();
  }

  /** @param {import("../shared/protocol.d.ts").BeatOut} beat */
  #beat({ at, seqs }) {
    this.setClock(at);
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

  /** Whether a message is not sent yet: it lies in this page alone, and one that is loaded anew has lost it. */
  get hasUnsent() {
    return [...this.conversations.values()].some(({ writing }) =>
      writing.outbox.unsent.some(({ state }) => state !== "stored"),
    );
  }

  /** A service by name, or "" where nobody told it. @param {string} slug */
  serviceName(slug) {
    const told = [...this.conversations.values()].flatMap(({ log }) => [...log.invitations.values()]);
    const listed = this.services.find(({ service }) => service === slug)?.name;
    return listed ?? told.find(({ to }) => to.service === slug)?.to.name ?? "";
  }
}
