// The whole screen: banners, three columns, dialogs.
import { t } from "../shared/i18n.js";
import { html, repeat } from "../vendor/lit.js";
import { banners } from "./banners.js";
import { Watching } from "./watching.js";
import "./dialogs.js";
import "./left.js";
import "./right.js";
import "./talk.js";

/** @typedef {import("./dialogs.js").Dialogs} Dialogs */

export class App extends Watching {
  static properties = { preferences: { attribute: false }, about: { state: true } };

  constructor() {
    super();
    /** @type {import("./preferences.js").Preferences} */
    this.preferences = /** @type {any} */ (null);
    /** On a narrow screen the right column shows only when asked for. */
    this.about = false;
    this.addEventListener("click", (event) => this.#clicked(event));
  }

  render() {
    const { desk } = this;
    return html`
      ${banners(desk)}
      <div class="columns ${desk.current ? "talking" : ""} ${this.about ? "about" : ""}">
        <hl-left role="region" aria-label=${t("console.work")} .desk=${desk}></hl-left>
        <main class="centre">${this.#centre()}</main>
        <hl-right role="complementary" tabindex="0" aria-label=${t("console.about")} .desk=${desk}></hl-right>
      </div>
      <hl-dialogs .preferences=${this.preferences}></hl-dialogs>
    `;
  }

  /** Keyed by the seat: another conversation is another element, and a new seat in the same one too. */
  #centre() {
    const { current } = this.desk;
    if (!current) return html`<p class="nothing">${t("console.nothing_open")}</p>`;
    return repeat(
      [current],
      ({ id, seat }) => `${id} ${seat.member}`,
      (conversation) => html`<hl-talk .desk=${this.desk} .conversation=${conversation}></hl-talk>`,
    );
  }

  /** @param {"help" | "settings"} name */
  open(name) {
    /** @type {Dialogs | null} */ (this.querySelector("hl-dialogs"))?.open(name);
  }

  /** @param {Event} event */
  #clicked(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-about]")) this.about = !this.about;
    const button = target.closest("[data-opens]");
    if (button) this.open(/** @type {"help" | "settings"} */ (button.getAttribute("data-opens")));
  }
}

customElements.define("hl-console", App);
