// Keeps the checklist beside each practice conversation. The console ticks what it can see itself; the
// trainee or a trainer who watches ticks the rest. A trainer's tick is a note in the conversation, sealed
// like any note.
import { ErrorReply } from "../../shared/socket.js";
import { inOwn } from "../../staff/languages.js";

/** @typedef {import("../../console/conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("../../console/console.js").Console} Console */
/** @typedef {import("../../shared/protocol.d.ts").PracticeLine} Line */
/** @typedef {import("../../shared/protocol.d.ts").PracticeCaller} Caller */
/** @typedef {import("../../shared/protocol.d.ts").PracticePoint} Point */
/** @typedef {{sees: string, says: string, by: string | undefined}} Row  by: who ticked it, "" for the trainee or the console, undefined if nobody did */
/** @typedef {{seq: number, by: string, text: string}} Remark */

const ACUTE = 2;
const [TICK, UNTICK] = ["✓ ", "○ "];

/** Holds, by the code of a point, functions that return whether the console sees that the point was done. @type {Record<string, (conversation: Conversation) => boolean>} */
const SEEN = {
  acute: ({ risk }) => risk === ACUTE,
  // A step that calls somebody into the conversation is recorded by the server when that person joins, so it does not
  // show what the trainee did.
  step: ({ acute }) => acute.steps.some(({ code, calls_in: callsIn }) => !callsIn && acute.taken.has(code)),
  handoff: ({ log }) => [...log.people.values()].some(({ role, letIn }) => role === "partner" && letIn > 0),
  referral: ({ log }) => log.lines.some(({ kind }) => kind === "referred"),
  unserious: ({ unseriously }) => unseriously,
  answered: ({ isLetter, emptied }) => isLetter && emptied === "answered",
  wrapup: ({ wrapup }) => wrapup.filledIn,
};

export class Checklists {
  /** Holds the practice lines that belong to this person's lines. @type {Map<string, Line>} */
  lines = new Map();
  #desk;
  #practised;
  #practises;
  #asking = false;
  /** Holds the made-up caller of each conversation. It is kept after the conversation is emptied. @type {Map<string, string>} */
  #callers = new Map();

  /** @param {Pick<Console, "request" | "changed" | "conversations">} desk @param {import("./practised.js").Practised} practised @param {(line: string) => boolean} practises  returns whether this person practises on that line now */
  constructor(desk, practised, practises) {
    this.#desk = desk;
    this.#practises = practises;
    this.#practised = practised;
  }

  /** Asks for the made-up callers of the practice lines. */
  async ask() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const { lines } = await this.#desk.request("practicelines");
      this.lines = new Map(lines.map((one) => [one.line, one]));
      this.#desk.changed();
    } catch (error) {
      if (error instanceof ErrorReply && error.code === "forbidden") return; // the person works for another service, and may not ask for this
    } finally {
      this.#asking = false;
    }
  }

  /** Returns the made-up caller; undefined if a person plays the caller. @param {Conversation} conversation @returns {Caller | undefined} */
  callerOf({ id, seat }) {
    const code = this.#callers.get(id);
    return this.lines.get(seat.line)?.callers.find((one) => one.code === code);
  }

  /** Returns whether this person is the trainee, and not a trainer who watches. @param {Conversation} conversation */
  isOwn = ({ isLetter, role, lostAs }) => isLetter || (role ?? lostAs) !== "colleague";

  /** @param {Conversation} conversation @returns {Row[]} */
  rows(conversation) {
    const caller = this.callerOf(conversation);
    const { line } = conversation.seat;
    const marks = this.isOwn(conversation) ? null : marksIn(conversation, caller);
    return (caller?.points ?? []).map((point, n) => ({
      sees: point.sees,
      says: inOwn(point.says),
      by: marks
        ? this.#byTrainer(conversation, point, marks.get(n))
        : this.#practised.by(line, caller?.code ?? "", n),
    }));
  }

  /** Returns all made-up callers of a practice line, with the number of ticked points. @param {string} line @returns {{caller: Caller, done: number}[]} */
  summary(line) {
    const { callers = [] } = this.lines.get(line) ?? {};
    return callers.map((caller) => ({
      caller,
      done: caller.points.filter((_, n) => this.#practised.by(line, caller.code, n) !== undefined).length,
    }));
  }

  /** @param {string} line @param {Caller} caller @returns {Row[]} */
  rowsOf(line, caller) {
    return caller.points.map(({ sees, says }, n) => ({
      ...{ sees, says: inOwn(says) },
      by: this.#practised.by(line, caller.code, n),
    }));
  }

  /** Returns the trainers' notes that are not ticks. @param {Conversation} conversation @returns {Remark[]} */
  remarks(conversation) {
    const caller = this.callerOf(conversation);
    return notesIn(conversation)
      .filter(({ text }) => !markIn(text, caller))
      .map(({ seq, by, text }) => ({ seq, by: nameIn(conversation, by), text }));
  }

  // What a person does

  /** @param {Conversation} conversation @param {number} n @param {boolean} on */
  tick(conversation, n, on) {
    const caller = this.callerOf(conversation);
    const point = caller?.points[n];
    if (!caller || !point) return;
    if (this.isOwn(conversation))
      this.#practised.tick(conversation.seat.line, caller.code, n, on ? "" : null);
    // A trainer who watches gets the trainee's tick as a note.
    if (!this.isOwn(conversation) || this.watchers(conversation).length)
      this.remark(conversation, `${on ? TICK : UNTICK}${inOwn(point.says)}`);
    this.#desk.changed();
  }

  /** @param {Conversation} conversation @param {string} text */
  remark({ writing, allowed }, text) {
    if (allowed.has("note")) writing.outbox.add(text, { kind: "note" });
  }

  /** Returns the trainers who watch. @param {Conversation} conversation */
  watchers = ({ log, seat }) =>
    [...log.people.values()].filter(
      ({ role, present, member }) => role === "colleague" && present && member !== seat.member,
    );

  // What the console sees

  /** Ticks the points that the console can see itself, in each practice conversation. Call it before ended conversations are removed from the list. */
  look() {
    for (const conversation of this.#desk.conversations.values()) {
      const { id, log, seat } = conversation;
      if (log.intake?.made_up) this.#callers.set(id, log.intake.made_up);
      const caller = this.callerOf(conversation);
      // After practice has ended, nothing more is ticked in a conversation that is still open.
      if (!caller || !this.isOwn(conversation) || !this.#practises(seat.line)) continue;
      for (const [n, { sees }] of caller.points.entries())
        if (SEEN[sees]?.(conversation)) this.#practised.tick(seat.line, caller.code, n, "");
      this.#hear(conversation, caller);
    }
  }

  /** Takes over the ticks of trainers. @param {Conversation} conversation @param {Caller} caller */
  #hear(conversation, caller) {
    for (const { seq, by, text } of notesIn(conversation)) {
      const mark = markIn(text, caller);
      if (!mark || by === conversation.seat.member || !this.#practised.isNew(conversation.id, seq)) continue;
      const who = mark.on ? nameIn(conversation, by) : null;
      this.#practised.tick(conversation.seat.line, caller.code, mark.point, who);
    }
  }

  /** @param {Conversation} conversation @param {Point} point @param {string | undefined} marked */
  #byTrainer(conversation, { sees }, marked) {
    return sees ? (SEEN[sees]?.(conversation) ? "" : undefined) : marked;
  }
}

/** @param {Conversation} conversation */
const notesIn = ({ log }) => log.lines.filter(({ kind, fault }) => kind === "note" && !fault);

/** @param {Conversation} conversation @param {string} member */
const nameIn = ({ log }, member) => log.people.get(member)?.alias ?? "";

/** Returns who ticked which point, according to the notes. @param {Conversation} conversation @param {Caller | undefined} caller @returns {Map<number, string>} */
function marksIn(conversation, caller) {
  /** @type {Map<number, string>} */
  const marks = new Map();
  const { writing, seat } = conversation;
  const onTheirWay = writing.outbox.unsent
    .filter(({ kind }) => kind === "note")
    .map(({ text }) => ({ by: seat.member, text }));
  for (const { by, text } of [...notesIn(conversation), ...onTheirWay]) {
    const mark = markIn(text, caller);
    if (mark?.on) marks.set(mark.point, nameIn(conversation, by));
    else if (mark) marks.delete(mark.point);
  }
  return marks;
}

/** Returns the point that a note ticks. The note may be in any language of the checklist. @param {string} text @param {Caller | undefined} caller */
function markIn(text, caller) {
  const on = text.startsWith(TICK);
  if (!on && !text.startsWith(UNTICK)) return null;
  const said = text.slice(on ? TICK.length : UNTICK.length);
  const point = caller?.points.findIndex(({ says }) => Object.values(says).includes(said)) ?? -1;
  return point < 0 ? null : { point, on };
}
