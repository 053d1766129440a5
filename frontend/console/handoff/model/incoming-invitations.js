// The invitations that ring here, and what only their sender is shown of those that this person sent: how long they
// last, and the PIN for a guest. Before the answer a card names no conversation and holds no content.
import { ErrorReply } from "../../../shared/socket.js";
import { ringsAcute } from "../../../staff/acute.js";

/** @typedef {import("../../conversation/model/conversation.js").Seat} Seat */
/** @typedef {import("../../../shared/protocol.d.ts").InvitedEntry["how"]} How */
/** @typedef {import("../../../shared/protocol.d.ts").InvitationOut} Card */
/**
 * @typedef {Pick<import("../../conversation/model/conversation.js").Surroundings, "request" | "changed" | "problem" | "now" | "after"> & {
 *   rings: (acute: boolean) => void, joined: (seat: Seat) => void}} Desk
 */

const AGAIN_MS = 15_000;

export class IncomingInvitations {
  /** @type {Map<string, Card>} */
  #cards = new Map();
  /** Those that this person has answered: they are off the screen at once. @type {Set<string>} */
  #answered = new Set();
  #desk;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  /** Those that ring here, the oldest first. */
  get incoming() {
    return [...this.#cards.values()].filter((card) => this.#ringsHere(card));
  }

  /** @param {string} invitation */
  of(invitation) {
    return this.#cards.get(invitation);
  }

  /** Milliseconds until it is over. @param {Pick<Card, "expires"> | undefined} card */
  left(card) {
    return card?.expires ? Math.max(0, Date.parse(card.expires) - this.#desk.now()) : 0;
  }

  /** What `hello` says is open now. @param {Card[]} cards */
  greet(cards) {
    const known = this.#cards;
    this.#cards = new Map();
    for (const card of cards) this.#take(card, known.get(card.invitation));
  }

  /** An `invitation` frame. @param {Card} card */
  hear(card) {
    this.#take(card, this.#cards.get(card.invitation));
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
    if (state) return this.#desk.problem(state === "joined" ? "answer_joined" : "answer_over");
    // Nothing says that it is over: it may be answered again.
    this.#answered.delete(invitation);
    const conflict = error instanceof ErrorReply && error.code === "conflict";
    this.#desk.problem(conflict ? "answer_conflict" : error instanceof ErrorReply ? error.code : "dropped");
  }

  /** @param {Card} card @param {Card} [before] */
  #take(card, before) {
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
    // A desk of another service may stand in a room where nobody looks at it; a colleague is in a conversation, and
    // is called again only where a life may be at stake.
    if (acute || card.how === "handoff") this.#desk.after(AGAIN_MS, () => this.#ring(invitation));
  }

  /** @param {Card} card */
  #ringsHere(card) {
    const { invitation, conversation, state } = card;
    return (
      conversation === null && state === "ringing" && !this.#answered.has(invitation) && this.left(card) > 0
    );
  }
}
