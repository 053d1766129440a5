// Renders the list of ready sentences above the composer.

import { t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../model/ready-sentences.js").Offer} Offer */

/** @param {Offer[]} offers @param {number} at @param {(text: string) => void} choose */
export const list = (
  offers,
  at,
  choose,
) => html`<ul id="replies" class="replies" role="listbox" aria-label=${t("console.replies")}>
  ${offers.map(
    (
      { folder, text, with: how },
      index,
    ) => html`<li id="reply-${index}" role="option" aria-selected=${index === at}
      @mousedown=${(/** @type {Event} */ event) => event.preventDefault()} @click=${() => choose(text)}>
      <span class="folder">${folder || t("console.replies.own")}</span> <span>${text}</span>${how ? html` <span class="how">${t(`console.replies.with_${how}`)}</span>` : nothing}</li>`,
  )}
</ul>`;
