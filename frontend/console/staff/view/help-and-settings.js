// Renders two dialogs: the keyboard shortcuts, and this person's settings.
import { t } from "../../../shared/text.js";
import { given } from "../../../staff/elements.js";
import { languageName, languages } from "../../../staff/languages.js";
import { html, LitElement, live, nothing } from "../../../vendor/lit.js";
import { LETTERS, remapped, shortcutsIn } from "./keyboard-shortcuts.js";
import { sound } from "./notifications.js";

/** @typedef {import("../model/preferences.js").Preferences} Preferences */
/** @typedef {import("../model/preferences.js").Occasion} Occasion */

const OCCASIONS = /** @type {const} */ (["message", "ring", "caller"]);

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

  /** The sentences may have changed since the dialogs were rendered. @param {"help" | "settings"} name */
  async open(name) {
    this.requestUpdate();
    await this.updateComplete;
    const dialog = /** @type {HTMLDialogElement | null} */ (this.querySelector(`#${name}`));
    if (dialog && !dialog.open) dialog.showModal();
  }

  render() {
    return html`${frame("help", help(this.mode, this.preferences.choice.keys))} ${frame("settings", this.#settings())}`;
  }

  #settings() {
    const { shortcuts, sound: audible, notify } = this.preferences.choice;
    return html`
      ${box(t("console.set.shortcuts"), shortcuts, (on) => this.#set({ shortcuts: on }))}
      ${box(t("console.set.sound"), audible, (on) => this.#set({ sound: on }))}
      ${OCCASIONS.map((occasion) => this.#volume(occasion))}
      ${box(t("console.set.notify"), notify, (on) => this.#notify(on))}
      ${notify && isDenied() ? html`<p class="why">${t("console.set.denied")}</p>` : nothing}
      <details class="own-keys">
        <summary>${t("console.set.keys")}</summary>
        <p class="why">${t("console.set.keys.why")}</p>
        ${shortcutsIn(this.mode, this.preferences.choice.keys).map((shortcut) => this.#key(shortcut))}
        <button type="button" class="quiet" @click=${() => this.#set({ keys: {} })}>${t("console.set.keys.first")}</button>
      </details>
      <fieldset class="own-replies">
        <legend>${t("console.replies")}</legend>
        <p class="why">${t("console.set.replies")}</p>
        ${languages().map((language) => this.#replies(language))}
      </fieldset>
    `;
  }

  /** @param {string} language */
  #replies(language) {
    return html`<label>${languageName(language)}
      <textarea rows="4" lang=${language} .value=${(this.sentences.own[language] ?? []).join("\n")}
        @change=${(/** @type {Event} */ event) => this.sentences.keep(language, /** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea>
    </label>`;
  }

  /** @param {Partial<import("../model/preferences.js").Choice>} change */
  #set(change) {
    this.preferences.set(change);
    this.requestUpdate();
  }

  /** Renders a slider for a volume; 0 is silent. @param {Occasion} occasion */
  #volume(occasion) {
    const { volumes } = this.preferences.choice;
    const name = t(`console.set.volume.${occasion}`);
    return html`<div class="volume">
      <label class="loudness">${name}
        <input type="range" min="0" max="100" step="5" .value=${String(volumes[occasion])}
          @change=${(/** @type {Event} */ event) => this.#louder(occasion, Number(/** @type {HTMLInputElement} */ (event.target).value))}>
      </label>
      <button type="button" class="quiet" aria-label="${t("console.set.test")}: ${name}" @click=${() => sound(occasion, this.preferences.choice.volumes[occasion])}>${t("console.set.test")}</button>
    </div>`;
  }

  /** @param {Occasion} occasion @param {number} volume */
  #louder(occasion, volume) {
    this.#set({ volumes: { ...this.preferences.choice.volumes, [occasion]: volume } });
    sound(occasion, volume);
  }

  /** @param {import("./keyboard-shortcuts.js").Shortcut} shortcut */
  #key({ name, keys }) {
    const { choice } = this.preferences;
    return html`<label class="key">${t(`console.key.${name}`)}
      <span>Alt+<select data-key=${name} @change=${(/** @type {Event} */ event) => this.#set({ keys: remapped(choice.keys, name, /** @type {HTMLSelectElement} */ (event.target).value) })}>
        ${LETTERS.map((letter) => html`<option value=${letter} .selected=${live(keys.endsWith(`+${letter}`))}>${letter}</option>`)}
      </select></span>
    </label>`;
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

/** @param {string} mode @param {import("./keyboard-shortcuts.js").Keys} chosen */
const help = (mode, chosen) => html`<dl class="keys">
  ${shortcutsIn(mode, chosen).map(({ keys, name }) => shortcut(keys, name))}
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
