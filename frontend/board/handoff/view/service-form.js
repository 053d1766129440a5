// Shows the fields of a service in groups. An error is shown beside its field, and fields that need two
// supervisors are marked.
import { t } from "../../../shared/text.js";
import { addresses, langOf, languageName, languageOfPage, languages } from "../../../staff/languages.js";
import { html, live, nothing } from "../../../vendor/lit.js";
import { BY_TWO } from "../model/directory.js";

/** @typedef {import("../model/directory.js").Directory} Directory */
/** @typedef {import("../model/directory.js").Field} Field */

const LONGEST_SAYS = 160;
/** Lists the languages that many services speak. The form adds any other language that the service has. */
const SPOKEN = "nl en de fr es ar tr pl uk".split(" ");
const FREE = ["", "yes", "no"];

/** @param {Event} event */
const typed = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/** @param {Directory} directory */
export const fields = (directory) => html`
  ${group(
    "what",
    html`
    ${text(directory, "name", { most: 80 })}
    ${says(directory, "purpose", languages())}
    ${says(directory, "for_callers", addresses())}
    ${text(directory, "needs", { most: 300, help: true })}`,
  )}
  ${group(
    "reach",
    html`
    ${text(directory, "phone", { type: "tel", most: 20 })}
    ${directory.uncheckedNumber ? called(directory) : nothing}
    ${text(directory, "site", { type: "url", most: 200 })}
    ${tick(directory, "chat")}
    ${free(directory)}`,
  )}
  ${group(
    "whom",
    html`
    ${spoken(directory)}
    <div class="pair">${age(directory, "age_from")} ${age(directory, "age_to")}</div>
    ${beside(directory, "age_to")}
    ${tick(directory, "always_open")}`,
  )}
  ${group(
    "checked",
    html`
    ${text(directory, "source", { most: 120, help: true })}
    ${text(directory, "verified", { type: "date" })}
    <p class="actions"><button type="button" class="quiet" @click=${() => directory.write({ verified: today() })}>${t("board.service.verified_today")}</button></p>`,
  )}
  ${group(
    "partner",
    html`${text(directory, "webhook", { type: "url", most: 200, help: true })}
    <p class="aside">${t("board.service.contact")}</p>`,
  )}`;

const today = () => new Date().toLocaleDateString("sv"); // as YYYY-MM-DD

/** @param {string} name @param {unknown} inside */
const group = (name, inside) => html`<fieldset>
  <legend>${t(`board.service.group.${name}`)}</legend>
  <p class="aside">${t(`board.service.group.${name}.lead`)}</p>
  ${inside}
</fieldset>`;

/** @param {Directory} directory @param {Field} field @param {{type?: string, most?: number, help?: boolean}} how */
function text(directory, field, { type = "text", most = 120, help = false }) {
  const value = /** @type {string} */ (directory.typed[field]);
  return html`<div class="one">
    <label>${t(`board.service.${field}`)}
      <input type=${type} name=${field} maxlength=${type === "date" ? nothing : most} autocomplete="off" spellcheck=${type === "text"}
        aria-invalid=${isWrong(directory, field) ? "true" : "false"} aria-describedby="says-${field}"
        placeholder=${type === "url" ? "https://" : nothing}
        .value=${live(value)} @input=${(/** @type {Event} */ event) => directory.write({ [field]: typed(event) })}></label>
    ${beside(directory, field, help)}
  </div>`;
}

/**
 * If there is no second supervisor, asks the supervisor to call the new number first: a mistyped number would
 * immediately be shown to callers and counsellors.
 * @param {Directory} directory
 */
const called = (directory) => html`<label class="tick"><input type="checkbox" name="called"
  .checked=${live(directory.called === directory.uncheckedNumber)} @change=${(/** @type {Event} */ event) =>
    directory.call(/** @type {HTMLInputElement} */ (event.target).checked)}>
  <span>${t("board.service.called", { value: directory.uncheckedNumber, was: directory.entry?.phone || "–" })}</span></label>`;

/** @param {Directory} directory @param {Field} field */
const isWrong = (directory, field) =>
  directory.problems.has(field) && (directory.tried || directory.wrong === field);

/**
 * Shows the lines below a field: help, whether it needs two supervisors, a value that waits for approval, a
 * colleague's value, and the error.
 * @param {Directory} directory @param {Field} field @param {boolean} [help]
 */
function beside(directory, field, help = false) {
  const waits = directory.entry?.waits[field === "webhook" ? "webhook_url" : field];
  const now = directory.moved.has(field) ? directory.entry?.[field] : undefined;
  const wrong = isWrong(directory, field) ? directory.problems.get(field) : "";
  const says = wrong && directory.refused === "asked_already" ? "asked_already" : wrong;
  return html`<div class="says" id="says-${field}">
    ${help ? html`<p class="aside">${t(`board.service.${field}.help`)}</p>` : nothing}
    ${BY_TWO.includes(field) ? html`<p class="two">${directory.saysOfTwo}</p>` : nothing}
    ${waits === undefined ? nothing : html`<p class="state">${waits ? t("board.service.waits", { value: waits }) : t("board.service.waits_empty")}</p>`}
    ${typeof now === "string" ? html`<p class="state">${t("board.service.now", { value: now || "–" })}</p>` : nothing}
    ${says ? html`<p class="wrong" role="alert">${t(`board.service.wrong.${says}`)}</p>` : nothing}
  </div>`;
}

/** @param {Directory} directory @param {"purpose" | "for_callers"} field @param {string[]} each */
function says(directory, field, each) {
  const texts = directory.typed[field];
  const set = (/** @type {string} */ one, /** @type {Event} */ event) =>
    directory.write({ [field]: { ...texts, [one]: typed(event) } });
  return html`<div class="one" role="group" aria-label=${t(`board.service.${field}`)}>
    <p class="label" aria-hidden="true">${t(`board.service.${field}`)}</p>
    <div class="both">${each.map(
      (one) => html`<label>${languageName(one)}
        <textarea rows="2" maxlength=${LONGEST_SAYS} lang=${langOf(one)} .value=${live(texts[one] ?? "")}
          @input=${(/** @type {Event} */ event) => set(one, event)}></textarea></label>`,
    )}</div>
    ${beside(directory, field)}
  </div>`;
}

/** @param {Directory} directory @param {"chat" | "always_open"} field */
const tick = (directory, field) => html`<label class="tick"><input type="checkbox" name=${field}
  .checked=${live(directory.typed[field])} @change=${(/** @type {Event} */ event) =>
    directory.write({
      [field]: /** @type {HTMLInputElement} */ (event.target).checked,
    })}> ${t(`board.service.${field}`)}</label>`;

/** @param {Directory} directory */
const free = (directory) => html`<label>${t("board.service.free")}
  <select name="free" @change=${(/** @type {Event} */ event) => directory.write({ free: typed(event) })}>
    ${FREE.map((value) => html`<option value=${value} .selected=${directory.typed.free === value}>${t(`board.service.free.${value || "unknown"}`)}</option>`)}
  </select></label>`;

/** @param {Directory} directory @param {"age_from" | "age_to"} field */
const age = (directory, field) => html`<label>${t(`board.service.${field}`)}
  <input type="number" inputmode="numeric" name=${field} min="0" max="120" step="1" aria-describedby="says-age_to"
    aria-invalid=${isWrong(directory, field) ? "true" : "false"} .value=${live(directory.typed[field])}
    @input=${(/** @type {Event} */ event) => directory.write({ [field]: typed(event) })}></label>`;

/** Shows a checkbox for each common language, and for any other that the service has. @param {Directory} directory */
function spoken(directory) {
  const now = directory.typed.languages.split(" ").filter(Boolean);
  const names = new Intl.DisplayNames(languageOfPage(), { type: "language" });
  const set = (/** @type {string} */ code, /** @type {boolean} */ on) =>
    directory.write({ languages: (on ? [...now, code] : now.filter((one) => one !== code)).join(" ") });
  return html`<div class="one" role="group" aria-label=${t("board.service.languages")}>
    <p class="label" aria-hidden="true">${t("board.service.languages")}</p>
    <div class="ticks">${[...new Set([...SPOKEN, ...now])].map(
      (code) => html`<label class="tick"><input type="checkbox" .checked=${live(now.includes(code))}
        @change=${(/** @type {Event} */ event) => set(code, /** @type {HTMLInputElement} */ (event.target).checked)}> ${names.of(code) ?? code}</label>`,
    )}</div>
    ${beside(directory, "languages")}
  </div>`;
}
