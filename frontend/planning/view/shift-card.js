// A shift of the week: when, who is on it and what speaks against it, who could be, and what may be changed.
import { day as dayInWords, t, tn } from "../../shared/text.js";
import { html, nothing, repeat } from "../../vendor/lit.js";
import { lacking } from "../model/rota-week.js";
import { allow, dragging, PERSON, SHIFT, timesIn } from "./dragging.js";

/** @typedef {import("../model/rota-week.js").RotaWeek} RotaWeek */
/** @typedef {import("../model/rota-week.js").Shift} Shift */

const MOST = 50;

/** @param {RotaWeek} week @param {Shift} shift @param {boolean} may */
export function shiftCard(week, shift, may) {
  const { shift: id, opens, closes } = shift;
  const short = lacking(shift);
  const dropped = (/** @type {DragEvent} */ event) => {
    const person = event.dataTransfer?.getData(PERSON);
    if (!person) return;
    event.preventDefault();
    week.putOn(id, person);
  };
  return html`<article class=${`shift ${short ? "short" : ""}`} data-shift=${id} draggable=${String(may)} aria-label=${named(shift)}
    @dragstart=${dragging(SHIFT, id)} @dragover=${allow(PERSON)} @drop=${dropped}>
    <h4>${opens}–${closes}</h4>
    <p class=${short ? "lacks" : "full"}>${short ? tn("board.rota.lacks", short) : t("board.rota.full")}</p>
    <ul class="plain">${repeat(
      shift.places,
      ({ person }) => person,
      (place) => onIt(week, shift, place, may),
    )}</ul>
    ${putOn(week, shift, may)}
    ${changing(week, shift, may)}
  </article>`;
}

/** @param {Shift} shift */
const named = ({ day, opens, closes }) =>
  t("board.rota.shift", { day: dayInWords(`${day}T12:00:00`), from: opens, to: closes });

/** @param {RotaWeek} week @param {Shift} shift @param {Shift["places"][number]} place @param {boolean} may */
const onIt = (week, shift, { person, alias, state, concerns }, may) => html`<li class=${state}>
  <span>${alias} ${state === "planned" ? nothing : html`<span class=${`chip ${state === "sick" ? "red" : "amber"}`}>${t(`board.rota.${state}`)}</span>`}</span>
  <button type="button" class="quiet off" ?disabled=${!may} aria-label=${t("board.rota.take_off", { name: alias, shift: named(shift) })} @click=${() => week.takeOff(shift.shift, person)}>×</button>
  ${concerns.map((concern) => html`<span class="concern">${t(`board.rota.concern.${concern}`)}</span>`)}
</li>`;

/** @param {RotaWeek} week @param {Shift} shift @param {boolean} may */
function putOn(week, shift, may) {
  const on = new Set(shift.places.map(({ person }) => person));
  const free = week.people.filter(({ person }) => !on.has(person));
  if (!free.length) return nothing;
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    week.putOn(shift.shift, String(new FormData(form).get("person")));
    form.reset();
  };
  // Preset to nobody: a name that stands there reads as one more who is planned.
  return html`<form class="put-on" @submit=${submit}>
    <select name="person" required aria-label=${t("board.rota.who", { shift: named(shift) })}>
      <option value="">${t("board.rota.nobody_yet")}</option>
      ${repeat(
        free,
        ({ person }) => person,
        ({ person, alias }) => html`<option value=${person}>${alias}</option>`,
      )}</select>
    <button type="submit" class="quiet" ?disabled=${!may} aria-label=${t("board.rota.put_on_it", { shift: named(shift) })}>+</button>
  </form>`;
}

/** @param {RotaWeek} week @param {Shift} shift @param {boolean} may */
function changing(week, shift, may) {
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const day = String(new FormData(form).get("day"));
    week.change(shift.shift, { day, ...timesIn(form) });
  };
  return html`<details>
    <summary aria-label=${t("board.rota.change_it", { shift: named(shift) })}>${t("board.rota.change")}</summary>
    <form class="change" @submit=${submit}>
      <label>${t("board.rota.day")} <select name="day">${week.days.map(({ day }) => html`<option value=${day} ?selected=${day === shift.day}>${dayInWords(`${day}T12:00:00`)}</option>`)}</select></label>
      <label>${t("board.rota.from")} <input type="time" name="opens" required .value=${shift.opens}></label>
      <label>${t("board.rota.to")} <input type="time" name="closes" required .value=${shift.closes}></label>
      <label>${t("board.rota.wanted")} <input type="number" name="wanted" min="1" max=${MOST} required .value=${String(shift.wanted)}></label>
      <button type="submit" ?disabled=${!may}>${t("board.rota.save")}</button>
      <button type="button" class="quiet bad-text" ?disabled=${!may} @click=${() => week.drop(shift.shift)}>${t(week.asking === shift.shift ? "board.rota.drop_sure" : "board.rota.drop")}</button>
    </form>
  </details>`;
}
