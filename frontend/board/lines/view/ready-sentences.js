// Renders the card of a line's ready sentences: to find, write, change and end them, and to see those that have ended.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { addresses, inOwn, isNeeded, isWhole, langOf, languageName } from "../../../staff/languages.js";
import { html, live, nothing } from "../../../vendor/lit.js";
import { unloaded } from "../../unloaded.js";
import { problemInWords, when } from "../../words.js";
import { kept } from "../model/kept-forms.js";
import { ReadySentences } from "../model/ready-sentences.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/ready-sentences.js").Sentence} Sentence */

const LONGEST = 1000;
const LONGEST_FOLDER = 40;
const sentencesOf = kept(({ request, changed, chosen }) => new ReadySentences(chosen, { request, changed }));

/** @extends {Watching<Board>} */
class ReadySentencesCard extends Watching {
  /** @type {ReadySentences | null} */
  #shown = null;

  willUpdate() {
    const sentences = sentencesOf(this.station);
    if (sentences !== this.#shown) sentences.load();
    this.#shown = sentences;
  }

  render() {
    const sentences = this.#shown;
    if (!sentences) return nothing;
    if (!sentences.loaded)
      return html`<section class="card">${unloaded(sentences, "board.sentences.loading")}</section>`;
    const may = !sentences.busy && this.station.hindrance === "";
    return html`<section class="card ready-sentences" aria-labelledby="sentences-title">
      <h3 id="sentences-title">${t("board.sentences")}</h3>
      <p class="lead">${t("board.sentences.lead")}</p>
      <label>${t("board.sentences.find")}
        <input type="search" autocomplete="off" .value=${live(sentences.sought)} @input=${(
          /** @type {Event} */ event,
        ) => {
          sentences.sought = value(event);
          this.requestUpdate();
        }}></label>
      ${sentences.folders.map(([folder, rows]) => inFolder(sentences, folder, rows, may))}
      ${sentences.folders.length ? nothing : html`<p class="nothing">${t("board.sentences.none")}</p>`}
      ${form(sentences, may)}
      ${sentences.past.length ? past(sentences) : nothing}
    </section>`;
  }
}

/** @param {Event} event */
const value = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/** Renders a folder, which is unfolded while somebody searches. @param {ReadySentences} sentences @param {string} folder @param {Sentence[]} rows @param {boolean} may */
const inFolder = (sentences, folder, rows, may) => html`<details ?open=${sentences.sought !== ""}>
  <summary>${folder} <span class="aside">${rows.length}</span></summary>
  <ul class="plain editions">${rows.map((row) => offered(sentences, row, may))}</ul>
</details>`;

/** @param {ReadySentences} sentences @param {Sentence} row @param {boolean} may */
const offered = (sentences, row, may) => html`<li>
  ${said(row)}
  <span class="order">${
    sentences.ending === row.sentence
      ? html`<button type="button" class="danger" ?disabled=${!may} @click=${() => sentences.end(row.sentence)}>${t("board.sentences.end_sure")}</button>
        <button type="button" class="quiet" @click=${() => sentences.askToEnd("")}>${t("board.codes.keep")}</button>`
      : html`<button type="button" class="quiet" aria-label=${t("board.sentences.change_of", { text: inOwn(row.says) })} @click=${(/** @type {Event} */ event) => changes(sentences, row, event)}>${t("board.sentences.change")}</button>
        <button type="button" class="quiet" aria-label=${t("board.sentences.end_of", { text: inOwn(row.says) })} @click=${() => sentences.askToEnd(row.sentence)}>${t("board.codes.end")}</button>`
  }</span>
</li>`;

/** Copies a sentence into the form and moves the focus there, because the form is below all folders. @param {ReadySentences} sentences @param {Sentence} row @param {Event} event */
function changes(sentences, row, event) {
  const card = /** @type {Element} */ (event.target).closest("section");
  sentences.take(row);
  requestAnimationFrame(() =>
    /** @type {HTMLElement | null | undefined} */ (card?.querySelector("form textarea"))?.focus(),
  );
}

/** @param {Sentence} row */
const said = ({ says }) => html`<span class="said">
  ${addresses()
    .filter((one) => says[one])
    .map((one, n) => html`<span class=${n ? "aside" : ""} lang=${langOf(one)}>${says[one]}</span> `)}
</span>`;

/** @param {ReadySentences} sentences @param {boolean} may */
function form(sentences, may) {
  const { written, changing, refused, saved, names } = sentences;
  const whole = written.folder.trim() && isWhole(written.says);
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    sentences.save();
  };
  return html`<form @submit=${save}>
    <h4>${t(changing ? "board.sentences.changing" : "board.sentences.adding")}</h4>
    <label>${t("board.sentences.folder")}
      <input list="folders" maxlength=${LONGEST_FOLDER} autocomplete="off" .value=${live(written.folder)}
        @input=${(/** @type {Event} */ event) => sentences.write({ folder: value(event) })}></label>
    <datalist id="folders">${names.map((name) => html`<option value=${name}></option>`)}</datalist>
    ${addresses().map(
      (one) => html`<label>${languageName(one)} ${isNeeded(one) ? nothing : t("board.sentences.optional")}
        <textarea rows="2" maxlength=${LONGEST} lang=${langOf(one)} .value=${live(written.says[one] ?? "")}
          @input=${(/** @type {Event} */ event) => sentences.write({ says: { ...written.says, [one]: value(event) } })}></textarea></label>`,
    )}
    <p class="aside">${t("board.sentences.variables")}</p>
    <div role="alert">${refused ? html`<p class="wrong">${refused === "bad_frame" ? t("board.sentences.wrong") : problemInWords(refused)}</p>` : nothing}</div>
    <p class="actions">
      <button type="submit" class="main" ?disabled=${!may || !whole}>${t(changing ? "board.sentences.save" : "board.sentences.add")}</button>
      ${changing ? html`<button type="button" class="quiet" @click=${() => sentences.clear()}>${t("board.sentences.leave")}</button>` : nothing}
      <span class="saved" role="status">${saved ? t("board.words.saved") : nothing}</span>
    </p>
  </form>`;
}

/** @param {ReadySentences} sentences */
const past = (sentences) => html`<details>
  <summary>${t("board.sentences.past")} <span class="aside">${sentences.past.length}</span></summary>
  <ul class="plain editions">${sentences.past.map(
    (row) => html`<li>
      ${said(row)}
      <span class="aside">${row.folder}, ${t("board.codes.ended", { when: when(row.ended) })}${row.by ? `, ${row.by}` : ""}</span>
      <span class="order"><button type="button" class="quiet" aria-label=${t("board.sentences.again_of", { text: inOwn(row.says) })} @click=${() => sentences.take(row)}>${t("board.sentences.again")}</button></span>
    </li>`,
  )}</ul>
</details>`;

customElements.define("hl-ready-sentences", ReadySentencesCard);
