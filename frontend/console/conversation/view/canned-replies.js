// The list of ready sentences above where one writes.

import { t } from "../../../shared/text.js";
import { html } from "../../../vendor/lit.js";

/** @param {string[]} replies @param {number} at @param {(reply: string) => void} choose */
export const list = (
  replies,
  at,
  choose,
) => html`<ul id="replies" class="replies" role="listbox" aria-label=${t("console.replies")}>
  ${replies.map(
    (reply, index) => html`<li id="reply-${index}" role="option" aria-selected=${index === at}
      @mousedown=${(/** @type {Event} */ event) => event.preventDefault()} @click=${() => choose(reply)}>${reply}</li>`,
  )}
</ul>`;
