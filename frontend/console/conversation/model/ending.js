// How a conversation is ended from here: in ten seconds that can be taken back; and only after a question where it
// would end for a colleague or a partner, too, where a life may be at stake, or where something would be lost by it.
import { attempt } from "../../../staff/problems.js";
import { Undoable } from "./undo.js";

const ACUTE = 2;

export class Ending {
  /** Somebody is asked whether it shall end: nothing happens before they answer. */
  asked = false;
  /** The caller wrote while the seconds ran. */
  wrote = false;
  /** Closing words are being written. */
  parting = false;
  #conversation;
  #desk;
  #waits;

  /** @param {import("./conversation.js").Conversation} conversation @param {import("./conversation.js").Surroundings} desk */
  constructor(conversation, desk) {
    this.#conversation = conversation;
    this.#desk = desk;
    this.#waits = new Undoable(desk);
  }

  /** When it will be closed, in milliseconds; 0 when it is not under way. */
  get at() {
    return this.#waits.at;
  }

  /** Staff for whom it would end, too. */
  get others() {
    const { log, seat } = this.#conversation;
    const mine = [seat.member, log.caller];
    return [...log.people.values()].filter(
      ({ member, role, present }) =>
        present && !["review", "letters"].includes(role) && !mine.includes(member),
    );
  }

  get isAcute() {
    return this.#conversation.risk === ACUTE;
  }

  /** What would be withdrawn by it. */
  get invited() {
    return this.#conversation.inviting.open;
  }

  /** What was typed and not sent. @returns {("draft" | "note")[]} */
  get typed() {
    const { drafts } = this.#conversation.writing;
    return /** @type {const} */ (["draft", "note"]).filter((name) => drafts[name].text.trim());
  }

  /** The caller said the last word, which is often a goodbye: it is named, and not asked about. */
  get unanswered() {
    const { log, writing } = this.#conversation;
    if (this.wrote || writing.outbox.unsent.some(({ kind }) => kind === "message")) return false;
    return log.lines.findLast(({ kind }) => kind === "message")?.by === log.caller;
  }

  get #mustAsk() {
    return this.others.length > 0 || this.isAcute || this.invited !== undefined || this.typed.length > 0;
  }

  begin() {
    if (!this.#conversation.allowed.has("close")) return;
    this.wrote = false;
    if (this.#mustAsk) return this.#ask();
    this.#conversation.referring.sendNow();
    const heard = this.#heard;
    // Somebody may come, a worry be flagged, or the caller say what matters most while the seconds run.
    this.#waits.begin(() => {
      this.wrote = this.#heard > heard;
      return this.wrote || this.#mustAsk ? this.#ask() : this.#close();
    });
  }

  /** Of the last message that the caller sent. */
  get #heard() {
    const { log } = this.#conversation;
    return log.lines.findLast(({ by, kind }) => by === log.caller && kind === "message")?.seq ?? 0;
  }

  #ask() {
    this.asked = true;
    this.#desk.changed();
  }

  /** Yes, it shall end, for everybody. */
  confirm() {
    this.asked = false;
    this.#conversation.referring.sendNow();
    return this.#close();
  }

  /** What is still on its way would come to nobody. */
  #close() {
    if (this.#conversation.writing.outbox.unsent.some(({ state }) => state !== "stored"))
      return this.#desk.problem("close_unsent");
    return attempt(
      () => this.#desk.request("close", { conversation: this.#conversation.id }),
      this.#desk.problem,
    );
  }

  undo() {
    this.#waits.undo();
    if (!this.asked) return;
    this.asked = false;
    this.#desk.changed();
  }

  /** There is time for it: nothing ends meanwhile. */
  writeWords() {
    this.undo();
    this.parting = true;
    this.#desk.changed();
  }

  /** They are kept, and may be written on. */
  stopWords() {
    this.parting = false;
    this.undo();
    this.#desk.changed();
  }

  sendWords() {
    this.parting = false;
    this.#conversation.writing.postClosingWords();
    this.begin();
  }
}
