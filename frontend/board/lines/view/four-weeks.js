// Renders the next four weeks as a calendar, with a bar for the open hours of each day, and as a list, for people who
// cannot see the bars or want the exact times.
import { day, t } from "../../../shared/text.js";
import { html, nothing, svg } from "../../../vendor/lit.js";
import { DAY, filled } from "../model/hours-rules.js";

/** @typedef {import("../model/hours-rules.js").Day} Day */
/** @typedef {import("../model/hours-rules.js").Span} Span */

const [WEEK, NOON] = [7, DAY / 2];

/** @param {Day[]} days @param {Set<string>} changes  dates that differ from the saved hours */
export function preview(days, changes) {
  return html`
    <div class="calendar" aria-hidden="true">
      ${days.slice(0, WEEK).map((_, index) => html`<span class="weekday">${t(`board.weekday.${index}.short`)}</span>`)}
      ${Array.from({ length: weekdayOf(days[0].date) }, () => html`<span></span>`)}
      ${days.map((one, index) => cell(one, days[index - 1], changes.has(one.date)))}
    </div>
    <p class="aside">${t("board.hours.legend")}</p>
    <details>
      <summary>${t("board.hours.as_list")}</summary>
      <table>
        <thead><tr>
          <th scope="col">${t("board.hours.day")}</th>
          <th scope="col">${t("board.hours.times")}</th>
          <th scope="col">${t("board.hours.why")}</th>
        </tr></thead>
        <tbody>${days.map((one) => row(one, changes.has(one.date)))}</tbody>
      </table>
    </details>`;
}

/** @param {Day} one @param {Day | undefined} before @param {boolean} changed */
function cell({ date, spans, why }, before, changed) {
  const looks = [changed ? "changed" : "", spans.length ? "" : "shut", why ? "special" : ""];
  return html`<span class="cell ${looks.join(" ")}" title=${why || nothing}>
    <b>${Number(date.slice(8))}</b>
    ${bar(filled(spans, before?.spans ?? []))}
    <span class="times">${spans.length ? times(spans) : t("board.hours.shut_short")}</span>
    ${why ? html`<span class="why">${why}</span>` : nothing}
  </span>`;
}

/** @param {[from: number, to: number][]} parts */
const bar = (parts) => html`<svg viewBox="0 0 ${DAY} 100" preserveAspectRatio="none" class="bar-of-day">
  <rect class="closed" width=${DAY} height="100"></rect>
  ${parts.map(([from, to]) => svg`<rect class="open" x=${from} width=${to - from} height="100"></rect>`)}
  <rect class="noon" x=${NOON} width="8" height="100"></rect>
</svg>`;

/** @param {Day} one @param {boolean} changed */
const row = ({ date, spans, why }, changed) => html`<tr>
  <th scope="row">${day(`${date}T12:00:00`)}</th>
  <td>${times(spans)}</td>
  <td>${why} ${changed ? html`<b>${t("board.hours.changed")}</b>` : nothing}</td>
</tr>`;

/** @param {Span[]} spans */
function times(spans) {
  if (!spans.length) return t("board.hours.shut");
  return spans
    .map(({ opens, closes }) => (opens === closes ? t("board.hours.all_day") : `${opens}–${closes}`))
    .join(", ");
}

/** Returns the weekday of a date; Monday is 0. @param {string} date */
const weekdayOf = (date) => (new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % WEEK;
