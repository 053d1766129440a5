// Says what will happen when a supervisor requests something that needs two: who can approve the request, that nobody
// can at the moment, or that the change applies immediately because there is no second supervisor.
import { t } from "../../../shared/text.js";
import { html } from "../../../vendor/lit.js";

/** @typedef {import("../../board.js").Board} Board */

/** @param {Board} board @param {string | null} line  null: it concerns every line */
export const byTwo = ({ approvals }, line) => html`<p class="two">${approvals.saysOfTwo(line)}</p>`;

/** Returns a button's words, which promise no second supervisor if there is none. @param {Board} board @param {string | null} line @param {string} asks @param {string} does @param {Record<string, string>} [facts] */
export const asksOrDoes = ({ approvals }, line, asks, does, facts = {}) =>
  t(approvals.isAlone(line) ? does : asks, facts);
