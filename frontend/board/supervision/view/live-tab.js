// The first tab: each line with its sums, its queue, its people and its day.
import { t, tn } from "../../../shared/text.js";
import { Ticking } from "../../../staff/elements.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { behindTogether, together } from "../model/line-figures.js";
import { ask } from "./confirm-dialog.js";
import "./day-curve.js";
import { queue } from "../../queue/view/queue-table.js";
import { figures } from "./figure-tiles.js";
import { people } from "./people-on-duty.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/live-floor.js").Sums} Sums */
/** @typedef {import("../model/live-floor.js").Behind} Behind */
/** @typedef {import("./confirm-dialog.js").Acting} Acting */

/** @extends {Ticking<Board>} */
class Live extends Ticking {
  static properties = { ...Ticking.properties, whole: { state: true } };

  constructor() {
    super();
    /** The lines whose whole queue is shown. @type {string[]} */
    this.whole = [];
    this.addEventListener("deed", (event) => this.#ask(/** @type {CustomEvent} */ (event).detail));
  }

  render() {
    const { station: board } = this;
    const { lines } = board.floor;
    if (!lines.length) return html`<p class="nothing">${t(whyNothing(board))}</p>`;
    return html`
      <h2 class="unseen">${t("board.tab.nu")}</h2>
      ${lines.length > 1 ? this.#together(lines) : nothing}
      ${repeat(
        lines,
        ({ line }) => line,
        (sums) => this.#line(sums),
      )}
      <hl-acting .station=${board}></hl-acting>
    `;
  }

  /** @param {Sums[]} lines */
  #together(lines) {
    const { floor } = this.station;
    const behind = behindTogether([...floor.behind.values()]);
    return html`<section class="line" aria-labelledby="line-together">
      <h2 id="line-together">${t("board.together", { n: lines.length })}</h2>
      ${figures(together(lines), behind, floor.now())}
    </section>`;
  }

  /** @param {Sums} sums */
  #line(sums) {
    const { station: board } = this;
    const { floor } = board;
    const behind = floor.behind.get(sums.line);
    const id = `line-${sums.line}`;
    return html`<section class="line" data-line=${sums.line} aria-labelledby=${id}>
      <div class="line-head">
        <h2 id=${id}>${floor.nameOf(sums.line)}</h2>
        ${state(sums, behind)}
        ${behind ? steering(sums, behind, board.connection !== "open") : nothing}
      </div>
      ${figures(sums, behind, floor.now())}
      <div class="columns floor">
        <div>
          ${queue(board, sums, behind, this.whole.includes(sums.line), () => this.#turn(sums.line))}
          <hl-curve .station=${board} .line=${sums.line}></hl-curve>
        </div>
        ${people(board, sums, behind)}
      </div>
    </section>`;
  }

  /** @param {string} line */
  #turn(line) {
    const others = this.whole.filter((other) => other !== line);
    this.whole = others.length < this.whole.length ? others : [...others, line];
  }

  /** @param {import("./confirm-dialog.js").Deed} deed */
  #ask(deed) {
    /** @type {Acting | null} */ (this.querySelector("hl-acting"))?.ask(deed);
  }
}

/** @param {import("../../board.js").Board} board */
const whyNothing = ({ me }) =>
  !me ? "board.connecting" : me.lines.length ? "board.no_sums" : "board.no_line";

/** Open or closed, by whom, and what callers read. @param {Sums} sums @param {Behind} [behind] */
function state({ state }, behind) {
  const by = behind && behind.steered !== "hours" ? "hand" : "hours";
  return html`<p class="chips">
    <span class=${`chip ${state}`}>${t(`board.line.${state}.${by}`)}</span>
    ${behind && behind.most !== null ? html`<span class="chip amber">${tn("board.line.most", behind.most)}</span>` : nothing}
    ${behind?.reason ? html`<span class="told">${t("board.line.reason", { reason: behind.reason })}</span>` : nothing}
  </p>`;
}

/** @param {Sums} sums @param {Behind} behind @param {boolean} off */
function steering({ line }, behind, off) {
  const kinds = ["hours", "open", "closed"].filter((kind) => kind !== behind.steered);
  return html`<p class="deeds">
    ${[...kinds, "throttle"].map(
      (kind) => html`<button type="button" class=${kind === "closed" ? "bad" : "quiet"} ?disabled=${off}
        @click=${ask({ kind, line, behind })}>${t(`board.steer.${kind}`)}</button>`,
    )}
  </p>`;
}

customElements.define("hl-live", Live);
