// Renders the tab of a line's settings: its name, telephone number and address, the services that it shows to callers, and
// which callers come first, each with an explanation.
import { t } from "../../../shared/text.js";
import { languageName, languages } from "../../../staff/languages.js";
import { html, live, nothing } from "../../../vendor/lit.js";
import { asksOrDoes, byTwo } from "../../supervision/view/by-two.js";
import { unloaded } from "../../unloaded.js";
import { problemInWords, when } from "../../words.js";
import { kept } from "../model/kept-forms.js";
import { BY_TWO, LineForm } from "../model/line-form.js";
import { FormTab } from "./form-tab.js";
import { keptOpen } from "./kept-open.js";
import { inWords } from "./new-line.js";

/** @typedef {import("../model/line-form.js").Field} Field */

const formOf = kept(({ request, changed, chosen }) => new LineForm(chosen, { request, changed }));

/** @param {Event} event */
const typed = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/** @extends {FormTab<LineForm>} */
class LineTab extends FormTab {
  /** @type {unknown} */
  #seen;
  #sums = "";

  constructor() {
    super(formOf);
  }

  /** Loads the form again in two cases: after the board was refreshed, because the line or its approval requests may have changed; and when callers came or went, because a line with callers cannot end. */
  willUpdate() {
    super.willUpdate();
    const { approvals, chosen, floor } = this.station;
    const { rows } = approvals;
    const { waiting, active, letters } = floor.lines.find(({ line }) => line === chosen) ?? {};
    const sums = [chosen, waiting, active, letters?.new, letters?.taken].join(" ");
    if (this.#seen && (rows !== this.#seen || sums !== this.#sums)) this.form.load();
    this.#sums = sums;
    this.#seen = rows;
  }

  render() {
    const { form, station: board } = this;
    if (!form.loaded) return unloaded(form, "board.line_form.loading");
    if (form.shown?.ended) return this.#past(form.shown.ended);
    return html`<div class="columns line-tab">
      <form class="card service" @submit=${this.#save} novalidate aria-labelledby="line-title">
        <h3 id="line-title">${t("board.line_form", { name: board.line?.name ?? "" })}</h3>
        <fieldset class="all" ?disabled=${form.busy}>${this.#fields()}</fieldset>
        ${this.#buttons(form)}
      </form>
      <div>
        <section class="card" aria-labelledby="page-title">
          <h3 id="page-title">${t("board.line_form.page")}</h3>
          <p class="lead">${t("board.line_form.page.lead")}</p>
        ${this.form.dirty ? html`<p role="status"><b>${t("board.line_form.page.unsaved")}</b></p>` : nothing}
          <ul class="plain">${languages().flatMap((one) => ["", "open", "closed"].map((state) => this.#look(one, state)))}</ul>
        </section>
        <section class="card" aria-labelledby="elsewhere-title">
          <h3 id="elsewhere-title">${t("board.line_form.elsewhere")}</h3>
          <ul class="plain">
            ${["uren", "woorden", "zorg", "mensen", "nalezen", "samen"].map(
              (tab) =>
                html`<li><a href="#${tab}">${t(`board.tab.${tab}`)}</a>: ${t(`board.line_form.elsewhere.${tab}`)}</li>`,
            )}
          </ul>
        </section>
        ${this.#newLine()} ${this.#end()}
      </div>
    </div>`;
  }

  #newLine() {
    const { form, station: board } = this;
    return html`<hl-new-line .station=${board} .templates=${form.shown?.templates ?? []}></hl-new-line>`;
  }

  #end() {
    const { form, station: board } = this;
    const waits = form.shown?.waits.ended === "end";
    return html`<section class="card" aria-labelledby="line-end-title">
      <h3 id="line-end-title">${t("board.line_end")}</h3>
      <p class="lead">${t("board.line_end.lead")}</p>
      ${byTwo(board, board.chosen)}
      ${waits ? html`<p class="state">${t("board.line_end.waits")}</p>` : nothing}
      ${form.keptOpenBy.length ? html`<p class="state" role="status">${keptOpen(form.keptOpenBy)}</p>` : nothing}
      ${form.refused === "still_inside" ? html`<p class="wrong" role="alert">${problemInWords(form.refused)}</p>` : nothing}
      <p class="actions">${
        form.ending
          ? html`<button type="button" class="bad" ?disabled=${this.#idle} @click=${() => this.#ends(true)}>${asksOrDoes(board, board.chosen, "board.line_end.sure", "board.line_end.now", { name: board.line?.name ?? "" })}</button>
          <button type="button" class="quiet" @click=${() => form.askToEnd(false)}>${t("board.new_line.not")}</button>`
          : html`<button type="button" ?disabled=${this.#idle || waits} @click=${() => form.askToEnd(true)}>${t("board.line_end.ask")}</button>`
      }</p>
    </section>`;
  }

  /** Renders a line that has ended. @param {string} ended */
  #past(ended) {
    const { form, station: board } = this;
    const waits = form.shown?.waits.ended === "back";
    return html`<div class="columns line-tab">
      <section class="card" aria-labelledby="line-title">
        <h3 id="line-title">${board.line?.name}</h3>
        <p class="lead">${t("board.line_end.ended", { when: when(ended) })}</p>
        ${byTwo(board, board.chosen)}
        ${waits ? html`<p class="state">${t("board.line_end.again_waits")}</p>` : nothing}
        ${form.refused ? html`<p class="wrong" role="alert">${problemInWords(form.refused)}</p>` : nothing}
        <p class="actions"><button type="button" class="main" ?disabled=${this.#idle || waits} @click=${() => this.#ends(false)}>${asksOrDoes(board, board.chosen, "board.line_end.again", "board.line_end.again_now")}</button>
          <span class="saved" role="status">${form.told ? t(form.told) : nothing}</span></p>
      </section>
      <div>${this.#newLine()}</div>
    </div>`;
  }

  /** Returns whether the buttons are disabled now. */
  get #idle() {
    return this.form.busy || this.station.hindrance !== "";
  }

  /** @param {boolean} ended */
  async #ends(ended) {
    await this.form.end(ended);
    await this.station.refresh();
  }

  /** @param {string} language @param {string} state  in which the page shows the line; "": its real state */
  #look(language, state) {
    const words = languageName(language);
    return html`<li><a href="${this.#page(language)}${state && `#${state}`}" target="_blank" rel="noreferrer">${state ? t(`board.line_form.page.${state}`, { language: words }) : words}</a></li>`;
  }

  /** Returns the address of the line's page, from the saved settings and not from the typed ones. @param {string} language */
  #page(language) {
    const { path = "", hosts = "" } = this.form.shown ?? {};
    const [host] = hosts.split(" ");
    return host ? `https://${host}/${language}/` : `/${language}/${path}/`;
  }

  #fields() {
    return html`
      ${group("name", html`${this.#text("name", { most: 60 })} ${this.#formal()}`)}
      ${group(
        "reach",
        html`${this.#text("phone", { type: "tel", most: 20 })} ${this.#text("on_call_phone", { type: "tel", most: 20, help: true })}
        ${this.#text("path", { most: 32, help: true })} ${this.#text("hosts", { most: 200, help: true })}`,
      )}
      ${group("says", html`${this.#template()} ${this.#services()}`)}
      ${group(
        "first",
        html`${this.#text("boost_acute", { type: "number", most: 1440 })} ${this.#text("boost_soon", { type: "number", most: 1440 })}
        ${this.#text("goal_at_once", { type: "number", most: 99, help: true })} ${this.#text("goal_soon", { type: "number", most: 99, help: true })}`,
      )}
      ${group("alerts", this.#text("alert_url", { type: "url", most: 200 }))}`;
  }

  /** @param {Field} field @param {{type?: string, most: number, help?: boolean}} how */
  #text(field, { type = "text", most, help = false }) {
    const { form } = this;
    const isNumber = type === "number";
    return html`<div class="one">
      <label>${t(`board.line_form.${field}`)}
        <input type=${type} name=${field} maxlength=${isNumber ? nothing : most} min=${isNumber ? 0 : nothing} max=${isNumber ? most : nothing}
          autocomplete="off" aria-invalid=${this.#isWrong(field) ? "true" : "false"} aria-describedby="line-says-${field}"
          .value=${live(String(form.typed[field]))} @input=${(/** @type {Event} */ event) => form.write({ [field]: typed(event) })}></label>
      ${this.#beside(field, help)}
    </div>`;
  }

  #formal() {
    const { form } = this;
    return html`<label class="tick"><input type="checkbox" name="formal" .checked=${live(form.typed.formal)}
      @change=${(/** @type {Event} */ event) => form.write({ formal: /** @type {HTMLInputElement} */ (event.target).checked })}> ${t("board.line_form.address")}</label>`;
  }

  #template() {
    const { form } = this;
    return html`<div class="one"><label>${t("board.line_form.template")}
      <select name="template" aria-describedby="line-says-template" @change=${(/** @type {Event} */ event) => form.write({ template: typed(event) })}>
        ${form.shown?.templates.map((name) => html`<option value=${name} .selected=${name === form.typed.template}>${inWords(name)}</option>`)}
      </select></label>
      ${this.#beside("template", true)}
    </div>`;
  }

  #services() {
    const { form } = this;
    const now = form.typed.services;
    const set = (/** @type {string} */ slug, /** @type {boolean} */ on) =>
      form.write({ services: on ? [...now, slug] : now.filter((one) => one !== slug) });
    return html`<div class="one" role="group" aria-label=${t("board.line_form.services")} aria-describedby="line-says-services">
      <p class="label" aria-hidden="true">${t("board.line_form.services")}</p>
      <div class="ticks">${Object.entries(form.shown?.offered ?? {}).map(
        ([slug, name]) => html`<label class="tick"><input type="checkbox" .checked=${live(now.includes(slug))}
          @change=${(/** @type {Event} */ event) => set(slug, /** @type {HTMLInputElement} */ (event.target).checked)}> ${name}</label>`,
      )}</div>
      ${this.#beside("services", true)}
    </div>`;
  }

  /** @param {Field} field */
  #isWrong(field) {
    const { form } = this;
    return form.problems.has(field) && (form.tried || form.wrong === field);
  }

  /** Renders what is below a field: help, whether it needs approval, a value that waits for approval, a colleague's value, and the error. @param {Field} field @param {boolean} help */
  #beside(field, help) {
    const { form } = this;
    const waits = form.shown?.waits[field];
    const wrong = this.#isWrong(field) ? form.problems.get(field) : "";
    const says = wrong && form.refused === "asked_already" ? "asked_already" : wrong;
    return html`<div class="says" id="line-says-${field}">
      ${help ? html`<p class="aside">${t(`board.line_form.${field}.help`)}</p>` : nothing}
      ${BY_TWO.includes(field) ? byTwo(this.station, this.station.chosen) : nothing}
      ${waits === undefined ? nothing : html`<p class="state">${waits ? t("board.service.waits", { value: waits }) : t("board.service.waits_empty")}</p>`}
      ${form.moved.has(field) ? html`<p class="state">${t("board.service.now", { value: String(form.shown?.[field] ?? "–") })}</p>` : nothing}
      ${says ? html`<p class="wrong" role="alert">${t(`board.line_form.wrong.${says}`)}</p>` : nothing}
    </div>`;
  }

  /** @param {LineForm} form */
  #buttons(form) {
    const { dirty, busy, refused, tried, problems, moved, told } = form;
    return html`<div class="keep">
      <div role="alert">
        ${tried && problems.size ? html`<p class="wrong">${t("board.directory.first_mend")}</p>` : nothing}
        ${refused && refused !== "still_inside" && !problems.size ? html`<p class="wrong">${refused === "conflict" ? t("board.line_form.conflict") : problemInWords(refused)}</p>` : nothing}
        ${moved.size ? html`<p class="wrong">${t("board.directory.moved")}</p>` : nothing}
      </div>
      <p class="actions">
        <button type="submit" class="main" ?disabled=${!dirty || busy || this.station.hindrance !== ""}>${t("board.line_form.save")}</button>
        <button type="button" class="quiet" ?disabled=${!dirty || busy} @click=${() => form.reset()}>${t("board.hours.reset")}</button>
        <span class="saved" role="status">${told ? t(told) : nothing}</span>
      </p>
    </div>`;
  }

  /** @param {SubmitEvent} event */
  #save = async (event) => {
    event.preventDefault();
    const saved = await this.form.save();
    if (saved) await this.station.refresh();
    await this.updateComplete;
    if (!saved) /** @type {HTMLElement | null} */ (this.querySelector('[aria-invalid="true"]'))?.focus();
  };
}

/** @param {string} name @param {unknown} inside */
const group = (name, inside) => html`<fieldset>
  <legend>${t(`board.line_form.group.${name}`)}</legend>
  <p class="aside">${t(`board.line_form.group.${name}.lead`)}</p>
  ${inside}
</fieldset>`;

customElements.define("hl-line", LineTab);
