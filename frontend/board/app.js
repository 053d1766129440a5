// Renders the whole page of the board: the tabs, banners, and the open tab, which the hash in the address selects.
import { clock, t } from "../shared/text.js";
import { given, Watching } from "../staff/elements.js";
import { html, nothing } from "../vendor/lit.js";
import { perLine } from "./per-line.js";
import { problemInWords } from "./words.js";
import "../staff/people-news-view.js";
import "./supervision/view/alerts-and-rings.js";
import "./care/view/care-tab.js";
import "./handoff/view/directory-tab.js";
import "./lines/view/hours-tab.js";
import "./lines/view/line-tab.js";
import "./lines/view/wording-tab.js";
import "./supervision/view/live-tab.js";
import { people, review, together } from "./tabs-of-cards.js";
import "./supervision/view/wall-screen.js";

/** @typedef {import("./board.js").Board} Board */

const TABS = ["nu", "zorg", "uren", "woorden", "lijn", "doorverwijzing", "mensen", "nalezen", "samen"];
/** These tabs do not depend on which line is chosen: they show all lines, or nothing that belongs to a line. */
const OF_NO_LINE = ["nu", "doorverwijzing"];
/** These tabs are still shown for a line that has ended. */
const OF_ENDED = ["lijn", "mensen", "nalezen", "samen", "cijfers"];
const ICONS = {
  nu: "activity",
  zorg: "heart-handshake",
  uren: "clock",
  woorden: "message-square-text",
  lijn: "settings",
  doorverwijzing: "phone-forwarded",
  mensen: "users",
  nalezen: "book-open",
  samen: "user-check",
};
const WALL = "muur";
const TOLD_MS = 8_000;
const OWN_DEVICE = ["pending", "refused", "broken", "making", "missing"];

/** @extends {Watching<Board>} */
export class App extends Watching {
  static properties = {
    ...Watching.properties,
    alarm: { attribute: false },
    tab: { state: true },
    menu: { state: true },
  };
  #told = "";
  #title = document.title;
  #isCut = false;

  constructor() {
    super();
    /** @type {import("./supervision/model/alarm-sound.js").Alarm} */
    this.alarm = given;
    this.tab = TABS[0];
    /** Is true if the tabs are unfolded, on a narrow screen. */
    this.menu = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.tab = this.#tabOf(location.hash);
    addEventListener("hashchange", this.#turn);
    addEventListener("keydown", this.#leaveWall);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#turn);
    removeEventListener("keydown", this.#leaveWall);
  }

  render() {
    const { station: board, tab } = this;
    document.documentElement.classList.toggle("on-wall", tab === WALL);
    // Without a line the wall would be empty: the banners say why, for example that this device waits.
    if (tab === WALL)
      return html`${board.floor.lines.length ? nothing : html`<div class="banners" role="status">${banners(board)}</div>`}
        <hl-wall .station=${board} .alarm=${this.alarm}></hl-wall>`;
    return html`
      <div class=${this.menu ? "bar unfolded" : "bar"}>
        <nav class="tabs" aria-label=${t("board.tabs")}>
          ${this.#fold()}
          ${this.#tabs.map(
            (name) => html`<a href="#${name}" aria-current=${name === tab ? "page" : nothing}>
            ${icon(this.#iconOf(name))} ${t(`board.tab.${name}`)}${count(board, name)}</a>`,
          )}
        </nav>
        ${this.#tools()}
      </div>
      <div class="sheet">
        <div class="above">
          <div class="banners" role="status">${banners(board)}</div>
          <hl-calls .station=${board} ?listed=${tab === "nu"}></hl-calls>
        </div>
        <hl-people-news .station=${board} .texts=${"board"}></hl-people-news>
        ${!OF_NO_LINE.includes(tab) && board.lines.length > 1 ? choice(board) : nothing}
        ${this.#open()}
      </div>
    `;
  }

  updated() {
    const { told } = this.station.floor;
    const title = this.#tabTitle;
    if (document.title !== title) document.title = title;
    if (told && told !== this.#told) setTimeout(() => this.#forget(told), TOLD_MS);
    this.#told = told;
  }

  /**
   * Returns the title of the browser's tab: it says that the board is outdated, or otherwise how many alerts
   * there are.
   */
  get #tabTitle() {
    const { connection, floor } = this.station;
    if (connection !== "connecting") this.#isCut = connection !== "open"; // the warning stays while the page reconnects
    if (this.#isCut) return `${t("board.state.gone")} · ${this.#title}`;
    return floor.alerts.length ? `(${floor.alerts.length}) ${this.#title}` : this.#title;
  }

  get #tabs() {
    const names = [...TABS];
    for (const { tab } of this.station.apps) if (tab) names.splice(names.indexOf(tab.after) + 1, 0, tab.name);
    return names;
  }

  /** Returns the icon of a tab. An app defines the icon of its own tab. @param {string} name */
  #iconOf(name) {
    const app = this.station.apps.find(({ tab }) => tab?.name === name);
    return app?.tab?.icon ?? /** @type {Record<string, string>} */ (ICONS)[name] ?? "list-checks";
  }

  /** @param {string} hash */
  #tabOf(hash) {
    const name = hash.slice(1);
    return name === WALL || this.#tabs.includes(name) ? name : TABS[0];
  }

  /**
   * Renders the button for a phone: it shows the open tab's name and the counts of the others, and unfolds the tabs.
   */
  #fold() {
    const { station: board, tab, menu } = this;
    return html`<button type="button" class="quiet fold" aria-expanded=${String(menu)} @click=${this.#unfold}>
      ${icon("chevron-down")} ${t(`board.tab.${tab}`)}
      ${menu ? nothing : this.#tabs.filter((name) => name !== tab).map((name) => count(board, name))}</button>`;
  }

  #tools() {
    const { alarm } = this;
    return html`<div class="tools">
      <button type="button" role="switch" class="quiet" aria-checked=${String(alarm.on)} @click=${this.#mute}>
        ${t("board.sound")} <span aria-hidden="true">${t(alarm.on ? "board.on" : "board.off")}</span>
        ${alarm.on && alarm.blocked ? t("board.sound.blocked") : nothing}</button>
      <button type="button" class="quiet" @click=${alarm.test}>${t("board.sound.test")}</button>
      <a class="quiet" href="#${WALL}">${t("board.wall")}</a>
    </div>`;
  }

  #open() {
    const { station: board, tab } = this;
    if (tab === "nu") return html`<hl-live .station=${board}></hl-live>`;
    if (!board.line) return waiting(board);
    if (tab === "doorverwijzing") return html`${heading(tab)}<hl-directory .station=${board}></hl-directory>`;
    if (board.line.ended && !OF_ENDED.includes(tab)) return ended();
    const app = board.apps.find((one) => one.tab?.name === tab);
    if (app?.tab) return app.tab.render();
    if (tab === "zorg") return perLine(board, () => html`<hl-care .station=${board}></hl-care>`);
    if (tab === "uren") return html`${heading(tab)}<hl-hours .station=${board}></hl-hours>`;
    if (tab === "woorden") return html`${heading(tab)}<hl-wording .station=${board}></hl-wording>`;
    if (tab === "lijn") return html`${heading(tab)}<hl-line .station=${board}></hl-line>`;
    const cards = tab === "mensen" ? people : tab === "samen" ? together : review;
    return perLine(board, () => cards(board));
  }

  #mute = () => {
    this.alarm.set(!this.alarm.on);
    this.requestUpdate();
  };

  #unfold = () => {
    this.menu = !this.menu;
  };

  #turn = () => {
    this.menu = false;
    const tab = this.#tabOf(location.hash);
    if (tab !== this.tab) scrollTo(0, 0); // the scroll position of another tab means nothing here
    this.tab = tab;
  };

  /** Leaves the wall screen with Escape: a television has no mouse to click the link with. @param {KeyboardEvent} event */
  #leaveWall = (event) => {
    if (event.key === "Escape" && this.tab === WALL) location.hash = TABS[0];
  };

  /** @param {string} told */
  #forget(told) {
    const { floor } = this.station;
    if (floor.told !== told) return;
    floor.told = "";
    this.requestUpdate();
  }
}

/** Renders how many items wait for this supervisor in a tab. @param {Board} board @param {string} tab */
function count({ approvals, care, news }, tab) {
  const n = { samen: approvals.mine, zorg: care.debriefs.length, mensen: news.waiting.length }[tab];
  return n ? html` <b class="count">${t("board.tab.count", { n })}</b>` : nothing;
}

/** @param {string} name  its name in Lucide */
const icon = (name) => html`<i class="icon icon-${name}" aria-hidden="true"></i>`;

/** Returns a hidden heading, for tabs that have no visible heading of this level. @param {string} tab */
const heading = (tab) => html`<h2 class="unseen">${t(`board.tab.${tab}`)}</h2>`;

/** @param {Board} board */
function banners(board) {
  if (board.stopped) return html`<p class="banner bad">${t("board.stopped", { code: board.stopped })}</p>`;
  const { told } = board.floor;
  return html`
    ${board.floor.isKnown ? (board.connection === "open" ? nothing : html`<p class="banner">${t("board.connecting")}</p>`) : unknown(board)}
    ${board.connection === "open" && OWN_DEVICE.includes(board.device.state) ? ownDevice(board.device) : nothing}
    ${board.problem ? html`<p class="banner bad">${problemInWords(board.problem)}</p>` : nothing}
    ${board.halted ? html`<p class="banner bad">${t("board.purge.halted")}</p>` : nothing}
    ${told ? html`<p class="banner good">${t(told)}</p>` : nothing}
  `;
}

/** Warns on every tab that everything on it is outdated, including the alerts. @param {Board} board */
const unknown = ({ floor }) =>
  html`<p class="banner bad"><b>${t("board.unknown")}</b> ${t("board.unknown.why", { time: clock(new Date(floor.now()).toISOString()) })}</p>`;

/** @param {import("../staff/device.js").Device} device */
const ownDevice = ({ state, why, words, approvers }) => html`<p class="banner">
  ${t(`board.own.${state === "refused" && why === "unproven" ? why : state}`)}
  ${state === "pending" && approvers.length ? t("board.own.approvers", { names: approvers.join(", ") }) : nothing}
  ${state === "pending" && words ? html`<b class="words" lang="en">${words}</b>` : nothing}
</p>`;

/** @param {Board} board */
const choice = (board) => html`<nav class="choice" aria-label=${t("board.line")}>
  ${board.lines.map(
    ({ line, name, ended }) => html`<button type="button" class="quiet"
      aria-pressed=${line === board.chosen} @click=${() => board.choose(line)}>${name}${ended ? ` (${t("board.line_end.mark")})` : nothing}</button>`,
  )}
</nav>`;

const ended = () =>
  html`<p class="nothing">${t("board.line_end.elsewhere")} <a href="#lijn">${t("board.tab.lijn")}</a>.</p>`;

/** Says why no line is shown. If this person's lines have not arrived yet, a banner says what the page waits for. @param {Board} board */
function waiting({ me }) {
  if (me?.lines.length) return nothing;
  return html`<p class="nothing">${t(me ? "board.no_line" : "board.connecting")}</p>`;
}

customElements.define("hl-board", App);
