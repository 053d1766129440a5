// Invites somebody to one conversation: sends the brief, and then the invitation, which refers to the brief. After the
// caller has let the other service into the conversation, the brief is sent again in an epoch that this service can
// read. The log shows whether this is still to be done, so a reload does not matter.
import { ErrorReply } from "../../../shared/socket.js";
import { ringsAcute } from "../../../staff/acute.js";
import { attempt } from "../../../staff/problems.js";

/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("./incoming-invitations.js").How} How */
/** @typedef {import("../../conversation/model/conversation-log.js").Invited} Invited */
/** @typedef {import("../../../shared/protocol.d.ts").Invitee} To */
/** @typedef {"" | "asked" | "ringing" | "joining" | "arrived" | "away" | "refused" | "declined" | "expired" | "unanswered" | "withdrawn" | "dropped"} Stage */

// Another tab of the same seat sees the same log. It waits this long, to let the tab that sent the invitation go first.
const OTHER_TAB_MS = 3000;
/** These refusals, written as action and code, have their own texts in the console. */
const OWN_WORDS = [
  "invite conflict",
  "invite not_found",
  "invite forbidden",
  "invite only_refer",
  "withdraw conflict",
];

export class OwnInvitation {
  /** Is true if a request is under way. */
  busy = false;
  #conversation;
  #desk;
  /** Holds the invitation that waits until its brief is in the log. @type {{how: How, to: To, text: string} | null} */
  #pending = null;
  /** Holds the invitations that this tab sent. @type {Set<string>} */
  #sent = new Set();
  /** Holds the sent invitations that ring for the whole line. @type {Set<string>} */
  #calls = new Set();
  #looksLater = false;
  #dismissed = "";
  /** Holds the invitations that the server calls over before the log does: a worker that is stopped ends none. @type {Set<string>} */
  #over = new Set();

  /** @param {Conversation} conversation @param {import("../../conversation/model/conversation.js").Surroundings} desk */
  constructor(conversation, desk) {
    this.#conversation = conversation;
    this.#desk = desk;
  }

  /** Returns the newest invitation that this person sent, also from an earlier seat. @returns {Invited | undefined} */
  get latest() {
    const { log } = this.#conversation;
    return [...log.invitations.values()].findLast(({ by }) => this.#isOwn(by));
  }

  /** Returns whether a seat is this person's: on another device they had another one. Nobody else has the same alias. @param {string | null} by */
  #isOwn(by) {
    const { log, seat } = this.#conversation;
    const [own, other] = [log.people.get(seat.member), log.people.get(by ?? "")];
    return by === seat.member || (own !== undefined && own.alias === other?.alias && own.role === other.role);
  }

  /** Returns why nobody can be invited now, or "". */
  get hindrance() {
    if (this.#conversation.state === "ended") return "ended";
    if (this.busy) return "busy";
    if (!this.#leads) return "not_in_charge";
    return this.open ? "open" : "";
  }

  /** Returns why the whole line cannot be called now, or "". In an acute conversation, an open invitation to somebody else is no reason. */
  get callHindrance() {
    const { hindrance } = this;
    if (!this.isAcute || hindrance === "ended" || hindrance === "not_in_charge") return hindrance;
    if (this.busy && !this.#pending) return hindrance;
    return this.#isCall(this.open) ? "open" : "";
  }

  /** Returns whether the line's staff have flagged the conversation as acute. */
  get isAcute() {
    const { risk } = this.#conversation;
    return ringsAcute({ risk, urgency: 0 });
  }

  /** Calls the whole line: the first colleague or supervisor to answer joins. An open invitation to somebody else is withdrawn. */
  async needSomebody() {
    if (this.callHindrance) return;
    this.empty(); // drops an invitation that still waits for its brief
    const { open } = this;
    if (open && !(await this.#makeWay(open))) return;
    await this.ask("consult", { line: this.#conversation.seat.line });
  }

  /** Invites a supervisor who asked to join, and returns whether that was possible. An open invitation to somebody else is withdrawn, because only one can be open. @param {string} staff */
  async letIn(staff) {
    const { hindrance, open } = this;
    if (hindrance && hindrance !== "open") return false;
    if (open && !(await this.#makeWay(open))) return false;
    const before = this.#sent.size;
    await this.ask("consult", { staff });
    return this.#sent.size > before;
  }

  /** Withdraws an open invitation, and returns whether none is open any more. @param {Invited} open */
  async #makeWay({ invitation }) {
    let done = false;
    this.busy = true;
    this.#desk.changed();
    await this.#attempt("withdraw", async () => {
      try {
        await this.#withdrawOrEnd(invitation);
      } catch (error) {
        // The invitation was answered at the same time.
        if (!(error instanceof ErrorReply && error.code === "conflict")) throw error;
      }
      done = true;
    });
    this.busy = false;
    this.#desk.changed();
    return done;
  }

  /** Returns whether the newest invitation calls for help: it rings for the whole line, or in an acute conversation. */
  get callsForHelp() {
    const { latest } = this;
    return latest?.how === "consult" && (this.isAcute || this.#isCall(latest));
  }

  /** Returns whether an invitation rings for the whole line. @param {Invited | undefined} invited */
  #isCall(invited) {
    return invited !== undefined && this.#calls.has(invited.invitation);
  }

  get mayWithdraw() {
    return this.#leads && this.open !== undefined;
  }

  /** Returns whether this seat may invite or withdraw. Which of the two is possible follows from the log, because the `allowed` frame may arrive later or not at all. */
  get #leads() {
    const { allowed } = this.#conversation;
    return allowed.has("invite") || allowed.has("withdraw");
  }

  /** Returns the invitation that has no answer yet. @returns {Invited | undefined} */
  get open() {
    const all = [...this.#conversation.log.invitations.values()];
    return all.find(
      ({ invitation, state }) => (state === "asked" || state === "ringing") && !this.#over.has(invitation),
    );
  }

  /** Returns the person who joined by an invitation. @param {Invited} invited */
  newcomer({ invitation }) {
    return [...this.#conversation.log.people.values()].findLast((person) => person.invitation === invitation);
  }

  /** Returns the state of the newest invitation, or "" if it does not concern the sender any more. @returns {Stage} */
  get stage() {
    const invited = this.latest;
    if (!invited || invited.invitation === this.#dismissed) return "";
    const { history, how, seq } = invited;
    const isLate = invited.state === "asked" || invited.state === "ringing";
    const state = isLate && this.#over.has(invited.invitation) ? "expired" : invited.state;
    if (state === "asked" || state === "ringing") return state;
    if (state === "joined") return this.#arrival(invited);
    if (!this.#conversation.isNew(seq)) return "";
    // History is null until the caller has answered.
    return state === "expired" && how === "handoff" && history === null ? "unanswered" : state;
  }

  /** Returns whether the invitation was declined or expired, and the sender has not read that yet. */
  get rangInVain() {
    return ["declined", "expired"].includes(this.stage);
  }

  /** @param {Invited} invited @returns {Stage} */
  #arrival(invited) {
    const newcomer = this.newcomer(invited);
    if (!newcomer) return "joining";
    if (newcomer.present && !newcomer.here && invited.how === "handoff") return "away";
    if (newcomer.present) return newcomer.letIn && !this.owesBrief ? "arrived" : "joining";
    // If the newcomer left by choice, the line in the log is enough.
    const dropped = newcomer.leftFor === "lost" || newcomer.leftFor === "released";
    return dropped && this.#conversation.isNew(newcomer.leftAt) ? "dropped" : "";
  }

  // What the counsellor does

  /** @param {How} how @param {To} to @param {string} [text]  the brief */
  async ask(how, to, text = "") {
    if (this.busy) return;
    this.busy = true;
    this.#desk.changed();
    if (!text.trim()) return this.#invite(how, to, null);
    this.#pending = { how, to, text };
    if (!this.#briefOf(text) && !this.#isOnItsWay(text))
      this.#conversation.writing.outbox.add(text, { kind: "brief" });
    await this.goOn();
  }

  /** @param {string} invitation */
  withdraw(invitation) {
    return this.#attempt("withdraw", () => this.#withdrawOrEnd(invitation));
  }

  /** Withdraws an invitation. If its time is over, it counts as expired, although the log does not say so yet. @param {string} invitation */
  async #withdrawOrEnd(invitation) {
    try {
      await this.#desk.request("withdraw", { invitation });
    } catch (error) {
      if (!(error instanceof ErrorReply && error.frame.state === "expired")) throw error;
      this.#over.add(invitation);
      this.#desk.changed();
    }
  }

  /** Notes that the outcome has been read. */
  dismiss() {
    this.#dismissed = this.latest?.invitation ?? "";
    this.#desk.changed();
  }

  // What follows from the log

  /** Sends the invitation or the brief if it can be sent now. Call it after the log or the unsent messages have changed. */
  look() {
    this.goOn();
    const due = this.#isDue();
    if (!due || this.#looksLater) return;
    if (this.#sent.has(due.invitation)) return this.#repeat(due.text);
    this.#looksLater = true;
    this.#desk.after(OTHER_TAB_MS, () => {
      this.#looksLater = false;
      const still = this.#isDue();
      if (still) this.#repeat(still.text);
    });
  }

  empty() {
    this.#pending = null;
    this.busy = false;
  }

  /** Sends the invitation that waited for its brief, or drops it if the brief was taken back. */
  async goOn() {
    if (!this.#pending) return;
    const { how, to, text } = this.#pending;
    const brief = this.#briefOf(text);
    if (brief) {
      this.#pending = null;
      await this.#invite(how, to, brief.id);
    } else if (!this.#isOnItsWay(text)) this.empty(); // taken back
  }

  /** @param {How} how @param {To} to @param {string | null} brief */
  async #invite(how, to, brief) {
    const conversation = this.#conversation.id;
    await this.#attempt("invite", async () => {
      const ok = await this.#desk.request("invite", { conversation, how, to, brief });
      this.#sent.add(ok.invitation);
      if (how === "consult" && to.line) this.#calls.add(ok.invitation);
      if (brief) this.#conversation.writing.drafts.brief.set("");
    });
    this.busy = false;
    this.#desk.changed();
  }

  /** Returns the brief if it still has to be sent again, in an epoch that the other service can read; else null. */
  #isDue() {
    const invited = this.latest;
    if (this.#conversation.emptied || invited?.how !== "handoff" || !invited.brief) return null;
    const newcomer = this.newcomer(invited);
    if (!newcomer?.present || !newcomer.letIn) return null;
    const text = this.#briefs().find(({ id }) => id === invited.brief)?.text;
    const given = this.#briefs().some(({ seq }) => seq > newcomer.letIn);
    return text && !given && !this.#isOnItsWay(text) ? { invitation: invited.invitation, text } : null;
  }

  /** Returns whether the newcomer cannot read the brief yet. */
  get owesBrief() {
    const { unsent } = this.#conversation.writing.outbox;
    return this.#isDue() !== null || unsent.some(({ kind, state }) => kind === "brief" && state !== "stored");
  }

  /** @param {string} text */
  #repeat(text) {
    this.#conversation.writing.outbox.add(text, { kind: "brief" });
  }

  /** Returns this person's briefs in the log. */
  #briefs() {
    const { lines } = this.#conversation.log;
    return lines.filter(({ kind, by, fault }) => kind === "brief" && this.#isOwn(by) && !fault);
  }

  /** Returns a brief that this seat can name in an invitation. @param {string} text */
  #briefOf(text) {
    const { member } = this.#conversation.seat;
    return this.#briefs().findLast((line) => line.text === text && line.by === member);
  }

  /** @param {string} text */
  #isOnItsWay(text) {
    const { unsent } = this.#conversation.writing.outbox;
    return unsent.some((one) => one.kind === "brief" && one.text === text);
  }

  /** @param {string} action @param {() => Promise<unknown>} act */
  #attempt(action, act) {
    return attempt(act, this.#desk.problem, action, OWN_WORDS);
  }
}
