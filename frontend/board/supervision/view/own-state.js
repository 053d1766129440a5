// Shows in the page header whether the board is current.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html } from "../../../vendor/lit.js";

/** @extends {Watching<import("../../board.js").Board>} */
export class OwnState extends Watching {
  render() {
    const isOpen = this.station.connection === "open" && this.station.floor.isKnown;
    return html`<p class=${isOpen ? "pill on" : "pill gone"}>${t(isOpen ? "board.state.now" : "board.state.gone")}</p>`;
  }
}

customElements.define("hl-own-state", OwnState);
