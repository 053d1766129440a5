// Ends a conversation after ten seconds, during which the end can be undone. It asks for confirmation first if the
// conversation would also end for a colleague or a partner, if it is acute, or if something would be lost.
import { attempt } from "../../../staff/problems.js";
import { Undoable } from "./undo.js";

const ACUTE = 2;

export class Ending {
  /** Is true if the end has to be confirmed. Nothing happens before that. */
  asked = false;
  /** Is true if the caller wrote during the countdown. */
  wrote = false;
  /** Is true if closing words are being written. */
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

  /** Returns when the conversation will be closed, in milliseconds; 0 if no countdown runs. */
  get at() {
    return this.#waits.at;
  }

  /** Returns the other staff for whom the conversation would end. */
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

  /** Returns the open invitation, which the end would withdraw. */
  get invited() {
    return this.#conversation.inviting.open;
  }

  /** Returns which drafts were typed and not sent. @returns {("draft" | "note")[]} */
  get typed() {
    const { drafts } = this.#conversation.writing;
    return /** @type {const} */ (["draft", "note"]).filter((name) => drafts[name].text.trim());
  }

  /** Returns how many links nobody has reported to their sites. The list goes with the conversation. */
  get unreported() {
    return this.#conversation.removal.items.filter(({ state }) => state === "open").length;
  }

  /** Returns whether the caller wrote last. That is often a goodbye, so it is shown and needs no confirmation. */
  get unanswered() {
    const { log, writing } = this.#conversation;
    if (this.wrote || writing.outbox.unsent.some(({ kind }) => kind === "message")) return false;
    return log.lines.findLast(({ kind }) => kind === "message")?.by === log.caller;
  }

  get #mustAsk() {
    const { others, isAcute, invited, typed, unreported } = this;
    return isAcute || invited !== undefined || [others.length, typed.length, unreported].some(Boolean);
  }

  begin() {
    if (!this.#conversation.allowed.has("close")) return;
    this.wrote = false;
    if (this.#mustAsk) return this.#ask();
    this.#conversation.referring.sendNow();
    const heard = this.#heard;
    // During the countdown somebody may join, a risk may be flagged, or the caller may write what matters most.
    this.#waits.begin(() => {
      this.wrote = this.#heard > heard;
      return this.wrote || this.#mustAsk ? this.#ask() : this.#close();
    });
  }

  /** Returns the `seq` of the caller's last message, or 0. */
  get #heard() {
    const { log } = this.#conversation;
    return log.lines.findLast(({ by, kind }) => by === log.caller && kind === "message")?.seq ?? 0;
  }

  #ask() {
    this.asked = true;
    this.#desk.changed();
  }

  /** Ends the conversation for everybody. It is called after the person has confirmed this. */
  confirm() {
    this.asked = false;
    this.#conversation.referring.sendNow();
    return this.#close();
  }

  /** Closes the conversation, unless a message is not stored yet: nobody would receive that message. */
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

  /** Stops the countdown and opens the field for closing words. */
  writeWords() {
    this.undo();
    this.parting = true;
    this.#desk.changed();
  }

  /** Closes the field for closing words. Their draft is kept. */
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
