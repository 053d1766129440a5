// Defines the base class of a console and a guest's desk: conversations, and problems to show. It fires "heard" when
// somebody else has written something new.
import { Station } from "../staff/station.js";
import { Conversation } from "./conversation/model/conversation.js";

/** @typedef {import("../staff/station.js").Wire["frame"]} Frame */
/** @typedef {import("./conversation/model/conversation.js").Seat} Seat */
/** @typedef {import("../shared/protocol.d.ts").ServiceCard} Service */
/** @typedef {import("../staff/station.js").Around & {store: import("./conversation/model/tab-memory.js").Store, trust?: import("../shared/sealing.js").Trust | null}} Around  store: of this tab; trust: the roots that the page names */

const RESTART_MS = 60_000;

export class Desk extends Station {
  /** @type {"console" | "partner" | "guest"} partner: another service's desk; guest: one conversation, joined by a link */
  mode = "console";
  restarting = false;
  /** @type {Service[]} */
  services = [];
  /** Holds the slugs of the services whose desk is staffed; null until the server has sent them. @type {string[] | null} */
  desksThere = null;
  /** Holds the codes of the wrap-up form, by question. @type {Record<string, string[]>} */
  codes = {};
  /** Holds the codes that belong to one line only. @type {import("../shared/protocol.d.ts").OwnCodeShown[]} */
  ownCodes = [];
  /** @type {Map<string, Conversation>} */
  conversations = new Map();
  selected = "";
  /** Is true if somebody looks at this page now. */
  attended = false;
  /** Holds error codes, until somebody has dismissed them. @type {string[]} */
  problems = [];
  #store;

  /** @param {Around} around */
  constructor(around) {
    super(around);
    this.#store = around.store;
    this.trust = around.trust ?? null;
  }

  /** Returns the codes that a line's wrap-up form offers for a question, without codes that only other lines have. @param {string} line @param {string} question */
  codesFor(line, question) {
    const own = this.ownCodes.filter((one) => one.question === question);
    const of = (/** @type {string} */ code) => own.filter((one) => one.code === code);
    return (this.codes[question] ?? []).filter(
      (code) => !of(code).length || of(code).some((one) => one.line === line),
    );
  }

  // What subclasses override

  /** Returns whether a connection is expected, so that its loss is shown. */
  get wantsConnection() {
    return true;
  }

  /** Returns whether the server has not greeted this page yet. */
  get entering() {
    return !this.me;
  }

  /** Returns whether a frame was meant for the desk itself and not for a conversation. @param {Frame} _frame */
  hear(_frame) {
    return false;
  }

  /** Returns the ready sentences that fit the draft. A guest's desk has none. @param {Conversation} _conversation @returns {import("./conversation/model/ready-sentences.js").Offer[]} */
  offered(_conversation) {
    return [];
  }

  /** Returns the line whose texts and steps apply to a conversation; an optional app may name another one. @param {string} line  the conversation's */
  lineOf = (line) => line;

  /** Runs after each change, before the "change" event. */
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

  /** Opens the conversation of a seat. @param {Seat} seat @param {CryptoKeyPair} pair */
  sit(seat, pair) {
    const { conversation: id } = seat;
    const before = this.conversations.get(id);
    // A person who returns has a new seat. Of the old one only the unsent text is kept.
    if (before?.emptied || before?.seat.member !== seat.member) {
      before?.empty("lost", true); // it may have lost its seat to another browser of this person, without a word
      const conversation = new Conversation(seat, pair, this.#surroundings());
      this.conversations.set(id, conversation);
      if (before) conversation.writing.goOnWith(before.unsaid);
      if (before?.emptied === "lost") conversation.writing.goOnWithStored(before.writing.stored);
    }
    this.conversations.get(id)?.open();
  }

  /** Shows a conversation that this tab had before a reload, and in which this person has no seat any more. @param {import("./staff/model/place.js").Kept} kept @param {CryptoKeyPair} pair */
  showLost(kept, pair) {
    const seat = { ...kept, member: "", locale: "", urgency: 0 };
    const conversation = new Conversation(seat, pair, this.#surroundings());
    this.conversations.set(seat.conversation, conversation);
    conversation.wasLost();
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
    else if (frame.type === "notice" && frame.code === "restarting") this.#restarts();
    else if (frame.type === "notice") this.problem(frame.code);
    else if (!this.hear(frame) && "conversation" in frame) {
      const conversation = this.conversations.get(frame.conversation ?? "");
      conversation?.receive(frame);
      if (conversation?.isReplaying(frame)) return;
    }
    this.changed();
  }

  /** After a minute without the server, its restart has failed, and the page says that there is no connection. */
  #restarts() {
    this.restarting = true;
    this.after(RESTART_MS, () => {
      this.restarting = false;
      this.changed();
    });
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

  /** Removes an emptied conversation from the list. @param {string} id */
  dismiss(id) {
    const conversation = this.conversations.get(id);
    if (!conversation?.emptied) return;
    conversation.writing.empty();
    this.putAway(id);
    this.changed();
  }

  /** @param {string} id */
  putAway(id) {
    this.conversations.delete(id);
    if (this.selected === id) this.selected = this.conversations.keys().next().value ?? "";
  }

  /** Returns whether a message is not stored by the server yet, so that a reload could lose it. */
  get hasUnsent() {
    return [...this.conversations.values()].some(({ writing }) =>
      writing.outbox.unsent.some(({ state }) => state !== "stored"),
    );
  }

  /** Returns the name of a service, or "" if it is not known. @param {string} slug */
  serviceName(slug) {
    const told = [...this.conversations.values()].flatMap(({ log }) => [...log.invitations.values()]);
    const listed = this.services.find(({ service }) => service === slug)?.name;
    return listed ?? told.find(({ to }) => to.service === slug)?.to.name ?? "";
  }
}
