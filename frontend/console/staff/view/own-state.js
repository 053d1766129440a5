// Shows in the header of every page whether the person is on duty, how many conversations they have, and a button for
// breaks.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../../console.js").Console} Console */

/** @extends {Watching<Console>} */
export class OwnState extends Watching {
  render() {
    const { connection, device, duty, me, mode, onlyJoins } = this.station;
    if (connection !== "open") return html`<p class="pill gone">${t("console.state.gone")}</p>`;
    if (!me || onlyJoins || device.state !== "approved") return nothing;
    return html`<p class="pill ${duty.state}">${t(`console.duty.${duty.state}`)}${this.#places()}</p>
      ${mode === "partner" || duty.state === "off" ? nothing : this.#pause()}`;
  }

  #places() {
    const { busy, duty, mode } = this.station;
    const counts = mode === "console" && duty.state === "on";
    return counts
      ? html` <span class="places-taken">${t("console.state.busy", { n: busy, of: duty.slots })}</span>`
      : nothing;
  }

  #pause() {
    const { state, slots } = this.station.duty;
    const next = state === "on" ? "break" : "on";
    return html`<button type="button" class="quiet to-break" @click=${() => this.station.setDuty(next, slots)}>
      <i class="icon icon-coffee" aria-hidden="true"></i> ${t(`console.state.to_${next}`)}</button>`;
  }
}

customElements.define("hl-own-state", OwnState);
