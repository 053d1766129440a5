// Shows the first tab: each line with its sums, its queue, its people and its day.
import { t, tn } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { handOver } from "../../care/view/hand-over.js";
import { waitsForYou } from "../../care/view/waits-for-you.js";
import { behindTogether, together } from "../model/line-figures.js";
import { beginHere } from "./begin-here.js";
import "./day-curve.js";
import "./last-day.js";
import { lineState, openOrClose } from "../../lines/view/open-close-line.js";
import { queue } from "../../queue/view/queue-table.js";
import { large, meanings, small } from "./figure-tiles.js";
import { neededNowList } from "./needed-now.js";
import { people } from "./people-on-duty.js";
import { tickAll } from "./since-clock.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/live-floor.js").BoardLine} BoardLine */
/** @typedef {import("./confirm-dialog.js").Acting} Acting */

/** On a busy evening two frames and several bells arrive each second. One update serves all of them. */
const LOOK_MS = 500;
/** The groups by waiting time change as time passes, even without news from the server, so they are updated this often. */
const AGES_MS = 15_000;

/** @extends {Watching<Board>} */
class Live extends Watching {
  static properties = { ...Watching.properties, whole: { state: true } };
  #lookedAt = 0;
  #hurry = () => {};
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  constructor() {
    super();
    /** Holds the names of the parts that are shown in full: a line's queue or people, or all needs. @type {string[]} */
    this.whole = [];
    this.addEventListener("action", (event) => this.#ask(/** @type {CustomEvent} */ (event).detail));
  }

  connectedCallback() {
    super.connectedCallback();
    this.#timer = setInterval(() => this.requestUpdate(), AGES_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  /** Shows the supervisor's own actions immediately, and the server's news at most twice a second. */
  async scheduleUpdate() {
    const early = this.#lookedAt + LOOK_MS - performance.now();
    if (early > 0) await new Promise((done) => this.#wait(early, () => done(null)));
    this.#lookedAt = performance.now();
    super.scheduleUpdate();
  }

  render() {
    const { station: board } = this;
    const { lines } = board.floor;
    if (!lines.length) return html`<p class="nothing">${t(whyNothing(board))}</p>`;
    const { isUrgent } = board.begin; // an alarm never changes the place of the list
    const busy = lines.some(({ waiting, active }) => waiting + active > 0);
    return html`<div class=${board.floor.isKnown ? "live" : "live unknown"}>
      <h2 class="unseen">${t("board.tab.nu")}</h2>
      ${neededNowList(board, ...this.#whole("needs"))}
      ${isUrgent ? beginHere(board, busy) : nothing} ${waitsForYou(board)}
      ${lines.length > 1 ? this.#together(lines) : nothing}
      ${repeat(
        lines,
        ({ line }) => line,
        (sums) => this.#line(sums),
      )}
      <hl-last-day .station=${board}></hl-last-day>
      ${isUrgent ? nothing : beginHere(board, busy)} ${meanings()}
      <hl-acting .station=${board}></hl-acting>
    </div>`;
  }

  /** @param {BoardLine[]} lines */
  #together(lines) {
    const { floor } = this.station;
    const all = [...floor.behind.values()];
    const [sums, behind] = [together(lines, all), behindTogether(all)];
    return html`<section class="line" aria-labelledby="line-together">
      <h2 id="line-together">${t("board.together", { n: lines.length })}</h2>
      ${large(sums, behind, floor)} ${small(sums, behind)}
    </section>`;
  }

  /** @param {BoardLine} sums */
  #line(sums) {
    const { station: board } = this;
    const { floor } = board;
    const behind = floor.behind.get(sums.line);
    const id = `line-${sums.line}`;
    return html`<section class="line" data-line=${sums.line} aria-labelledby=${id}>
      <div class="line-head">
        <h2 id=${id}>${floor.nameOf(sums.line)}</h2>
        ${lineState(sums, behind)}
        ${behind ? openOrClose(sums, behind, board.connection !== "open") : nothing}
      </div>
      ${large(sums, behind, floor)}
      ${sums.letters_expired ? unanswered(board, sums) : nothing}
      <div class="columns floor">
        <div>
          ${queue(board, sums, behind, ...this.#whole(`queue ${sums.line}`))}
        </div>
        <div>${board.apps.map((app) => app.besidePeople?.(sums.line, behind) ?? nothing)} ${people(board, sums, behind, ...this.#whole(`people ${sums.line}`))}
          ${behind?.people.length ? handOver(board, behind) : nothing}</div>
      </div>
      ${small(sums, behind)}
      <hl-curve .station=${board} .line=${sums.line}></hl-curve>
    </section>`;
  }

  /** @param {number} ms @param {() => void} done */
  #wait(ms, done) {
    const timer = setTimeout(done, ms);
    this.#hurry = () => {
      clearTimeout(timer);
      done();
    };
  }

  /** Stopped clocks must show the moment at which they stopped, and not their last tick. */
  updated() {
    if (!this.station.floor.isKnown) tickAll();
  }

  /** Returns whether a part is shown in full, and a function that toggles it. @param {string} part @returns {[boolean, () => void]} */
  #whole(part) {
    return [this.whole.includes(part), () => this.#turn(part)];
  }

  /** @param {string} part */
  #turn(part) {
    const others = this.whole.filter((other) => other !== part);
    this.whole = others.length < this.whole.length ? others : [...others, part];
    this.#lookedAt = 0;
    this.#hurry();
  }

  /** @param {import("./confirm-dialog.js").Action} action */
  #ask(action) {
    /** @type {Acting | null} */ (this.querySelector("hl-acting"))?.ask(action);
  }
}

/** Shows that letters expired. Somebody has to know, even though nobody can answer them any more. @param {import("../../board.js").Board} board @param {BoardLine} sums */
const unanswered = (
  { letters, busy, hindrance },
  { line, letters_expired: many },
) => html`<div class="banner" data-figure="letters-expired">
  <p><b>${tn("board.letters.expired", many)}</b> ${t("board.letters.expired.why")}</p>
  <button type="button" class="quiet" ?disabled=${busy || hindrance !== ""} @click=${() => letters.acknowledge(line)}>${t("board.letters.expired.seen")}</button>
</div>`;

/** @param {import("../../board.js").Board} board */
const whyNothing = ({ me }) =>
  !me ? "board.connecting" : me.lines.length ? "board.no_sums" : "board.no_line";

customElements.define("hl-live", Live);
