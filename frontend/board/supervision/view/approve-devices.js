// Devices: approved only after its eight words were read out and heard; revoked at once.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../../board.js").DeviceRow} DeviceRow */

/** @extends {Watching<Board>} */
class Devices extends Watching {
  static properties = { ...Watching.properties, revoking: { state: true } };

  constructor() {
    super();
    /** The device that is about to be revoked. */
    this.revoking = "";
  }

  render() {
    const { station: board } = this;
    const order = ["pending", "approved", "revoked"];
    const rows = [...board.devices].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
    return html`<section class="card" aria-labelledby="devices-title">
      <h3 id="devices-title">${t("board.devices")}</h3>
      <p class="lead">${t("board.devices.lead")}</p>
      ${rows.length ? html`<ul class="rows">${rows.map((row) => this.#row(row))}</ul>` : html`<p>${t("board.devices.none")}</p>`}
    </section>`;
  }

  /** @param {DeviceRow} row */
  #row({ id, state, alias, label, key }) {
    const own = this.station.isOwn(key);
    return html`<li data-device=${id} class=${`device ${state}`}>
      <p class="what"><b>${alias}</b> · ${label}${own ? html` · <b>${t("board.devices.this")}</b>` : nothing}</p>
      <p class="state">${t(`board.device.${state}`)}</p>
      ${state === "revoked" ? nothing : html`<p class="words" lang="en">${this.station.wordsOf(key)}</p>`}
      <p class="deeds">${this.#deeds(id, state)}</p>
    </li>`;
  }

  /** @param {string} id @param {string} state */
  #deeds(id, state) {
    const { station: board } = this;
    if (state === "revoked") return nothing;
    if (this.revoking === id)
      return html`
        <button type="button" class="bad" @click=${() => this.#revoke(id)}>${t("board.device.revoke_sure")}</button>
        <button type="button" class="quiet" @click=${() => this.#ask("")}>${t("board.cancel")}</button>`;
    return html`
      ${
        state === "pending"
          ? html`<button type="button" class="main" ?disabled=${board.busy || board.hindrance !== ""} @click=${() => board.approve(id)}>${t("board.device.approve")}</button>`
          : nothing
      }
      <button type="button" class="quiet" ?disabled=${board.busy} @click=${() => this.#ask(id)}>${t("board.device.revoke")}</button>`;
  }

  /** @param {string} id */
  #ask(id) {
    this.revoking = id;
  }

  /** @param {string} id */
  #revoke(id) {
    this.revoking = "";
    this.station.revoke(id);
  }
}

customElements.define("hl-devices", Devices);
