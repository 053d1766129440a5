// Lays out the tabs of the board that consist of cards of several subjects: people, reading again, two persons.
import { t, tn } from "../shared/text.js";
import { html } from "../vendor/lit.js";
import "./supervision/view/alert-address.js";
import "./supervision/view/approve-devices.js";
import "./supervision/view/certifying.js";
import "./retention/view/holds.js";
import "./cases/view/keeps-cases.js";
import "./letters/view/letters.js";
import "./retention/view/keeping-time.js";
import "./retention/view/review-key.js";
import "./supervision/view/line-key.js";
import "./retention/view/reading-again.js";
import "./supervision/view/audit-trail.js";
import { ABOUT_PEOPLE } from "./supervision/view/two-persons.js";

/** @typedef {import("./board.js").Board} Board */

/** Shows the line's people, with their devices and keys. @param {Board} board */
export const people = (board) => html`
  <div class="line-head">
    <h2>${board.line?.name}</h2>
    <p><a href="/people/">${t("board.people.everybody")}</a></p>
  </div>
  <div class="columns">
    <div class="wide-column">
      <hl-approvals .station=${board} .only=${ABOUT_PEOPLE}></hl-approvals>
      <hl-devices .station=${board}></hl-devices>
    </div>
    <div class="narrow-column">
      <hl-certifying .station=${board}></hl-certifying>
      <hl-keys .station=${board}></hl-keys>
      <hl-letters .station=${board}></hl-letters>
    </div>
  </div>
`;

/** @param {Board} board */
export const review = (board) => html`
  <div class="line-head">
    <h2>${board.line?.name}</h2>
    <p class=${board.overdue || board.halted ? "purge bad" : "purge good"}>${purge(board)}</p>
  </div>
  <div class="columns">
    <div class="wide-column">
      <hl-reading .station=${board}></hl-reading>
      <hl-holding .station=${board}></hl-holding>
    </div>
    <div class="narrow-column">
      <hl-keeps-cases .station=${board}></hl-keeps-cases>
      <hl-keeping .station=${board}></hl-keeping>
      <hl-trail .station=${board}></hl-trail>
    </div>
  </div>
`;

/** @param {Board} board */
export const together = (board) => html`
  <div class="line-head"><h2>${t("board.tab.samen")}</h2></div>
  <div class="columns">
    <div class="wide-column"><hl-approvals .station=${board}></hl-approvals></div>
    <div class="narrow-column">
      <hl-keeping .station=${board}></hl-keeping>
      <hl-contact .station=${board}></hl-contact>
      <hl-alert-address .station=${board}></hl-alert-address>
    </div>
  </div>
`;

/** @param {Board} board */
function purge({ overdue, halted }) {
  if (halted) return t("board.purge.stands_still");
  return overdue ? tn("board.purge.overdue", overdue) : t("board.purge.fine");
}
