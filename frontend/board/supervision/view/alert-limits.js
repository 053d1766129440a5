// Sets the thresholds of a line's alerts: a number of waiting callers, or a waiting time.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { codeOf } from "../../../staff/problems.js";
import { html, nothing } from "../../../vendor/lit.js";
import { unloaded } from "../../unloaded.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../../../shared/protocol.d.ts").AlertingOk} Limits */

const FIELDS = /** @type {const} */ ([
  { name: "waiting", most: 100_000 },
  { name: "minutes", most: 24 * 60 },
]);

/** @extends {Watching<Board>} */
class Alerting extends Watching {
  static properties = {
    ...Watching.properties,
    ...{ limits: { state: true }, saved: { state: true }, refused: { state: true } },
  };
  #line = "";

  constructor() {
    super();
    /** Holds the saved limits. @type {Limits | null} */
    this.limits = null;
    this.saved = false;
    this.refused = "";
  }

  willUpdate() {
    if (this.#line === this.station.chosen) return;
    this.#line = this.station.chosen;
    this.load();
  }

  async load() {
    const line = this.#line;
    Object.assign(this, { limits: null, saved: false, refused: "" });
    try {
      const limits = await this.station.request("alerting", { line });
      if (line === this.#line) this.limits = limits;
    } catch (error) {
      if (line === this.#line) this.refused = codeOf(error);
    }
  }

  render() {
    const { station: board, limits, saved } = this;
    return html`<section class="card" aria-labelledby="alerting-title">
      <h3 id="alerting-title">${t("board.alerting")}</h3>
      <p class="lead">${t("board.alerting.lead")}</p>
      ${
        limits
          ? html`<form @submit=${this.#save}>
        ${FIELDS.map(
          ({ name, most }) => html`<label>${t(`board.alerting.${name}`)}
          <input type="number" name=${name} min="1" max=${most} step="1" .value=${String(limits[name] ?? "")}></label>`,
        )}
        <p class="aside">${t("board.alerting.empty")} ${t(limits.told ? "board.alerting.told" : "board.alerting.not_told")}</p>
        <p class="actions">
          <button type="submit" class="main" ?disabled=${board.busy || board.hindrance !== ""}>${t("board.alerting.save")}</button>
          <span role="status" class="saved">${saved ? t("board.alerting.saved") : nothing}</span>
        </p>
      </form>`
          : unloaded(this, "board.alerting.loading")
      }
    </section>`;
  }

  /** If the server refuses, the typed values stay. @param {SubmitEvent} event */
  #save = async (event) => {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const [waiting, minutes] = FIELDS.map(({ name }) => Number(fields.get(name)) || null);
    const line = this.#line;
    this.saved = false;
    await this.station.act(async () => {
      const limits = await this.station.request("setalerting", { line, waiting, minutes });
      if (line === this.#line) Object.assign(this, { limits, saved: true });
    });
  };
}

customElements.define("hl-alerting", Alerting);
