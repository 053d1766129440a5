// Shows the line's review key. Supervisors make the key here, share it with another supervisor, or change it.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";
import { whoMay } from "../../supervision/view/two-persons.js";
import { when } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/line-keys.js").KeyDevice} KeyDevice */

/** @extends {Watching<Board>} */
class Keys extends Watching {
  static properties = { ...Watching.properties, compared: { state: true }, changing: { state: true } };

  constructor() {
    super();
    /** Identifies the device whose words were compared. */
    this.compared = "";
    this.changing = false;
  }

  render() {
    const { station: board } = this;
    return html`<section class="card" aria-labelledby="keys-title">
      <h3 id="keys-title">${t("board.key")}</h3>
      <p class="lead">${t("board.key.lead")}</p>
      ${board.keys.waiting ? this.#waits(board.keys.waiting.generation) : nothing}
      ${board.keys.present ? this.#present() : this.#none()}
    </section>`;
  }

  #none() {
    if (this.station.keys.waiting) return html`<p>${t("board.key.none_yet")}</p>`;
    return html`<p>${t("board.key.none")}</p>${this.#make("board.key.make")}`;
  }

  /** @param {number} n */
  #waits(n) {
    const approval = this.station.approvals.keyOf(this.station.chosen);
    return html`<div class="banner">
      <p><b>${t("board.key.waits", { n })}</b> ${approval ? whoMay(approval) : nothing}</p>
      <a href="#samen">${t("board.key.waits_where")}</a>
    </div>`;
  }

  /** @param {string} text */
  #make(text) {
    const { station: board } = this;
    return html`<button type="button" class="main" ?disabled=${board.busy || board.hindrance !== ""}
      @click=${() => this.#made()}>${t(text)}</button>`;
  }

  async #made() {
    this.changing = false;
    await this.station.keys.make();
  }

  #present() {
    const { line, keys } = this.station;
    const key = keys.present;
    if (!line || !key) return nothing;
    const holders = line.devices.filter(({ id }) => key.devices.includes(id)).length;
    return html`
      <dl class="facts">
        <dt>${t("board.key.generation")}</dt><dd>${t("board.key.made", { n: key.generation, when: when(key.made) })}</dd>
        <dt>${t("board.key.this_browser")}</dt><dd>${key.share ? t("board.key.can_open") : t("board.key.cannot_open")}</dd>
      </dl>
      ${line.stale ? html`<p class="banner bad">${t("board.key.stale")}</p>` : nothing}
      ${!line.stale && holders < 2 ? html`<p class="banner">${t("board.key.alone")}</p>` : nothing}
      <ul class="rows">${line.devices.map((device) => this.#holder(device))}</ul>
      ${this.#change()}
      ${this.#earlier()}
    `;
  }

  /** @param {KeyDevice} device */
  #holder(device) {
    const { station: board } = this;
    const has = board.keys.present?.devices.includes(device.id);
    const own = board.isOwn(device.key);
    return html`<li data-holder=${device.id}>
      <p class="what"><b>${device.alias}</b> · ${device.label}${own ? html` · <b>${t("board.devices.this")}</b>` : nothing}</p>
      <p class="words" lang="en">${board.wordsOf(device.key)}</p>
      ${has ? html`<p class="state good">${t("board.key.has")}</p>` : this.#give(device)}
    </li>`;
  }

  /** @param {KeyDevice} device */
  #give(device) {
    const { station: board } = this;
    if (!board.keys.present?.share) return html`<p class="state">${t("board.key.has_not")}</p>`;
    const compared = this.compared === device.id;
    return html`
      <label class="tick"><input type="checkbox" .checked=${compared}
        @change=${(/** @type {Event} */ event) => this.#tick(event, device.id)}> ${t("board.key.compared", { name: device.alias })}</label>
      <button type="button" class="main" ?disabled=${!compared || board.busy}
        @click=${() => this.#given(device)}>${t("board.key.give")}</button>`;
  }

  /** @param {Event} event @param {string} device */
  #tick(event, device) {
    this.compared = /** @type {HTMLInputElement} */ (event.target).checked ? device : "";
  }

  /** @param {KeyDevice} device */
  async #given(device) {
    this.compared = "";
    await this.station.keys.give(device);
  }

  #change() {
    if (this.station.keys.waiting) return nothing;
    if (!this.changing)
      return html`<p class="actions"><button type="button" class="quiet" @click=${() => this.#set(true)}>${t("board.key.change")}</button></p>`;
    return html`<div class="sure">
      <p>${t("board.key.change_why")}</p>
      <p class="actions">${this.#make("board.key.change_sure")}
        <button type="button" class="quiet" @click=${() => this.#set(false)}>${t("board.cancel")}</button></p>
    </div>`;
  }

  /** @param {boolean} changing */
  #set(changing) {
    this.changing = changing;
  }

  #earlier() {
    const earlier = this.station.line?.keys.filter(({ retired }) => retired !== null) ?? [];
    if (!earlier.length) return nothing;
    return html`<p class="aside">${t("board.key.earlier")}</p><ul class="plain">${earlier.map(
      ({ generation, devices }) =>
        html`<li>${devices.length ? t("board.key.earlier_kept", { n: generation }) : t("board.key.earlier_gone", { n: generation })}</li>`,
    )}</ul>`;
  }
}

customElements.define("hl-keys", Keys);
