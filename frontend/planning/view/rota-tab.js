// Shows the rota's tab: a week with its shifts, to be planned by drag or by keyboard, and how many people
// each hour needs.

import { kept } from "../../board/lines/model/kept-forms.js";
import { FormTab } from "../../board/lines/view/form-tab.js";
import { problemInWords } from "../../board/words.js";
import { t } from "../../shared/text.js";
import { html, nothing, repeat } from "../../vendor/lit.js";
import { hoursOf, RotaWeek } from "../model/rota-week.js";
import { StaffingAdvice } from "../model/staffing-advice.js";
import { advice } from "./advice-table.js";
import { dragged, dragging, dropped, left, over, timesIn } from "./dragging.js";
import { dayName, saidOf } from "./names.js";
import { shiftCard } from "./shift-card.js";
import { daysToJump, weekHead, weeksAhead } from "./week-head.js";

/** @typedef {import("../model/rota-week.js").Day} Day */
/** @typedef {import("../model/rota-week.js").Shift} Shift */
/** @typedef {import("../../board/board.js").Board} Board */

const [FROM, TO, WANTED, MOST] = ["19:00", "22:00", 2, 50];
/** Loads a week together with its advice. */
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

  /** Reloads the week when it was changed on another board, or on a phone. @param {Event} event */
  #changed = (event) => {
    if (/** @type {CustomEvent} */ (event).detail === this.station.chosen) this.form.load();
  };

  render() {
    const { station: board, form: plan } = this;
    const { week } = plan;
    const may = board.hindrance === "";
    return html`<div class="rota">
      ${weekHead(week, board.line?.name ?? "", may, this.#go)}
      ${weeksAhead(week, this.#show)}
      <div class="told" role="status"><p class=${week.loaded && week.said?.what === "week" ? "unseen" : ""}>${week.loaded ? saidOf(week) : t("board.rota.loading")}</p></div>
      <div role="alert">${week.refused ? html`<p class="banner bad">${refusal(week.refused)}</p>` : nothing}</div>
      ${week.loaded ? this.#planned(may) : nothing}
      ${advice(plan.advice, () => this.requestUpdate())}
    </div>`;
  }

  /** @param {boolean} may */
  #planned(may) {
    const { week } = this.form;
    return html`
      ${daysToJump(week.days, this.#jump)}
      ${this.#people(may)}
      <div class="week" .style=${`--rows: ${Math.max(1, week.rows.length)}`}>${week.days.map((day) => this.#day(day, may))}</div>
      ${this.#add(may)}`;
  }

  /** @param {boolean} may */
  #people(may) {
    const { week } = this.form;
    if (!week.people.length) return html`<p class="nothing">${t("board.rota.nobody")}</p>`;
    return html`<div class="people-to-drag" aria-hidden="true">
      <span>${t("board.rota.drag")}</span>
      ${week.people.map(({ person, alias }) => html`<span class="chip" draggable=${String(may)} @dragstart=${dragging(week, { kind: "person", person })} @dragend=${dragged(week)}>${alias}</span>`)}
    </div>`;
  }

  /** Draws a day. Its shifts are in the rows of the week, so that shifts with the same hours are side by side. @param {Day} day @param {boolean} may */
  #day({ day, closed, why }, may) {
    const { week } = this.form;
    const shifts = week.shifts.filter((shift) => shift.day === day);
    const lands = () => week.landsAt(day);
    const drop = dropped(week, lands, (what) => what.kind === "shift" && week.move(what.shift, day));
    return html`<section class=${`day ${closed ? "shut" : ""}`} aria-label=${dayName(day)} data-day=${day}
      data-lands=${week.dragged?.kind === "shift" ? (lands() ? "yes" : "no") : nothing}
      @dragover=${over(lands)} @dragleave=${left} @drop=${drop}>
      <div class="day-head">
        <h3 tabindex="-1">${dayName(day)}</h3>
        ${closed ? html`<p class="aside">${why || t("board.hours.shut_short")}</p>` : nothing}
        ${shifts.length || closed ? nothing : html`<p class="aside">${t("board.rota.no_shift")}</p>`}
      </div>
      ${repeat(
        week.rows,
        (row) => row,
        (row) =>
          this.#cell(
            shifts.find((shift) => hoursOf(shift) === row),
            may,
          ),
      )}
    </section>`;
  }

  /** @param {Shift | undefined} shift @param {boolean} may */
  #cell(shift, may) {
    if (!shift) return html`<div class="no-shift"></div>`;
    return shiftCard(this.form.week, shift, may, this.#acts);
  }

  /** @param {boolean} may */
  #add(may) {
    const { week } = this.form;
    return html`<form class="card add-shift" aria-labelledby="add-shift" @submit=${this.#added}>
      <h3 id="add-shift">${t("board.rota.add")}</h3>
      <label>${t("board.rota.day")} <select name="day">${week.days.map(({ day }) => html`<option value=${day}>${dayName(day)}</option>`)}</select></label>
      <label>${t("board.rota.from")} <input type="time" name="opens" required .value=${FROM}></label>
      <label>${t("board.rota.to")} <input type="time" name="closes" required .value=${TO}></label>
      <label>${t("board.rota.wanted")} <input type="number" name="wanted" min="1" max=${MOST} required .value=${String(WANTED)}></label>
      <button type="submit" class="main" ?disabled=${!may}>${t("board.rota.add_it")}</button>
    </form>`;
  }

  /** @param {number} weeks */
  #go = (weeks) => this.#turned(this.form.week.go(weeks));

  /** @param {string} monday */
  #show = (monday) => this.#turned(this.form.week.show(monday));

  /** @param {Promise<void>} going */
  async #turned(going) {
    const { week, advice: foretold } = this.form;
    this.requestUpdate();
    await Promise.all([going, foretold.look(week.monday)]);
  }

  /** @param {string} day */
  #jump = (day) => {
    const heading = this.querySelector(`[data-day="${day}"] h3`);
    heading?.scrollIntoView({ block: "start" });
    /** @type {HTMLElement | null} */ (heading)?.focus({ preventScroll: true });
  };

  /** @param {SubmitEvent} event */
  #added = async (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const day = /** @type {string} */ (new FormData(form).get("day"));
    await this.form.week.add({ day, ...timesIn(form) });
  };

  /** @type {import("./shift-forms.js").Acts} */
  #acts = {
    unfold: (what, shift, person) => {
      const { week } = this.form;
      if (week.isOpen(what, shift, person)) return this.#acts.fold();
      week.unfold(what, shift, person);
      this.#focus(shift, [".opened :is(select, input, button)"]);
    },
    fold: () => {
      const { open } = this.form.week;
      this.form.week.fold();
      if (open) this.#focus(open.shift, [opener(open)]);
    },
    putOn: async (shift, person) => {
      const { week } = this.form;
      week.choose("");
      await week.putOn(shift, person);
      this.#focus(shift, [".opened select"]);
    },
    takeOff: (shift, person) => this.#gone(shift, person, this.form.week.takeOff(shift, person)),
    move: (shift, person, onto) => this.#gone(shift, person, this.form.week.movePerson(shift, person, onto)),
    copy: async (person, onto) => {
      if (await this.form.week.putOn(onto, person)) this.#acts.fold();
    },
    change: async (shift, when) => {
      if (await this.form.week.change(shift, when)) this.#acts.fold();
    },
    drop: async (shift) => {
      const day = this.form.week.shiftOf(shift)?.day;
      if (await this.form.week.drop(shift)) this.#focusOn([`[data-day="${day}"] h3`]);
    },
  };

  /** Moves the focus after somebody left a shift: to the next person on it, or to the button that adds one. @param {string} shift @param {string} person @param {Promise<boolean>} going */
  async #gone(shift, person, going) {
    const { week } = this.form;
    const places = week.shiftOf(shift)?.places ?? [];
    const at = places.findIndex((place) => place.person === person);
    const next = places[at + 1] ?? places[at - 1];
    if (!(await going)) return;
    week.fold();
    this.#focus(shift, [...(next ? [`[data-place="${next.person}"]`] : []), '[data-way="add"]']);
  }

  /** @param {string} shift @param {string[]} ways */
  #focus = (shift, ways) => this.#focusOn(ways.map((way) => `[data-shift="${shift}"] ${way}`));

  /** Focuses the first of these elements that exists after the week is drawn. @param {string[]} ways */
  async #focusOn(ways) {
    this.requestUpdate();
    await this.updateComplete;
    const found = ways.map((way) => this.querySelector(way)).find(Boolean);
    /** @type {HTMLElement | undefined} */ (found ?? undefined)?.focus();
  }
}

/** Returns the selector of the button that opened a place. @param {import("../model/rota-week.js").Open} open */
const opener = ({ what, person }) => (what === "place" ? `[data-place="${person}"]` : `[data-way="${what}"]`);

/** @param {string} code */
const refusal = (code) =>
  ["conflict", "bad_frame", "not_found"].includes(code)
    ? t(`board.rota.refused.${code}`)
    : problemInWords(code);

customElements.define("hl-rota", Rota);
