// Shows above every tab what needs the supervisor now: alerts, and calls of colleagues who ask the supervisor to join.
import { t } from "../../../shared/text.js";
import { ringsAcute } from "../../../staff/acute.js";
import { stopwatch } from "../../../staff/durations.js";
import { Ticking } from "../../../staff/elements.js";
import { isPractice } from "../../../staff/practice-line.js";
import { html, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/live-floor.js").Invitation} Invitation */

/** These alerts have a row on the first tab. */
const LISTED = ["acute", "waiting", "wait", "urgent", "nobody"];
/** These are mended where people are listed. */
const OF_SIGNATURES = ["uncertified", "review_key", "letters_key", "certificates"];

/** @extends {Ticking<Board>} */
class Calls extends Ticking {
  static properties = { ...Ticking.properties, listed: { type: Boolean } };

  constructor() {
    super();
    /** Is true if the open tab lists the situations that need somebody. The alerts are then repeated here for screen readers only. */
    this.listed = false;
  }

  render() {
    return html`${this.#alerts()} ${[...this.station.floor.rings.values()].map((ring) => this.#ring(ring))}`;
  }

  /** Shows the alerts. Screen readers announce when one begins or ends, but not how long it has lasted. */
  #alerts() {
    const { floor } = this.station;
    return html`<div role="status" aria-label=${t("board.alerts")}>
      ${floor.alerts.length ? html`<ul class="alerts plain">${floor.alerts.map((alert) => this.#alert(alert))}</ul>` : nothing}
    </div>`;
  }

  /** @param {string} alert */
  #alert(alert) {
    const [line, code] = alert.split(" ");
    const { nameOf } = this.station.floor;
    return inWords([line, code], nameOf, this.listed && LISTED.includes(code));
  }

  /** @param {Invitation} ring */
  #ring(ring) {
    const { from, line, expires } = ring;
    const { floor } = this.station;
    const left = expires ? Date.parse(expires) - floor.now() : 0;
    const acute = ringsAcute(ring);
    const practice = isPractice(line);
    const asks = practice ? "board.ring.asks.practice" : acute ? "board.ring.asks.acute" : "board.ring.asks";
    return html`<section class="ring ${acute ? "acute" : ""}" aria-label=${t("board.ring")}>
      <p>${acute ? html`<span class="chip red">${t("board.mark.acute")}</span>` : nothing}
        ${t(asks, { name: from, line: floor.nameOf(line) })} <span class="num">${stopwatch(left)}</span></p>
      <p class="aside">${t(practice ? "board.ring.how.practice" : "board.ring.how")}</p>
      <a class="button" href="/console/">${t("board.ring.open")}</a>
    </section>`;
  }
}

/** @param {string[]} alert  line and code @param {(line: string) => string} nameOf @param {boolean} unseen */
const inWords = (
  [line, code],
  nameOf,
  unseen,
) => html`<li class=${unseen ? "unseen" : nothing}><b>${t("board.alert")}</b> ${words(code, t(`board.alert.${code}`, { line: nameOf(line) }), unseen)}
  ${OF_SIGNATURES.includes(code) ? html`<a href="#mensen">${t("board.alert.signatures")}</a>` : nothing}</li>`;

/** Renders an alert, as a link to its row on the first tab if it has one. @param {string} code @param {string} said @param {boolean} unseen */
const words = (code, said, unseen) =>
  LISTED.includes(code) && !unseen ? html`<a href="#nu">${said}</a>` : said;

customElements.define("hl-calls", Calls);
