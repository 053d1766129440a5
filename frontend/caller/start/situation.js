// Shows the situation check: questions, and the tips that fit the answers. All of it is on this device:
// nothing is kept, and nothing is sent unless the caller says so.
import { el, set, t } from "../../shared/text.js";
import { acuteCard } from "../screens.js";

/** @typedef {{asks: string, tips: number[], danger: boolean}} Question  tips: indexes in the list of things to do */
/** @typedef {(boolean | undefined)[]} Answers  in the questions' order */
/** @typedef {{letter?: (lines: string, danger: boolean) => void, send?: (lines: string) => void}} Ways  where the answers can go */

const CHECK = "check";

/**
 * Returns the tips of questions answered yes; without a yes all but those only of questions answered no.
 * Null: all.
 * @param {Question[]} questions @param {Answers} answers @param {number} count  of all things to do
 */
export function fitting(questions, answers, count) {
  const tipsOf = (/** @type {boolean | undefined} */ answer) =>
    new Set(questions.flatMap(({ tips }, index) => (answers[index] === answer ? tips : [])));
  const yes = questions.filter((_, index) => answers[index]);
  const [denied, open] = [tipsOf(false), tipsOf(undefined)];
  const rest = [...Array(count).keys()].filter((tip) => !denied.has(tip) || open.has(tip));
  const some = rest.length > 0 && rest.length < count ? new Set(rest) : null;
  return { tips: yes.length ? tipsOf(true) : some, danger: yes.some(({ danger }) => danger) };
}

/** @param {Question[]} questions @param {Answers} answers */
export function inWords(questions, answers) {
  const lines = questions.flatMap(({ asks }, index) =>
    answers[index] === undefined ? [] : [`${asks} ${t(`caller.check.${answers[index] ? "yes" : "no"}`)}`],
  );
  return lines.length ? [t("caller.check.said"), ...lines].join("\n") : "";
}

/** @type {Check | null} the page has one place for it */
let shown = null;

/** Puts the check above the tips. The answers stay when the screen changes. @param {HTMLElement | null} now @param {Ways} ways */
export function placeCheck(now, ways) {
  const list = /** @type {HTMLElement | null} */ (now?.querySelector("ul.checks") ?? null);
  /** @type {Question[]} */
  const questions = JSON.parse(list?.dataset.questions ?? "[]");
  if (!list || !questions.length) return;
  if (!shown?.asks(questions)) {
    shown?.remove();
    shown = new Check(questions, list);
  }
  shown.leads(ways);
}

export const unsentAnswers = () => shown?.unsent ?? "";

export const tellsOfDanger = () => shown?.danger ?? false;

/** Drops the answers with their conversation. */
export function dropCheck() {
  shown?.remove();
  shown = null;
}

class Check {
  /** @type {Answers} */
  #answers = [];
  #all = false;
  #went = "";
  #questions;
  #list;
  /** @type {Ways} */
  #ways = {};
  #told = el("p", { role: "status" });
  #sent = el("p", { role: "status" });
  #acute = el("div");
  #along = el("div");
  #whole = el("button", {
    ...{ type: "button", class: "quiet" },
    onclick: () => {
      this.#all = !this.#all;
      this.#draw();
    },
  });
  #element;

  /** @param {Question[]} questions @param {HTMLElement} list  of the things to do */
  constructor(questions, list) {
    this.#questions = questions;
    this.#list = list;
    this.#element = el(
      "section",
      { class: CHECK },
      el("h3", {}, t("caller.check.title")),
      el("p", { class: "small" }, t("caller.check.lead")),
      ...questions.map(({ asks }, index) => this.#row(asks, index)),
      this.#acute,
      this.#told,
    );
    list.before(this.#element);
    list.after(this.#whole, this.#along, this.#sent);
  }

  remove() {
    this.#answers = [];
    this.#draw();
    for (const part of [this.#element, this.#whole, this.#along, this.#sent]) part.remove();
  }

  /** Returns whether the questions are the same: a supervisor may have changed them. @param {Question[]} questions */
  asks = (questions) => JSON.stringify(questions) === JSON.stringify(this.#questions);

  /** @param {Ways} ways */
  leads(ways) {
    this.#ways = ways;
    this.#draw();
  }

  get danger() {
    return fitting(this.#questions, this.#answers, 0).danger;
  }

  get unsent() {
    const lines = inWords(this.#questions, this.#answers);
    return lines === this.#went ? "" : lines;
  }

  /** @param {string} asks @param {number} index */
  #row(asks, index) {
    const answer = (/** @type {boolean} */ yes) => {
      // The input is in no form, so that the answers are not sent at the start of a conversation.
      const radio = el("input", { type: "radio", name: `${CHECK}${index}`, form: "", autocomplete: "off" });
      radio.onchange = () => {
        this.#answers[index] = yes;
        this.#all = false;
        this.#draw();
      };
      return el("label", { class: "choice" }, radio, el("span", {}, t(`caller.check.${yes ? "yes" : "no"}`)));
    };
    return el(
      "fieldset",
      {},
      el("legend", {}, asks),
      el("div", { class: "row" }, answer(true), answer(false)),
    );
  }

  #draw() {
    const rows = /** @type {HTMLElement[]} */ ([...this.#list.children]);
    const { tips, danger } = fitting(this.#questions, this.#answers, rows.length);
    const some = this.#all ? null : tips;
    for (const [index, row] of rows.entries()) row.hidden = some?.has(index) === false;
    this.#whole.hidden = tips === null;
    set(this.#whole, t(`caller.check.${this.#all ? "some" : "all"}`));
    set(this.#told, this.#answers.length ? t("caller.check.fits") : "");
    this.#acute.replaceChildren(...(danger ? [acuteCard()] : []));
    this.#along.replaceChildren(...this.#buttons(danger));
    set(this.#sent, this.#went && !this.unsent ? t("caller.check.sent") : "");
  }

  /** @param {boolean} danger */
  #buttons(danger) {
    const { unsent } = this;
    const { letter, send } = this.#ways;
    const button = (/** @type {string} */ key, /** @type {() => void} */ onclick) =>
      el("button", { type: "button", class: "second", onclick }, t(`caller.check.${key}`));
    const sending = () => {
      send?.(unsent);
      this.#went = unsent;
      this.#draw();
    };
    return [
      ...(unsent && letter ? [button("letter", () => letter(unsent, danger))] : []),
      ...(unsent && send ? [button("send", sending)] : []),
    ];
  }
}
