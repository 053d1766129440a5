// Holds a supervisor's requests to this counsellor: to take a break, to hand over, or to be let into a conversation.
// The counsellor may say no. Only a refused request to join is reported to the supervisor, who would otherwise wait for
// an answer.
import { attempt } from "../../../staff/problems.js";

/** @typedef {import("../../desk.js").Frame} Frame */
/** @typedef {{id: string, alias: string}} Listener */
/** @typedef {Pick<import("../../console.js").Console, "changed" | "conversations" | "duty" | "setDuty" | "request" | "problem">} Desk */

export class BreakAndListenIn {
  /** Identifies the supervisor who asks for a break, or "". */
  rest = "";
  /** Identifies the supervisor who asks the whole shift to hand over and go home, or "". */
  handover = "";
  /** Holds the supervisor who asks to join, by conversation. @type {Map<string, Listener>} */
  #listeners = new Map();
  #desk;
  #rings;

  /** @param {Desk} desk @param {() => void} rings */
  constructor(desk, rings) {
    this.#desk = desk;
    this.#rings = rings;
  }

  /** Returns the supervisor who asks to join, if this seat could still let them in. @param {string} conversation */
  listener(conversation) {
    const { emptied, state } = this.#desk.conversations.get(conversation) ?? { emptied: "gone", state: "" };
    return emptied || state === "ended" ? undefined : this.#listeners.get(conversation);
  }

  /** Handles a frame, and returns whether it was such a request. @param {Frame} frame */
  hear(frame) {
    if (frame.type === "rest") this.rest = frame.by;
    else if (frame.type === "handover") this.handover = frame.by;
    else if (frame.type === "listen") {
      const { conversation, id, alias } = frame;
      this.#listeners.set(conversation, { id, alias });
    } else return false;
    this.#rings();
    return true;
  }

  takeBreak() {
    return this.#desk.setDuty("break", this.#desk.duty.slots);
  }

  notNow() {
    this.rest = "";
    this.#desk.changed();
  }

  stayOn() {
    this.handover = "";
    this.#desk.changed();
  }

  /** Invites the supervisor to consult, and withdraws an open invitation first. The caller sees who joins, as with every consult. @param {string} conversation */
  async letListen(conversation) {
    const listener = this.listener(conversation);
    const inviting = this.#desk.conversations.get(conversation)?.inviting;
    if (!listener || !inviting || !["", "open"].includes(inviting.hindrance)) return;
    if (!(await inviting.letIn(listener.id))) return;
    this.#listeners.delete(conversation);
    this.#desk.changed();
  }

  /** @param {string} conversation */
  async refuse(conversation) {
    const listener = this.listener(conversation);
    this.#listeners.delete(conversation);
    this.#desk.changed();
    if (!listener) return;
    await attempt(
      () => this.#desk.request("nolisten", { conversation, supervisor: listener.id }),
      this.#desk.problem,
    );
  }
}
