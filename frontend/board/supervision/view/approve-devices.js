// Lists the devices. A device is approved only after its eight words were read out and compared. Revoking takes effect
// immediately, unless the device belongs to another supervisor.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { folded } from "../../../staff/folded.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { dayAndYear, when } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../../board.js").DeviceRow} DeviceRow */

/** A button never turns into that of another device just before it is pressed. @param {DeviceRow[]} rows @param {(row: DeviceRow) => unknown} shown */
const keyed = (rows, shown) => repeat(rows, ({ id }) => id, shown);

/** @extends {Watching<Board>} */
class Devices extends Watching {
  static properties = { ...Watching.properties, revoking: { state: true }, query: { state: true } };

  constructor() {
    super();
    /** Identifies the device whose revocation has to be confirmed. */
    this.revoking = "";
    this.query = "";
  }

  render() {
    const { station: board } = this;
    const order = ["pending", "approved", "revoked"];
    const rows = board.devices
      .filter(({ alias, label, key }) => found(`${alias} ${label} ${board.wordsOf(key)}`, this.query))
      .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.used.localeCompare(a.used));
    return html`<section class="card" aria-labelledby="devices-title">
      <h3 id="devices-title">${t("board.devices")}</h3>
      <p class="lead">${t("board.devices.lead")}</p>
      <label class="search">${t("board.devices.search")}
        <input type="search" .value=${this.query} @input=${(/** @type {Event} */ event) => {
          this.query = /** @type {HTMLInputElement} */ (event.target).value;
        }}></label>
      ${rows.length ? html`<ul class="rows">${keyed(rows, (row) => this.#row(row))}</ul>` : html`<p>${t(this.query ? "board.devices.not_found" : "board.devices.none")}</p>`}
    </section>`;
  }

  /** @param {DeviceRow} row */
  #row(row) {
    const { id, state, alias, label, key, person, enrolled, used } = row;
    const own = this.station.isOwn(key);
    const takesTwo = this.station.me?.id !== person && this.station.supervises(person);
    return html`<li data-device=${id} class=${`device ${state}`}>
      <p class="what"><b>${alias}</b> · ${label}${own ? html` · <b>${t("board.devices.this")}</b>` : nothing}</p>
      <p class="state">${t(`board.device.${state}`)} · ${t("board.device.dates", { made: when(enrolled), used: when(used) })}</p>
      ${state === "revoked" ? nothing : html`<p class="words" lang="en">${this.station.wordsOf(key)}</p>`}
      ${state === "revoked" ? nothing : this.#certified(id)}
      <p class="actions">${this.#actions(row, takesTwo)}</p>
    </li>`;
  }

  /** Shows the lines for which a device is certified. @param {string} id */
  #certified(id) {
    const { certifying } = this.station;
    if (!certifying.begun) return nothing;
    return html`<ul class="certified plain">${certifying.needsOf(id).map((need) => {
      const state = certifying.stateOf(need);
      return html`<li class=${state}>${t(`board.certified.${state}`, { name: need.name, when: dayAndYear(need.until) })}</li>`;
    })}</ul>`;
  }

  /** @param {DeviceRow} row @param {boolean} takesTwo  whether the device is another supervisor's */
  #actions(row, takesTwo) {
    const { station: board } = this;
    const { id, state } = row;
    const signs = board.certifying.canSign(id);
    if (state === "revoked") return nothing;
    if (this.revoking === id && state === "pending") return this.#differs(row);
    if (this.revoking === id)
      return html`
        <span class="aside">${t(takesTwo ? "board.device.takes_two" : "board.device.if_lost")}</span>
        <button type="button" class="bad" @click=${() => this.#revoke(id)}>${t(takesTwo ? "board.device.revoke_ask" : "board.device.revoke_sure")}</button>
        <button type="button" class="bad" @click=${() => this.#revoke(id, true)}>${t("board.device.lost")}</button>
        <button type="button" class="quiet" @click=${() => this.#ask("")}>${t("board.cancel")}</button>`;
    return html`
      ${
        state === "pending" || signs || board.certifying.canSignToo(id)
          ? html`<button type="button" class=${state === "pending" || signs ? "main" : "quiet"} ?disabled=${board.busy || board.hindrance !== ""} @click=${() => board.certifying.approve(row)}>${t(`board.device.${state === "pending" ? (signs ? "approve_sign" : "approve") : signs ? "sign" : "sign_too"}`)}</button>`
          : nothing
      }
      <button type="button" class="quiet" ?disabled=${board.busy} @click=${() => this.#ask(id)}>${t(state === "pending" ? "board.news.differ" : "board.device.revoke")}</button>`;
  }

  /** If the words differ, the person on the telephone may be an impostor. The notice above every tab says so, too. @param {DeviceRow} row */
  #differs(row) {
    const { news } = this.station;
    if (news.refused.has(row.id)) return html`<span class="aside">${t("board.news.waits")}</span>`;
    return html`
      <span class="aside">${t("board.news.differ_why", { name: row.alias })}</span>
      <button type="button" class="bad" ?disabled=${news.acting} @click=${() => news.refuse(row)}>${t("board.news.revoke")}</button>
      <button type="button" class="quiet" @click=${() => this.#ask("")}>${t("board.news.look_again")}</button>`;
  }

  /** @param {string} id */
  #ask(id) {
    this.revoking = id;
  }

  /** @param {string} id @param {boolean} [lost] */
  #revoke(id, lost = false) {
    this.revoking = "";
    this.station.approvals.revoke(id, lost);
  }
}

/** Returns whether the text contains each typed word. @param {string} text @param {string} query */
const found = (text, query) =>
  folded(query)
    .split(/\s+/)
    .every((word) => folded(text).includes(word));

customElements.define("hl-devices", Devices);
