// Shows the header of the week: which week it is, links to others, actions on the whole week, and on a phone
// links to its days.
import { t } from "../../shared/text.js";
import { html } from "../../vendor/lit.js";
import { numberOf, USUAL } from "../model/rota-week.js";
import { dayName, shortDay, weekName } from "./names.js";
import { atASecondClick } from "./shift-forms.js";

/** @typedef {import("../model/rota-week.js").RotaWeek} RotaWeek */

/** @param {RotaWeek} week @param {string} line @param {boolean} may @param {(weeks: number) => void} go */
export const weekHead = (week, line, may, go) => html`<div class="line-head">
  <div>
    <h2>${t("board.rota_of", { name: line })}</h2>
    <p class="which-week">${weekName(week.monday)}</p>
  </div>
  <p class="actions">
    <button type="button" class="quiet" @click=${() => go(-1)}>${t("board.rota.before")}</button>
    <button type="button" class="quiet" @click=${() => go(1)}>${t("board.rota.after")}</button>
    <button type="button" ?disabled=${!may || !week.usual} @click=${week.fill}>${t("board.rota.fill")}</button>
    <button type="button" class="quiet" ?disabled=${!may || !week.shifts.length} @click=${atASecondClick(week.keep)}>${t(week.asking === USUAL ? "board.rota.keep_sure" : "board.rota.keep")}</button>
    <button type="button" class="quiet" @click=${() => print()}>${t("board.rota.print")}</button>
    <a href="/board/rota/${week.line}/import/">${t("board.rota.import")}</a>
  </p>
</div>`;

/** Shows links to the weeks that can be planned. @param {RotaWeek} week @param {(monday: string) => void} show */
export const weeksAhead = (
  week,
  show,
) => html`<div class="choice six-weeks" role="group" aria-label=${t("board.rota.weeks")}>
  ${week.ahead.map((monday) => html`<button type="button" class="quiet" aria-pressed=${String(monday === week.monday)} @click=${() => show(monday)}>${t("board.rota.week", { n: numberOf(monday) })}</button>`)}
</div>`;

/** Shows links to the days, for a phone, where they are below each other. @param {import("../model/rota-week.js").Day[]} days @param {(day: string) => void} jump */
export const daysToJump = (days, jump) => html`<nav class="jump" aria-label=${t("board.rota.jump")}>
  ${days.map(({ day }, index) => html`<button type="button" class="quiet" aria-label=${`${shortDay(index, day)}, ${dayName(day)}`} @click=${() => jump(day)}>${shortDay(index, day)}</button>`)}
</nav>`;
