// Renders the tab of a line's texts: the texts for callers, how they look on a phone, their editions, the line's own
// codes, and its ready sentences.
import { t } from "../../../shared/text.js";
import { languageName, usual } from "../../../staff/languages.js";
import { html, live, nothing } from "../../../vendor/lit.js";
import { perLine } from "../../per-line.js";
import { unloaded } from "../../unloaded.js";
import { problemInWords, when } from "../../words.js";
import { kept } from "../model/kept-forms.js";
import { LONGEST, LONGEST_WHOM, MOST_QUESTIONS, MOST_TIPS, WordingForm } from "../model/wording-form.js";
import { FormTab } from "./form-tab.js";
import { onAPhone } from "./on-a-phone.js";
import "../../figures/view/own-codes.js";
import "./ready-sentences.js";

const formOf = kept(
  ({ request, changed, chosen, now }) => new WordingForm(chosen, { request, changed, now }),
);

/** @extends {FormTab<WordingForm>} */
class WordingTab extends FormTab {
  static properties = { ...FormTab.properties, language: { state: true } };

  constructor() {
    super(formOf);
    /** Holds the language of the preview. */
    this.language = usual();
  }

  render() {
    const { station: board, form } = this;
    if (!form.loaded) return unloaded(form, "board.words.loading");
    const name = board.line?.name ?? "";
    return html`<div class="columns words-tab">
      <form class="card" @submit=${this.#save} novalidate aria-labelledby="words-title">
        <h3 id="words-title">${t("board.words_of", { name })}</h3>
        <p class="lead">${t("board.words.lead")}</p>
        <fieldset class="all" ?disabled=${form.saving}>
          ${whom(form)} ${tips(form)} ${questions(form, this.language)} ${danger(form)} ${numbers(form)} ${from(form)}
        </fieldset>
        ${this.#buttons(form)}
      </form>
      <div class="beside">
        <section class="card" aria-labelledby="phone-title">
          <h3 id="phone-title">${t("board.words.phone")}</h3>
          <div class="choice">${form.languages.map((language) => this.#speaks(language))}</div>
          ${onAPhone(form.wording, this.language, name, form.phones)}
        </section>
        ${history(form)}
        ${perLine(board, () => html`<hl-own-codes .station=${board}></hl-own-codes>`)}
        <hl-ready-sentences .station=${board}></hl-ready-sentences>
      </div>
    </div>`;
  }

  /** @param {string} language */
  #speaks(language) {
    const choose = () => {
      this.language = language;
    };
    return html`<button type="button" class="quiet" aria-pressed=${language === this.language} @click=${choose}>${languageName(language)}</button>`;
  }

  /** @param {WordingForm} form */
  #buttons(form) {
    const { dirty, problems, refused, saved, saving } = form;
    const may = dirty && !problems.size && !saving && this.station.hindrance === "";
    return html`<div class="keep">
      <div role="alert">
        ${[...problems].map((problem) => html`<p class="wrong">${t(`board.words.wrong.${problem}`)}</p>`)}
        ${refused ? html`<p class="wrong">${refused === "overtaken" ? t("board.words.overtaken") : problemInWords(refused)}</p>` : nothing}
      </div>
      <p class="aside" role="status">${dirty && form.unchanged.length ? t("board.words.unchanged", { languages: form.unchanged.map(languageName).join(", ") }) : nothing}</p>
      <p class="actions">
        <button type="submit" class="main" ?disabled=${!may}>${t(form.since ? "board.words.save_later" : "board.words.save")}</button>
        <button type="button" class="quiet" ?disabled=${!dirty || saving} @click=${() => form.reset()}>${t("board.hours.reset")}</button>
        <span class="saved" role="status">${saved ? t("board.words.saved") : nothing}</span>
      </p>
    </div>`;
  }

  /** @param {SubmitEvent} event */
  #save = (event) => {
    event.preventDefault();
    this.form.save();
  };
}

/** @param {Event} event */
const typed = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/** Renders the fields for one text in all languages, side by side. @param {WordingForm} form @param {string} label @param {import("../../../staff/languages.js").Texts} says @param {(language: string, text: string) => void} set @param {number} [most] */
const both = (form, label, says, set, most = LONGEST) => html`<div class="both">
  ${form.languages.map(
    (language) => html`<label>${languageName(language)}
      <textarea rows="2" maxlength=${most} lang=${language} aria-label="${label}, ${languageName(language)}"
        .value=${live(says[language] ?? "")} @input=${(/** @type {Event} */ event) => set(language, typed(event))}></textarea></label>`,
  )}
</div>`;

/** @param {WordingForm} form */
const whom = (form) => html`<fieldset>
  <legend>${t("board.words.whom")}</legend>
  ${both(form, t("board.words.whom"), form.wording.is_for, (language, text) => form.setWhom(language, text), LONGEST_WHOM)}
</fieldset>`;

/** @param {WordingForm} form */
const danger = (form) => html`<fieldset>
  <legend>${t("board.words.danger")}</legend>
  ${both(form, t("board.words.danger"), form.wording.danger, (language, text) => form.setDanger(language, text), LONGEST_WHOM)}
</fieldset>`;

/** @param {WordingForm} form */
const tips = (form) => html`<fieldset>
  <legend>${t("board.words.tips")}</legend>
  <p class="aside">${t("board.words.tips_lead")}</p>
  <ol class="plain rows">${form.wording.tips.map((tip, index) => {
    const name = t("board.words.tip", { n: index + 1 });
    return html`<li>
      <b>${name}</b>
      ${both(form, name, tip, (language, text) => form.setTip(index, language, text))}
      ${form.askedBy(index).length ? html`<p class="aside">${t("board.words.asked_by", { n: form.askedBy(index).join(", ") })}</p>` : nothing}
      ${order(
        name,
        index,
        form.wording.tips.length,
        (by) => form.moveTip(index, by),
        () => form.dropTip(index),
      )}
    </li>`;
  })}</ol>
  <button type="button" ?disabled=${form.wording.tips.length >= MOST_TIPS} @click=${() => form.addTip()}>${t("board.words.add_tip")}</button>
</fieldset>`;

/** @param {WordingForm} form @param {string} language  in which the tips are shown */
const questions = (form, language) => html`<fieldset>
  <legend>${t("board.words.questions")}</legend>
  <p class="aside">${t("board.words.questions_lead")}</p>
  <ol class="plain rows">${form.wording.questions.map((_, index) => question(form, index, language))}</ol>
  <button type="button" ?disabled=${form.wording.questions.length >= MOST_QUESTIONS} @click=${() => form.addQuestion()}>${t("board.words.add_question")}</button>
</fieldset>`;

/** @param {WordingForm} form @param {number} index @param {string} language */
function question(form, index, language) {
  const { asks, tips: fit, danger: urgent } = form.wording.questions[index];
  const name = t("board.words.question", { n: index + 1 });
  const tick = (
    /** @type {string} */ says,
    /** @type {boolean} */ on,
    /** @type {(on: boolean) => void} */ set,
  ) => html`<label class="tick">
    <input type="checkbox" .checked=${live(on)} @change=${(/** @type {Event} */ event) =>
      set(/** @type {HTMLInputElement} */ (event.target).checked)}> ${says}</label>`;
  const saysOf = (/** @type {import("../../../staff/languages.js").Texts} */ tip, /** @type {number} */ n) =>
    tip[language] || t("board.words.tip", { n: n + 1 });
  return html`<li>
    <b>${name}</b>
    ${both(form, name, asks, (language, text) => form.setQuestion(index, { asks: { ...asks, [language]: text } }))}
    <fieldset class="fits" aria-label="${name}: ${t("board.words.fits")}">
      <p class="aside">${t("board.words.fits")}</p>
      ${form.wording.tips.map((tip, n) => tick(saysOf(tip, n), fit.includes(n), (on) => form.setFits(index, n, on)))}
      ${tick(t("board.words.fits_danger"), urgent, (on) => form.setQuestion(index, { danger: on }))}
    </fieldset>
    ${order(
      name,
      index,
      form.wording.questions.length,
      (by) => form.moveQuestion(index, by),
      () => form.dropQuestion(index),
    )}
  </li>`;
}

/** @param {WordingForm} form */
const numbers = (form) => html`<fieldset>
  <legend>${t("board.words.numbers")}</legend>
  <p class="aside">${t("board.words.numbers_lead")}</p>
  <ol class="plain rows">${form.wording.numbers.map((_, index) => number(form, index))}</ol>
  ${form.unused.length ? added(form) : nothing}
</fieldset>`;

/** @param {WordingForm} form @param {number} index */
function number(form, index) {
  const { service, says, always, acute } = form.wording.numbers[index];
  const name = form.services[service] ?? service;
  const tick = (
    /** @type {"always" | "acute"} */ field,
    /** @type {boolean} */ on,
  ) => html`<label class="tick">
    <input type="checkbox" .checked=${live(on)} @change=${(/** @type {Event} */ event) =>
      form.setNumber(index, {
        [field]: /** @type {HTMLInputElement} */ (event.target).checked,
      })}> ${t(`board.words.${field}`)}</label>`;
  return html`<li>
    <b>${name}</b>
    ${both(form, name, says, (language, text) => form.setNumber(index, { says: { ...says, [language]: text } }))}
    <div class="ticks">${tick("always", always)} ${tick("acute", acute)}</div>
    ${order(
      name,
      index,
      form.wording.numbers.length,
      (by) => form.moveNumber(index, by),
      () => form.dropNumber(index),
    )}
  </li>`;
}

/** @param {WordingForm} form */
const added = (form) => html`<label>${t("board.words.add_number")}
  <select .value=${live("")} @change=${(/** @type {Event} */ event) => {
    if (typed(event)) form.addNumber(typed(event));
  }}>
    <option value="">${t("board.words.choose")}</option>
    ${form.unused.map(([service, name]) => html`<option value=${service}>${name}</option>`)}
  </select></label>`;

/** @param {string} name @param {number} index @param {number} length @param {(by: -1 | 1) => void} move @param {() => void} drop */
const order = (name, index, length, move, drop) => html`<p class="order">
  <button type="button" class="quiet" ?disabled=${index === 0} aria-label=${t("board.words.up_of", { name })} @click=${() => move(-1)}>${t("board.words.up")}</button>
  <button type="button" class="quiet" ?disabled=${index === length - 1} aria-label=${t("board.words.down_of", { name })} @click=${() => move(1)}>${t("board.words.down")}</button>
  <button type="button" class="quiet" aria-label=${t("board.words.drop_of", { name })} @click=${drop}>${t("board.words.drop")}</button>
</p>`;

/** @param {WordingForm} form */
const from = (form) => html`<fieldset>
  <legend>${t("board.words.from")}</legend>
  <label>${t("board.words.from_when")}
    <input type="datetime-local" .value=${live(form.since)} @change=${(/** @type {Event} */ event) => form.setSince(typed(event))}></label>
</fieldset>`;

/** @param {WordingForm} form */
const history = (form) => html`<section class="card" aria-labelledby="editions-title">
  <h3 id="editions-title">${t("board.words.editions")}</h3>
  <ul class="plain editions">
    ${form.editions.map((edition) => {
      const of = { when: when(edition.begins) };
      return html`<li>
        <span><b>${when(edition.begins)}</b> ${t(`board.words.state.${edition.state}`)}
          <span class="aside">${edition.by}${edition.wording ? nothing : html`, ${t("board.words.as_release")}`}</span></span>
        <span class="order">
          <button type="button" class="quiet" aria-label=${t("board.words.back_to_of", of)} @click=${() => form.copy(edition)}>${t("board.words.back_to")}</button>
          ${edition.state === "coming" ? html`<button type="button" class="quiet" aria-label=${t("board.words.cancel_of", of)} @click=${() => form.drop(edition)}>${t("board.words.cancel")}</button>` : nothing}
        </span>
      </li>`;
    })}
    <li>
      <span>${t("board.words.release")}</span>
      <span class="order"><button type="button" class="quiet" aria-label=${t("board.words.back_to_release")} @click=${() => form.copy(null)}>${t("board.words.back_to")}</button></span>
    </li>
  </ul>
</section>`;

customElements.define("hl-wording", WordingTab);
