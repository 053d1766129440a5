// Takes back the caller who waits again because this person lost the seat, for example while the computer was asleep.
import { attempt } from "../../../staff/problems.js";

/** @typedef {import("../../console.js").Console} Console */
/** These refusals, written as action and code, have their own texts in the console. */
const OWN_WORDS = ["back not_found", "back conflict"];

export class TakingBack {
  underWay = false;
  #desk;
  #sit;

  /** @param {Console} desk @param {(seat: import("../../conversation/model/conversation.js").Seat) => void} sit */
  constructor(desk, sit) {
    this.#desk = desk;
    this.#sit = sit;
  }

  /** Returns whether this person can try to take the caller of a lost conversation back. @param {import("../../conversation/model/conversation.js").Conversation} conversation */
  mayAsk({ emptied, lostAs }) {
    const { takesCallers, connection } = this.#desk;
    return emptied === "lost" && lostAs === "counsellor" && takesCallers && connection === "open";
  }

  /** Takes this caller before any other. If the server has ended the duty, first goes on duty again. @param {string} conversation */
  async ask(conversation) {
    const desk = this.#desk;
    if (this.underWay) return;
    this.#become(true);
    if (desk.duty.state !== "on") await desk.setDuty("on", desk.duty.slots);
    // If that failed, the reason is shown already.
    if (desk.duty.state === "on")
      await attempt(() => this.#next(conversation), desk.problem, "back", OWN_WORDS);
    this.#become(false);
  }

  /** @param {string} conversation */
  async #next(conversation) {
    const seat = await this.#desk.request("next", { line: null, conversation });
    this.#desk.dismissProblem("duty_lapsed");
    this.#sit(seat);
  }

  /** @param {boolean} underWay */
  #become(underWay) {
    this.underWay = underWay;
    this.#desk.changed();
  }
}
