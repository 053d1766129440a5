// Renders the buttons that count a contact by telephone or mail.
import { t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";
import { HOW } from "../model/by-hand.js";

/** @typedef {import("../../console.js").Console} Console */

/** @param {Console} desk */
const ready = ({ connection, device }) => connection === "open" && device.state === "approved";

/** @param {Console} desk */
export function countByHand(desk) {
  if (desk.mode !== "console" || desk.onlyJoins || !desk.lines.length) return nothing;
  const { byHand } = desk;
  const many = desk.lines.length > 1;
  return html`<details class="by-hand">
    <summary>${t("console.by_hand")}</summary>
    ${desk.lines.map(
      ({ line, name }) => html`<p class="ways">${many ? html`<span>${name}</span>` : nothing}
        ${HOW.map((how) => html`<button type="button" class="quiet" ?disabled=${byHand.busy || !ready(desk)} @click=${() => byHand.count(line, how)}>${t(`console.by_hand.${how}`)}</button>`)}</p>`,
    )}
    <p class="ways" role="status">${
      byHand.last
        ? html`<span>${t(`console.by_hand.counted.${byHand.last.how}`)}</span>
          <button type="button" class="quiet" ?disabled=${!ready(desk)} @click=${undo(byHand)}>${t("console.by_hand.undo")}</button>`
        : nothing
    }</p>
  </details>`;
}

/** Returns the listener of the undo button. The button disappears, so the focus moves to the summary beside it. @param {Console["byHand"]} byHand */
const undo = (byHand) => (/** @type {Event} */ event) => {
  const around = /** @type {HTMLElement} */ (event.currentTarget).closest("details");
  around?.querySelector("summary")?.focus();
  return byHand.undo();
};
