// Shows the audit trail: who did what, in codes and names, without content.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html } from "../../../vendor/lit.js";
import { deedInWords, when } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */

/** @extends {Watching<Board>} */
class Trail extends Watching {
  render() {
    const { trail } = this.station;
    return html`<section class="card" aria-labelledby="trail-title">
      <h3 id="trail-title">${t("board.trail")}</h3>
      <p class="lead">${t("board.trail.lead")}</p>
      <ul class="plain trail" tabindex="0" aria-labelledby="trail-title">${trail.map(
        (row) =>
          html`<li><time datetime=${row.at}>${when(row.at)}</time> <b>${row.alias || t("board.trail.system")}</b> ${deedInWords(row)}</li>`,
      )}</ul>
    </section>`;
  }
}

customElements.define("hl-trail", Trail);
