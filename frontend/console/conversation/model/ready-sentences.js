// Offers ready sentences: the line's, and the person's own. A draft that begins with `/` lists those that contain the text
// after it. Variables in braces are filled in here, because only the browser knows the nickname.
import { folded } from "../../../staff/folded.js";
import { formalOf, toCaller } from "../../../staff/languages.js";

/** @typedef {import("../../../shared/protocol.d.ts").SentenceShown} Sentence */
/** @typedef {{folder: string, text: string, with?: "informal" | "formal"}} Offer  folder: "" for the person's own; with: the form of address, if there are two */
/** @typedef {{nickname: string, me: string, line: string}} Known  the values of the variables; "" if one is not known */

const MAX_OFFERED = 8;
const VARIABLE = /\{(nickname|me|line)\|([^{}|]*)\}/g;

export class ReadySentences {
  /** Holds the sentences of all lines of this person. @type {Sentence[]} */
  shared = [];
  /** Holds the person's own sentences, by language. @type {Record<string, string[]>} */
  own = {};
  #around;

  /** @param {{request: import("../../desk.js").Desk["request"], attempt: (act: () => Promise<unknown>) => Promise<unknown>, changed: () => void}} around */
  constructor(around) {
    this.#around = around;
  }

  /** Takes the sentences from `hello`, or from the frame after a change. @param {{sentences?: Sentence[], own_sentences?: Record<string, string[]>}} told */
  learn({ sentences, own_sentences }) {
    this.shared = sentences ?? this.shared;
    this.own = own_sentences ?? this.own;
    this.#around.changed();
  }

  /** Saves the person's own sentences, one per line of the text. The server keeps them for every browser of the person. @param {string} language @param {string} text */
  keep(language, text) {
    const lines = text.split("\n").map((one) => one.trim());
    const texts = lines.filter(Boolean);
    return this.#around.attempt(() => this.#around.request("ownsentences", { language, texts }));
  }

  /**
   * Returns the sentences that contain the text after `/`. Sentences with a word that begins with that text
   * come first.
   * @param {string} draft @param {{line: string, locale: string, formal: boolean}} seat @param {Known} known @returns {Offer[]}
   */
  offered(draft, { line, locale, formal }, known) {
    if (!/^\/[^/\n]*$/.test(draft)) return [];
    const words = folded(draft.slice(1));
    const own = (this.own[locale] ?? []).map((text) => ({ folder: "", text }));
    const shared = this.shared.filter((one) => one.line === line).flatMap((one) => said(one, locale, formal));
    const all = [...own, ...shared].map((one) => ({ ...one, text: filled(one.text, known) }));
    const found = all.filter(({ folder, text }) => folded(`${folder} ${text}`).includes(words));
    const first = found.filter((one) => begins(one, words));
    return [...first, ...found.filter((one) => !first.includes(one))].slice(0, MAX_OFFERED);
  }
}

/** Returns a sentence in the caller's language, first with the line's form of address and then with the other. @param {Sentence} sentence @param {string} locale @param {boolean} formal @returns {Offer[]} */
function said({ folder, says }, locale, formal) {
  const [plain, polite] = [toCaller(says, locale, false), formalOf(says, locale)];
  if (!polite || polite === plain) return [{ folder, text: plain }];
  /** @type {Offer[]} */
  const both = [
    { folder, text: plain, with: "informal" },
    { folder, text: polite, with: "formal" },
  ];
  return formal ? both.reverse() : both;
}

/** @param {Offer} offer @param {string} words */
const begins = ({ folder, text }, words) =>
  [...folded(folder).split(/\s+/), ...folded(text).split(/\s+/), folded(text)].some((word) =>
    word.startsWith(words),
  );

/** @param {string} text @param {Known} known */
const filled = (text, known) =>
  text
    .replace(VARIABLE, (_, name, without) => known[/** @type {keyof Known} */ (name)] || without)
    .replace(/ +([,.])/g, "$1")
    .replace(/ {2,}/g, " ");
