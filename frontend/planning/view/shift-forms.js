// Makes the forms that open in a shift: add a person, move or remove one, change the hours. Nothing is
// preselected, because a name in the field looks like a person who is planned.
import { t } from "../../shared/text.js";
import { html, nothing, repeat } from "../../vendor/lit.js";
import { timesIn } from "./dragging.js";
import { dayName, named, need } from "./names.js";

/** @typedef {import("../model/rota-week.js").RotaWeek} RotaWeek */
/** @typedef {import("../model/rota-week.js").Shift} Shift */
/** @typedef {Shift["places"][number]} Place */
/**
 * Lists the actions of mouse and keyboard. Each moves the focus to where the work continues.
 * @typedef {object} Acts
 * @property {(what: import("../model/rota-week.js").Open["what"], shift: string, person?: string) => void} unfold  opens the form, or closes it if it is open
 * @property {() => void} fold
 * @property {(shift: string, person: string) => void} putOn
 * @property {(shift: string, person: string) => void} takeOff
 * @property {(shift: string, person: string, onto: string) => void} move
 * @property {(person: string, onto: string) => void} copy
 * @property {(shift: string, when: import("../model/rota-week.js").When) => void} change
 * @property {(shift: string) => void} drop
 */

const MOST = 50;

/** @param {RotaWeek} week @param {Shift} shift @param {Acts} acts */
export function adding(week, shift, acts) {
  const free = week.people.filter(({ person }) => week.mayStand(shift, { person }));
  const chosen = week.open?.chosen ?? "";
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (chosen) acts.putOn(shift.shift, chosen);
  };
  return html`<form class="opened put-on" aria-label=${t("board.rota.who", { shift: named(shift) })} @submit=${submit} @keydown=${escapes(acts)}>
    <select name="person" aria-label=${t("board.rota.who", { shift: named(shift) })} .value=${chosen} @change=${chooses(week)}>
      <option value="">${t(free.length ? "board.rota.nobody_yet" : "board.rota.nobody_free")}</option>
      ${repeat(
        free,
        ({ person }) => person,
        ({ person, alias }) => html`<option value=${person}>${alias}</option>`,
      )}</select>
    <button type="submit" class="main" ?disabled=${!chosen}>${t("board.rota.put_on_it")}</button>
    ${shuts(acts)}
  </form>`;
}

/** @param {RotaWeek} week @param {Shift} shift @param {Place} place @param {Acts} acts */
export function moving(week, shift, { person, alias, state }, acts) {
  const from = shift.shift;
  const chosen = week.open?.chosen ?? "";
  const others = week.shifts.filter((to) => week.mayStand(to, { person, from }));
  const onto = week.shiftOf(chosen);
  const also = onto && week.mayStand(onto, { person });
  const choice = html`<select aria-label=${t("board.rota.whither", { name: alias })} .value=${chosen} @change=${chooses(week)}>
      <option value="">${t(others.length ? "board.rota.no_shift_yet" : "board.rota.no_shift_free")}</option>
      ${repeat(
        others,
        (to) => to.shift,
        (to) => html`<option value=${to.shift}>${named(to)} (${need(to)})</option>`,
      )}</select>
    <button type="button" class="main" ?disabled=${!onto} @click=${() => acts.move(from, person, chosen)}>${t("board.rota.move")}</button>
    <button type="button" ?disabled=${!also} @click=${() => acts.copy(person, chosen)}>${t("board.rota.copy")}</button>`;
  return html`<div class="opened" role="group" aria-label=${t("board.rota.more", { name: alias, shift: named(shift) })} @keydown=${escapes(acts)}>
    ${state === "sick" ? nothing : choice}
    <button type="button" class="bad-text" @click=${() => acts.takeOff(from, person)}>${t("board.rota.take_off")}</button>
    ${shuts(acts)}
  </div>`;
}

/** @param {RotaWeek} week @param {Shift} shift @param {Acts} acts */
export function changing(week, shift, acts) {
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    acts.change(shift.shift, { day: String(new FormData(form).get("day")), ...timesIn(form) });
  };
  const sure = week.asking === shift.shift;
  return html`<form class="opened change" aria-label=${t("board.rota.change_it", { shift: named(shift) })} @submit=${submit} @keydown=${escapes(acts)}>
    <label>${t("board.rota.day")} <select name="day">${week.days.map(({ day }) => html`<option value=${day} ?selected=${day === shift.day}>${dayName(day)}</option>`)}</select></label>
    <label>${t("board.rota.from")} <input type="time" name="opens" required .value=${shift.opens}></label>
    <label>${t("board.rota.to")} <input type="time" name="closes" required .value=${shift.closes}></label>
    <label>${t("board.rota.wanted")} <input type="number" name="wanted" min="1" max=${MOST} required .value=${String(shift.wanted)}></label>
    <button type="submit" class="main">${t("board.rota.save")}</button>
    <button type="button" class="bad-text" @click=${atASecondClick(() => acts.drop(shift.shift))}>${t(sure ? "board.rota.drop_sure" : "board.rota.drop")}</button>
    ${shuts(acts)}
  </form>`;
}

/** Ignores the second half of a double click: nobody has read the question by then. @param {() => unknown} act */
export const atASecondClick =
  (act) =>
  (/** @type {MouseEvent} */ { detail }) =>
    detail > 1 || act();

/** @param {RotaWeek} week */
const chooses = (week) => (/** @type {Event} */ event) =>
  week.choose(/** @type {HTMLSelectElement} */ (event.target).value);

/** @param {Acts} acts */
const shuts = (acts) =>
  html`<button type="button" class="quiet" @click=${acts.fold}>${t("board.rota.shut")}</button>`;

/** @param {Acts} acts */
const escapes = (acts) => (/** @type {KeyboardEvent} */ event) => {
  if (event.key === "Escape") acts.fold();
};
