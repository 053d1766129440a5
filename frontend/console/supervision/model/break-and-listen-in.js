// What a supervisor asks of this counsellor: to take a break, or to be let in to a conversation. Nothing is forced. A no
// to a break stays here; a no to listening in is told to who asked, so that they do not wait for it.
import { attempt } from "../../../staff/problems.js";

/** @typedef {import("../../desk.js").Frame} Frame */
/** @typedef {{id: string, alias: string}} Listener */
/** @typedef {Pick<import("../../console.js").Console, "changed" | "conversations" | "duty" | "setDuty" | "request" | "problem">} Desk */

export class BreakAndListenIn {
  /** Who asks for a break, or "". */
  rest = "";
  /** Who asks the whole shift to hand over and go home, or "". */
  handover = "";
  /** Who would listen in, by conversation. @type {Map<string, Listener>} */
  #listeners = new Map();
  #desk;
  #rings;

  /** @param {Desk} desk @param {() => void} rings */
  constructor(desk, rings) {
    this.#desk = desk;
    this.#rings = rings;
  }

  /** Who asks to join, where this seat could still let them in. @param {string} conversation */
  listener(conversation) {
    const { emptied, state } = this.#desk.conversations.get(conversation) ?? { emptied: "gone", state: "" };
    return emptied || state === "ended" ? undefined : this.#listeners.get(conversation);
  }

  /** Whether the frame was meant for this. @param {Frame} frame */
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

  /** The caller sees who comes, as with every consult. @param {string} conversation */
  async letListen(conversation) {
    const listener = this.listener(conversation);
    const inviting = this.#desk.conversations.get(conversation)?.inviting;
    if (!listener || !inviting || inviting.hindrance) return;
    this.#listeners.delete(conversation);
    await inviting.ask("consult", { staff: listener.id });
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
