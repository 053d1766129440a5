// Shows a shift of the week: its hours, the people on it, and what is missing. Only one place in the week is
// open at a time, to add, move or remove a person, or to change the shift.
import { t } from "../../shared/text.js";
import { html, nothing, repeat } from "../../vendor/lit.js";
import { comingOf } from "../model/landing.js";
import { hoursOf, lacking } from "../model/rota-week.js";
import { copies, dragged, dragging, dropped, left, over } from "./dragging.js";
import { named, need } from "./names.js";
import { adding, changing, moving } from "./shift-forms.js";

/** @typedef {import("../model/rota-week.js").RotaWeek} RotaWeek */
/** @typedef {import("../model/rota-week.js").Shift} Shift */
/** @typedef {Shift["places"][number]} Place */
/** @typedef {import("./shift-forms.js").Acts} Acts */

/** @param {RotaWeek} week @param {Shift} shift @param {boolean} may @param {Acts} acts */
export function shiftCard(week, shift, may, acts) {
  const { shift: id, wanted, places } = shift;
  const short = lacking(shift);
  const lands = () => week.landsOn(shift);
  const act = (
    /** @type {import("../model/rota-week.js").Dragged} */ what,
    /** @type {DragEvent} */ event,
  ) => {
    if (what.kind !== "person") return;
    if (what.from && !copies(event)) return week.movePerson(what.from, what.person, id);
    return week.putOn(id, what.person);
  };
  return html`<article class=${`shift ${short ? "short" : ""}`} data-shift=${id} draggable=${String(may)} aria-label=${named(shift)}
    data-lands=${week.dragged?.kind === "person" ? (lands() ? "yes" : "no") : nothing}
    @dragstart=${dragging(week, { kind: "shift", shift: id })} @dragend=${dragged(week)}
    @dragover=${over(lands)} @dragleave=${left} @drop=${dropped(week, lands, act)}>
    <h4>${hoursOf(shift)}</h4>
    <p class=${short ? "lacks" : "full"}><span class="count">${comingOf(places).length}/${wanted}</span> ${need(shift)}</p>
    <ul class="plain">${repeat(
      places,
      ({ person }) => person,
      (place) => onIt(week, shift, place, may, acts),
    )}</ul>
    ${ways(week, shift, may, acts)}
  </article>`;
}

/** @param {RotaWeek} week @param {Shift} shift @param {Place} place @param {boolean} may @param {Acts} acts */
function onIt(week, shift, place, may, acts) {
  const { person, alias, state, concerns } = place;
  const id = shift.shift;
  const isOpen = week.isOpen("place", id, person);
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Delete" && may && !event.repeat) acts.takeOff(id, person);
  };
  const moves = may && state !== "sick";
  return html`<li class=${state} draggable=${String(moves)} @dragstart=${moves ? dragging(week, { kind: "person", person, from: id }) : nothing}>
    <span>${alias} ${state === "planned" ? nothing : html`<span class=${`chip ${state === "sick" ? "red" : "amber"}`}>${t(`board.rota.${state}`)}</span>`}</span>
    <button type="button" class="quiet more" data-place=${person} aria-expanded=${String(isOpen)} aria-keyshortcuts="Delete"
      aria-label=${t("board.rota.more", { name: alias, shift: named(shift) })} ?disabled=${!may} @keydown=${keys}
      @click=${() => acts.unfold("place", id, person)}>⋯</button>
    ${concerns.map((concern) => html`<span class="concern">${t(`board.rota.concern.${concern}`)}</span>`)}
    ${isOpen ? moving(week, shift, place, acts) : nothing}
  </li>`;
}

/** @param {RotaWeek} week @param {Shift} shift @param {boolean} may @param {Acts} acts */
function ways(week, shift, may, acts) {
  const [adds, changes] = [week.isOpen("add", shift.shift), week.isOpen("change", shift.shift)];
  const way = (
    /** @type {"add" | "change"} */ what,
    /** @type {boolean} */ isOpen,
  ) => html`<button type="button" class="quiet" data-way=${what}
    aria-expanded=${String(isOpen)} ?disabled=${!may} @click=${() => acts.unfold(what, shift.shift)}>${
      what === "add" ? html`<span aria-hidden="true">+</span> ` : nothing
    }${t(`board.rota.way.${what}`)}<span class="unseen">, ${named(shift)}</span></button>`;
  return html`<div class="ways">${way("add", adds)} ${way("change", changes)}</div>
    ${adds ? adding(week, shift, acts) : nothing} ${changes ? changing(week, shift, acts) : nothing}`;
}
