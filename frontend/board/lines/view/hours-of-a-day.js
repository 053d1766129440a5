// Renders the opening hours of one day in a form: its spans and their errors.
import { t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";
import { clockIn, isLate, isWhole } from "../model/hours-rules.js";

/** @typedef {import("../model/hours-rules.js").Span} Span */
/**
 * @typedef {object} Day
 * @property {string} name  for screen readers
 * @property {Span[]} spans
 * @property {import("../model/hours-rules.js").Problem | undefined} problem
 * @property {(spans: Span[]) => void} set
 * @property {string} [empty]  what a day without spans means, if it is not shut
 */

const [MAX, USUAL] = [6, { opens: "09:00", closes: "17:00" }];

/** @param {Day} day */
export const spansOf = (day) => html`<div class="spans">
  ${day.spans.length ? nothing : html`<p class="shut">${day.empty || t("board.hours.shut")}</p>`}
  ${day.spans.map((_, index) => row(day, index))}
  ${day.problem ? html`<p class="wrong" role="alert">${t(`board.hours.wrong.${day.problem}`)}</p>` : nothing}
  ${day.spans.length ? nothing : add(day)}
</div>`;

/** @param {Day} day */
function add(day) {
  const words = t(day.spans.length ? "board.hours.add_more" : "board.hours.add");
  return html`<button type="button" class="quiet" aria-label="${words}: ${day.name}"
    @click=${() => day.set([...day.spans, USUAL])}>${words}</button>`;
}

/** @param {Day} day @param {number} index */
function row(day, index) {
  const span = day.spans[index];
  const fields = { day: day.name, n: index + 1 };
  const last = index === day.spans.length - 1;
  return html`<p class="span">
    ${field(day, index, "opens")}
    <span aria-hidden="true">–</span>
    ${field(day, index, "closes")}
    <button type="button" class="quiet drop" aria-label=${t("board.hours.drop_of", fields)}
      @click=${() => day.set(day.spans.filter((_, other) => other !== index))}>${t("board.hours.drop")}</button>
    ${last && day.spans.length < MAX ? add(day) : nothing}
    ${isWhole(span) && isLate(span) ? html`<span class="late">${t("board.hours.late")}</span>` : nothing}
  </p>`;
}

/** @param {Day} day @param {number} index @param {"opens" | "closes"} end */
const field = (
  day,
  index,
  end,
) => html`<input inputmode="numeric" maxlength="5" placeholder="00:00" .value=${day.spans[index][end]}
  aria-label=${t(`board.hours.${end}_of`, { day: day.name, n: index + 1 })}
  aria-invalid=${day.problem ? "true" : "false"}
  @change=${(/** @type {Event} */ event) => set(day, index, end, /** @type {HTMLInputElement} */ (event.target))}>`;

/** Sets a typed time. The field is corrected here and not by `live()`, because `live()` would overwrite a half-typed time at the next render. @param {Day} day @param {number} index @param {"opens" | "closes"} end @param {HTMLInputElement} field */
function set(day, index, end, field) {
  const clock = clockIn(field.value);
  field.value = clock;
  day.set(day.spans.map((span, other) => (other === index ? { ...span, [end]: clock } : span)));
}
