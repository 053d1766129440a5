// Shows the tab of services: the directory with a search, and the form of one service, with the service's hours and the
// button to end it.
import { t, tn } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html, live, nothing } from "../../../vendor/lit.js";
import { HoursForm } from "../../lines/model/hours-form.js";
import { kept } from "../../lines/model/kept-forms.js";
import { Hours } from "../../lines/view/hours-tab.js";
import { asksOrDoes, byTwo } from "../../supervision/view/by-two.js";
import { unloaded } from "../../unloaded.js";
import { problemInWords, when } from "../../words.js";
import { emptyDayOf, NEW } from "../model/directory.js";
import { fields } from "./service-form.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/directory.js").Directory} Directory */
/** @typedef {import("../model/directory.js").Entry} Entry */

/** @extends {Watching<Board>} */
class DirectoryTab extends Watching {
  connectedCallback() {
    super.connectedCallback();
    this.station.directory.load();
  }

  render() {
    const { station: board } = this;
    const { directory } = board;
    if (!directory.loaded) return unloaded(directory, "board.directory.loading");
    const { chosen } = directory;
    return html`<div class=${chosen === null ? "columns directory" : "columns directory chosen"}>
      ${this.#list(directory)}
      <div>
        ${chosen === null ? html`<p class="nothing unchosen">${t("board.directory.choose")}</p>` : this.#one(directory)}
      </div>
    </div>`;
  }

  /** @param {Directory} directory */
  #list(directory) {
    const { offered, past } = directory;
    return html`<section class="card list" aria-labelledby="directory-title">
      <h3 id="directory-title">${t("board.directory")}</h3>
      <p class="lead">${t("board.directory.lead")}</p>
      <p class="actions"><button type="button" class="main" @click=${() => this.#choose(NEW)}>${t("board.directory.new")}</button></p>
      <label>${t("board.directory.find")}
        <input type="search" autocomplete="off" .value=${live(directory.sought)} @input=${this.#seek}></label>
      <ul class="plain entries">${offered.map((entry) => this.#row(directory, entry))}</ul>
      ${offered.length ? nothing : html`<p class="nothing">${t("board.directory.none")}</p>`}
      ${
        past.length
          ? html`<details ?open=${directory.sought !== ""}>
        <summary>${t("board.directory.past")} <span class="soft">${past.length}</span></summary>
        <ul class="plain entries">${past.map((entry) => this.#row(directory, entry))}</ul>
      </details>`
          : nothing
      }
    </section>`;
  }

  /** @param {Directory} directory @param {Entry} entry */
  #row(directory, entry) {
    const { service, name, phone, site } = entry;
    const marks = [
      directory.isUnsaved(service) ? t("board.directory.unsaved") : "",
      Object.keys(entry.waits).length ? t("board.directory.waits") : "",
      entry.stale && entry.ended === null
        ? t(entry.verified ? "board.directory.stale" : "board.directory.never")
        : "",
    ].filter(Boolean);
    return html`<li><button type="button" class="quiet" aria-current=${directory.chosen === service ? "true" : nothing}
      @click=${() => this.#choose(service)}>
      <b>${name}</b> <span class="soft">${phone || site.replace(/^https:\/\//, "") || t("board.directory.nothing_to_give")}</span>
      ${marks.map((mark) => html` <span class="mark">${mark}</span>`)}
    </button></li>`;
  }

  /** @param {Directory} directory */
  #one(directory) {
    const { entry, chosen } = directory;
    const name = entry?.name ?? t("board.directory.new_one");
    return html`
      <p class="back"><button type="button" class="quiet" @click=${() => this.#choose(null)}>← ${t("board.directory.back")}</button></p>
      ${entry?.ended ? this.#past(directory, entry) : this.#form(directory, name)}
      ${entry && !entry.ended ? html`<hl-service-hours .station=${this.station}></hl-service-hours>${this.#end(directory, entry)}` : nothing}
      ${chosen === NEW ? html`<p class="aside">${t("board.directory.hours_later")}</p>` : nothing}`;
  }

  /** @param {Directory} directory @param {string} name */
  #form(directory, name) {
    const { dirty, busy, refused, tried, problems, moved } = directory;
    const says = refused && (refused === "conflict" ? t("board.directory.conflict") : "");
    return html`<form class="card service" @submit=${this.#save} novalidate aria-labelledby="service-title">
      <h3 id="service-title">${name}</h3>
      ${sharedBy(directory)}
      <fieldset class="all" ?disabled=${busy}>${fields(directory)}</fieldset>
      <div class="keep">
        <div role="alert">
          ${tried && problems.size ? html`<p class="wrong">${t("board.directory.first_mend")}</p>` : nothing}
          ${refused && !problems.size ? html`<p class="wrong">${says || problemInWords(refused)}</p>` : nothing}
          ${moved.size ? html`<p class="wrong">${t("board.directory.moved")}</p>` : nothing}
        </div>
        <p class="actions">
          <button type="submit" class="main" ?disabled=${!dirty || busy || this.station.hindrance !== ""}>${t("board.directory.save")}</button>
          <button type="button" class="quiet" ?disabled=${!dirty || busy} @click=${() => directory.reset()}>${t("board.hours.reset")}</button>
          <span class="saved" role="status">${directory.told ? t(directory.told) : nothing}</span>
        </p>
      </div>
    </form>`;
  }

  /** @param {Directory} directory @param {Entry} entry */
  #end(directory, entry) {
    const waits = entry.waits.ended === "end";
    return html`<section class="card" aria-labelledby="end-title">
      <h3 id="end-title">${t("board.directory.end")}</h3>
      <p class="lead">${t("board.directory.end_lead")}</p>
      ${sharedBy(directory)}
      ${entry.in_use ? html`<p class="state">${t("board.directory.in_use", { n: entry.in_use })}</p>` : nothing}
      ${byTwo(this.station, null)}
      ${waits ? html`<p class="state">${t("board.directory.end_waits")}</p>` : nothing}
      <p class="actions">${
        directory.ending
          ? html`<button type="button" class="bad" ?disabled=${this.#may} @click=${() => directory.end(true)}>${asksOrDoes(this.station, null, "board.directory.end_sure", "board.directory.end_now", { name: entry.name })}</button>
          <button type="button" class="quiet" @click=${() => directory.askToEnd(false)}>${t("board.codes.keep")}</button>`
          : html`<button type="button" ?disabled=${this.#may || waits} @click=${() => directory.askToEnd(true)}>${t("board.directory.end_ask")}</button>`
      }</p>
    </section>`;
  }

  /** @param {Directory} directory @param {Entry} entry */
  #past(directory, entry) {
    const waits = entry.waits.ended === "back";
    return html`<section class="card" aria-labelledby="service-title">
      <h3 id="service-title">${entry.name}</h3>
      <p class="lead">${t("board.directory.ended", { when: when(entry.ended) })}</p>
      ${byTwo(this.station, null)}
      ${waits ? html`<p class="state">${t("board.directory.again_waits")}</p>` : nothing}
      ${directory.refused ? html`<p class="wrong" role="alert">${problemInWords(directory.refused)}</p>` : nothing}
      <p class="actions"><button type="button" class="main" ?disabled=${this.#may || waits} @click=${() => directory.end(false)}>${asksOrDoes(this.station, null, "board.directory.again", "board.directory.again_now")}</button>
        <span class="saved" role="status">${directory.told ? t(directory.told) : nothing}</span></p>
    </section>`;
  }

  /** Returns whether actions are disabled now. */
  get #may() {
    return this.station.directory.busy || this.station.hindrance !== "";
  }

  /** @param {string | null} service */
  async #choose(service) {
    this.station.directory.choose(service);
    await this.updateComplete;
    const place = this.querySelector(service === null ? ".list input" : ".service input");
    /** @type {HTMLElement | null} */ (place)?.focus({ preventScroll: service !== null });
    if (service !== null) this.querySelector(".back")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Event} event */
  #seek = (event) => {
    this.station.directory.sought = /** @type {HTMLInputElement} */ (event.target).value;
    this.requestUpdate();
  };

  /** @param {SubmitEvent} event */
  #save = async (event) => {
    event.preventDefault();
    const saved = await this.station.directory.save();
    await this.updateComplete;
    if (!saved)
      /** @type {HTMLElement | null} */ (this.querySelector('.service [aria-invalid="true"]'))?.focus();
  };
}

/** Says which lines a change or an end concerns, if there is more than one. @param {Directory} directory */
function sharedBy({ sharedBy }) {
  if (!sharedBy) return nothing;
  const { names, others } = sharedBy;
  return html`<p class="state">${names.length ? t("board.directory.shared", { lines: names.join(", ") }) : nothing}
    ${others ? tn("board.directory.shared_others", others) : nothing} ${t("board.directory.shared_for_all")}</p>`;
}

/** Keeps one form of hours per service. */
const hoursOf = kept(
  ({ request, changed, directory }) =>
    new HoursForm(directory.chosen ?? NEW, {
      request: /** @type {any} */ (
        (/** @type {string} */ type, /** @type {{line: string}} */ { line, ...fields }) =>
          request(
            .../** @type {[any, any]} */ ([
              `${type.replace("hours", "")}servicehours`,
              { service: line, ...fields },
            ]),
          )
      ),
      changed,
    }),
  ({ directory }) => directory.chosen ?? NEW,
);

class ServiceHours extends Hours {
  /** Tells whether the service was open day and night when its hours were last fetched. @type {boolean | undefined} */
  #always;

  constructor() {
    super(hoursOf);
  }

  /** Loads the hours again after a change of the setting "open day and night" was saved, because the weeks depend on that setting. */
  willUpdate() {
    super.willUpdate();
    const always = this.station.directory.entry?.always_open;
    if (this.#always !== undefined && always !== this.#always) this.form.load();
    this.#always = always;
  }

  get emptyDay() {
    const means = emptyDayOf(this.station.directory.entry, this.form.schedule.week);
    return means && t(`board.directory.day.${means}`);
  }

  get unknown() {
    return t("board.directory.hours_unknown");
  }

  get title() {
    return t("board.hours_of", { name: this.station.directory.entry?.name ?? "" });
  }

  get lead() {
    const { directory } = this.station;
    return t(directory.entry?.always_open ? "board.directory.hours_always" : "board.directory.hours_lead");
  }

  beside() {
    return nothing;
  }
}

customElements.define("hl-service-hours", ServiceHours);
customElements.define("hl-directory", DirectoryTab);
