// The first tab: each line with its sums, its queue, its people and its day.
import { t, tn } from "../../../shared/text.js";
import { Ticking } from "../../../staff/elements.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { handOver } from "../../care/view/hand-over.js";
import { waitsForYou } from "../../care/view/waits-for-you.js";
import { behindTogether, together } from "../model/line-figures.js";
import { beginHere } from "./begin-here.js";
import "./day-curve.js";
import { lineState, openOrClose } from "../../lines/view/open-close-line.js";
import { queue } from "../../queue/view/queue-table.js";
import { figures, meanings } from "./figure-tiles.js";
import { people } from "./people-on-duty.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/live-floor.js").BoardLine} BoardLine */
/** @typedef {import("../model/live-floor.js").FloorLine} FloorLine */
/** @typedef {import("./confirm-dialog.js").Acting} Acting */

/** @extends {Ticking<Board>} */
class Live extends Ticking {
  static properties = { ...Ticking.properties, whole: { state: true } };

  constructor() {
    super();
    /** The lines whose whole queue is shown. @type {string[]} */
    this.whole = [];
    this.addEventListener("action", (event) => this.#ask(/** @type {CustomEvent} */ (event).detail));
  }

  render() {
    const { station: board } = this;
    const { lines } = board.floor;
    if (!lines.length) return html`<p class="nothing">${t(whyNothing(board))}</p>`;
    return html`
      <h2 class="unseen">${t("board.tab.nu")}</h2>
      ${beginHere(board)} ${waitsForYou(board)}
      ${lines.length > 1 ? this.#together(lines) : nothing}
      ${repeat(
        lines,
        ({ line }) => line,
        (sums) => this.#line(sums),
      )}
      ${meanings()}
      <hl-acting .station=${board}></hl-acting>
    `;
  }

  /** @param {BoardLine[]} lines */
  #together(lines) {
    const { floor } = this.station;
    const behind = behindTogether([...floor.behind.values()]);
    return html`<section class="line" aria-labelledby="line-together">
      <h2 id="line-together">${t("board.together", { n: lines.length })}</h2>
      ${figures(together(lines), behind, floor.now())}
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
      ${figures(sums, behind, floor.now())}
      ${sums.letters_expired ? unanswered(board, sums) : nothing}
      ${behind?.people.length ? handOver(board, behind) : nothing}
      <div class="columns floor">
        <div>
          ${queue(board, sums, behind, this.whole.includes(sums.line), () => this.#turn(sums.line))}
          <hl-curve .station=${board} .line=${sums.line}></hl-curve>
        </div>
        <div>${board.apps.map((app) => app.besidePeople?.(sums.line, behind) ?? nothing)} ${people(board, sums, behind)}</div>
      </div>
    </section>`;
  }

  /** @param {string} line */
  #turn(line) {
    const others = this.whole.filter((other) => other !== line);
    this.whole = others.length < this.whole.length ? others : [...others, line];
  }

  /** @param {import("./confirm-dialog.js").Action} action */
  #ask(action) {
    /** @type {Acting | null} */ (this.querySelector("hl-acting"))?.ask(action);
  }
}

/** Somebody has to know, also when nobody can answer any more. @param {import("../../board.js").Board} board @param {BoardLine} sums */
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
