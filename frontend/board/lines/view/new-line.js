// Renders the card to request a new line, on the tab of a line.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { textOf } from "../../../staff/problems.js";
import { html, live, nothing } from "../../../vendor/lit.js";
import { asksOrDoes, byTwo } from "../../supervision/view/by-two.js";
import { problemInWords } from "../../words.js";
import { kept } from "../model/kept-forms.js";
import { NewLine } from "../model/new-line.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/new-line.js").Field} Field */

const formOf = kept(
  ({ request, changed }) => new NewLine({ request, changed }),
  () => "",
);

/** Returns the name of a template in words. @param {string} name */
export const inWords = (name) => textOf(`board.template.${name}`) ?? name;

/** @extends {Watching<Board>} */
class NewLineCard extends Watching {
  static properties = { ...Watching.properties, templates: { attribute: false } };

  constructor() {
    super();
    /** @type {string[]} */
    this.templates = [];
  }

  get form() {
    return formOf(this.station);
  }

  render() {
    const { form, station: board } = this;
    const asked = board.approvals.rows.filter(({ kind }) => kind === "new_line");
    return html`<section class="card" aria-labelledby="new-line-title">
      <h3 id="new-line-title">${t("board.new_line")}</h3>
      <p class="lead">${t("board.new_line.lead")}</p>
      ${asked.map(({ name }) => html`<p class="state">${t("board.new_line.waits", { name })}</p>`)}
      ${form.open ? this.#form() : html`<p class="actions"><button type="button" @click=${() => this.#unfold(true)}>${t("board.new_line.open")}</button></p>`}
      <p class="saved" role="status">${form.told ? t(form.told) : nothing}</p>
    </section>`;
  }

  #form() {
    const { form, station: board } = this;
    const { tried, refused, wrong, busy } = form;
    return html`<form class="service" @submit=${this.#ask} novalidate aria-labelledby="new-line-title">
      <fieldset class="all" ?disabled=${busy}>
        ${this.#text("name", 60)} ${this.#text("path", 32, "board.new_line.path.help")} ${this.#text("phone", 20)}
        <div class="one"><label>${t("board.line_form.template")}
          <select name="template" aria-invalid=${this.#isWrong("template")} aria-describedby="new-line-says-template" @change=${(/** @type {Event} */ event) => form.write({ template: typedIn(event) })}>
            <option value="" .selected=${!form.typed.template}>${t("board.choose")}</option>
            ${this.templates.map((name) => html`<option value=${name} .selected=${name === form.typed.template}>${inWords(name)}</option>`)}
          </select></label>${this.#beside("template", "board.new_line.template.help")}</div>
        ${byTwo(board, null)}
      </fieldset>
      <div role="alert">${tried && refused && !wrong ? html`<p class="wrong">${problemInWords(refused)}</p>` : nothing}</div>
      <p class="actions">
        <button type="submit" class="main" ?disabled=${busy || board.hindrance !== ""}>${asksOrDoes(board, null, "board.new_line.ask", "board.new_line.make")}</button>
        <button type="button" class="quiet" ?disabled=${busy} @click=${() => this.#unfold(false)}>${t("board.new_line.not")}</button>
      </p>
    </form>`;
  }

  /** @param {"name" | "path" | "phone"} field @param {number} most @param {string} [help] */
  #text(field, most, help = "") {
    const { form } = this;
    return html`<div class="one"><label>${t(`board.line_form.${field}`)}
      <input type=${field === "phone" ? "tel" : "text"} name=${field} maxlength=${most} autocomplete="off"
        aria-invalid=${this.#isWrong(field)} aria-describedby="new-line-says-${field}"
        .value=${live(form.typed[field])} @input=${(/** @type {Event} */ event) => form.write({ [field]: typedIn(event) })}></label>
      ${this.#beside(field, help)}</div>`;
  }

  /** @param {Field} field */
  #isWrong(field) {
    return this.form.tried && this.form.problems.has(field) ? "true" : "false";
  }

  /** @param {Field} field @param {string} help */
  #beside(field, help) {
    const { form } = this;
    const says = form.tried ? form.problems.get(field) : "";
    return html`<div class="says" id="new-line-says-${field}">
      ${help ? html`<p class="aside">${t(help)}</p>` : nothing}
      ${says ? html`<p class="wrong" role="alert">${t(`board.line_form.wrong.${says}`)}</p>` : nothing}
    </div>`;
  }

  /** @param {boolean} open */
  async #unfold(open) {
    this.form.unfold(open);
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector(open ? "input" : "button"))?.focus();
  }

  /** @param {SubmitEvent} event */
  #ask = async (event) => {
    event.preventDefault();
    const asked = await this.form.ask();
    if (asked) await this.station.refresh();
    await this.updateComplete;
    const place = asked ? "button" : '[aria-invalid="true"]';
    /** @type {HTMLElement | null} */ (this.querySelector(place))?.focus();
  };
}

/** @param {Event} event */
const typedIn = (event) => /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;

customElements.define("hl-new-line", NewLineCard);
