// Sets how long the line keeps conversations, and whether reading needs two supervisors. A shorter time also
// applies to existing conversations.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";
import { byTwo } from "../../supervision/view/by-two.js";
import { lasting } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */

const MAX_HOURS = 90 * 24;

/** @extends {Watching<Board>} */
class Keeping extends Watching {
  static properties = { ...Watching.properties, hours: { state: true }, two: { state: true } };

  constructor() {
    super();
    /** Holds the typed value; null if it is unchanged. @type {number | null} */
    this.hours = null;
    /** Holds the ticked value; null if it is unchanged. @type {boolean | null} */
    this.two = null;
  }

  render() {
    const { station: board } = this;
    const { line } = board;
    if (!line) return nothing;
    const shorter = this.hours !== null && this.hours < line.hours;
    const longer = this.hours !== null && this.hours > line.hours;
    return html`<section class="card" aria-labelledby="keeping-title">
      <h3 id="keeping-title">${t("board.keeping")}</h3>
      <p class="lead">${t("board.keeping.now", { time: lasting(line.hours) })}</p>
      <form @submit=${this.#save}>
        <label>${t("board.keeping.hours")}
          <input type="number" name="hours" min="0" max=${MAX_HOURS} step="1" required
            .value=${String(this.hours ?? Math.round(line.hours))} @input=${this.#typed}></label>
        <label class="tick"><input type="checkbox" name="two" .checked=${this.two ?? line.two} @change=${this.#ticked}> ${t("board.keeping.two")}</label>
        ${shorter ? html`<p class="banner bad" role="alert">${t("board.keeping.shorter", { line: line.name, time: lasting(this.hours ?? 0) })}</p>` : nothing}
        ${longer ? html`<p class="banner">${t("board.keeping.longer")}</p>` : nothing}
        ${longer || (line.two && this.two === false) ? byTwo(board, line.line) : nothing}
        <button type="submit" class="main" ?disabled=${board.busy || board.hindrance !== ""}>
          ${shorter ? t("board.keeping.save_shorter") : t("board.keeping.save")}</button>
      </form>
    </section>`;
  }

  /** @param {Event} event */
  #typed = (event) => {
    const typed = /** @type {HTMLInputElement} */ (event.target).valueAsNumber;
    this.hours = Number.isNaN(typed) ? null : typed;
  };

  /** @param {Event} event */
  #ticked = (event) => {
    this.two = /** @type {HTMLInputElement} */ (event.target).checked;
  };

  /** @param {SubmitEvent} event */
  #save = async (event) => {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const two = fields.has("two");
    this.hours = null;
    await this.station.approvals.keep(this.station.chosen, Number(fields.get("hours")), two);
    // A change that waits for approval does not apply yet, so the checkbox shows the current value again, unless
    // somebody has ticked it in the meantime.
    if (this.two === two) this.two = null;
  };
}

customElements.define("hl-keeping", Keeping);
