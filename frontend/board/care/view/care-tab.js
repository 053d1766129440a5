// Shows the tab of care for the staff: who wants to talk, each person's load, and the limits for a shift.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";
import { when } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/team-care.js").DebriefRow} DebriefRow */
/** @typedef {import("../model/team-care.js").Carried} Carried */

const MOST = 1000;
const LOOKS_EVERY = 60_000; // milliseconds between two fetches: the tab may stay open for a whole evening

/** @extends {Watching<Board>} */
class Care extends Watching {
  static properties = { ...Watching.properties, saved: { state: true } };
  #line = "";
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #looking;

  constructor() {
    super();
    this.saved = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#looking = setInterval(() => this.#line && this.station.care.lookAt(this.#line), LOOKS_EVERY);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#looking);
  }

  willUpdate() {
    if (this.#line === this.station.chosen) return;
    this.#line = this.station.chosen;
    this.saved = false;
    this.station.care.lookAt(this.#line);
  }

  render() {
    const { station: board } = this;
    const carried = board.care.carried.get(this.#line);
    return html`<div class="line-head"><h2>${t("board.tab.zorg")}</h2></div>
      <div class="columns">
        <div class="wide-column">${debriefs(board)} ${carried ? burdens(board, carried) : nothing}</div>
        <div class="narrow-column">${carried ? this.#limits(board, carried) : nothing}</div>
      </div>`;
  }

  /** @param {Board} board @param {Carried} carried */
  #limits(board, { most_talks: talks, most_heavy: heavy }) {
    return html`<section class="card" aria-labelledby="limits-title">
      <h3 id="limits-title">${t("board.limits")}</h3>
      <p class="lead">${t("board.limits.lead")}</p>
      <form @submit=${this.#save}>
        ${number("talks", talks)} ${number("heavy", heavy)}
        <p class="aside">${t("board.limits.empty")}</p>
        <p class="actions">
          <button type="submit" class="main" ?disabled=${board.busy || board.hindrance !== ""}>${t("board.limits.save")}</button>
          <span role="status" class="saved">${this.saved ? t("board.limits.saved") : nothing}</span>
        </p>
      </form>
    </section>`;
  }

  /** Saves the limits. If the server refuses, the typed values stay. @param {SubmitEvent} event */
  #save = async (event) => {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const [talks, heavy] = ["talks", "heavy"].map((name) => Number(fields.get(name)) || null);
    this.saved = false;
    await this.station.care.setLimits(this.#line, talks, heavy);
    this.saved = this.station.problem === "";
  };
}

/** @param {string} name @param {number | null} value */
const number = (name, value) => html`<label>${t(`board.limits.${name}`)}
  <input type="number" name=${name} min="1" max=${MOST} step="1" .value=${String(value ?? "")}></label>`;

/** @param {Board} board */
const debriefs = (board) => html`<section class="card" aria-labelledby="debriefs-title">
  <h3 id="debriefs-title">${t("board.debriefs")}</h3>
  <p class="lead">${t("board.debriefs.lead")}</p>
  ${board.care.debriefs.length ? html`<ul class="rows">${board.care.debriefs.map((row) => debrief(board, row))}</ul>` : html`<p class="nothing">${t("board.debriefs.none")}</p>`}
</section>`;

/** @param {Board} board @param {DebriefRow} row */
const debrief = (board, { debrief: id, alias, line, why, asked }) => html`<li data-debrief=${id}>
  <p class="what"><b>${alias}</b> · ${board.floor.nameOf(line)}</p>
  <p class="state">${t(`board.debrief.${why}`)} · <time datetime=${asked}>${when(asked)}</time></p>
  <p class="actions"><button type="button" class="main" ?disabled=${board.busy || board.hindrance !== ""}
    aria-label=${t("board.debrief.held_with", { name: alias })} @click=${() => board.care.held(id)}>${t("board.debrief.held")}</button></p>
</li>`;

/** @param {Board} board @param {Carried} carried */
const burdens = (
  board,
  { people, most_talks: talks, most_heavy: heavy },
) => html`<section class="card" aria-labelledby="carried-title">
  <h3 id="carried-title">${t("board.carried", { line: board.line?.name ?? "" })}</h3>
  <p class="lead">${t("board.carried.lead")}</p>
  <div class="scrolls" tabindex="0" role="group" aria-labelledby="carried-title"><table class="floor-table carried">
    <thead>
      <tr><th scope="col">${t("board.carried.who")}</th>
        ${["talks_today", "heavy_today", "talks", "heavy"].map((name) => html`<th scope="col" class="num">${t(`board.carried.${name}`)}</th>`)}</tr>
    </thead>
    <tbody>${people.map(
      (one) => html`<tr data-person=${one.person}>
        <th scope="row">${one.alias} ${one.wants ? html`<span class="chip amber">${t("board.carried.wants")}</span>` : nothing}</th>
        ${cell(one.talks_today, talks)} ${cell(one.heavy_today, heavy)} ${cell(one.talks)} ${cell(one.heavy)}
      </tr>`,
    )}</tbody>
  </table></div>
</section>`;

/** @param {number} value @param {number | null} [enough] */
const cell = (value, enough = null) =>
  html`<td class=${`num ${enough !== null && value >= enough ? "amber" : ""}`}>${value}${enough === null ? nothing : html` <span class="soft">/ ${enough}</span>`}</td>`;

customElements.define("hl-care", Care);
