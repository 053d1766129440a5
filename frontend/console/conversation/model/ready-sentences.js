// Ready sentences: of the line that one writes for, and one's own. A message that begins with `/` offers those that hold
// what follows. What stands between braces is filled in here, where alone the nickname is known.
import { folded } from "../../../staff/folded.js";
import { formalOf, toCaller } from "../../../staff/languages.js";

/** @typedef {import("../../../shared/protocol.d.ts").SentenceShown} Sentence */
/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {{folder: string, text: string, with?: "informal" | "formal"}} Offer  folder: "" for one's own; with: where there are both */
/** @typedef {{nickname: string, me: string, line: string}} Known  what may be filled in; "" where it is not known */

const MAX_OFFERED = 8;
const VARIABLE = /\{(nickname|me|line)\|([^{}|]*)\}/g;

export class ReadySentences {
  /** @type {Sentence[]} of all lines of this person */
  shared = [];
  /** @type {Record<string, string[]>} by language */
  own = {};
  #around;

  /** @param {{request: import("../../desk.js").Desk["request"], attempt: (act: () => Promise<unknown>) => Promise<unknown>, changed: () => void}} around */
  constructor(around) {
    this.#around = around;
  }

  /** As `hello` has them, and the frame after a change. @param {{sentences?: Sentence[], own_sentences?: Record<string, string[]>}} told */
  learn({ sentences, own_sentences }) {
    this.shared = sentences ?? this.shared;
    this.own = own_sentences ?? this.own;
    this.#around.changed();
  }

  /** One a line; they follow the person to every browser. @param {string} language @param {string} text */
  keep(language, text) {
    const lines = text.split("\n").map((one) => one.trim());
    const texts = lines.filter(Boolean);
    return this.#around.attempt(() => this.#around.request("ownsentences", { language, texts }));
  }

  /**
   * What a message that begins with `/` offers: what begins with what follows before what merely holds it.
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

/** In the caller's language as the line speaks, and then with the other address. @param {Sentence} sentence @param {string} locale @param {boolean} formal @returns {Offer[]} */
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
