// Sets whether the line keeps removal cases. A removal case is a conversation's list of links that should be removed.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../../board.js").Board} Board */

/** @extends {Watching<Board>} */
class KeepsCases extends Watching {
  render() {
    const { line, busy, hindrance } = this.station;
    if (!line) return nothing;
    return html`<section class="card" aria-labelledby="cases-title">
      <h3 id="cases-title">${t("board.cases")}</h3>
      <p class="lead">${t("board.cases.lead")}</p>
      <p class=${line.cases ? "state good" : "state"}>${t(`board.cases.${line.cases ? "on" : "off"}`)}</p>
      <button type="button" class="quiet" ?disabled=${busy || hindrance !== ""} @click=${() => this.station.keepCases(!line.cases)}>
        ${t(`board.cases.turn_${line.cases ? "off" : "on"}`)}</button>
    </section>`;
  }
}

customElements.define("hl-keeps-cases", KeepsCases);
