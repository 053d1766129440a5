// Shows the board on a television: large and dark, with only a link back to the board. It says clearly if it
// is not current.
import { clock, t } from "../../../shared/text.js";
import { stopwatch } from "../../../staff/durations.js";
import { given, Ticking } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";
import { isAlerted, tiles } from "./figure-tiles.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/live-floor.js").BoardLine} BoardLine */

/** @extends {Ticking<Board>} */
class Wall extends Ticking {
  static properties = { ...Ticking.properties, alarm: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../model/alarm-sound.js").Alarm} */
    this.alarm = given;
  }

  render() {
    const { station: board, alarm } = this;
    const { floor } = board;
    const isKnown = floor.isKnown && floor.lines.length > 0 && board.connection === "open";
    return html`<div class="wall">
      <h2 class="unseen">${t("board.wall")}</h2>
      <div class="wall-lines" data-many=${floor.lines.length > 1 ? "" : nothing}>
        ${floor.lines.map((sums) => this.#line(sums))}
      </div>
      <p class="wall-foot">
        <span role="status">${isKnown ? "" : html`<b class="stale">${t("board.wall.stale")}</b>`}
          ${alarm.on && alarm.blocked ? html`<b class="stale">${t("board.wall.mute")}</b>` : nothing}</span>
        <time class="num">${clock(new Date(floor.now()).toISOString())}</time>
        <a href="#nu">${t("board.wall.leave")}</a>
      </p>
    </div>`;
  }

  /** @param {BoardLine} sums */
  #line(sums) {
    const { floor } = this.station;
    const alerts = floor.alertsOf(sums.line);
    return html`<section class="wall-line">
      <div class="wall-head">
        <h3>${floor.nameOf(sums.line)}</h3>
        <span class=${`chip ${sums.state}`}>${t(`board.wall.${sums.state}`)}</span>
        <div role="status">${alerts.length ? html`<ul class="plain">${alerts.map((code) => html`<li class="wall-alert">${t(`board.wall.alert.${code}`)}</li>`)}</ul>` : nothing}</div>
      </div>
      <dl>
        ${tiles(sums, (time) => stopwatch(floor.now() - Date.parse(time))).map(
          ({ name, value, aside }) => html`<div class=${isAlerted(name, alerts) ? "tile alert" : "tile"}>
            <dt>${t(`board.figure.${name}`)}</dt>
            <dd><b class=${String(value).length > 5 ? "num long" : "num"}>${value}</b> <span>${aside}</span></dd>
          </div>`,
        )}
      </dl>
    </section>`;
  }
}

customElements.define("hl-wall", Wall);
