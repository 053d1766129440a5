// Draws a line's day so far: how many callers waited and talked, and how many staff were on duty. A table
// below shows the same.
import { clock, t } from "../../../shared/text.js";
import { stopwatch } from "../../../staff/durations.js";
import { Watching } from "../../../staff/elements.js";
import { createRef, html, nothing, ref } from "../../../vendor/lit.js";
import Plot from "../../../vendor/uplot.js";
import { busiest, quarters } from "../model/line-figures.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/live-floor.js").Point} Point */

const SERIES = /** @type {const} */ (["waiting", "active", "on"]);
const HEIGHT = 190;
const HOUR_S = 3600; // the smallest span, so that the start of a day is not stretched
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000];
const LOOK_MS = 5000; // the time between two redraws
const LEAST = 4; // the smallest scale, so that a few callers do not fill the chart

/** @extends {Watching<Board>} */
class Curve extends Watching {
  static properties = {
    ...Watching.properties,
    ...{ line: { attribute: false }, index: { state: true }, open: { state: true } },
  };
  #box = createRef();
  /** @type {Plot | null} */
  #plot = null;
  /** @type {Point[]} */
  #points = [];
  #drawn = "";
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #sized = new ResizeObserver(() => this.#resize());
  #recolour = () => this.#plot?.redraw();

  constructor() {
    super();
    this.line = "";
    /** Holds the index of the point under the pointer. @type {number | null} */
    this.index = null;
    /** Is true if the table is unfolded. */
    this.open = false;
  }

  /** Updates immediately when the chart's own properties change. Changes of the board are shown every few seconds, and none is lost. @param {Map<PropertyKey, unknown>} changed */
  shouldUpdate(changed) {
    const early = this.#lookedAt + LOOK_MS - performance.now();
    const due = changed.size > 0 || early <= 0 || !this.#plot;
    if (due) this.#lookedAt = performance.now();
    else this.#later ??= setTimeout(this.#look, early);
    return due;
  }

  #look = () => {
    this.#later = undefined;
    this.requestUpdate();
  };

  connectedCallback() {
    super.connectedCallback();
    this.#dark.addEventListener("change", this.#recolour);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#dark.removeEventListener("change", this.#recolour);
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#forget();
  }

  render() {
    const points = this.station.floor.dayOf(this.line);
    this.#points = points;
    const id = `curve-${this.line}`;
    return html`<section class="card curve" aria-labelledby=${id}>
      <h3 id=${id}>${t("board.curve")}</h3>
      ${points.length < 2 ? html`<p class="nothing">${t("board.curve.none")}</p>` : this.#day(points)}
    </section>`;
  }

  /** @param {Point[]} points */
  #day(points) {
    const point = points[this.index ?? -1] ?? points[points.length - 1];
    const most = busiest(points);
    const summary = most ? t("board.curve.most", { n: most.waiting, time: clock(most.at) }) : "";
    return html`
      <p class="legend"><span class="num soft">${clock(point.at)}</span>
        ${SERIES.map((name) => html`<span class="key"><i class=${`swatch ${name}`}></i>${t(`board.curve.${name}`)} <b class="num">${point[name]}</b></span>`)}
      </p>
      <div class="plot" role="img" aria-label=${summary} ${ref(this.#box)}></div>
      <details @toggle=${this.#unfold}><summary>${t("board.table")}</summary>${this.open ? table(points) : nothing}</details>`;
  }

  #unfold = (/** @type {Event} */ { target }) => {
    this.open = /** @type {HTMLDetailsElement} */ (target).open;
  };

  updated() {
    const points = this.#points;
    const box = /** @type {HTMLElement | undefined} */ (this.#box.value);
    if (points.length < 2 || !box) return this.#forget();
    const { at, waiting, active, on } = points[points.length - 1];
    const drawn = [points[0].at, points.length, clock(at), waiting, active, on].join();
    if (drawn === this.#drawn && this.#plot) return;
    this.#drawn = drawn;
    if (this.#plot) this.#plot.setData(columns(points));
    else this.#draw(box, points);
  }

  /** @param {HTMLElement} box @param {Point[]} points */
  #draw(box, points) {
    const options = shape(
      () => box.closest(".curve"),
      box.clientWidth,
      (index) => {
        this.index = index;
      },
    );
    this.#plot = new Plot(options, columns(points), box);
    this.#sized.observe(box);
  }

  #resize() {
    const width = /** @type {HTMLElement | undefined} */ (this.#box.value)?.clientWidth;
    if (width && width !== this.#plot?.width) this.#plot?.setSize({ width, height: HEIGHT });
  }

  #forget() {
    this.#sized.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }
}

/** @param {Point[]} points @returns {Plot.AlignedData} */
const columns = (points) => [
  points.map(({ at }) => Date.parse(at) / 1000),
  ...SERIES.map((name) => points.map((point) => point[name])),
];

/** Reads the colours from the style sheet, by way of the legend above the chart. @param {() => Element | null} root */
const inkOf =
  (root) =>
  (/** @type {string} */ selector, /** @type {"color" | "backgroundColor" | "borderTopColor"} */ which) =>
  () => {
    const found = root()?.querySelector(selector);
    return found ? getComputedStyle(found)[which] : "";
  };

/** @param {() => Element | null} root @param {number} width @param {(index: number | null) => void} point @returns {Plot.Options} */
function shape(root, width, point) {
  const ink = inkOf(root);
  const axis = {
    stroke: ink(".plot", "color"),
    grid: { stroke: ink(".plot", "borderTopColor"), width: 1 },
    ticks: { show: false },
  };
  const line = (/** @type {string} */ name, /** @type {object} */ more = {}) => ({
    stroke: ink(`.swatch.${name}`, "color"),
    width: 2,
    points: { show: false },
    ...more,
  });
  const stepped = Plot.paths.stepped?.({ align: 1 });
  return {
    width,
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { range: (_plot, low, high) => [Math.min(low, high - HOUR_S), high] },
      y: { range: (_plot, _low, high) => [0, Math.max(LEAST, high)] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 28, space: 64, values: (_plot, ticks) => ticks.map(hour) },
      { ...axis, size: 36, incrs: STEPS },
    ],
    series: [
      {},
      line("waiting", { fill: ink(".swatch.waiting", "backgroundColor") }),
      line("active"),
      line("on", { dash: [5, 4], paths: stepped }),
    ],
    hooks: { setCursor: [({ cursor }) => point(cursor.idx ?? null)] },
  };
}

/** @param {number} seconds */
const hour = (seconds) => clock(new Date(seconds * 1000).toISOString());

/** @param {Point[]} points */
const table = (
  points,
) => html`<div class="scroll" tabindex="0" role="region" aria-label=${t("board.curve")}><table class="floor-table">
  <thead><tr>
    <th scope="col">${t("board.curve.from")}</th>
    ${[...SERIES, "longest"].map((name) => html`<th scope="col" class="num">${t(`board.curve.${name}`)}</th>`)}
  </tr></thead>
  <tbody>${quarters(points).map(
    ({ at, waiting, active, on, longest }) => html`<tr>
      <th scope="row" class="num">${clock(at)}</th>
      <td class="num">${waiting}</td><td class="num">${active}</td><td class="num">${on}</td>
      <td class="num">${longest ? stopwatch(longest * 1000) : nothing}</td>
    </tr>`,
  )}</tbody>
</table></div>`;

customElements.define("hl-curve", Curve);
