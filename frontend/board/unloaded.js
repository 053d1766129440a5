// Stands in the place of a form or a list that is not loaded yet.
import { t } from "../shared/text.js";
import { html } from "../vendor/lit.js";
import { problemInWords } from "./words.js";

/**
 * Says that something is being fetched; or why it could not be, with a button that fetches it again.
 * @param {{refused: string, load: () => unknown}} what @param {string} fetching  the key of the text
 */
export const unloaded = (what, fetching) =>
  what.refused
    ? html`<p class="wrong" role="alert">${problemInWords(what.refused)}</p>
      <p class="actions"><button type="button" @click=${() => what.load()}>${t("board.fetch_again")}</button></p>`
    : html`<p class="nothing" role="status">${t(fetching)}</p>`;
