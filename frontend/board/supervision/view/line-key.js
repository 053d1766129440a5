// Shows a line's review key or letters key, with its signatures.
import { t } from "../../../shared/text.js";
import { given, Watching } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";
import { dayAndYear } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../../../staff/certifying.js").KeyNeeds} KeyNeeds */

/** @extends {Watching<Board>} */
class LineKey extends Watching {
  static properties = { ...Watching.properties, needs: { attribute: false } };

  constructor() {
    super();
    /** @type {KeyNeeds} */
    this.needs = given;
  }

  render() {
    const { certifying, busy, hindrance, wordsOf } = this.station;
    const { use, need, signed, quorum, by_me, key } = this.needs;
    const state = certifying.stateOf(need, use);
    const origin = certifying.originOf(this.needs);
    const due = state !== "good";
    const can = need.mine && certifying.holds && origin !== "other";
    // A supervisor may also sign a key that others have signed, so that the key stays valid if one of the signers
    // leaves.
    const may = can && (by_me ? due && signed >= quorum : true);
    // The maker of a key reads its words to the signers. If the server lists another key than the one that was made
    // here, no words are shown.
    const words = may || origin === "made";
    return html`<div class="review-key" data-review>
      <p><b>${t(`board.line_key.${use}`)}</b>
        ${need.until ? t(`board.certified.${state}`, { name: need.name, when: dayAndYear(need.until) }) : t("board.certifying.review.signed", { n: signed, of: quorum })}</p>
      ${due && origin === "other" ? html`<p class="banner bad">${t("board.certifying.review.other")}</p>` : nothing}
      ${words ? html`<p>${t(`board.certifying.review.${origin}`)}</p><p class="words" lang="en">${wordsOf(key)}</p>` : nothing}
      ${may ? html`<button type="button" class=${due ? "main" : "quiet"} ?disabled=${busy || hindrance !== ""} @click=${() => certifying.signKey(this.needs)}>${t(`board.certifying.review.${due ? "sign" : "sign_too"}`)}</button>` : nothing}
    </div>`;
  }
}

customElements.define("hl-line-key", LineKey);
