// Holds what this seat writes in one conversation, drafts and unsent messages, and restores it after a reload.
import { openOwn, Refused, TooLong } from "../../../shared/sealing.js";
import { apartInOne, Draft } from "./draft.js";
import { Outbox } from "./outbox.js";
import { noteIn } from "./sealed-fields.js";
import { TabMemory } from "./tab-memory.js";

/** @typedef {import("./conversation.js").Surroundings} Surroundings */
/** @typedef {import("./tab-memory.js").Stored} Stored */
/** @typedef {{draft: string, note: string}} Unsaid */
/** @typedef {Pick<import("./outbox.js").Way, "send" | "place" | "hindrance"> & {moved: () => void}} Way  moved: called when the list of unsent messages has changed */

export class Writing {
  /** Is true after the texts that this tab stored before a reload have been read. */
  restored = false;
  #desk;
  #memory;
  #moved;
  #over = false;
  /** Holds the unsealed messages that were stored with the drafts. @type {Record<string, string>} */
  #kept = {};
  /** Holds the sealed texts of an earlier seat of this browser, until their secrets have arrived. @type {Stored[]} */
  #earlier = [];

  /** @param {string} conversation @param {Surroundings} desk @param {Way} way */
  constructor(conversation, desk, way) {
    this.#desk = desk;
    this.#moved = way.moved;
    this.#memory = new TabMemory(desk.store, conversation);
    const saving = {
      after: desk.after,
      place: way.place,
      notStored: (/** @type {unknown} */ error) => this.#notStored(error),
    };
    this.drafts = {
      draft: new Draft("draft", this.#memory, { ...saving, ahead: () => this.#unsealed("message") }),
      note: new Draft("note", this.#memory, { ...saving, ahead: () => this.#unsealed("note") }),
      brief: new Draft("brief", this.#memory, saving),
      closing: new Draft("closing", this.#memory, saving),
    };
    this.outbox = new Outbox({
      ...way,
      changed: () => this.#outboxChanged(),
      after: desk.after,
    });
  }

  get draft() {
    return this.drafts.draft.text;
  }

  /** @param {string} text */
  setDraft(text) {
    this.drafts.draft.set(text);
  }

  /** @param {string} text */
  post(text) {
    this.outbox.add(text);
    this.setDraft("");
  }

  /** Sends the closing words. The caller also reads them on the card after the end. */
  postClosingWords() {
    this.outbox.add(this.drafts.closing.text);
    this.drafts.closing.set("");
  }

  /** Sends a note, for the line's staff only. @param {string} text */
  note(text) {
    this.outbox.add(text, { kind: "note" });
    this.drafts.note.set("");
  }

  /** Returns the messages that exist only in this page, because it was not possible to seal them yet. @param {"message" | "note"} kind */
  #unsealed(kind) {
    const waiting = this.outbox.unsent.filter((one) => one.kind === kind && !one.item);
    return apartInOne(waiting.map(({ text }) => text));
  }

  /** Returns the text that nobody has received: messages that are not stored, and the drafts. @returns {Unsaid} */
  get unsaid() {
    const of = (/** @type {"message" | "note"} */ kind, /** @type {Draft} */ draft) => {
      const unsent = this.outbox.unsent.filter((one) => one.kind === kind && one.state !== "stored");
      return apartInOne([...unsent.map(({ text }) => text), draft.text]);
    };
    return { draft: of("message", this.drafts.draft), note: of("note", this.drafts.note) };
  }

  /** Restores the drafts of an earlier seat. @param {Unsaid} unsaid */
  goOnWith({ draft, note }) {
    if (draft) this.drafts.draft.set(draft);
    if (note) this.drafts.note.set(note);
  }

  /** Returns the sealed texts that this tab stored. */
  get stored() {
    return this.#memory.stored;
  }

  /** Takes over the texts that an earlier seat of this browser stored. @param {Stored[]} stored */
  goOnWithStored(stored) {
    this.#earlier = stored;
  }

  /** Puts the texts of an earlier seat in front of the current draft, after the caller has let this seat into the conversation. @param {import("./conversation-log.js").ConversationLog} log */
  async openKept(log) {
    if (!this.#earlier.length || !log.place) return;
    const texts = { draft: [this.drafts.draft.text], note: [this.drafts.note.text] };
    for (const stored of this.#earlier.splice(0).reverse()) {
      const item = await openedBy(log, stored);
      if (!item || (stored.name === "unsent" && log.has(item.id))) continue;
      const isNote = stored.name === "note" || item.kind === "note";
      texts[isNote ? "note" : "draft"].unshift(item.kind === "note" ? noteIn(item.text) : item.text);
    }
    if (this.#over) return;
    for (const name of /** @type {const} */ (["draft", "note"])) {
      const text = apartInOne(texts[name]);
      if (text !== this.drafts[name].text) this.drafts[name].set(text);
    }
  }

  /** Puts a message that could not be sent back into its draft. @param {number} key */
  takeBack(key) {
    const taken = this.outbox.takeBack(key);
    if (!taken || taken.kind === "case") return; // a removal case has no draft
    const draft = this.drafts[taken.kind === "message" ? "draft" : taken.kind];
    draft.set(apartInOne([taken.text, draft.text]));
  }

  /** @param {import("./conversation-log.js").ConversationLog} log  that has all entries from before the reload */
  async restore(log) {
    const placeIn = (/** @type {number} */ epoch) => log.placeIn(epoch);
    const unsent = await this.#memory.unsent(placeIn);
    for (const draft of Object.values(this.drafts)) if (!this.#over) await draft.restore(placeIn);
    if (this.#over || this.restored) return;
    this.restored = true;
    for (const item of unsent) if (!log.has(item.id)) this.#bringBack(item);
    this.#outboxChanged();
    this.outbox.pump();
  }

  /** @param {import("../../../shared/sealing.js").Item} item */
  #bringBack(item) {
    const kind = item.kind === "intake" ? "message" : item.kind;
    this.outbox.add(kind === "note" ? noteIn(item.text) : item.text, { kind, item });
  }

  /** Deletes everything, in memory and in this tab. @param {boolean} [keeps]  if true, what this tab has stored is not deleted */
  empty(keeps = false) {
    this.#over = true;
    for (const draft of Object.values(this.drafts)) draft.empty();
    this.outbox.clear();
    if (!keeps) this.#memory.forget();
  }

  #outboxChanged() {
    // Until this tab has read its stored texts, an empty list would overwrite them.
    if (this.restored && !this.#over) {
      try {
        this.#memory.saveUnsent(this.outbox.items);
        this.#keepUnsealed();
      } catch (error) {
        this.#notStored(error);
      }
    }
    this.#moved();
    this.#desk.changed();
  }

  /** Stores the unsealed messages together with the draft, so that they survive a reload. */
  #keepUnsealed() {
    for (const [kind, draft] of /** @type {const} */ ([
      ["message", this.drafts.draft],
      ["note", this.drafts.note],
    ])) {
      const unsealed = this.#unsealed(kind);
      if (unsealed !== (this.#kept[kind] ?? "")) draft.keep();
      this.#kept[kind] = unsealed;
    }
  }

  /** @param {unknown} error */
  #notStored(error) {
    if (!(error instanceof TooLong)) this.#desk.problem("not_kept"); // the composer already shows that a text is too long
  }
}

/** Opens a box that a seat of this browser stored. Returns null if its secret is missing or the box is somebody else's. @param {import("./conversation-log.js").ConversationLog} log @param {Stored} stored */
async function openedBy(log, { epoch, box }) {
  for (const sender of log.ownSeats) {
    const place = log.placeIn(epoch, sender);
    const item = place && (await openOwn(box, place).catch(nullIfRefused));
    if (item) return item;
  }
  return null;
}

/** @param {unknown} error */
function nullIfRefused(error) {
  if (error instanceof Refused) return null;
  throw error;
}
