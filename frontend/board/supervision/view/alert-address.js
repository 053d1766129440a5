// Sets the address to which the chosen line's alerts are mailed, for people who do not watch the board.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html } from "../../../vendor/lit.js";

/** @extends {Watching<import("../../board.js").Board>} */
class AlertAddress extends Watching {
  render() {
    const { station: board } = this;
    const { mail = "" } = board.approvals.alerts.find(({ line }) => line === board.chosen) ?? {};
    return html`<section class="card" aria-labelledby="alerts-title">
      <h3 id="alerts-title">${t("board.alerts_to")}</h3>
      <p class="lead">${t("board.alerts_to.lead", { line: board.line?.name ?? "" })}</p>
      <form @submit=${this.#ask}>
        <label>${t("board.contact.mail")} <input type="email" name="mail" maxlength="254" .value=${mail}></label>
        <button type="submit" class="main" ?disabled=${board.busy || board.hindrance !== ""}>${t("board.contact.ask")}</button>
      </form>
    </section>`;
  }

  /** @param {SubmitEvent} event */
  #ask = (event) => {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const { approvals, chosen } = this.station;
    approvals.setAlertMail(chosen, String(fields.get("mail") ?? "").trim());
  };
}

customElements.define("hl-alert-address", AlertAddress);
