// Tells supervisors of a new device, with its eight words and a button to approve it, and of a replaced
// second factor, which they can undo.
import { t } from "../shared/text.js";
import { html, nothing, repeat } from "../vendor/lit.js";
import { Watching } from "./elements.js";

/** @typedef {import("./station.js").Station & {news: import("./people-news.js").PeopleNews, certifying: import("./certifying.js").Certifying}} Own */

/** @extends {Watching<Own>} */
class PeopleNewsView extends Watching {
  static properties = { ...Watching.properties, texts: {}, doubted: { state: true } };

  constructor() {
    super();
    /** Holds the prefix of the page's text keys. */
    this.texts = "board";
    /** Identifies the device whose words differed. */
    this.doubted = "";
  }

  render() {
    const { waiting, replaced } = this.station.news;
    // The rows have keys, so that a button never turns into that of another device just before it is pressed.
    return html`<div role="status">
      ${repeat(
        waiting,
        ({ id }) => id,
        (row) => this.#device(row),
      )}
      ${repeat(
        replaced,
        ({ replacement }) => replacement,
        (row) => this.#replaced(row),
      )}
    </div>`;
  }

  /** @param {import("./people-news.js").Waiting} row */
  #device(row) {
    const { id, alias, label, words } = row;
    const { station, texts } = this;
    const lines = station.certifying.signsFor(id).map(({ name }) => name);
    return html`<section class="news" data-device=${id}>
      <p>${t(`${texts}.news.device`, { name: alias, device: label })}</p>
      <p class="words" lang="en">${words}</p>
      ${lines.length ? html`<p>${t(`${texts}.news.signs`, { names: lines.join(", ") })}</p>` : nothing}
      ${station.news.refused.has(id) ? html`<p>${t(`${texts}.news.waits`)}</p>` : this.doubted === id ? this.#differs(row) : this.#compared(row)}
    </section>`;
  }

  /** @param {import("./people-news.js").Waiting} row */
  #compared(row) {
    const { news } = this.station;
    return html`<p class="ways">
      <button type="button" class="main" ?disabled=${news.acting} @click=${() => news.approve(row)}>${t(`${this.texts}.news.approve`)}</button>
      <button type="button" class="quiet" @click=${() => this.#doubt(row.id)}>${t(`${this.texts}.news.differ`)}</button>
    </p>`;
  }

  /** If the words differ, the person on the telephone may be an impostor. The page says what to do next. @param {import("./people-news.js").Waiting} row */
  #differs(row) {
    const { news } = this.station;
    return html`<p>${t(`${this.texts}.news.differ_why`, { name: row.alias })}</p>
      <p class="ways">
        <button type="button" class="main" ?disabled=${news.acting} @click=${() => news.refuse(row)}>${t(`${this.texts}.news.revoke`)}</button>
        <button type="button" class="quiet" @click=${() => this.#doubt("")}>${t(`${this.texts}.news.look_again`)}</button>
      </p>`;
  }

  /** @param {string} device */
  #doubt(device) {
    this.doubted = device;
  }

  /** @param {import("./people-news.js").ReplacementRow} row */
  #replaced({ replacement, alias, by, at }) {
    const { station, texts } = this;
    const time = new Date(at).toLocaleTimeString(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
    });
    return html`<section class="news" data-replacement=${replacement}>
      <p>${t(`${texts}.news.replaced`, { name: alias, by, time })}</p>
      <button type="button" class="quiet" ?disabled=${station.news.acting} @click=${() => station.news.undo(replacement)}>${t(`${texts}.news.undo`)}</button>
    </section>`;
  }
}

customElements.define("hl-people-news", PeopleNewsView);
