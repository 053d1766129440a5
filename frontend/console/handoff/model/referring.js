// Sends a referral after some seconds, during which it can be undone: what the caller has read cannot be taken back.
import { attempt } from "../../../staff/problems.js";
import { Undoable } from "../../conversation/model/undo.js";

export const REFER_UNDO_MS = 6_000;

export class Referring {
  /** Identifies the service of the referral that waits, or "". */
  service = "";
  #conversation;
  #desk;
  #waits;

  /** @param {import("../../conversation/model/conversation.js").Conversation} conversation @param {import("../../conversation/model/conversation.js").Surroundings} desk */
  constructor(conversation, desk) {
    this.#conversation = conversation;
    this.#desk = desk;
    this.#waits = new Undoable(desk, REFER_UNDO_MS);
  }

  /** Returns when the referral will be sent, in milliseconds; 0 if none waits. */
  get at() {
    return this.#waits.at;
  }

  /** Starts a referral. If another referral still waits, the waiting one is sent immediately. @param {string} service */
  refer(service) {
    if (!this.#conversation.allowed.has("refer")) return;
    this.sendNow();
    this.service = service;
    this.#waits.begin(() => this.#send());
  }

  /** Sends a waiting referral immediately, for example because the conversation is about to end or to be handed over. */
  sendNow() {
    if (!this.at) return;
    this.#waits.undo();
    this.#send();
  }

  undo() {
    this.#waits.undo();
    this.service = "";
  }

  #send() {
    const { service } = this;
    this.service = "";
    return attempt(
      () => this.#desk.request("refer", { conversation: this.#conversation.id, service }),
      this.#desk.problem,
      "refer",
    );
  }
}
