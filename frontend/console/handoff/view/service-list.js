// The services that callers are referred or handed to: found by name, with what is known of their hours.
import { t } from "../../../shared/text.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";

/** @typedef {import("../../desk.js").Service} Service */
/** @typedef {import("../model/service-search.js").Reach} Reach */

/** @param {Service} service */
export const openNow = ({ open }) => {
  const state = open === null ? "unknown" : open ? "yes" : "no";
  return html`<span class="open-${state}">${t(`console.open.${state}`)}</span>`;
};

/** @param {string} query @param {(query: string) => void} set */
export const searchField = (query, set) => html`<label class="search">
  <span class="unseen">${t("console.search")}</span>
  <input type="search" data-first placeholder=${t("console.search")} .value=${query}
    @input=${(/** @type {InputEvent} */ event) => set(/** @type {HTMLInputElement} */ (event.target).value)}>
</label>`;

/** @param {Service[]} services @param {string} chosen @param {{choose: (slug: string) => void, reach: (service: Service) => Reach, inside: (service: Service) => unknown}} row  inside: of the chosen one */
export const directory = (services, chosen, { choose, reach, inside }) => html`<ul class="services">
  ${repeat(
    services,
    ({ service }) => service,
    (service) => row(service, service.service === chosen, { choose, reach, inside }),
  )}
  ${services.length ? nothing : html`<li class="empty">${t("console.no_service")}</li>`}
</ul>`;

/** @param {Service} service @param {boolean} open @param {Parameters<typeof directory>[2]} row */
const row = (service, open, { choose, reach, inside }) => html`<li class=${open ? "chosen" : ""}>
  <button type="button" class="service" aria-expanded=${open} @click=${() => choose(open ? "" : service.service)}>
    <span>${service.name} <span class="reach ${reach(service)}">${t(`console.reach.${reach(service)}`)}</span></span>
    ${openNow(service)}
  </button>
  ${open ? inside(service) : nothing}
</li>`;
