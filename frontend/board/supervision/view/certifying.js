// Shows who signs, for which lines and until when, which devices can be renewed with one click, and the
// line's review key.
import { t, tn } from "../../../shared/text.js";
import { signerWords } from "../../../staff/eight-words.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";
import { dayAndYear } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../../../staff/certifying.js").Certifying} Model */

const COUNTED = /** @type {const} */ (["pending", "unsigned", "near", "ended"]);

/** @extends {Watching<Board>} */
class Certifying extends Watching {
  static properties = { ...Watching.properties, words: { state: true } };
  #spelled = "";

  constructor() {
    super();
    /** Holds the words of this browser's signer. */
    this.words = "";
  }

  render() {
    const { certifying } = this.station;
    if (!certifying.told) return nothing;
    this.#spell(certifying.told.signer?.key ?? "");
    return html`<section class="card" aria-labelledby="certifying-title">
      <h3 id="certifying-title">${t("board.certifying")}</h3>
      <p class="lead">${t(`board.certifying.${certifying.told.named ? "lead" : "not_named"}`)}</p>
      ${this.#counts(certifying)} ${this.#signer(certifying)} ${this.#renewable(certifying)}
      ${certifying.told.keys
        .filter(({ use, line }) => use === "review" && line === this.station.chosen)
        .map((one) => html`<hl-line-key .station=${this.station} .needs=${one}></hl-line-key>`)}
      ${this.#scopes(certifying)}
    </section>`;
  }

  /** @param {Model} certifying */
  #counts(certifying) {
    if (!certifying.begun) return nothing;
    const counts = certifying.counts(this.station.chosen);
    const words = COUNTED.filter((what) => counts[what]).map((what) =>
      tn(`board.certifying.${what}`, counts[what]),
    );
    return html`<p class=${words.length ? "state bad" : "state good"} data-counts>
      ${words.length ? words.join(" · ") : t("board.certifying.all_good")}</p>`;
  }

  /** @param {Model} certifying */
  #signer({ told, holds, makeSigner }) {
    const { busy, hindrance } = this.station;
    const make = (/** @type {string} */ text) => html`<button type="button" class="quiet"
      ?disabled=${busy || hindrance !== ""} @click=${makeSigner}>${t(text)}</button>`;
    if (!told?.signer) return html`<p>${t("board.certifying.no_signer")}</p>${make("board.certifying.make")}`;
    if (!holds)
      return html`<p class="banner bad">${t("board.certifying.lost")}</p>${make("board.certifying.make")}`;
    return html`<p>${t("board.certifying.signer")}</p><p class="words" lang="en">${this.words}</p>`;
  }

  /** @param {Model} certifying */
  #renewable({ renewable, renew }) {
    const { busy, hindrance, wordsOf } = this.station;
    if (!renewable.length) return nothing;
    return html`<div class="banner renewable">
      <p><b>${t("board.certifying.renew.title")}</b> ${t("board.certifying.renew.lead")}</p>
      <ul class="rows">${renewable.map(
        ({ alias, key, names }) =>
          html`<li><b>${alias}</b> · ${names} <span class="words" lang="en">${wordsOf(key)}</span></li>`,
      )}</ul>
      <button type="button" class="main" ?disabled=${busy || hindrance !== ""} @click=${renew}>${tn("board.certifying.renew", renewable.length)}</button>
    </div>`;
  }

  /** @param {Model} certifying */
  #scopes({ told }) {
    if (!told?.scopes.length) return html`<p class="aside">${t("board.certifying.no_scope")}</p>`;
    return html`<ul class="plain scopes">${told.scopes.map(
      ({
        name,
        until,
        signers,
        mine,
        gone,
      }) => html`<li>${tn("board.certifying.scope", signers, { name, when: dayAndYear(until), n: signers })}
        ${mine ? html`<b>${t("board.certifying.mine")}</b>` : nothing}
        ${gone ? html`<b class="bad">${tn("board.certifying.gone", gone)}</b>` : nothing}</li>`,
    )}</ul>`;
  }

  /** @param {string} key */
  async #spell(key) {
    if (key === this.#spelled) return;
    this.#spelled = key;
    this.words = key ? (await signerWords(key)).join(" ") : "";
  }
}

customElements.define("hl-certifying", Certifying);
