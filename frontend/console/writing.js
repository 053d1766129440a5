// What this seat writes in one conversation: the draft, the messages on their way, and both over a reload.
import { TooLong } from "../shared/sealing.js";
import { Kept } from "./kept.js";
import { Outbox } from "./outbox.js";

/** @typedef {import("./conversation.js").Desk} Desk */
/** @typedef {Pick<import("./outbox.js").Way, "request" | "place" | "hindrance">} Way */

const DRAFT_MS = 400;

export class Writing {
  draft = "";
  /** What this tab kept over a reload has been read. */
  restored = false;
  #desk;
  #place;
  #kept;
  #over = false;
  #cancelDraft = () => {};

  /** @param {string} conversation @param {Desk} desk @param {Way} way */
  constructor(conversation, desk, way) {
    this.#desk = desk;
    this.#place = way.place;
    this.#kept = new Kept(desk.store, conversation);
    this.outbox = new Outbox({
      ...way,
      changed: () => this.#outboxChanged(),
      now: desk.now,
      after: desk.after,
    });
  }

  /** @param {string} text */
  post(text) {
    this.outbox.add(text);
    this.setDraft("");
  }

  /** @param {string} text */
  setDraft(text) {
    this.draft = text;
    this.#cancelDraft();
    if (text) this.#cancelDraft = this.#desk.after(DRAFT_MS, () => this.#saveDraft());
    else this.#saveDraft();
  }

  /** A message that could not be sent goes back to where it was written. @param {number} key */
  takeBack(key) {
    const text = this.outbox.takeBack(key);
    this.setDraft(this.draft ? `${text}\n${this.draft}` : text);
  }

  /** @param {import("./log.js").ConversationLog} log  with everything of before the reload */
  async restore(log) {
    const placeIn = log.placeIn.bind(log);
    const [unsent, draft] = [await this.#kept.unsent(placeIn), await this.#kept.draft(placeIn)];
    if (this.#over || this.restored) return;
    this.restored = true;
    this.draft ||= draft;
    for (const item of unsent) if (!log.holds(item.id)) this.outbox.add(item.text, item);
    this.#outboxChanged();
    this.outbox.pump();
  }

  /** Nothing stays, in memory or in this tab. */
  empty() {
    this.#over = true;
    this.#cancelDraft();
    this.draft = "";
    this.outbox.clear();
    this.#kept.forget();
  }

  #saveDraft() {
    if (this.#over) return;
    this.#kept.saveDraft(this.draft, this.#place()).catch((error) => this.#notKept(error));
  }

  #outboxChanged() {
    // Before this tab has read what it kept, an empty list would overwrite it.
    if (this.restored && !this.#over) {
      try {
        this.#kept.saveUnsent(this.outbox.items);
      } catch (error) {
        this.#notKept(error);
      }
    }
    this.#desk.changed();
  }

  /** @param {unknown} error */
  #notKept(error) {
    if (!(error instanceof TooLong)) this.#desk.problem("not_kept"); // the composer says itself what is too long
  }
}
