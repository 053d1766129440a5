// Renders the left column: duty, the queues of the person's lines, the next caller, and the person's conversations.
import { t } from "../shared/text.js";
import { Ticking } from "../staff/elements.js";
import { html, nothing } from "../vendor/lit.js";
import { today } from "./care/view/own-care.js";
import { list } from "./conversation/view/conversation-list.js";
import { countByHand } from "./figures/view/by-hand.js";
import { shelves } from "./letters/view/shelf.js";
import { queues } from "./queue/view/queue.js";
import { duty } from "./staff/view/duty-switch.js";

/** @typedef {import("./console.js").Console} Console */

/** @extends {Ticking<Console>} */
class Left extends Ticking {
  render() {
    const desk = this.station;
    return html`
      ${desk.me && !desk.onlyJoins ? duty(desk) : nothing} ${desk.mode === "console" ? today(desk) : nothing}
      ${desk.mode === "partner" ? nothing : queues(desk)}
      ${desk.takesCallers ? shelves(desk) : nothing}
      <section class="mine" aria-labelledby="own-title">
        <h2 id="own-title">${t("console.conversations")}</h2>
        ${list(desk)}
      </section>
      ${countByHand(desk)}
      <div class="tools">
        ${desk.apps.map((app) => app.tools?.() ?? nothing)}
        <button type="button" class="quiet" data-opens="help">${t("console.help")}</button>
        <button type="button" class="quiet" data-opens="settings">${t("console.settings")}</button>
      </div>
    `;
  }
}

customElements.define("hl-left", Left);
