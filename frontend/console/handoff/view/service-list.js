// Lists the services to which callers are referred or handed over, and their hours if they are known.
import { t } from "../../../shared/text.js";
import { languageOfPage } from "../../../staff/languages.js";
import { phoneLink } from "../../../staff/phone-link.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { canRefer, isDeskEmpty } from "../model/service-search.js";

/** @typedef {import("../../desk.js").Service} Service */
/** @typedef {import("../model/service-search.js").Reach} Reach */

/** Says whether a service can be reached now, by its hours. If the service has a telephone number, these are the hours of the telephone, and not of the service's desk here. @param {Service} service */
export const openNow = ({ open, phone, site }) => {
  // A service with a site and no telephone number is always available.
  const state = open === null ? (phone || !site ? "unknown" : "site") : open ? "yes" : "no";
  const by = open !== null && phone ? ".phone" : "";
  return html`<span class="open-${state}">${t(`console.open.${state}${by}`)}</span>`;
};

/** @param {string} site */
export const siteLink = (site) =>
  html`<a href=${site} target="_blank" rel="noreferrer">${new URL(site).host}</a>`;

/** Renders the known facts about a service, including those that a caller would be sent. @param {Service} service */
export function aboutService(service) {
  const {
    phone,
    site,
    ages: [from, to],
    languages,
  } = service;
  const purpose = service.purpose[languageOfPage()];
  return html`<dl class="about-service">
  ${purpose ? fact("purpose", purpose) : nothing}
  ${phone ? fact("phone", phoneLink(phone)) : nothing}
  ${site ? fact("site", siteLink(site)) : nothing}
  ${from !== null || to !== null ? fact("ages", agesInWords(from, to)) : nothing}
  ${languages.length ? fact("languages", languages.join(", ")) : nothing}
</dl>`;
}

/** Says why nobody can be referred to a service; nothing if callers can. @param {Service} service */
export const whyNot = (service) =>
  canRefer(service) ? nothing : html`<p class="why">${t("console.service.nothing")}</p>`;

/** @param {string} name @param {unknown} value */
const fact = (name, value) => html`<dt>${t(`console.service.${name}`)}</dt><dd>${value}</dd>`;

/** @param {number | null} from @param {number | null} to */
function agesInWords(from, to) {
  if (from === null) return t("console.service.ages_to", { to: to ?? "" });
  return to === null
    ? t("console.service.ages_from", { from })
    : t("console.service.ages_between", { from, to });
}

/** Says in one sentence whether a service can be called now, and whether somebody is at its desk, if it has one. @param {Service} service @param {string[] | null} there */
export const whoIsThere = (service, there) =>
  html`${openNow(service)}${
    service.desk && there
      ? html`, <span class="staffed">${t(isDeskEmpty(service, there) ? "console.desk.empty" : "console.desk.there")}</span>`
      : nothing
  }`;

/** Says that nobody is at a service's desk to hear an invitation, and its telephone number. @param {Service} service */
export const emptyDesk = ({ name, phone }) =>
  html`<span>${t("console.desk.nobody", { name })}</span> ${phone ? html`<b class="number">${phoneLink(phone)}</b>` : nothing}`;

/** @param {string} query @param {(query: string) => void} set @param {() => void} [first]  called on Enter, to take the first row */
export function searchField(query, set, first) {
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || !first) return;
    event.preventDefault(); // `first` moves the focus to the draft, where this Enter would insert a new line
    first();
  };
  return html`<label class="search">
    <span class="unseen">${t("console.search")}</span>
    <input type="search" data-first placeholder=${t("console.search")} .value=${query} @keydown=${key}
      @input=${(/** @type {InputEvent} */ event) => set(/** @type {HTMLInputElement} */ (event.target).value)}>
  </label>`;
}

/** @param {Service[]} services @param {string} chosen @param {{choose: (slug: string) => void, reach: (service: Service) => Reach, there: string[] | null, inside: (service: Service) => unknown}} row  there: services whose desk is staffed; inside: what the chosen row contains */
export const directory = (services, chosen, { choose, reach, there, inside }) => html`<ul class="services">
  ${repeat(
    services,
    ({ service }) => service,
    (service) => row(service, service.service === chosen, { choose, reach, there, inside }),
  )}
  ${services.length ? nothing : html`<li class="empty">${t("console.no_service")}</li>`}
</ul>`;

/** Lists services with a button that sends each to the caller. Enter in the search field takes the first. @param {Service[]} services @param {boolean} disabled @param {(service: Service) => void} refer */
export const referrals = (services, disabled, refer) => html`<ul class="services">
  ${repeat(
    services,
    ({ service }) => service,
    (service, at) => html`<li class="refers ${at ? "" : "first"}"><details>
      <summary><span>${service.name}</span> <span class="now">${openNow(service)}</span></summary>
      ${aboutService(service)}
    </details>
    ${whyNot(service)}
    <button type="button" ?disabled=${disabled || !canRefer(service)} aria-label="${t("console.refer")}: ${service.name}" @click=${() => refer(service)}>${t("console.refer")}</button></li>`,
  )}
  ${services.length ? nothing : html`<li class="empty">${t("console.no_service")}</li>`}
</ul>`;

/** @param {Service} service @param {boolean} open @param {Parameters<typeof directory>[2]} row */
const row = (service, open, { choose, reach, there, inside }) => html`<li class=${open ? "chosen" : ""}>
  <button type="button" class="service" aria-expanded=${open} @click=${() => choose(open ? "" : service.service)}>
    <span>${service.name} <span class="reach ${reach(service)}">${t(`console.reach.${reach(service)}`)}</span></span>
    <span class="now">${whoIsThere(service, there)}</span>
  </button>
  ${open ? html`${aboutService(service)} ${inside(service)}` : nothing}
</li>`;
