// A referral of one conversation. It waits a moment before it is sent: what the caller has read cannot be taken back.
import { attempt } from "../../../staff/problems.js";
import { Undoable } from "../../conversation/model/undo.js";

export const REFER_UNDO_MS = 6_000;

export class Referring {
  /** The service that waits to be sent, or "". */
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

  /** When it will be sent, in milliseconds; 0: nothing waits. */
  get at() {
    return this.#waits.at;
  }

  /** One after the other: the first is sent when a second is chosen. @param {string} service */
  refer(service) {
    if (!this.#conversation.allowed.has("refer")) return;
    this.sendNow();
    this.service = service;
    this.#waits.begin(() => this.#send());
  }

  /** What waits is sent: the conversation is about to go to somebody else, or to end. */
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
