// Models how a supervisor edits a line's ready sentences: those that are offered, by folder, and those that have ended.

import { folded } from "../../../staff/folded.js";
import { Asking } from "./asking.js";

/** @typedef {import("../../../shared/protocol.d.ts").SentenceShown} Sentence */
/** @typedef {{folder: string, says: import("../../../staff/languages.js").Texts}} Written */

/** @type {Written} */
const NOTHING = { folder: "", says: {} };

export class ReadySentences extends Asking {
  /** @type {Sentence[]} */
  rows = [];
  saved = false;
  /** Holds the words that somebody searches for. */
  sought = "";
  /** Identifies the sentence that is being changed, or "" while a new one is written. */
  changing = "";
  /** Identifies the sentence whose end has to be confirmed, or "". */
  ending = "";
  /** Holds the values in the form. @type {Written} */
  written = { ...NOTHING };

  /** Returns the offered sentences that contain the searched words, by folder. @returns {[folder: string, sentences: Sentence[]][]} */
  get folders() {
    const words = folded(this.sought.trim());
    /** @type {Map<string, Sentence[]>} */
    const found = new Map();
    for (const row of this.rows) {
      if (row.ended !== null || !folded([row.folder, ...Object.values(row.says)].join(" ")).includes(words))
        continue;
      found.set(row.folder, [...(found.get(row.folder) ?? []), row]);
    }
    return [...found];
  }

  get names() {
    return [...new Set(this.rows.filter(({ ended }) => ended === null).map(({ folder }) => folder))];
  }

  get past() {
    return this.rows.filter(({ ended }) => ended !== null);
  }

  /** Returns whether the form holds a sentence, or a change of one, that is not saved. */
  get dirty() {
    const { folder, says } = this.rows.find(({ sentence }) => sentence === this.changing) ?? NOTHING;
    const now = this.written;
    return (
      now.folder.trim() !== folder ||
      Object.keys({ ...says, ...now.says }).some(
        (one) => (now.says[one] ?? "").trim() !== (says[one] ?? "").trim(),
      )
    );
  }

  async load() {
    await this.#ask("sentences", {});
  }

  /** @param {Partial<Written>} part */
  write(part) {
    this.saved = false;
    this.written = { ...this.written, ...part };
    this.changed();
  }

  /** Copies a sentence into the form: to change it, or to add it again if it has ended. @param {Sentence} sentence */
  take({ sentence, folder, says, ended }) {
    this.changing = ended === null ? sentence : "";
    this.write({ folder, says });
  }

  clear() {
    this.changing = "";
    this.write(NOTHING);
  }

  /** @param {string} sentence  "" for none */
  askToEnd(sentence) {
    this.ending = sentence;
    this.changed();
  }

  async save() {
    const { changing, written } = this;
    const done = changing
      ? await this.#ask("changesentence", { sentence: changing, ...written })
      : await this.#ask("addsentence", written);
    if (!done) return;
    this.clear();
    this.saved = true;
    this.changed();
  }

  /** @param {string} sentence */
  async end(sentence) {
    this.ending = "";
    if (this.changing === sentence) this.clear();
    await this.#ask("endsentence", { sentence });
  }

  /** @param {"sentences" | "addsentence" | "changesentence" | "endsentence"} type @param {object} fields */
  #ask(type, fields) {
    const keep = (/** @type {import("../../../shared/protocol.d.ts").SentencesOk} */ { sentences }) => {
      this.rows = sentences;
    };
    return this.ask(type, fields, keep);
  }
}
