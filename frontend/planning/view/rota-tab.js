// The tab of the rota: a week with its shifts, by drag or by keyboard, and beside it how many each hour needs.

import { FormTab, kept } from "../../board/lines/view/form-tab.js";
import { problemInWords } from "../../board/words.js";
import { day as dayInWords, t, tn } from "../../shared/text.js";
import { html, nothing, repeat } from "../../vendor/lit.js";
import { RotaWeek, USUAL } from "../model/rota-week.js";
import { StaffingAdvice } from "../model/staffing-advice.js";
import { advice } from "./advice-table.js";
import { allow, dragging, PERSON, SHIFT, timesIn } from "./dragging.js";
import { shiftCard } from "./shift-card.js";

/** @typedef {import("../model/rota-week.js").Day} Day */
/** @typedef {import("../../board/board.js").Board} Board */

const [FROM, TO, WANTED, MOST] = ["19:00", "22:00", 2, 50];
/** A week and its advice, looked at together. */
class Plan {
  /** @param {Board} board */
  constructor({ request, changed, chosen, now }) {
    this.week = new RotaWeek(chosen, { request, changed, now });
    this.advice = new StaffingAdvice(chosen, { request, changed });
  }

  async load() {
    await Promise.all([this.week.load(), this.advice.look(this.week.monday)]);
  }
}

const planOf = kept((board) => new Plan(board));

/** @extends {FormTab<Plan>} */
class Rota extends FormTab {
  constructor() {
    super(planOf);
  }

  connectedCallback() {
    super.connectedCallback();
    this.station.addEventListener("rota", this.#changed);
  }

  disconnectedCallback() {
    this.station.removeEventListener("rota", this.#changed);
    super.disconnectedCallback();
  }

  /** At another board, or on a phone. @param {Event} event */
  #changed = (event) => {
    if (/** @type {CustomEvent} */ (event).detail === this.station.chosen) this.form.load();
  };

  render() {
    const { station: board, form: plan } = this;
    const { week } = plan;
    if (!week.loaded)
      return html`<p class="nothing" role="status">${week.refused ? problemInWords(week.refused) : t("board.rota.loading")}</p>`;
    const may = !week.busy && board.hindrance === "";
    return html`<div class="rota">
      <div class="line-head">
        <h2>${t("board.rota_of", { name: board.line?.name ?? "" })}</h2>
        ${this.#ways(may)}
      </div>
      <div role="status">${week.done ? html`<p class="banner good">${tn(`board.rota.${week.done.action}`, week.done.n)}</p>` : nothing}</div>
      <div role="alert">${week.refused ? html`<p class="banner bad">${refusal(week.refused)}</p>` : nothing}</div>
      ${this.#people(may)}
      <div class="week">${week.days.map((day) => this.#day(day, may))}</div>
      ${this.#add(may)}
      ${advice(plan.advice, () => this.requestUpdate())}
    </div>`;
  }

  /** @param {boolean} may */
  #ways(may) {
    const { week } = this.form;
    const go = (/** @type {number} */ weeks) => () => this.#go(weeks);
    return html`<p class="actions">
      <button type="button" class="quiet" @click=${go(-1)}>${t("board.rota.before")}</button>
      <button type="button" class="quiet" @click=${go(1)}>${t("board.rota.after")}</button>
      <button type="button" ?disabled=${!may || !week.usual} @click=${week.fill}>${t("board.rota.fill")}</button>
      <button type="button" class="quiet" ?disabled=${!may || !week.shifts.length} @click=${week.keep}>${t(week.asking === USUAL ? "board.rota.keep_sure" : "board.rota.keep")}</button>
      <a href="/board/rota/${week.line}/import/">${t("board.rota.import")}</a>
    </p>`;
  }

  /** @param {boolean} may */
  #people(may) {
    const { week } = this.form;
    if (!week.people.length) return html`<p class="nothing">${t("board.rota.nobody")}</p>`;
    return html`<div class="people-to-drag" aria-hidden="true">
      <span>${t("board.rota.drag")}</span>
      ${week.people.map(({ person, alias }) => html`<span class="chip" draggable=${String(may)} @dragstart=${dragging(PERSON, person)}>${alias}</span>`)}
    </div>`;
  }

  /** @param {Day} day @param {boolean} may */
  #day({ day, closed, why }, may) {
    const { week } = this.form;
    const shifts = week.shifts.filter((shift) => shift.day === day);
    const name = dayInWords(`${day}T12:00:00`);
    return html`<section class=${`day ${closed ? "shut" : ""}`} aria-label=${name}
      @dragover=${allow(SHIFT)} @drop=${(/** @type {DragEvent} */ event) => this.#moved(event, day)}>
      <h3>${name}</h3>
      ${closed ? html`<p class="aside">${why || t("board.hours.shut_short")}</p>` : nothing}
      ${repeat(
        shifts,
        ({ shift }) => shift,
        (shift) => shiftCard(week, shift, may),
      )}
      ${shifts.length || closed ? nothing : html`<p class="aside">${t("board.rota.no_shift")}</p>`}
    </section>`;
  }

  /** @param {boolean} may */
  #add(may) {
    const { week } = this.form;
    return html`<form class="card add-shift" aria-labelledby="add-shift" @submit=${this.#added}>
      <h3 id="add-shift">${t("board.rota.add")}</h3>
      <label>${t("board.rota.day")} <select name="day">${week.days.map(({ day }) => html`<option value=${day}>${dayInWords(`${day}T12:00:00`)}</option>`)}</select></label>
      <label>${t("board.rota.from")} <input type="time" name="opens" required .value=${FROM}></label>
      <label>${t("board.rota.to")} <input type="time" name="closes" required .value=${TO}></label>
      <label>${t("board.rota.wanted")} <input type="number" name="wanted" min="1" max=${MOST} required .value=${String(WANTED)}></label>
      <button type="submit" class="main" ?disabled=${!may}>${t("board.rota.add_it")}</button>
    </form>`;
  }

  /** @param {number} weeks */
  async #go(weeks) {
    const { week, advice: foretold } = this.form;
    const going = week.go(weeks);
    this.requestUpdate();
    await Promise.all([going, foretold.look(week.monday)]);
  }

  /** @param {SubmitEvent} event */
  #added = async (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const day = /** @type {string} */ (new FormData(form).get("day"));
    await this.form.week.add({ day, ...timesIn(form) });
  };

  /** @param {DragEvent} event @param {string} day */
  #moved(event, day) {
    const shift = event.dataTransfer?.getData(SHIFT);
    if (!shift) return;
    event.preventDefault();
    this.form.week.move(shift, day);
  }
}

/** @param {string} code */
const refusal = (code) =>
  ["conflict", "bad_frame", "not_found"].includes(code)
    ? t(`board.rota.refused.${code}`)
    : problemInWords(code);

customElements.define("hl-rota", Rota);
