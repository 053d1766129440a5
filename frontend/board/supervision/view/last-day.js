// Shows what happened in the last day, for a supervisor who was not there. The data is fetched when the card is
// unfolded.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { codeOf } from "../../../staff/problems.js";
import { html, nothing } from "../../../vendor/lit.js";
import { unloaded } from "../../unloaded.js";
import { when } from "../../words.js";
import { factsOf, graveOf } from "../model/last-day.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../../../shared/protocol.d.ts").LastDayLine} LastDayLine */
/** @typedef {import("../../../shared/protocol.d.ts").LastDayOk} LastDayOk */

/** @extends {Watching<Board>} */
class LastDay extends Watching {
  static properties = { ...Watching.properties, found: { state: true }, refused: { state: true } };

  constructor() {
    super();
    /** @type {LastDayOk | null} */
    this.found = null;
    this.refused = "";
  }

  render() {
    const { found } = this;
    return html`<details class="card last-day" @toggle=${this.#turn}>
      <summary><h2>${t("board.last_day")}</h2></summary>
      ${found ? html`<p class="lead">${t("board.last_day.since", { when: when(found.since) })}</p> ${found.lines.map((line) => this.#line(line))}` : unloaded(this, "board.last_day.fetching")}
    </details>`;
  }

  /** @param {LastDayLine} day */
  #line(day) {
    const { floor } = this.station;
    return html`<section aria-label=${floor.nameOf(day.line)} data-day=${day.line}>
      ${floor.lines.length > 1 ? html`<h3>${floor.nameOf(day.line)}</h3>` : nothing}
      <ul>${[...factsOf(day), ...graveOf(day)].map((said) => html`<li>${said}</li>`)}</ul>
    </section>`;
  }

  /** Fetches the sums each time the list is unfolded. @param {Event} event */
  #turn = (event) => {
    if (/** @type {HTMLDetailsElement} */ (event.target).open) this.load();
  };

  async load() {
    Object.assign(this, { found: null, refused: "" });
    try {
      this.found = await this.station.request("lastday");
    } catch (error) {
      this.refused = codeOf(error);
    }
  }
}

customElements.define("hl-last-day", LastDay);
