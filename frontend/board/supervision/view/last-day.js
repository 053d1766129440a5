// Shows what happened in the last day, for a supervisor who was not there. It is fetched when it is unfolded.
import { t, tn } from "../../../shared/text.js";
import { shortly } from "../../../staff/durations.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";
import { when } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../../../shared/protocol.d.ts").LastDayLine} LastDayLine */
/** @typedef {import("../../../shared/protocol.d.ts").LastDayOk} LastDayOk */

/** @extends {Watching<Board>} */
class LastDay extends Watching {
  static properties = { ...Watching.properties, found: { state: true } };

  constructor() {
    super();
    /** @type {LastDayOk | null} */
    this.found = null;
  }

  render() {
    const { found } = this;
    return html`<details class="card last-day" @toggle=${this.#turn}>
      <summary><h2>${t("board.last_day")}</h2></summary>
      ${found ? html`<p class="lead">${t("board.last_day.since", { when: when(found.since) })}</p> ${found.lines.map((line) => this.#line(line))}` : html`<p class="nothing" role="status">${t("board.last_day.fetching")}</p>`}
    </details>`;
  }

  /** @param {LastDayLine} day */
  #line(day) {
    const { floor } = this.station;
    return html`<section aria-label=${floor.nameOf(day.line)} data-day=${day.line}>
      ${floor.lines.length > 1 ? html`<h3>${floor.nameOf(day.line)}</h3>` : nothing}
      <ul>${factsOf(day).map((said) => html`<li>${said}</li>`)}</ul>
    </section>`;
  }

  /** Fetches the sums each time the list is unfolded. @param {Event} event */
  #turn = async (event) => {
    if (!(/** @type {HTMLDetailsElement} */ (event.target).open)) return;
    this.found = await this.station.request("lastday").catch(() => null);
  };
}

/** Returns what happened, in sentences. What did not happen is left out, except that nobody came. @param {LastDayLine} day */
export function factsOf({ came, acute, answered, gave_up, refused, missed, longest, alone }) {
  const said = [tn("board.last_day.came", came)];
  if (acute) said.push(tn("board.last_day.acute", acute));
  if (came) said.push(tn("board.last_day.answered", answered));
  if (gave_up) said.push(tn("board.last_day.gave_up", gave_up));
  if (refused) said.push(tn("board.last_day.refused", refused));
  if (missed) said.push(tn("board.last_day.missed", missed));
  if (longest) said.push(t("board.last_day.longest", { time: shortly("board.lasting", longest * 1000) }));
  if (alone) said.push(t("board.last_day.alone", { time: shortly("board.lasting", alone * 1000) }));
  return said;
}

customElements.define("hl-last-day", LastDay);
