// Two dialogs: the list of keys, and what this person may set for this browser.
import { t } from "../../../shared/text.js";
import { given } from "../../../staff/elements.js";
import { html, LitElement, nothing } from "../../../vendor/lit.js";
import { LANGUAGES } from "../../conversation/model/ready-sentences.js";
import { shortcutsIn } from "./keyboard-shortcuts.js";
import { sound } from "./notifications.js";

/** @typedef {import("../model/preferences.js").Preferences} Preferences */

export class Dialogs extends LitElement {
  static properties = {
    preferences: { attribute: false },
    sentences: { attribute: false },
    mode: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Preferences} */
    this.preferences = given;
    /** @type {import("../../conversation/model/ready-sentences.js").ReadySentences} */
    this.sentences = given;
    this.mode = "console";
  }

  createRenderRoot() {
    return this;
  }

  /** @param {"help" | "settings"} name */
  open(name) {
    const dialog = /** @type {HTMLDialogElement | null} */ (this.querySelector(`#${name}`));
    if (dialog && !dialog.open) dialog.showModal();
  }

  render() {
    return html`${frame("help", help(this.mode))} ${frame("settings", this.#settings())}`;
  }

  #settings() {
    const { shortcuts, sound: audible, volume, notify } = this.preferences.choice;
    return html`
      ${box(t("console.set.shortcuts"), shortcuts, (on) => this.#set({ shortcuts: on }))}
      ${box(t("console.set.sound"), audible, (on) => this.#set({ sound: on }))}
      <label class="volume">${t("console.set.volume")}
        <input type="range" min="0" max="100" step="5" .value=${String(volume)} @change=${this.#volume}>
      </label>
      <button type="button" class="quiet" @click=${() => sound(this.preferences.choice.volume)}>${t("console.set.test")}</button>
      ${box(t("console.set.notify"), notify, (on) => this.#notify(on))}
      ${notify && isDenied() ? html`<p class="why">${t("console.set.denied")}</p>` : nothing}
      <fieldset class="own-replies">
        <legend>${t("console.replies")}</legend>
        <p class="why">${t("console.set.replies")}</p>
        ${LANGUAGES.map((language) => this.#replies(language))}
      </fieldset>
    `;
  }

  /** @param {"nl" | "en"} language */
  #replies(language) {
    return html`<label>${t(`console.language.${language}`)}
      <textarea rows="4" lang=${language} .value=${(this.sentences.own[language] ?? []).join("\n")}
        @change=${(/** @type {Event} */ event) => this.sentences.keep(language, /** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea>
    </label>`;
  }

  /** @param {Partial<import("../model/preferences.js").Choice>} change */
  #set(change) {
    this.preferences.set(change);
    this.requestUpdate();
  }

  /** @param {Event} event */
  #volume(event) {
    this.#set({ volume: Number(/** @type {HTMLInputElement} */ (event.target).value) });
    sound(this.preferences.choice.volume);
  }

  /** @param {boolean} on */
  async #notify(on) {
    if (on && "Notification" in window) await Notification.requestPermission();
    this.#set({ notify: on });
  }
}

const isDenied = () => !("Notification" in window) || Notification.permission !== "granted";

/** @param {"help" | "settings"} name @param {unknown} content */
const frame = (name, content) => html`<dialog id=${name} aria-labelledby="${name}-title">
  <form method="dialog">
    <h2 id="${name}-title">${t(`console.${name}`)}</h2>
    ${content}
    <button class="main">${t("console.done_reading")}</button>
  </form>
</dialog>`;

/** @param {string} mode */
const help = (mode) => html`<dl class="keys">
  ${shortcutsIn(mode).map(({ keys, name }) => shortcut(keys, name))}
  ${shortcut("Enter", "send")} ${shortcut("Shift+Enter", "new_line")} ${shortcut("/", "reply")} ${shortcut("?", "help")}
</dl>`;

/** @param {string} keys @param {string} name */
const shortcut = (keys, name) => html`<dt><kbd>${keys}</kbd></dt><dd>${t(`console.key.${name}`)}</dd>`;

/** @param {string} label @param {boolean} on @param {(on: boolean) => void} set */
const box = (label, on, set) => html`<label class="box">
  <input type="checkbox" .checked=${on}
    @change=${(/** @type {Event} */ event) => set(/** @type {HTMLInputElement} */ (event.target).checked)}>
  ${label}
</label>`;

customElements.define("hl-dialogs", Dialogs);
