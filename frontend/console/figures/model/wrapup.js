// Models the wrap-up form: whether it is due, what was chosen, and whether the person is offered a break and a talk
// after it. It holds codes and no text. Only the server knows whether the form was sent; each seat sends it only one
// time.
import { codeOf } from "../../../staff/problems.js";
import { CARE } from "../../conversation/model/tab-memory.js";

/** These are the age bands of the caller's intake, in the order in which the catalogues name them. */
export const AGES = ["<12", "12-15", "16-17", "18-25", "26+"];

/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {Record<string, string>} Codes  the chosen code, by question */
/** @typedef {"" | "due" | "sending" | "sent" | "already" | "gone" | "finished"} Stage  already: sent before, by another tab or by a request whose reply was lost */

/**
 * The form is due if the seat ended for one of these reasons. After `released` there was no conversation, after `gone`
 * the server no longer counts the form, and after `lost` the caller waits again.
 */
const OWN_ENDS = ["left", "transferred", "handed_off", "answered"];
const ACUTE = 2;
/** A colleague is asked only how heavy the conversation was. The counsellor in charge is asked everything. */
const OF_A_COLLEAGUE = ["weight"];
const REFUSALS = /** @type {Record<string, Stage>} */ ({ conflict: "already", not_found: "gone" });
/** Maps services to the codes of the form. For any other service, the code with the service's own name is used, if there is one. */
const REFERRALS = /** @type {Record<string, string>} */ ({
  politie: "police",
  "de-waag": "care",
  fier: "care",
  mind: "care",
});
const OTHER = "other";
/** A partner who left for one of these reasons has not taken the caller over. */
const DROPPED = ["lost", "released"];
const AGE_CODES = ["under_12", "12_15", "16_17", "18_25", "26_up"];

export class WrapUp {
  /** @type {Stage} */
  stage = "";
  /** Is true if the form was opened in place of the conversation. */
  opened = false;
  /** Is true if somebody has tried to send a form without any answer. */
  nothingChosen = false;
  /** Is true if the server has this seat's form. */
  filledIn = false;
  /** Holds the time at which the conversation ended, in milliseconds. */
  since = 0;
  /** @type {Codes} */
  codes = {};
  #role = "";
  /** Is true if this person has chosen a code on this page. */
  #chose = false;
  #conversation;
  #desk;

  /** @param {Conversation} conversation @param {import("../../conversation/model/conversation.js").Surroundings} desk */
  constructor(conversation, desk) {
    this.#conversation = conversation;
    this.#desk = desk;
  }

  /** Returns whether the form still has to be filled in, or its result still has to be read. Until then the conversation stays on the list. */
  get pending() {
    return this.stage !== "" && this.stage !== "finished";
  }

  /**
   * Returns whether choices would be lost with the page. They are stored nowhere until they are sent, because they
   * describe the caller.
   */
  get isHalfFilled() {
    return this.stage === "due" && this.#chose;
  }

  /** Returns whether the form is shown in place of the conversation. */
  get shows() {
    return this.pending && (this.opened || this.#conversation.emptied !== "");
  }

  /** Returns whether the conversation was heavy. Then a break is offered, and somebody to talk to. */
  get heavy() {
    return this.codes.weight === "heavy" || this.#conversation.risk === ACUTE;
  }

  /** Returns the questions for this seat; none at a guest's desk, or if the caller never let the seat into the conversation. */
  get questions() {
    const names = this.#role ? Object.keys(this.#desk.codes()) : [];
    return this.#role === "colleague" ? names.filter((name) => OF_A_COLLEAGUE.includes(name)) : names;
  }

  // What follows from the log

  /** Notes this seat's role after the caller has let the seat into the conversation, because no other seat gets the form. */
  look() {
    const { role, log, seat } = this.#conversation;
    if (role && log.people.get(seat.member)?.letIn) this.#role = role;
  }

  /** @param {number} at @param {string} [reason] */
  over(at, reason = "left") {
    if (reason === "gone" && this.stage === "due") this.stage = ""; // the server would refuse the form
    if (this.#isCareUnread && !this.stage) return this.#showCare();
    if (this.stage || this.filledIn || !OWN_ENDS.includes(reason) || !this.questions.length) return;
    this.stage = "due";
    this.since = at;
    this.codes = told(this.#conversation, reason, this.#desk.codes().referral ?? []);
  }

  // What the counsellor does

  open() {
    this.opened = this.pending;
    this.#desk.changed();
  }

  /** Returns to the conversation, to read it again. */
  back() {
    this.opened = false;
    this.#desk.changed();
  }

  /** Chooses a code. Choosing the same code again removes it. @param {string} name @param {string} code */
  choose(name, code) {
    const { [name]: before, ...others } = this.codes;
    this.codes = before === code ? others : { ...others, [name]: code };
    this.nothingChosen = false;
    this.#chose = true;
    this.#desk.changed();
  }

  async send() {
    if (this.stage !== "due") return;
    // An empty form would be counted as sent, but without any answer.
    this.nothingChosen = Object.keys(this.codes).length === 0;
    if (this.nothingChosen) return this.#desk.changed();
    this.#become("sending");
    try {
      await this.#desk.request("wrapup", { conversation: this.#conversation.id, codes: this.codes });
      this.#sent("sent");
    } catch (error) {
      const code = codeOf(error);
      if (REFUSALS[code]) return this.#sent(REFUSALS[code]);
      this.#become("due");
      this.#desk.problem(code);
    }
  }

  /** Shows again, after a reload, the screen that follows a heavy conversation, because it was not finished. */
  #showCare() {
    this.codes = { weight: "heavy" };
    this.opened = true;
    this.#become("sent");
  }

  get #isCareUnread() {
    return this.filledIn && this.#desk.store.getItem(CARE + this.#conversation.id) !== null;
  }

  /** @param {Stage} stage */
  #sent(stage) {
    this.filledIn = stage !== "gone";
    if (stage === "sent" && !this.heavy) return this.finish();
    if (stage === "sent") this.#desk.store.setItem(CARE + this.#conversation.id, "");
    this.#become(stage);
  }

  /** Finishes a form that was sent or skipped. The conversation disappears from the list. */
  finish() {
    this.#desk.store.removeItem(CARE + this.#conversation.id);
    this.#become("finished");
    if (!this.#conversation.emptied) this.#conversation.leave();
  }

  /** @param {Stage} stage */
  #become(stage) {
    this.stage = stage;
    this.#desk.changed();
  }
}

/** Returns the codes that are already known; the form begins with them. @param {Conversation} conversation @param {string} reason @param {string[]} referrals  the form's codes @returns {Codes} */
function told({ log }, reason, referrals) {
  const { for: whom, before, age = "" } = log.intake ?? {};
  /** @type {Codes} */
  const codes = {};
  if (whom) codes.for = whom === "me" ? "self" : "other";
  if (before) codes.contact = before === "yes" ? "again" : "first";
  if (AGES.includes(age)) codes.age = AGE_CODES[AGES.indexOf(age)];
  const referred = log.lines.flatMap(({ kind, service }) => (kind === "referred" ? [service] : []));
  const came = whoCame(log);
  if (referred.length) codes.outcome = "referred";
  if (came.length || reason === "handed_off") codes.outcome = "handed_off";
  const to = [...referred, ...came].reverse().map((service) => referralCode(service, referrals));
  // If there are several services, one with a code of its own is chosen.
  if (to.length && referrals.length) codes.referral = to.find((code) => code !== OTHER) ?? OTHER;
  return codes;
}

/** Returns the services whose staff the caller let into the conversation, without those whose staff left for a reason in DROPPED. @param {Conversation["log"]} log @returns {string[]} */
const whoCame = ({ people, invitations }) =>
  [...people.values()]
    .filter(({ role, letIn, leftFor }) => role === "partner" && letIn > 0 && !DROPPED.includes(leftFor))
    .map(({ service, invitation }) => service ?? invitations.get(invitation ?? "")?.to.service ?? "")
    .filter(Boolean);

/** @param {string} service @param {string[]} codes */
function referralCode(service, codes) {
  const code = REFERRALS[service] ?? service.replaceAll("-", "_");
  return codes.includes(code) ? code : OTHER;
}
