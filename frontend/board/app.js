// The whole page: what stands in the way, the line, and its sections.
import { t } from "../shared/i18n.js";
import { html, nothing } from "../vendor/lit.js";
import { Looking } from "./looking.js";
import { problemInWords } from "./words.js";
import "./devices.js";
import "./holding.js";
import "./keeping.js";
import "./keys.js";
import "./reading.js";
import "./trail.js";

/** @typedef {import("./model.js").Board} Board */

const OWN_DEVICE = ["device_pending", "device_refused", "device_broken", "device_making", "device_missing"];

export class App extends Looking {
  render() {
    const { board } = this;
    return html`
      <div class="banners" role="status">${banners(board)}</div>
      ${board.lines.length > 1 ? choice(board) : nothing}
      ${board.line ? sections(board) : waiting(board)}
    `;
  }
}

/** @param {Board} board */
function banners(board) {
  if (board.stopped) return html`<p class="banner bad">${t("board.stopped", { code: board.stopped })}</p>`;
  return html`
    ${board.connection !== "open" ? html`<p class="banner">${t("board.connecting")}</p>` : nothing}
    ${OWN_DEVICE.includes(board.hindrance) ? html`<p class="banner">${t(`board.own.${board.device.state}`)}</p>` : nothing}
    ${board.problem ? html`<p class="banner bad">${problemInWords(board.problem)}</p>` : nothing}
    ${board.halted ? html`<p class="banner bad">${t("board.purge.halted")}</p>` : nothing}
  `;
}

/** @param {Board} board */
const choice = (board) => html`<nav class="choice" aria-label=${t("board.line")}>
  ${board.lines.map(
    ({ line, name }) => html`<button type="button" class="quiet"
      aria-pressed=${line === board.chosen} @click=${() => board.choose(line)}>${name}</button>`,
  )}
</nav>`;

/** @param {Board} board */
const waiting = (board) =>
  board.me
    ? html`<p class="nothing">${t("board.no_line")}</p>`
    : html`<p class="nothing">${t("board.connecting")}</p>`;

/** @param {Board} board */
const sections = (board) => html`
  <header class="line-head">
    <h2>${board.line?.name}</h2>
    <p class=${board.overdue || board.halted ? "purge bad" : "purge good"}>${purge(board)}</p>
  </header>
  <div class="columns">
    <div class="wide-column">
      <hl-reading .board=${board}></hl-reading>
      <hl-holding .board=${board}></hl-holding>
      <hl-devices .board=${board}></hl-devices>
    </div>
    <div class="narrow-column">
      <hl-keys .board=${board}></hl-keys>
      <hl-keeping .board=${board}></hl-keeping>
      <hl-trail .board=${board}></hl-trail>
    </div>
  </div>
`;

/** @param {Board} board */
function purge({ overdue, halted }) {
  if (halted) return t("board.purge.stands_still");
  return overdue ? t("board.purge.overdue", { n: overdue }) : t("board.purge.fine");
}

customElements.define("hl-board", App);
