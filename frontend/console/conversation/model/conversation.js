// Models one seat in one conversation: its opening, gaps in the log, presence, what was seen, and the end. Entries of
// the log are in `log`, unsent texts of this seat in `writing`. When the seat ends, everything is emptied. It is over
// 300 lines, because opening, receiving and emptying have to stay in one order.
import { openLineKey } from "../../../shared/sealing.js";
import { ErrorReply, PASSING } from "../../../shared/socket.js";
import { isPractice } from "../../../staff/practice-line.js";
import { attempt } from "../../../staff/problems.js";
import { Removal } from "../../cases/model/removal.js";
import { WrapUp } from "../../figures/model/wrapup.js";
import { OwnInvitation } from "../../handoff/model/own-invitation.js";
import { Referring } from "../../handoff/model/referring.js";
import { Acute } from "./acute.js";
import { ConversationLog } from "./conversation-log.js";
import { Ending } from "./ending.js";
import { Twice } from "./twice.js";
import { Typing } from "./typing.js";
import { Writing } from "./writing.js";

const ACUTE = 2;
const OPEN_AGAIN_MS = 3000;
const KEEPS_UNSENT = ["lost", "released", "transferred", "handed_off"]; // why a seat ended, if not by leaving

/** @typedef {import("../../desk.js").Frame} Frame */
/** @typedef {import("../../../shared/wire.d.ts").StaffEntry} Entry */
/** @typedef {import("./conversation-log.js").LogLine} LogLine */
/** @typedef {{conversation: string, member: string, line: string, locale: string, urgency: number, initial?: string, risk?: number, state?: string, due?: string | null, share?: import("../../../shared/protocol.d.ts").LetterShare | null}} Seat  state: as in `hello`; due, share: only for a letter, when its answer is due and this device's share of its key */
/**
 * Describes what a conversation needs from the console around it.
 * @typedef {object} Surroundings
 * @property {import("../../desk.js").Desk["request"]} request
 * @property {() => void} changed
 * @property {(conversation: Conversation) => void} heard  somebody else wrote something new
 * @property {(code: string) => void} problem  shows an error code in words
 * @property {import("../../../shared/sealing.js").Trust | null} [trust]  the roots that the page lists
 * @property {() => number} now  the server's time in milliseconds
 * @property {(ms: number, act: () => void) => () => void} after
 * @property {import("./tab-memory.js").Store} store
 * @property {() => Record<string, string[]>} codes  returns the codes of the wrap-up form
 * @property {(line: string) => string} lineOf  returns the line whose texts and steps apply in a conversation of the given line
 */

export class Conversation {
  state = "active";
  /** Holds the risk that the line's staff flagged: 0 none, 1 a worry, 2 acute. */
  risk = 0;
  /** Is true if a supervisor has seen that flag. */
  flagKnown = false;
  /** Holds the requests that this seat may send now. @type {ReadonlySet<string>} */
  allowed = new Set();
  /** Holds the reason why nothing is left to show: the reason of a `left` entry, "gone", or "lost" if the seat ended while this browser was away. */
  emptied = "";
  /** Holds the unsent texts of a seat that was lost, in memory only, until its caller is taken back. */
  unsaid = { draft: "", note: "" };
  /** Holds the role of a seat that was lost. @type {import("../../../shared/sealing.js").Role | "caller" | ""} */
  lostAs = "";
  /** Holds how far from the newest line somebody has scrolled back, in pixels. */
  back = 0;
  /** Is true if the newest line is on the screen, and nobody has scrolled back to older ones. */
  inSight = true;
  /** Holds the reason why a letter is about to be removed from this person's conversations, or "". @type {"" | "answered" | "given_back"} */
  #done = "";
  /** Is true if this browser closed the conversation as not serious. */
  unseriously = false;
  /** Holds the error code if `open` was refused, else "". */
  refused = "";
  #desk;
  #pair;
  /** Holds the line's letters key, for a letter. @type {CryptoKeyPair | null} */
  #key = null;
  /** Holds the newest `seq` that arrived; `#taken` is the newest that is in the log. */
  #newest = 0;
  #taken = 0;
  #askedFrom = -1;
  #opened = false;
  /** Holds the `seq` that was the newest when this browser first opened the conversation. @type {number | null} */
  #replayUpto = null;
  #seen = 0;
  /** Makes frames take effect one after the other. @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /** @param {Seat} seat @param {CryptoKeyPair} pair @param {Surroundings} desk */
  constructor(seat, pair, desk) {
    this.id = seat.conversation;
    this.seat = seat;
    this.risk = seat.risk ?? 0;
    // A conversation that ended while it was open on another device is never opened here, and takes no slot.
    if (seat.state === "ended") this.state = "ended";
    this.#desk = desk;
    this.#pair = pair;
    this.startedAt = desk.now();
    this.typing = new Typing(desk);
    this.closing = new Ending(this, desk);
    this.doubting = new Twice(desk);
    /** Holds the action that has to be confirmed: its name in the catalogue, and the function that confirms it. */
    this.asked = { what: "", again: () => {} };
    this.log = this.#emptyLog();
    this.writing = new Writing(this.id, desk, {
      send: (kind, box, what) => this.#send(kind, box, what),
      place: () => this.log.place,
      hindrance: () => this.hindrance,
      moved: () => this.inviting?.goOn(),
    });
    this.inviting = new OwnInvitation(this, desk);
    this.referring = new Referring(this, desk);
    this.acute = new Acute(this, desk);
    this.removal = new Removal(this, desk);
    this.wrapup = new WrapUp(this, desk);
  }

  /** Sends a box. A message in a letter is an answer to the caller's newest message; a note or a removal case is not. @param {"post" | "note"} kind @param {{id: string, epoch: number, box: string}} box @param {string} what */
  async #send(kind, box, what) {
    const answers = kind === "post" && what !== "case" ? this.unanswered : 0;
    const of = answers ? { answers } : {};
    const ok = await this.#desk.request(kind, { conversation: this.id, ...box, ...of });
    if (answers) this.#done = "answered";
    return ok;
  }

  // State of the conversation

  /** Returns whether this is a letter, in which the person writes as the line, with its key. */
  get isLetter() {
    return Boolean(this.seat.share);
  }

  /** Returns the `seq` of the caller's newest message if it is not answered yet; otherwise, and in a chat, 0. */
  get unanswered() {
    if (!this.isLetter) return 0;
    const newest = this.log.lines.findLast(({ kind, by }) => kind === "message" && by === this.log.caller);
    return newest && newest.seq > this.log.answered ? newest.seq : 0;
  }

  /** Returns why nothing can be sent now, or "". */
  get hindrance() {
    if (this.emptied) return "emptied";
    if (!this.#opened || !this.writing.restored) return "offline";
    if (this.state === "ended") return "ended";
    if (this.log.unverified) return "unverified";
    if (this.log.awaitsGrant && this.log.callerHere) return "awaiting";
    return this.log.place ? "" : "not_granted";
  }

  /** Returns how many messages others have sent after this seat last looked, or wrote before this page was loaded. An own message may be stored late, after one that nobody has looked at. */
  get unread() {
    const before = this.#replayUpto ?? 0;
    const own = this.log.lines.findLast(
      (line) => isText(line) && !this.#isOthers(line) && line.seq <= before,
    );
    const read = Math.max(this.#seen, own?.seq ?? 0);
    return this.log.lines.filter((line) => isText(line) && this.#isOthers(line) && line.seq > read).length;
  }

  /** Returns the newest message, brief or intake. @returns {LogLine | undefined} */
  get lastText() {
    return this.log.lines.findLast(isText);
  }

  /** Returns this seat's role; it is known after the seat's own `joined` entry has arrived. */
  get role() {
    return this.log.people.get(this.seat.member)?.role;
  }

  /** Returns whether all entries from before this browser opened the conversation have arrived. */
  get complete() {
    return this.#replayUpto !== null && this.#taken >= this.#replayUpto;
  }

  get initial() {
    return this.seat.initial ?? "";
  }

  get nickname() {
    return this.log.intake?.nickname?.trim() ?? "";
  }

  /** Returns whether an entry is newer than the moment at which this browser opened the conversation. @param {number} seq */
  isNew(seq) {
    return seq > (this.#replayUpto ?? seq);
  }

  /** @param {LogLine} line */
  #isOthers(line) {
    return !this.log.isOwn(line.by);
  }

  // The connection

  /** Subscribes to the conversation, from the newest entry that this page has. This is repeated after each reconnect. */
  async open() {
    if (this.emptied) return;
    this.#askedFrom = -1;
    try {
      const { conversation } = this.seat;
      const ok = await this.#desk.request("open", { conversation, since: this.#newest });
      const { line, locale, urgency, state, allowed, seq, initial, risk, known, steps, read } = ok;
      const { due, share, wrapped } = ok;
      this.#opened = true;
      this.refused = "";
      this.state = state;
      this.seat = { ...this.seat, line, locale, urgency, initial, due, share };
      if (share) this.#inTurn(() => this.#openShare(share));
      this.#flagged(risk, known, steps);
      this.wrapup.filledIn ||= wrapped;
      this.#seen = Math.max(this.#seen, read);
      this.allowed = new Set(allowed);
      this.#replayUpto ??= seq;
      this.#inTurn(() => this.#caughtUp());
    } catch (error) {
      if (!(error instanceof ErrorReply)) return; // the next connection opens it
      if (error.code === "not_found") this.empty("lost");
      // The database is away. No other event would open it while this connection lasts.
      if (PASSING.includes(error.code)) this.#desk.after(OPEN_AGAIN_MS, () => this.#opened || this.open());
      else this.refused = error.code;
    }
    this.#desk.changed();
  }

  /** Opens the line's letters key with this browser's share. @param {import("../../../shared/protocol.d.ts").LetterShare} share */
  async #openShare({ generation, public: key, sealed }) {
    const of = { line: this.seat.line, generation, key, use: /** @type {const} */ ("letters") };
    this.#key = await openLineKey(sealed, this.#pair, of);
    this.log.useKey(this.#key);
  }

  /** Notes that the connection was lost. */
  offline() {
    this.#opened = false;
    this.typing.clear();
  }

  /** Handles a frame that belongs to this conversation. @param {Frame} frame */
  receive(frame) {
    if (frame.type === "gone") this.empty(this.isLetter ? this.#done || "letter_gone" : "gone");
    if (this.emptied) return;
    if (frame.type === "entry") this.#arrived(/** @type {Entry} */ (frame));
    else if (frame.type === "allowed") this.allowed = new Set(frame.allowed);
    else if (frame.type === "typing") this.typing.heard(frame.by);
    else if (frame.type === "flagged") this.#flagged(frame.risk, frame.known, frame.steps);
    else if (frame.type === "presence")
      this.#mark(frame.member, (person) => Object.assign(person, { here: frame.here, code: frame.code }));
    else if (frame.type === "seen")
      this.#mark(frame.by, (person) => Object.assign(person, { seen: Math.max(person.seen, frame.seq) }));
    if (!this.isReplaying(frame)) this.#desk.changed();
  }

  /** @param {number} risk @param {boolean} known @param {import("./acute.js").Taken[]} steps */
  #flagged(risk, known, steps) {
    Object.assign(this, { risk, flagKnown: known });
    this.acute.learn(steps);
  }

  /** Returns whether a frame is one of the hundreds that arrive together after a reload. The screen is updated after the last one. @param {Frame} frame */
  isReplaying({ type }) {
    return type === "entry" && !this.complete;
  }

  /** Requests missing entries if a heartbeat has a newer `seq`. @param {number | undefined} seq */
  beat(seq) {
    this.#askedFrom = -1;
    if (seq !== undefined && seq > this.#newest) this.#sync();
  }

  /** @param {Entry} entry */
  #arrived(entry) {
    if (entry.seq <= this.#newest) return;
    if (entry.prev !== this.#newest) return this.#sync();
    this.#newest = entry.seq;
    this.#inTurn(() => this.#take(entry));
  }

  /** Requests the entries after the newest one that arrived, without repeating the same request. If the entries do not arrive, the next heartbeat requests them again. */
  async #sync() {
    if (this.#askedFrom === this.#newest) return;
    this.#askedFrom = this.#newest;
    await this.#attempt(() => this.#desk.request("sync", { conversation: this.id, since: this.#newest }));
  }

  /** @param {Entry} entry */
  async #take(entry) {
    if (this.emptied) return;
    const line = await this.log.take(entry);
    this.#taken = entry.seq;
    if (this.emptied) return;
    if (this.log.ownLeft) return this.empty(this.log.ownLeft);
    this.wrapup.look();
    this.#changeState(entry.kind, Date.parse(entry.at));
    this.typing.done(entry.by ?? "");
    await this.#caughtUp();
    if (line) this.#said(line);
    if (!this.complete) return; // more entries are about to arrive: the screen is updated after the last one
    this.writing.outbox.pump();
    this.#desk.changed();
  }

  /** @param {LogLine} line */
  #said(line) {
    if (!this.#isOthers(line)) this.writing.outbox.settle(line.id);
    else if ((isText(line) || line.kind === "case") && this.isNew(line.seq)) this.#desk.heard(this);
  }

  /** @param {string} kind @param {number} at */
  #changeState(kind, at) {
    if (kind === "requeued") this.state = "waiting";
    if (kind === "joined" && this.state === "waiting") this.state = "active";
    if (kind === "joined") this.referring.sendNow(); // with a transfer this seat ends next
    if (kind !== "ended") return;
    this.state = "ended";
    this.wrapup.over(at);
    this.closing.undo();
    this.referring.sendNow(); // the server refuses the referral, and so the counsellor reads that it is too late
    this.doubting.drop();
  }

  /** After all earlier entries have arrived, and with them the keys, restores the texts that this tab stored before a reload. */
  async #caughtUp() {
    if (!this.complete) return;
    if (!this.writing.restored) await this.writing.restore(this.log);
    await this.writing.openKept(this.log);
    this.inviting.look();
    this.writing.outbox.pump();
    this.#desk.changed();
  }

  /** @param {string} member @param {(person: import("./conversation-log.js").Person) => void} note */
  #mark(member, note) {
    this.#inTurn(() => {
      const person = this.log.people.get(member);
      if (!person) return;
      note(person);
      this.writing.outbox.pump();
      this.#desk.changed();
    });
  }

  // What the counsellor does

  /** Tells the others that this person is typing, at most every few seconds. */
  type() {
    if (this.allowed.has("typing") && this.typing.due())
      this.#desk.request("typing", { conversation: this.id }).catch(() => {});
  }

  /** Marks the newest line as seen. It is called while somebody looks at the screen. */
  async see() {
    const seq = this.log.lines.at(-1)?.seq ?? 0;
    if (seq <= this.#seen || !this.inSight || !this.#opened || this.emptied) return;
    const before = this.#seen;
    this.#seen = seq;
    this.#desk.changed();
    await this.#desk.request("seen", { conversation: this.id, seq }).catch(() => {
      this.#seen = before; // the next change tries again
    });
  }

  close() {
    this.closing.begin();
  }

  /** Asks for confirmation, then ends the conversation as not serious. The server counts such conversations. */
  unserious() {
    if (!this.allowed.has("unserious")) return;
    this.#askTwice("unserious", async () => {
      await this.#desk.request("unserious", { conversation: this.id });
      this.unseriously = true;
    });
  }

  /** Asks for confirmation, then ends a letter that nobody can answer. @param {"unserious" | "unreadable"} reason */
  closeAs(reason) {
    if (this.isLetter && this.allowed.has("close"))
      this.#askTwice(`letter.${reason}`, () =>
        this.#desk.request("close", { conversation: this.id, reason }),
      );
  }

  /** Gives a letter back to the line. If an answer was begun, this has to be confirmed, because that text is lost. */
  giveBack() {
    const give = () => {
      this.#done = "given_back";
      return this.#desk.request("giveback", { conversation: this.id });
    };
    if (this.writing.draft.trim()) this.#askTwice("letter.giveback", give);
    else this.#attempt(give);
  }

  /** Sets the flag. Lowering it from acute has to be confirmed, because the steps then disappear for everybody. The new state arrives as a frame. @param {0 | 1 | 2} risk */
  flag(risk) {
    const send = () => this.#desk.request("flag", { conversation: this.id, risk });
    if (this.risk === ACUTE && risk < ACUTE) this.#askTwice(`flag.${risk}`, send);
    else this.#attempt(send);
  }

  /** @param {string} what @param {() => Promise<unknown>} act */
  #askTwice(what, act) {
    if (this.asked.what !== what) this.doubting.drop();
    this.asked = { what, again: () => this.#askTwice(what, act) };
    this.doubting.ask(() => this.#attempt(act));
  }

  /** Leaves, unless a message is not stored yet: after that it would be lost. If nobody else on the staff is connected, the caller would be alone, so that has to be confirmed. */
  leave() {
    const unsent = this.writing.outbox.unsent.some(({ state }) => state !== "stored");
    // After a reload the summary for another service is due for some seconds before it is sent.
    if ((unsent || this.inviting.owesBrief) && this.state !== "ended")
      return this.#desk.problem("leave_unsent");
    const leave = () => {
      this.referring.sendNow();
      return this.#desk.request("leave", { conversation: this.id });
    };
    const { others } = this.closing;
    const isDeserting = this.state !== "ended" && others.length > 0 && !others.some(({ here }) => here);
    return isDeserting ? this.#askTwice("leave", leave) : this.#attempt(leave);
  }

  /**
   * Shows a conversation that this browser had before a reload and whose seat is gone. What was written stays in the
   * tab, sealed, in case the caller is taken back.
   */
  wasLost() {
    this.empty("lost", true);
    this.lostAs = "counsellor";
  }

  /** Removes everything from the screen, from memory and from this tab. Unless this person left, the unsent text stays in memory. @param {string} reason @param {boolean} [keeps]  if true, this tab's sealed texts are not deleted */
  empty(reason, keeps = false) {
    if (this.emptied) return;
    this.emptied = reason;
    if (reason === "lost") this.lostAs = this.role ?? "";
    if (KEEPS_UNSENT.includes(reason)) this.unsaid = this.writing.unsaid;
    this.wrapup.over(this.#desk.now(), reason);
    this.closing.undo();
    this.doubting.drop();
    this.writing.empty(keeps);
    this.inviting.empty();
    this.referring.undo();
    this.log = this.#emptyLog();
    this.typing.clear();
    this.#desk.changed();
  }

  #emptyLog() {
    const { now, trust = null } = this.#desk;
    const { line } = this.seat;
    // On a practice line nobody needs a certificate.
    const certifying = { now, line, trust: isPractice(line) ? null : trust };
    return new ConversationLog(this.id, this.seat.member, this.#key ?? this.#pair, certifying);
  }

  /** @param {() => Promise<unknown>} act */
  #attempt(act) {
    return attempt(act, this.#desk.problem);
  }

  /** @param {() => unknown} act */
  #inTurn(act) {
    this.#turn = this.#turn.then(act).catch((error) => {
      console.error(error);
      this.#desk.problem("broken");
    });
  }
}

/** Returns whether a log line is text for everybody in the conversation; a note is not. @param {LogLine} line */
export const isText = ({ kind }) => kind === "message" || kind === "brief" || kind === "intake";
