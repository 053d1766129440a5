// Renders the tab of a line's hours: the week, holidays, exceptions, a preview of the next four weeks, and the alerts.
import { t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";
import { unloaded } from "../../unloaded.js";
import { problemInWords } from "../../words.js";
import { HoursForm } from "../model/hours-form.js";
import { kept } from "../model/kept-forms.js";
import { FormTab } from "./form-tab.js";
import { preview } from "./four-weeks.js";
import { spansOf } from "./hours-of-a-day.js";
import "../../supervision/view/alert-limits.js";

/** @typedef {import("../model/hours-rules.js").Span} Span */

const ANY = "any";
const MAX_WORDS = 60;
const OWN_WORDS = ["bad_frame", "conflict"];
const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6];
const formOf = kept(({ request, changed, chosen }) => new HoursForm(chosen, { request, changed }));

/**
 * Shows the hours of a line. The form for a service's hours is a subclass.
 * @extends {FormTab<HoursForm>}
 */
export class Hours extends FormTab {
  /** @param {(board: import("../../board.js").Board) => HoursForm} [of] */
  constructor(of = formOf) {
    super(of);
  }

  get title() {
    return t("board.hours_of", { name: this.station.line?.name ?? "" });
  }

  get lead() {
    return t("board.hours.lead");
  }

  /** Returns what is shown in place of the four weeks if the hours are not known. The hours of a line are always known. */
  get unknown() {
    return "";
  }

  /** Returns what a weekday without spans means, or "" if it is shut. */
  get emptyDay() {
    return "";
  }

  /** Renders the card below the weeks. @returns {unknown} */
  beside() {
    return html`<hl-alerting .station=${this.station}></hl-alerting>`;
  }

  render() {
    const { form } = this;
    if (!form.loaded) return unloaded(form, "board.hours.loading");
    return html`<div class="columns hours" @click=${this.#clicked}>
        <form class="card" @submit=${this.#save} novalidate aria-labelledby="hours-title">
          <h3 id="hours-title">${this.title}</h3>
          <p class="lead">${this.lead}</p>
          <fieldset class="all" ?disabled=${form.saving}>
            ${week(form, this.emptyDay)} ${holidays(form)} ${dates(form)}
          </fieldset>
          ${this.#buttons(form)}
        </form>
      <section class="card weeks" aria-labelledby="weeks-title">
        <h3 id="weeks-title">${t("board.hours.weeks")}</h3>
        <p class="state ${toneOf(form)}" role="status">${t(`board.hours.${stateOf(form)}`)}</p>
        ${form.preview.length ? preview(form.preview, form.changes) : this.unknown}
      </section>
      ${this.beside()}
    </div>`;
  }

  /** @param {HoursForm} form */
  #buttons(form) {
    const { dirty, problems, refused, saving } = form;
    const may = dirty && !problems.size && !saving && this.station.hindrance === "";
    return html`<div class="keep">
      <div role="alert">
        ${problems.size ? html`<p class="wrong">${t("board.hours.first_mend")}</p>` : nothing}
        ${refused ? html`<p class="wrong">${OWN_WORDS.includes(refused) ? t(`board.hours.refused.${refused}`) : problemInWords(refused)}</p>` : nothing}
      </div>
      <p class="actions">
        <button type="submit" class="main" ?disabled=${!may}>${t("board.hours.save")}</button>
        <button type="button" class="quiet" ?disabled=${!dirty || saving} @click=${() => form.reset()}>${t("board.hours.reset")}</button>
      </p>
    </div>`;
  }

  /** Keeps the focus on the day whose button was removed. It listens in the capture phase: in the bubble phase the button is gone already. */
  #clicked = {
    capture: true,
    handleEvent: (/** @type {Event} */ event) => {
      const clicked = /** @type {Element} */ (event.target);
      const [day, days] = [clicked.closest("li"), clicked.closest("fieldset")];
      requestAnimationFrame(() => {
        const place = clicked.isConnected ? null : day?.isConnected ? day : days;
        /** @type {HTMLElement | null | undefined} */ (
          place?.querySelector("input, select, button")
        )?.focus();
      });
    },
  };

  /** @param {SubmitEvent} event */
  #save = (event) => {
    event.preventDefault();
    this.form.save();
  };
}

/** @param {HoursForm} form */
const toneOf = ({ dirty, problems }) => (problems.size ? "bad" : dirty ? "" : "good");

/** @param {HoursForm} form */
function stateOf({ dirty, saved, saving, problems }) {
  if (saving) return "saving";
  if (dirty) return problems.size ? "not_shown" : "not_kept";
  return saved ? "saved" : "as_is";
}

/** @param {HoursForm} form @param {string} empty */
const week = (form, empty) => html`<fieldset>
  <legend>${t("board.hours.week")}</legend>
  <ul class="plain days">${WEEKDAYS.map((weekday) => weekdayRow(form, weekday, empty))}</ul>
</fieldset>`;

/** @param {HoursForm} form @param {number} weekday @param {string} empty */
function weekdayRow(form, weekday, empty) {
  const name = t(`board.weekday.${weekday}`);
  const { week } = form.schedule;
  const day = { name, spans: week[weekday], problem: form.problems.get(`week ${weekday}`), empty };
  return html`<li>
    <span class="name">${name}</span>
    ${spansOf({ ...day, set: (spans) => form.setDay(weekday, spans) })}
    ${
      weekday
        ? html`<button type="button" class="quiet same" aria-label=${t("board.hours.same_for", { day: name })}
          @click=${() => form.setDay(weekday, week[weekday - 1])}>${t("board.hours.same")}</button>`
        : nothing
    }
  </li>`;
}

/** @param {HoursForm} form */
const holidays = (form) => html`<fieldset>
  <legend>${t("board.hours.holidays")}</legend>
  <p class="aside">${t("board.hours.holidays_lead")}</p>
  <ul class="plain days">${holiday(form, ANY)}</ul>
  <details ?open=${form.stands.feasts.some((feast) => form.stands.holidays[feast])}>
    <summary>${t("board.hours.by_feast")}</summary>
    <ul class="plain days">${form.stands.feasts.map((feast) => holiday(form, feast))}</ul>
  </details>
</fieldset>`;

/** @param {HoursForm} form @param {string} feast */
function holiday(form, feast) {
  const spans = form.schedule.holidays[feast];
  const name = feast === ANY ? t("board.hours.any") : feast;
  const chosen = spans ? (spans.length ? "own" : "shut") : "usual";
  const usual = feast === ANY ? "as_week" : "as_any";
  return html`<li class="feast">
    <label class="name" for="feast-${feast}">${name}</label>
    <select id="feast-${feast}" @change=${(/** @type {Event} */ event) => form.setHoliday(feast, ruleFor(/** @type {HTMLSelectElement} */ (event.target).value))}>
      <option value="usual" .selected=${chosen === "usual"}>${t(`board.hours.${usual}`)}</option>
      <option value="shut" .selected=${chosen === "shut"}>${t("board.hours.shut_all_day")}</option>
      <option value="own" .selected=${chosen === "own"}>${t("board.hours.own")}</option>
    </select>
    ${
      chosen === "own"
        ? spansOf({
            name,
            spans,
            problem: form.problems.get(`holiday ${feast}`),
            set: (own) => form.setHoliday(feast, own),
          })
        : nothing
    }
  </li>`;
}

/** @param {string} chosen @returns {Span[] | null} */
function ruleFor(chosen) {
  if (chosen === "usual") return null;
  return chosen === "shut" ? [] : [{ opens: "09:00", closes: "17:00" }];
}

/** @param {HoursForm} form */
const dates = (form) => html`<fieldset>
  <legend>${t("board.hours.dates")}</legend>
  <p class="aside">${t("board.hours.dates_lead")}</p>
  <ul class="plain days">${form.schedule.dates.map((_, index) => dated(form, index))}</ul>
  <button type="button" @click=${() => form.addDate()}>${t("board.hours.add_date")}</button>
</fieldset>`;

/** @param {HoursForm} form @param {number} index */
function dated(form, index) {
  const { date, spans, reason } = form.schedule.dates[index];
  const problem = form.problems.get(`date ${index}`);
  const typed = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).value;
  return html`<li class="dated">
    <label>${t("board.hours.date")}
      <input type="date" min=${form.stands.preview[0]?.date ?? nothing} .value=${date}
        @change=${(/** @type {Event} */ event) => form.setDate(index, { date: typed(event) })}></label>
    <label>${t("board.hours.reason")}
      <input maxlength=${MAX_WORDS} .value=${reason}
        @change=${(/** @type {Event} */ event) => form.setDate(index, { reason: typed(event) })}></label>
    ${spansOf({ name: date || t("board.hours.date"), spans, problem, set: (own) => form.setDate(index, { spans: own }) })}
    <button type="button" class="quiet same" @click=${() => form.setDate(index, null)}>${t("board.hours.drop_date")}</button>
  </li>`;
}

customElements.define("hl-hours", Hours);
