// A caller to practise with: the caller's own modules, with a script or played by hand. Nothing is kept in this tab.

import { TabMemory } from "../caller/coming-back/tab-memory.js";
import { Conversation } from "../caller/conversation/conversation.js";
import { freshCode } from "../shared/sealing.js";
import { browser } from "../shared/socket.js";
import { Script } from "./script.js";

/** @typedef {import("./script.js").Case} Case */
/** @typedef {import("../caller/conversation/conversation.js").Entry} Entry */
/** @typedef {{url: string, line: string, ticket: string, world?: typeof browser, make?: (of: ConstructorParameters<typeof Conversation>[0]) => Conversation}} Around */

const CONSENT_MS = 6_000;

export class MadeUpCaller extends EventTarget {
  /** @type {Conversation | null} */
  conversation = null;
  /** @type {Case | null} null: played by hand */
  played = null;
  #around;
  #world;
  /** @type {Script | null} */
  #script = null;
  /** Invitations that were answered. @type {Set<string>} */
  #answered = new Set();
  #sent = false;
  /** The card that a case is about to answer by itself. */
  #deciding = "";

  /** @param {Around} around */
  constructor(around) {
    super();
    this.#around = around;
    this.#world = around.world ?? browser;
  }

  /** @param {Case | null} played @param {string} locale */
  begin(played, locale) {
    this.#meet({ locale, urgency: played?.urgency ?? 0 });
    this.played = played;
    if (played)
      this.#script = new Script(played.turns, locale, {
        say: (text) => this.say(text),
        type: () => this.conversation?.type(),
        answers: () => this.#said.length,
        after: this.#world.after,
      });
    this.conversation?.start();
    this.#script?.look();
    this.#tell();
  }

  /** For whoever practises to answer. @param {string} text @param {string} locale */
  write(text, locale) {
    this.#meet({ locale, urgency: 0, letter: true });
    this.say(text);
    this.conversation?.start();
    this.#tell();
  }

  /** @param {{locale: string, urgency: 0 | 1 | 2, letter?: boolean}} how */
  #meet(how) {
    const { url, line, ticket, make = (of) => new Conversation(of) } = this.#around;
    this.stop();
    this.played = null;
    this.#sent = false;
    this.#answered.clear();
    this.conversation = make({
      ...{ url, line, ticket, ...how, world: this.#world },
      memory: new TabMemory(null),
      changed: () => this.#changed(),
    });
  }

  /** A letter is sent once it has a code. Nobody comes back to this one: the code is not shown. */
  async #send() {
    const { conversation } = this;
    const stored = conversation?.begun && conversation.outbox.items.length === 0;
    if (this.#sent || !stored || conversation.letter?.written !== "draft") return;
    this.#sent = true;
    await conversation.keepCode(freshCode()).catch(() => {
      this.#sent = false;
    });
  }

  stop() {
    this.#script?.stop();
    this.#script = null;
    this.conversation?.stop();
    this.conversation = null;
  }

  /** The caller goes away for good. */
  async leave() {
    await this.conversation?.leave().catch(() => null);
  }

  /** @param {string} text */
  say(text) {
    this.conversation?.outbox.add("message", text);
  }

  /** What staff wrote so far. */
  get #said() {
    const { conversation } = this;
    return (conversation?.rows ?? []).filter(
      (row) => row.kind === "message" && row.words && !conversation?.isOwn(row),
    );
  }

  /** The card that is open: another service is asked for. @returns {Entry | undefined} */
  get card() {
    const row = this.conversation?.rows.findLast(({ kind, how }) => kind === "invited" && how === "handoff");
    return row?.state === "asked" && !this.#answered.has(row.invitation ?? "") ? row : undefined;
  }

  /** Whether the other service is asked for now: somebody may play it. */
  get rings() {
    const row = this.conversation?.rows.findLast(({ kind, how }) => kind === "invited" && how === "handoff");
    return row?.state === "ringing";
  }

  /** @param {boolean} yes */
  async answer(yes) {
    const { card, conversation } = this;
    if (!card || !conversation) return;
    this.#answered.add(card.invitation ?? "");
    this.#tell();
    const what = { service: card.to.service ?? "", history: true, guest: card.to.guest };
    await conversation.consent(card.invitation ?? "", yes ? what : null).catch(() => {
      this.#answered.delete(card.invitation ?? ""); // the card is still there
      this.#tell();
    });
  }

  #changed() {
    const { card, played } = this;
    this.conversation?.see();
    this.#script?.look();
    this.#send();
    if (card && played) this.#decide(card.invitation ?? "", played.accepts);
    this.#tell();
  }

  /** After a moment: nobody says yes before they have read it. @param {string} invitation @param {boolean} yes */
  #decide(invitation, yes) {
    if (this.#deciding === invitation) return;
    this.#deciding = invitation;
    // Another conversation may have begun meanwhile, with a card of its own.
    this.#world.after(CONSENT_MS, () => this.card?.invitation === invitation && this.answer(yes));
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
