// Says, before somebody asks for what takes two, what will happen: who can say yes, that nobody can now, or that
// it applies at once because there is no second supervisor.
import { t } from "../../../shared/text.js";
import { html } from "../../../vendor/lit.js";

/** @typedef {import("../../board.js").Board} Board */

/** @param {Board} board @param {string | null} line  null: what it is about concerns every line */
export const byTwo = ({ approvals }, line) => html`<p class="two">${approvals.saysOfTwo(line)}</p>`;

/** Returns a button's words, which promise no second supervisor if there is none. @param {Board} board @param {string | null} line @param {string} asks @param {string} does @param {Record<string, string>} [facts] */
export const asksOrDoes = ({ approvals }, line, asks, does, facts = {}) =>
  t(approvals.isAlone(line) ? does : asks, facts);
