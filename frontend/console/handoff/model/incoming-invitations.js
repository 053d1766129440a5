// Holds the invitations that ring here, and those that this person sent. Only the sender is shown how long an
// invitation lasts, and a guest's PIN. Before it is answered, an incoming card neither says which conversation it is
// about nor contains any of its text.
import { ErrorReply } from "../../../shared/socket.js";
import { ringsAcute } from "../../../staff/acute.js";

/** @typedef {import("../../conversation/model/conversation.js").Seat} Seat */
/** @typedef {import("../../../shared/protocol.d.ts").InvitedEntry["how"]} How */
/** @typedef {import("../../../shared/protocol.d.ts").InvitationOut} Card */
/**
 * @typedef {Pick<import("../../conversation/model/conversation.js").Surroundings, "request" | "changed" | "problem" | "now" | "after"> & {
 *   rings: (acute: boolean) => void, joined: (seat: Seat) => void, joinedElsewhere: (conversation: string) => void}} Desk
 */

const AGAIN_MS = 15_000;

export class IncomingInvitations {
  /** @type {Map<string, Card>} */
  #cards = new Map();
  /** Holds the invitations that this person has answered, so that they disappear immediately. @type {Set<string>} */
  #answered = new Set();
  #desk;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  /** Returns the invitations that ring here, the oldest first. */
  get incoming() {
    return [...this.#cards.values()].filter((card) => this.#ringsHere(card));
  }

  /** @param {string} invitation */
  of(invitation) {
    return this.#cards.get(invitation);
  }

  /** Returns for how many milliseconds an invitation is still open. @param {Pick<Card, "expires"> | undefined} card */
  left(card) {
    return card?.expires ? Math.max(0, Date.parse(card.expires) - this.#desk.now()) : 0;
  }

  /** Takes the open invitations from `hello`. @param {Card[]} cards */
  greet(cards) {
    const known = this.#cards;
    this.#cards = new Map();
    for (const card of cards) this.#take(card, known.get(card.invitation));
  }

  /** Takes an `invitation` frame. @param {Card} card */
  hear(card) {
    const before = this.#cards.get(card.invitation);
    this.#take(card, before);
    // Another tab said yes. If that tab closes, this one keeps the seat's lease, so it has to show the conversation.
    if (card.state === "joined" && card.conversation && before?.conversation === null)
      if (!this.#answered.has(card.invitation)) this.#desk.joinedElsewhere(card.conversation);
  }

  /** @param {string} invitation @param {boolean} yes */
  async answer(invitation, yes) {
    const card = this.#cards.get(invitation);
    if (!card || !this.#ringsHere(card)) return;
    this.#answered.add(invitation);
    this.#desk.changed();
    try {
      const { conversation = "", member = "" } = await this.#desk.request("answer", { invitation, yes });
      const { line, locale, urgency } = card;
      if (yes) this.#desk.joined({ conversation, member, line, locale, urgency });
    } catch (error) {
      this.#failed(invitation, error);
    }
  }

  /** @param {string} invitation @param {unknown} error */
  #failed(invitation, error) {
    const state = error instanceof ErrorReply ? error.frame.state : undefined;
    if (state && state !== "ringing")
      return this.#desk.problem(state === "joined" ? "answer_joined" : "answer_over");
    // The caller has erased the conversation, and the invitation with it.
    if (error instanceof ErrorReply && error.code === "not_found") return this.#desk.problem("answer_over");
    // The invitation may still be open, so it can be answered again.
    this.#answered.delete(invitation);
    const conflict = error instanceof ErrorReply && error.code === "conflict";
    this.#desk.problem(conflict ? "answer_conflict" : error instanceof ErrorReply ? error.code : "dropped");
  }

  /** @param {Card} card @param {Card} [before] */
  #take(card, before) {
    if (before && this.#ranInVain(before, card))
      this.#desk.problem(card.how === "handoff" ? "ring_expired_service" : "ring_expired");
    this.#cards.set(card.invitation, card);
    const isNews = !before || (ringsAcute(card) && !ringsAcute(before));
    if (isNews && this.#ringsHere(card)) this.#ring(card.invitation);
  }

  /** @param {string} invitation */
  #ring(invitation) {
    const card = this.#cards.get(invitation);
    if (!card || !this.#ringsHere(card)) return;
    const acute = ringsAcute(card);
    this.#desk.rings(acute);
    // Another service's desk may be in a room in which nobody looks at it, so it rings again. A colleague may be in a
    // conversation, so for them it rings again only if the invitation is acute.
    if (acute || card.how === "handoff") this.#desk.after(AGAIN_MS, () => this.#ring(invitation));
  }

  /** Returns whether nobody came to an acute conversation: without a message, the card would disappear as if somebody had come. @param {Card} before @param {Card} card */
  #ranInVain({ state, conversation }, card) {
    const rang = state === "ringing" && conversation === null && !this.#answered.has(card.invitation);
    return rang && card.state === "expired" && ringsAcute(card);
  }

  /** @param {Card} card */
  #ringsHere(card) {
    const { invitation, conversation, state } = card;
    return (
      conversation === null && state === "ringing" && !this.#answered.has(invitation) && this.left(card) > 0
    );
  }
}
