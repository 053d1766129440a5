// Shows a line's own codes in the wrap-up form: those that are offered, a form to add one, and those that have ended.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { inOwn, isNeeded, languageName, languages } from "../../../staff/languages.js";
import { html, nothing } from "../../../vendor/lit.js";
import { unloaded } from "../../unloaded.js";
import { problemInWords, when } from "../../words.js";
import { OwnCodes, QUESTION } from "../model/own-codes.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/own-codes.js").OwnCode} OwnCode */

const LONGEST = 60;
const QUESTIONS = ["detail", "subject"];

/** @extends {Watching<Board>} */
class OwnCodesCard extends Watching {
  static properties = { ...Watching.properties, ending: { state: true } };
  #line = "";
  /** @type {OwnCodes | null} */
  #codes = null;

  constructor() {
    super();
    /** Identifies the code whose end has to be confirmed, or "". */
    this.ending = "";
  }

  willUpdate() {
    if (this.#line === this.station.chosen) return;
    this.#line = this.station.chosen;
    const { request, changed } = this.station;
    this.#codes = new OwnCodes(this.#line, { request, changed });
    this.#codes.load();
  }

  render() {
    const codes = this.#codes;
    if (!codes) return nothing;
    if (!codes.loaded) return html`<section class="card">${unloaded(codes, "board.codes.loading")}</section>`;
    const may = !codes.busy && this.station.hindrance === "";
    return html`<section class="card own-codes" aria-labelledby="own-codes-title">
      <h3 id="own-codes-title">${t("board.codes")}</h3>
      <p class="lead">${t("board.codes.lead")}</p>
      ${!codes.rows.length ? html`<p class="nothing">${t("board.codes.none")}</p>` : nothing}
      <ul class="plain editions">
        ${codes.offered.map((row) => this.#offered(row, may))}
        ${codes.ended.map((row) => ended(codes, row, may))}
      </ul>
      <form @submit=${this.#add}>
        <label>${t("board.codes.question")}
          <select name="question">${[...QUESTIONS, ...codes.questions.map(({ code }) => code), QUESTION].map((one) => html`<option value=${one}>${questionInWords(codes, one)}</option>`)}</select></label>
        ${languages().map((one) => html`<label>${t("board.codes.name", { language: languageName(one) })} <input name="name" data-language=${one} ?required=${isNeeded(one)} maxlength=${LONGEST} lang=${one} autocomplete="off"></label>`)}
        <div role="alert">${codes.refused ? html`<p class="wrong">${codes.refused === "conflict" ? t("board.codes.taken") : problemInWords(codes.refused)}</p>` : nothing}</div>
        <button type="submit" ?disabled=${!may}>${t("board.codes.add")}</button>
      </form>
    </section>`;
  }

  /** @param {OwnCode} row @param {boolean} may */
  #offered(row, may) {
    const { code } = row;
    const codes = /** @type {OwnCodes} */ (this.#codes);
    const of = { name: inOwn(row.says) };
    const isQuestion = row.question === QUESTION;
    const ask = (/** @type {string} */ which) => () => {
      this.ending = which;
    };
    const end = () => {
      this.ending = "";
      this.#codes?.end(code);
    };
    return html`<li>
      <span>${called(codes, row)}</span>
      <span class="order">${
        this.ending === code
          ? html`<button type="button" class="danger" ?disabled=${!may} @click=${end}>${t(isQuestion ? "board.codes.end_question" : "board.codes.end_sure")}</button>
            <button type="button" class="quiet" @click=${ask("")}>${t("board.codes.keep")}</button>`
          : html`<button type="button" class="quiet" aria-label=${t(isQuestion ? "board.codes.end_of_question" : "board.codes.end_of", of)} @click=${ask(code)}>${t("board.codes.end")}</button>`
      }</span>
    </li>`;
  }

  /** @param {SubmitEvent} event */
  #add = async (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const question = String(new FormData(form).get("question"));
    const named = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("[data-language]")]);
    const says = Object.fromEntries(named.map(({ lang, value }) => [lang, value.trim()]));
    if (await this.#codes?.add(question, says)) form.reset();
  };
}

/** @param {OwnCodes} codes @param {OwnCode} row @param {boolean} may */
const ended = (codes, row, may) => html`<li>
  <span class="aside">${called(codes, row)} ${t("board.codes.ended", { when: when(row.ended) })}</span>
  ${codes.canComeBack(row) ? html`<span class="order"><button type="button" class="quiet" ?disabled=${!may} aria-label=${t("board.codes.back_of", { name: inOwn(row.says) })} @click=${() => codes.bringBack(row.code)}>${t("board.codes.back")}</button></span>` : nothing}
</li>`;

/** @param {OwnCodes} codes @param {string} question */
function questionInWords(codes, question) {
  if (question === QUESTION) return t("board.codes.own_question");
  const own = codes.questionOf(question);
  return own ? inOwn(own) : t(`form.${question}`);
}

/** @param {OwnCodes} codes @param {OwnCode} row */
const called = (codes, { question, says }) =>
  html`<b>${inOwn(says)}</b> <span class="aside">(${question === QUESTION ? t("board.codes.is_question") : questionInWords(codes, question)})</span>`;

customElements.define("hl-own-codes", OwnCodesCard);
