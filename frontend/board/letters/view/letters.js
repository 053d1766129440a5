// Shows a line's letters: whether the line takes letters, what is missing, when it promises an answer, and who can open
// letters.
import { t, tn } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/line-letters.js").LineLetters} LineLetters */

const STATES = /** @type {const} */ (["never", "closed", "always"]);

/** @extends {Watching<Board>} */
class Letters extends Watching {
  static properties = { ...Watching.properties, compared: { state: true }, changing: { state: true } };

  constructor() {
    super();
    /** Identifies the device whose words were compared. */
    this.compared = "";
    this.changing = false;
  }

  render() {
    const { letters } = this.station;
    if (!letters.settings) return nothing;
    return html`<section class="card" aria-labelledby="letters-title">
      <h3 id="letters-title">${t("board.letters")}</h3>
      <p class="lead">${t("board.letters.lead")}</p>
      ${this.#lacking(letters.settings.lacking)} ${this.#key(letters)} ${this.#form(letters.settings)}
    </section>`;
  }

  /** @param {string[]} lacking */
  #lacking(lacking) {
    if (!lacking.length) return html`<p class="state good">${t("board.letters.complete")}</p>`;
    return html`<div class="banner"><p><b>${t("board.letters.lacking")}</b></p>
      <ul>${lacking.map((what) => html`<li>${t(`board.letters.lacks.${what}`)}</li>`)}</ul></div>`;
  }

  /** Also shows a key that waits, to be signed: without signatures, letters would stop once it counts. @param {LineLetters} letters */
  #key({ keys: { present: key, waiting }, without }) {
    const { certifying, chosen } = this.station;
    const mine = certifying.told?.keys.filter(({ use, line }) => use === "letters" && line === chosen);
    return html`${waiting ? html`<p class="banner">${t("board.key.waits", { n: waiting.generation })}</p>` : nothing}
      ${mine?.map((one) => html`<hl-line-key .station=${this.station} .needs=${one}></hl-line-key>`)}
      ${key ? this.#holders(key.share !== null, without) : nothing}
      ${waiting ? nothing : this.#change(key)}`;
  }

  /** @param {boolean} shares  whether this browser can give access @param {import("../model/line-letters.js").KeyDevice[]} without */
  #holders(shares, without) {
    return html`<p>${without.length ? tn("board.letters.without", without.length) : t("board.letters.all_have")}</p>
      <ul class="rows">${shares ? without.map((device) => this.#holder(device)) : nothing}</ul>`;
  }

  /** A changed key has to be signed anew, so this asks first. @param {object | undefined} key  the present one */
  #change(key) {
    const { busy, hindrance, letters } = this.station;
    const make = () => {
      this.changing = false;
      letters.keys.make();
    };
    const ask = (/** @type {boolean} */ changing) => () => {
      this.changing = changing;
    };
    const button = (
      /** @type {string} */ text,
      /** @type {() => void} */ act,
    ) => html`<button type="button" class="quiet"
      ?disabled=${busy || hindrance !== ""} @click=${act}>${t(text)}</button> `;
    if (!key) return html`<p>${t("board.letters.key.none")}</p>${button("board.letters.key.make", make)}`;
    if (!this.changing) return button("board.key.change", ask(true));
    return html`<p class="banner">${t("board.letters.key.change_why")}</p>
      ${button("board.key.change_sure", make)}${button("board.cancel", ask(false))}`;
  }

  /** @param {import("../model/line-letters.js").KeyDevice} device */
  #holder(device) {
    const { station: board } = this;
    const compared = this.compared === device.id;
    const tick = (/** @type {Event} */ event) => {
      this.compared = /** @type {HTMLInputElement} */ (event.target).checked ? device.id : "";
    };
    const give = () => {
      this.compared = "";
      board.letters.keys.give(device);
    };
    return html`<li data-holder=${device.id}>
      <p class="what"><b>${device.alias}</b> · ${device.label}</p>
      <p class="words" lang="en">${board.wordsOf(device.key)}</p>
      <label class="tick"><input type="checkbox" .checked=${compared} @change=${tick}> ${t("board.key.compared", { name: device.alias })}</label>
      <button type="button" class="main" ?disabled=${!compared || board.busy} @click=${give}>${t("board.key.give")}</button>
    </li>`;
  }

  /** @param {import("../model/line-letters.js").Settings} settings */
  #form({ letters, days, hours, people, staff }) {
    const { busy, hindrance, problem } = this.station;
    return html`<form @submit=${this.#save}>
      <label>${t("board.letters.when")}
        <select name="letters">${STATES.map((state) => html`<option value=${state} ?selected=${state === letters}>${t(`board.letters.${state}`)}</option>`)}</select></label>
      <label>${t("board.letters.hours")}
        <input type="number" name="hours" min="4" max="72" required .value=${String(Math.min(72, Math.max(4, hours)))}></label>
      <label>${t("board.letters.days")}
        <input type="number" name="days" min="3" max="30" required .value=${String(Math.min(30, Math.max(3, days)))}></label>
      <fieldset class="weekdays"><legend>${t("board.letters.people")}</legend>
        ${people.map(
          (who, day) => html`<label>${weekday(day)}
          <select name="person">
            <option value="">${t("board.letters.nobody")}</option>
            ${[...new Set([...staff, who])].filter(Boolean).map((name) => html`<option value=${name} ?selected=${name === who}>${name}</option>`)}
          </select></label>`,
        )}</fieldset>
      ${problem === "letters_lack" ? html`<p class="wrong">${t("board.problem.letters_lack")}</p>` : nothing}
      <button type="submit" class="main" ?disabled=${busy || hindrance !== ""}>${t("board.keeping.save")}</button>
    </form>`;
  }

  /** @param {SubmitEvent} event */
  #save = (event) => {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const letters = /** @type {typeof STATES[number]} */ (fields.get("letters"));
    this.station.letters.save(letters, {
      days: Number(fields.get("days")),
      hours: Number(fields.get("hours")),
      people: fields.getAll("person").map(String),
    });
  };
}

/** @param {number} day  0 is Monday */
const weekday = (day) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long" }).format(
    new Date(2026, 0, 5 + day),
  );

customElements.define("hl-letters", Letters);
