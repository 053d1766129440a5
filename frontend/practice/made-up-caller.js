// Plays a caller for practice: it runs the modules of the caller's page, and a script or a person decides what the
// caller says. The tab stores the same data as a real caller's tab, and the position in the script, so that the same caller
// continues after a reload.

import { TabMemory } from "../caller/coming-back/tab-memory.js";
import { Conversation } from "../caller/conversation/conversation.js";
import { freshCode } from "../shared/sealing.js";
import { browser } from "../shared/socket.js";
import { toCaller } from "../staff/languages.js";
import { Script } from "./script.js";

/** @typedef {import("./script.js").MadeUp} MadeUp */
/** @typedef {import("../caller/conversation/conversation.js").Entry} Entry */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store */
/** @typedef {{code: string, locale: string, letter: boolean, where?: import("./script.js").Where}} Kept  code: "" if a person plays the caller */
/** @typedef {{url: string, line: string, ticket: string, store?: Store | null, world?: typeof browser, make?: (of: ConstructorParameters<typeof Conversation>[0]) => Conversation}} Around  store: of this tab */

const CONSENT_MS = 6_000;
const NAME = "helpline-made-up";

export class MadeUpCaller extends EventTarget {
  /** @type {Conversation | null} */
  conversation = null;
  /** @type {MadeUp | null} null: a person plays the caller */
  played = null;
  /** Is true if the script has cut the connection for a while. */
  away = false;
  #around;
  #world;
  /** @type {Store | null} */
  #store;
  #memory;
  /** @type {Kept | null} */
  #kept = null;
  /** @type {Script | null} */
  #script = null;
  /** Holds how many messages staff had written before the connection was cut. */
  #heard = 0;
  /** Holds the invitations that were answered. @type {Set<string>} */
  #answered = new Set();
  #sent = false;
  /** Holds the invitation that the script is about to answer. */
  #deciding = "";

  /** @param {Around} around */
  constructor(around) {
    super();
    this.#around = around;
    this.#world = around.world ?? browser;
    this.#store = around.store ?? null;
    this.#memory = this.#freshMemory();
  }

  /** @param {MadeUp | null} played @param {string} chosen  the language */
  begin(played, chosen) {
    const locale = played?.locale || chosen;
    this.#forget();
    this.#keep({ code: played?.code ?? "", locale, letter: played?.letter ?? false });
    this.#meet(played);
    const intake = played && { ...played.intake, made_up: played.code };
    if (intake) this.conversation?.outbox.add("intake", intake);
    if (played?.letter) this.say(toCaller(played.turns[0]?.says ?? {}, locale, false));
    this.#start();
  }

  /** Writes a letter for the trainee to answer. @param {string} text @param {string} locale */
  write(text, locale) {
    this.#forget();
    this.#keep({ code: "", locale, letter: true });
    this.#meet(null);
    this.say(text);
    this.#start();
  }

  /** Continues the caller from before a reload, if there was one. @param {MadeUp[]} all */
  resume(all) {
    const kept = keptIn(this.#store?.getItem(NAME));
    if (!kept || !this.#memory.state) return this.#forget();
    this.#kept = kept;
    this.#heard = kept.where?.heard ?? 0;
    this.#meet(all.find(({ code }) => code === kept.code) ?? null);
    this.#start();
  }

  #start() {
    const { played } = this;
    const { locale = "", where } = this.#kept ?? {};
    if (played && !played.letter)
      this.#script = new Script(
        played.turns,
        locale,
        {
          say: (text) => this.say(text),
          type: () => this.conversation?.type(),
          answers: () => Math.max(this.#heard, this.#said.length),
          away: () => this.#goAway(),
          back: () => this.#comeBack(),
          after: this.#world.after,
        },
        where,
      );
    this.conversation?.start();
    this.#script?.look();
    this.#tell();
  }

  /** @param {MadeUp | null} played */
  #meet(played) {
    const { url, line, ticket, make = (of) => new Conversation(of) } = this.#around;
    const { locale = "", letter = false } = this.#kept ?? {};
    const urgency = played?.urgency ?? 0;
    this.played = played;
    this.conversation = make({
      ...{ url, line, ticket, locale, urgency, ...(letter && { letter }), world: this.#world },
      memory: this.#memory,
      changed: () => this.#changed(),
    });
  }

  /** Cuts the connection, as when a real caller closes the tab. */
  #goAway() {
    this.#heard = Math.max(this.#heard, this.#said.length);
    this.away = true;
    this.conversation?.stop();
    this.#tell();
  }

  #comeBack() {
    this.away = false;
    this.#meet(this.played);
    this.conversation?.start();
  }

  /** Sends the letter. That needs a return code, which is not shown because nobody will use it. */
  async #send() {
    const { conversation } = this;
    const stored = conversation?.begun && conversation.outbox.items.length === 0;
    if (this.#sent || !stored || conversation.letter?.written !== "draft") return;
    this.#sent = true;
    await conversation.keepCode(freshCode()).catch(() => {
      this.#sent = false;
    });
  }

  /** Stops when the page is left. The data in the tab's storage stays. */
  stop() {
    this.#script?.stop();
    this.#script = null;
    this.conversation?.stop();
  }

  /** Drops this caller, so that another one can be chosen. */
  drop() {
    this.#forget();
    this.#tell();
  }

  #forget() {
    this.stop();
    this.conversation = null;
    this.played = null;
    this.#kept = null;
    this.#heard = 0;
    this.#sent = this.away = false;
    this.#answered.clear();
    this.#store?.removeItem(NAME);
    this.#memory.forget();
    this.#memory = this.#freshMemory();
  }

  #freshMemory() {
    const store = this.#store;
    // These names differ from those that a real caller's page would use in the same tab.
    const named = (/** @type {string} */ name) => `${NAME}-${name}`;
    return new TabMemory(
      store && {
        getItem: (name) => store.getItem(named(name)),
        setItem: (name, value) => store.setItem(named(name), value),
        removeItem: (name) => store.removeItem(named(name)),
      },
    );
  }

  /** @param {Kept} kept */
  #keep(kept) {
    this.#kept = kept;
    try {
      this.#store?.setItem(NAME, JSON.stringify(kept));
    } catch {
      this.#store = null; // the storage is full or blocked: a reload loses the caller
    }
  }

  /** Ends the conversation for good. */
  async leave() {
    await this.conversation?.leave().catch(() => null);
  }

  /** @param {string} text */
  say(text) {
    this.conversation?.outbox.add("message", text);
  }

  /** Returns what staff have written. */
  get #said() {
    const { conversation } = this;
    return (conversation?.rows ?? []).filter(
      (row) => row.kind === "message" && row.words && !conversation?.isOwn(row),
    );
  }

  /** Returns the open card, which asks to call another service. @returns {Entry | undefined} */
  get card() {
    const row = this.conversation?.rows.findLast(({ kind, how }) => kind === "invited" && how === "handoff");
    return row?.state === "asked" && !this.#answered.has(row.invitation ?? "") ? row : undefined;
  }

  /** Returns whether the other service is being called now, so that somebody may play it. */
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
      this.#answered.delete(card.invitation ?? ""); // the card is still open
      this.#tell();
    });
  }

  #changed() {
    const { card, played } = this;
    this.conversation?.see();
    this.#script?.look();
    if (this.#script && this.#kept) this.#keep({ ...this.#kept, where: this.#script.where });
    this.#send();
    if (card && played) this.#decide(card.invitation ?? "", played.accepts);
    this.#tell();
  }

  /** Answers after a pause, like a caller who reads the card first. @param {string} invitation @param {boolean} yes */
  #decide(invitation, yes) {
    if (this.#deciding === invitation) return;
    this.#deciding = invitation;
    // Another conversation with its own card may have begun in the meantime.
    this.#world.after(CONSENT_MS, () => this.card?.invitation === invitation && this.answer(yes));
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {string | null | undefined} json @returns {Kept | null} */
function keptIn(json) {
  try {
    return JSON.parse(json ?? "null");
  } catch {
    return null;
  }
}
