// The coded form after a conversation: whether it is due, what was chosen, and what this person may need after it.
// It counts; it holds no text. That it was sent knows only the server, once for each seat.
import { codeOf } from "../../../staff/problems.js";

/** The bands of the caller's intake, in the order in which the catalogues name them. */
export const AGES = ["<12", "12-15", "16-17", "18-25", "26+"];

/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {Record<string, string>} Codes  a code by the name of its question */
/** @typedef {"" | "due" | "sending" | "sent" | "already" | "gone" | "finished"} Stage  already: sent before, by another tab or a lost reply */

/** Ends after which the conversation was one that this person had: `released` was none, `gone` is counted no more, and after `lost` the caller waits for somebody. */
const OWN_ENDS = ["left", "transferred", "handed_off", "answered"];
const ACUTE = 2;
/** Whoever is in charge codes the conversation; a colleague beside them only says how heavy it was. */
const OF_A_COLLEAGUE = ["weight"];
const REFUSALS = /** @type {Record<string, Stage>} */ ({ conflict: "already", not_found: "gone" });
/** Services that have a code of their own, or share one; a line's own code may bear a service's name, too. */
const REFERRALS = /** @type {Record<string, string>} */ ({
  politie: "police",
  "de-waag": "care",
  fier: "care",
  mind: "care",
});
const OTHER = "other";
/** Reasons of a partner's `left` after which the caller was not theirs. */
const DROPPED = ["lost", "released"];
const AGE_CODES = ["under_12", "12_15", "16_17", "18_25", "26_up"];

export class WrapUp {
  /** @type {Stage} */
  stage = "";
  /** The conversation gave way to the form. */
  opened = false;
  /** Somebody would send a form without one answer. */
  nothingChosen = false;
  /** The server has this seat's form. */
  filledIn = false;
  /** When the conversation was over, in milliseconds. */
  since = 0;
  /** @type {Codes} */
  codes = {};
  #role = "";
  #conversation;
  #desk;

  /** @param {Conversation} conversation @param {import("../../conversation/model/conversation.js").Surroundings} desk */
  constructor(conversation, desk) {
    this.#conversation = conversation;
    this.#desk = desk;
  }

  /** Something of it is still to be done or read: the conversation stays on the list. */
  get pending() {
    return this.stage !== "" && this.stage !== "finished";
  }

  /** It stands where the conversation stood. */
  get shows() {
    return this.pending && (this.opened || this.#conversation.emptied !== "");
  }

  /** After these a break is proposed, and somebody to talk to. */
  get heavy() {
    return this.codes.weight === "heavy" || this.#conversation.risk === ACUTE;
  }

  /** What this seat is asked; nothing at a guest's desk, or where nobody was let in. */
  get questions() {
    const names = this.#role ? Object.keys(this.#desk.codes()) : [];
    return this.#role === "colleague" ? names.filter((name) => OF_A_COLLEAGUE.includes(name)) : names;
  }

  // What the log tells

  /** This seat was let in: there is something to wrap up one day. */
  look() {
    const { role, log, seat } = this.#conversation;
    if (role && log.people.get(seat.member)?.letIn) this.#role = role;
  }

  /** @param {number} at @param {string} [reason] */
  over(at, reason = "left") {
    if (reason === "gone" && this.stage === "due") this.stage = ""; // it would be refused
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

  /** The conversation is read again first. */
  back() {
    this.opened = false;
    this.#desk.changed();
  }

  /** The same code twice takes it back. @param {string} name @param {string} code */
  choose(name, code) {
    const { [name]: before, ...others } = this.codes;
    this.codes = before === code ? others : { ...others, [name]: code };
    this.nothingChosen = false;
    this.#desk.changed();
  }

  async send() {
    if (this.stage !== "due") return;
    // It would be counted as sent, and nothing of it would count.
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

  /** @param {Stage} stage */
  #sent(stage) {
    this.filledIn = stage !== "gone";
    if (stage === "sent" && !this.heavy) return this.finish();
    this.#become(stage);
  }

  /** Sent or skipped, and read: the conversation leaves the list. */
  finish() {
    this.#become("finished");
    if (!this.#conversation.emptied) this.#conversation.leave();
  }

  /** @param {Stage} stage */
  #become(stage) {
    this.stage = stage;
    this.#desk.changed();
  }
}

/** What is known already is chosen already. @param {Conversation} conversation @param {string} reason @param {string[]} referrals  the codes there are @returns {Codes} */
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
  // Of several services one that the form can name.
  if (to.length && referrals.length) codes.referral = to.find((code) => code !== OTHER) ?? OTHER;
  return codes;
}

/** The services whose people the caller let in, and who did not drop out again. @param {Conversation["log"]} log @returns {string[]} */
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
