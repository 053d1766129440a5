// Taking back the caller whom this person's lost seat left waiting: whoever slept goes on where they were.
import { attempt } from "../../../staff/problems.js";

/** @typedef {import("../../console.js").Console} Console */
/** Refusals that mean something else here than anywhere. */
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

  /** Whether that caller may wait for this person. @param {import("../../conversation/model/conversation.js").Conversation} conversation */
  mayAsk({ emptied, lostAs }) {
    const { takesCallers, connection } = this.#desk;
    return emptied === "lost" && lostAs === "counsellor" && takesCallers && connection === "open";
  }

  /** On duty again where the server said off, and that caller before any other. @param {string} conversation */
  async ask(conversation) {
    const desk = this.#desk;
    if (this.underWay) return;
    this.#become(true);
    if (desk.duty.state !== "on" || desk.isLast) await desk.setDuty("on", desk.duty.slots);
    // Where that failed, why is told.
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
