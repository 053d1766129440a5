// Renders the whole screen: banners, invitations, three columns, dialogs.
import { t } from "../shared/text.js";
import { given, Ticking } from "../staff/elements.js";
import { html, nothing, repeat } from "../vendor/lit.js";
import { banners } from "./staff/view/banners.js";
import "../staff/people-news-view.js";
import "./staff/view/going-home.js";
import "./staff/view/help-and-settings.js";
import "./handoff/view/incoming-invitations.js";
import "./left-column.js";
import "./right-column.js";
import "./conversation/view/conversation-view.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./staff/view/help-and-settings.js").Dialogs} Dialogs */
/** @typedef {import("./handoff/view/invite-panel.js").Way} How */
/** @typedef {import("./right-column.js").Panel} Panel */

const PANELS = ["about", "notes", "case", "invite"];

/** @extends {Ticking<Console>} */
export class App extends Ticking {
  static properties = {
    ...Ticking.properties,
    preferences: { attribute: false },
    about: { state: true },
    how: { state: true },
  };

  constructor() {
    super();
    /** @type {import("./staff/model/preferences.js").Preferences} */
    this.preferences = given;
    /** Is true if the right column is shown on a narrow screen. */
    this.about = false;
    /** @type {How} */
    this.how = "consult";
    this.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("asked", () => {
      this.about = false;
    });
  }

  /** Returns the panel of the right column for the selected conversation. @returns {Panel} */
  get panel() {
    const { place, selected } = this.station;
    const panel = place.panelOf(selected);
    return PANELS.includes(panel) ? /** @type {Panel} */ (panel) : "about";
  }

  render() {
    const { station: desk, panel, how } = this;
    const shape = [desk.current ? `talking ${panel}` : "", this.about ? "aside" : ""];
    return html`
      ${banners(desk)}
      <hl-incoming .station=${desk}></hl-incoming>
      ${"news" in desk ? html`<hl-people-news .station=${desk} .texts=${"console"}></hl-people-news>` : nothing}
      <div class="columns ${shape.join(" ")}">
        <hl-left role="region" aria-label=${t("console.work")} .station=${desk}></hl-left>
        <main class="centre">${this.#centre()}</main>
        <hl-right role="complementary" tabindex="0" aria-label=${t("console.about")}
          .station=${desk} .panel=${panel} .how=${how}></hl-right>
      </div>
      <hl-dialogs .preferences=${this.preferences} .sentences=${desk.sentences} .mode=${desk.mode}></hl-dialogs>
      <hl-going-home .station=${desk}></hl-going-home>
    `;
  }

  /** Renders the selected conversation. It is keyed by id and seat, so that another conversation, or a new seat in this one, gets a new element. */
  #centre() {
    const desk = this.station;
    const { current, mode } = desk;
    const who = desk.onlyJoins ? "supervisor" : mode;
    if (!current && desk.loading) return nothing;
    if (!current) return html`<p class="nothing">${t(`console.nothing_open.${who}`)}</p>`;
    return repeat(
      [current],
      ({ id, seat }) => `${id} ${seat.member}`,
      (conversation) => html`<hl-talk .station=${this.station} .conversation=${conversation}></hl-talk>`,
    );
  }

  /** @param {"help" | "settings"} name */
  open(name) {
    /** @type {Dialogs | null} */ (this.querySelector("hl-dialogs"))?.open(name);
  }

  get goingHome() {
    return /** @type {import("./staff/view/going-home.js").GoingHome | null} */ (
      this.querySelector("hl-going-home")
    );
  }

  /** Opens a panel of the right column and moves the focus into it. @param {Panel} panel @param {How} [how] */
  async show(panel, how = this.how) {
    this.about = true;
    this.how = how;
    this.station.place.open(this.station.selected, panel);
    this.requestUpdate();
    await this.updateComplete;
    // The column and its panel are elements of their own, which render after this one.
    requestAnimationFrame(() =>
      /** @type {HTMLElement | null} */ (this.querySelector("hl-right [data-first]"))?.focus({
        preventScroll: panel === "about", // so that the facts above the flag stay in sight
      }),
    );
  }

  /** Types `/` into an empty draft, which lists the ready sentences. */
  offerReplies() {
    const field = /** @type {HTMLTextAreaElement | null} */ (this.querySelector("#draft"));
    if (!field) return;
    field.focus();
    if (!field.value) document.execCommand("insertText", false, "/");
  }

  /** @param {Event} event */
  #clicked(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-about]")) this.about = !this.about;
    const panel = target.closest("[data-panel]");
    const how = panel?.getAttribute("data-how") ?? this.how;
    if (panel) this.show(/** @type {Panel} */ (panel.getAttribute("data-panel")), /** @type {How} */ (how));
    const button = target.closest("[data-opens]");
    if (button) this.open(/** @type {"help" | "settings"} */ (button.getAttribute("data-opens")));
  }
}

customElements.define("hl-console", App);
