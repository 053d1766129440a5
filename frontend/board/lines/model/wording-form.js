// Models the form of a line's texts for its callers: the current ones, the changes, and when the changes begin to
// apply. No change takes effect before it is saved, and each edition stays in the history.
import { codeOf } from "../../../staff/problems.js";

/** @typedef {import("../../../shared/protocol.d.ts").WordingShown} Wording */
/** @typedef {import("../../../shared/protocol.d.ts").NumberShown} Call */
/** @typedef {import("../../../shared/protocol.d.ts").QuestionShown} Question */
/** @typedef {import("../../../shared/protocol.d.ts").EditionShown} Edition */
/** @typedef {import("../../../shared/protocol.d.ts").WordingOk} Shown  as the server sends it */
/** @typedef {"empty" | "without_112" | "no_tip" | "no_fit" | "past"} Problem */
/**
 * @typedef {object} Around
 * @property {import("../../../staff/station.js").Station["request"]} request
 * @property {() => void} changed
 * @property {() => number} now  in milliseconds
 */

export const [MOST_TIPS, MOST_QUESTIONS, LONGEST, LONGEST_WHOM] = [12, 4, 160, 145];
const EMERGENCY = "112";
/** @type {Wording} */
const NOTHING = { is_for: {}, danger: {}, tips: [], questions: [], numbers: [] };

export class WordingForm {
  /** Holds the values in the form. */
  wording = NOTHING;
  /** Holds the standard texts, which come with the release. */
  standard = NOTHING;
  /** Holds the editions, newest first. @type {Edition[]} */
  editions = [];
  /** Holds the names of the services whose numbers may be shown, by slug. @type {Record<string, string>} */
  services = {};
  /** Holds the telephone numbers of the services, by slug. @type {Record<string, string>} */
  phones = {};
  /** Holds when the texts begin to apply, in local time, as `2026-11-26T20:00`; empty means now. */
  since = "";
  loaded = false;
  saving = false;
  saved = false;
  /** Holds the error code if the server refused the last request, else "". */
  refused = "";
  #line;
  #around;

  /** @param {string} line @param {Around} around */
  constructor(line, around) {
    this.#line = line;
    this.#around = around;
  }

  /** Returns the texts that callers read now. */
  get stands() {
    return this.editions.find(({ state }) => state === "now")?.wording ?? this.standard;
  }

  /** Returns the line's languages. Each text is required in all of them. */
  get languages() {
    return Object.keys(this.standard.is_for);
  }

  get dirty() {
    return this.#told(this.wording) !== this.#told(this.#earlier);
  }

  /** Returns the texts that callers would read when these begin: after temporary ones, today's may be wanted again. */
  get #earlier() {
    const moment = this.since ? this.#moment() : 0;
    const coming = this.editions.find(
      ({ state, begins }) => state === "coming" && Date.parse(begins) < moment,
    );
    return coming?.wording ?? this.stands;
  }

  /** @returns {Set<Problem>} */
  get problems() {
    const { tips, questions, numbers } = this.wording;
    /** @type {Set<Problem>} */
    const found = new Set();
    if (!sentences(this.wording).every((says) => this.languages.every((one) => says[one]?.trim())))
      found.add("empty");
    if (!tips.length) found.add("no_tip");
    if (questions.some(({ tips: fit, danger: urgent }) => !fit.length && !urgent)) found.add("no_fit");
    if (!numbers.some(({ service, always, acute }) => service === EMERGENCY && always && acute))
      found.add("without_112");
    if (this.since && !(this.#moment() > this.#around.now())) found.add("past");
    return found;
  }

  /** Returns the languages in which a text is unchanged although the same text was changed in another language. */
  get unchanged() {
    const [now, before] = [sentences(this.wording), sentences(this.stands)];
    if (now.length !== before.length) return [];
    const changed = now.map((says, index) =>
      this.languages.filter((one) => says[one] !== before[index][one]),
    );
    const halves = changed.filter((some) => some.length > 0);
    return this.languages.filter((one) => halves.some((some) => !some.includes(one)));
  }

  /** Returns the services that are not in the list yet. */
  get unused() {
    const used = new Set(this.wording.numbers.map(({ service }) => service));
    return Object.entries(this.services).filter(([service]) => !used.has(service));
  }

  /** Fetches the texts, unless the form has changes. */
  async load() {
    if (this.loaded && this.dirty) return;
    await this.#ask("wording", {});
  }

  /** Discards the changes. */
  reset() {
    this.#put(this.stands, { since: "" });
  }

  /** Copies an edition into the form. It does not apply before the form is saved. @param {Edition | null} edition  null: the texts of the release */
  copy(edition) {
    this.#put(edition?.wording ?? this.standard);
  }

  /** @param {string} language @param {string} text */
  setWhom(language, text) {
    this.#put({ ...this.wording, is_for: { ...this.wording.is_for, [language]: text } });
  }

  /** @param {string} language @param {string} text */
  setDanger(language, text) {
    this.#put({ ...this.wording, danger: { ...this.wording.danger, [language]: text } });
  }

  /** @param {number} index @param {string} language @param {string} text */
  setTip(index, language, text) {
    this.#tips((tips) => tips.map((tip, other) => (other === index ? { ...tip, [language]: text } : tip)));
  }

  addTip() {
    this.#tips((tips) => [...tips, {}]);
  }

  /** @param {number} index */
  dropTip(index) {
    this.#tips((tips) => tips.filter((_, other) => other !== index));
    this.#renumber((tip) => (tip === index ? [] : [tip > index ? tip - 1 : tip]));
  }

  /** @param {number} index @param {-1 | 1} by */
  moveTip(index, by) {
    const other = index + by;
    if (!this.wording.tips[other]) return;
    this.#tips((tips) => moved(tips, index, by));
    this.#renumber((tip) => [tip === index ? other : tip === other ? index : tip]);
  }

  /** @param {number} index @param {Partial<Question>} change */
  setQuestion(index, change) {
    this.#questions((all) => all.map((one, other) => (other === index ? { ...one, ...change } : one)));
  }

  /** Sets whether a tip is shown to a caller who answers a question with yes. @param {number} index @param {number} tip @param {boolean} fits */
  setFits(index, tip, fits) {
    const others = this.wording.questions[index].tips.filter((one) => one !== tip);
    this.setQuestion(index, { tips: (fits ? [...others, tip] : others).sort((a, b) => a - b) });
  }

  addQuestion() {
    this.#questions((all) => [...all, { asks: {}, tips: [], danger: false }]);
  }

  /** @param {number} index */
  dropQuestion(index) {
    this.#questions((all) => all.filter((_, other) => other !== index));
  }

  /** @param {number} index @param {-1 | 1} by */
  moveQuestion(index, by) {
    this.#questions((all) => moved(all, index, by));
  }

  /** Returns the numbers, from 1, of the questions after which a tip is shown. @param {number} tip */
  askedBy = (tip) =>
    this.wording.questions.flatMap(({ tips }, index) => (tips.includes(tip) ? [index + 1] : []));

  /** @param {number} index @param {Partial<Call>} change */
  setNumber(index, change) {
    this.#numbers((all) => all.map((one, other) => (other === index ? { ...one, ...change } : one)));
  }

  /** @param {string} service */
  addNumber(service) {
    const says = this.standard.numbers.find((one) => one.service === service)?.says;
    const name = this.services[service];
    const added = {
      service,
      says: says ?? Object.fromEntries(this.languages.map((one) => [one, name])),
      always: true,
      acute: false,
    };
    this.#numbers((all) => [...all, added]);
  }

  /** @param {number} index */
  dropNumber(index) {
    this.#numbers((all) => all.filter((_, other) => other !== index));
  }

  /** @param {number} index @param {-1 | 1} by */
  moveNumber(index, by) {
    this.#numbers((all) => moved(all, index, by));
  }

  /** @param {string} since  in local time */
  setSince(since) {
    Object.assign(this, { since, saved: false });
    this.#around.changed();
  }

  async save() {
    if (this.saving || this.problems.size) return;
    this.saving = true;
    // Texts that equal the release's are saved as null, so that they change with later releases.
    const wording = this.#told(this.wording) === this.#told(this.standard) ? null : this.wording;
    const begins = this.since ? new Date(this.#moment()).toISOString() : null;
    const newest = this.#newest;
    this.saved = await this.#ask("setwording", { wording, begins, newest });
    if (this.refused === "conflict") await this.#compare(newest);
    this.saving = false;
    if (this.saved) this.since = "";
    this.#around.changed();
  }

  get #newest() {
    return Math.max(0, ...this.editions.map(({ edition }) => edition));
  }

  /** Fetches what a colleague has saved meanwhile, below the form. What was typed stays. @param {number} newest  before that */
  async #compare(newest) {
    await this.#ask("wording", {}, true);
    this.refused = this.#newest > newest ? "overtaken" : "conflict";
  }

  /** Deletes an edition that does not apply yet. @param {Edition} edition */
  async drop({ edition }) {
    await this.#ask("dropwording", { edition }, this.dirty);
  }

  /** Returns the texts in a form that can be compared, independent of the order of languages in which the server sent them. @param {Wording} wording */
  #told({ is_for: whom, danger, tips, questions, numbers }) {
    const of = (/** @type {import("../../../staff/languages.js").Texts} */ says) =>
      this.languages.map((one) => says[one] ?? "");
    return JSON.stringify([
      ...[of(whom), of(danger), tips.map(of)],
      questions.map(({ asks, tips: fit, danger: urgent }) => [of(asks), fit, urgent]),
      numbers.map(({ service, says, always, acute }) => [service, of(says), always, acute]),
    ]);
  }

  #moment() {
    return new Date(this.since).getTime();
  }

  /** @param {(tips: Wording["tips"]) => Wording["tips"]} change */
  #tips(change) {
    this.#put({ ...this.wording, tips: change(this.wording.tips) });
  }

  /** @param {(questions: Question[]) => Question[]} change */
  #questions(change) {
    this.#put({ ...this.wording, questions: change(this.wording.questions) });
  }

  /** Updates the numbers of the tips in all questions, after a tip was moved or removed. @param {(tip: number) => number[]} to */
  #renumber(to) {
    this.#questions((all) =>
      all.map((one) => ({ ...one, tips: one.tips.flatMap(to).sort((a, b) => a - b) })),
    );
  }

  /** @param {(numbers: Call[]) => Call[]} change */
  #numbers(change) {
    this.#put({ ...this.wording, numbers: change(this.wording.numbers) });
  }

  /** @param {Wording} wording @param {{since?: string}} [also] */
  #put(wording, also = {}) {
    Object.assign(this, { wording, refused: "", saved: false, ...also });
    this.#around.changed();
  }

  /** Sends a request. If the server refuses, the form stays as it is. What is typed before the reply always stays. @param {"wording" | "setwording" | "dropwording"} type @param {object} fields @param {boolean} [keeps]  whether the texts stay */
  async #ask(type, fields, keeps = false) {
    const before = this.wording;
    try {
      const shown = await this.#around.request(type, /** @type {never} */ ({ line: this.#line, ...fields }));
      const { standard, editions, services, phones } = /** @type {Shown} */ (shown);
      Object.assign(this, { standard, editions, services, phones, loaded: true, refused: "" });
      if (!keeps && this.wording === before) this.wording = this.stands;
    } catch (error) {
      this.refused = codeOf(error);
    }
    this.#around.changed();
    return !this.refused;
  }
}

/** @template Row @param {Row[]} rows @param {number} index @param {number} by */
function moved(rows, index, by) {
  const [row, others] = [rows[index], rows.filter((_, other) => other !== index)];
  return row && rows[index + by] ? [...others.slice(0, index + by), row, ...others.slice(index + by)] : rows;
}

/** Returns all texts of a wording. @param {Wording} wording */
const sentences = ({ is_for: whom, danger, tips, questions, numbers }) => [
  ...[whom, danger, ...tips],
  ...questions.map(({ asks }) => asks),
  ...numbers.map(({ says }) => says),
];
