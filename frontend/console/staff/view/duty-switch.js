// Renders the duty switch, and the choice of how many conversations the person has at the same time. Another service's
// desk has only the switch.
import { t } from "../../../shared/text.js";
import { html, live, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../../console.js").Console} Console */

const STATES = /** @type {const} */ (["on", "break", "off"]);
const SLOTS = [0, 1, 2, 3, 4];

/** @param {Console} desk */
export function duty(desk) {
  const { state, slots } = desk.duty;
  const [connected, approved] = [desk.connection === "open", desk.device.state === "approved"];
  const isPartner = desk.mode === "partner";
  return html`<section class="duty">
    <fieldset ?disabled=${!connected}>
      <legend>${t("console.duty")}</legend>
      <div class="switch ${isPartner ? "two" : ""}">
        ${(isPartner ? STATES.filter((one) => one !== "break") : STATES).map(
          (one) => html`<label class=${one}>
            <input type="radio" name="duty" value=${one} .checked=${live(one === state)}
              ?disabled=${one !== "off" && !approved} @change=${() => turn(desk, one, slots)}>
            <span>${t(`console.duty.${one}`)}</span>
          </label>`,
        )}
      </div>
      ${isPartner ? html`<p class="why">${t("console.partner_duty")}</p>` : slotsOf(desk, state, slots)}
      ${isPartner || state !== "on" ? nothing : last(desk)}
      ${state === "break" && desk.open.length ? html`<p class="why" role="status">${t("console.duty.break_talks")}</p>` : nothing}
    </fieldset>
  </section>`;
}

/** Changes the duty. If conversations are open, going off duty has to be confirmed first. @param {Console} desk @param {import("../../console.js").Duty["state"]} state @param {number} slots */
function turn(desk, state, slots) {
  if (state === "off") desk.dispatchEvent(new Event("goes-home"));
  else desk.setDuty(state, slots);
}

/** @param {Console} desk */
const last = (desk) => html`<label class="last box">
  <input type="checkbox" .checked=${live(desk.isLast)} ?disabled=${desk.device.state !== "approved"}
    @change=${(/** @type {Event} */ event) => desk.lastChat(/** @type {HTMLInputElement} */ (event.target).checked)}>
  ${t("console.last_chat")}
</label>`;

/** @param {Console} desk @param {import("../../console.js").Duty["state"]} state @param {number} slots */
const slotsOf = (desk, state, slots) => html`<label class="slots">${t("console.slots")}
  <select ?disabled=${desk.device.state !== "approved"} @change=${(/** @type {Event} */ event) => desk.setDuty(state, chosen(event))}>
    ${SLOTS.map((n) => html`<option value=${n} .selected=${live(n === slots)}>${n}</option>`)}
  </select>
</label>`;

/** @param {Event} event */
const chosen = (event) => Number(/** @type {HTMLSelectElement} */ (event.target).value);
