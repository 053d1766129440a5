// The right column: what is known of the caller, who is here, and where else there is help.
import { t } from "../shared/i18n.js";
import { html, nothing } from "../vendor/lit.js";
import { Watching } from "./watching.js";
import { nameOf, roleInWords } from "./words.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */

const WHOM = ["me", "other"];
const AGES = ["<12", "12-15", "16-17", "18-25", "26+"];

class Right extends Watching {
  render() {
    const { current, services } = this.desk;
    return html`
      ${current && !current.emptied ? html`${facts(current)} ${people(current)}` : nothing}
      <section aria-labelledby="services-title">
        <h2 id="services-title">${t("console.services")}</h2>
        <ul class="services">${services.map(service)}</ul>
      </section>
    `;
  }
}

/** @param {Conversation} conversation */
function facts({ log, seat }) {
  const { nickname, for: whom = "", age = "", topic } = log.intake ?? {};
  const told = [
    ["nickname", nickname],
    ["for", WHOM.includes(whom) ? t(`console.for.${whom}`) : whom],
    ["age", AGES.includes(age) ? t(`console.age_band.${AGES.indexOf(age)}`) : age],
    ["topic", topic],
    ["urgency", t(`console.urgency.${seat.urgency}`)],
    ["language", t(`console.language.${seat.locale}`)],
  ];
  return html`<section aria-labelledby="facts-title">
    <h2 id="facts-title">${t("console.facts")}</h2>
    ${log.intake ? nothing : html`<p class="empty">${t("console.no_intake")}</p>`}
    <dl class="facts">
      ${told.map(([name, text]) => (text ? html`<dt>${t(`console.fact.${name}`)}</dt><dd><bdi>${text}</bdi></dd>` : nothing))}
    </dl>
  </section>`;
}

/** @param {Conversation} conversation */
function people(conversation) {
  const present = [...conversation.log.people.values()].filter((person) => person.present);
  return html`<section aria-labelledby="people-title">
    <h2 id="people-title">${t("console.here")}</h2>
    <ul class="people">
      ${present.map(
        (person) => html`<li class=${person.here ? "is-here" : "is-away"}>
          <bdi>${person.role === "review" ? t("console.review_key") : nameOf(conversation, person.member)}</bdi>
          <span class="role">${person.role === "review" ? t("console.review_reads") : roleInWords(conversation, person)}</span>
          ${person.role === "review" || person.here ? nothing : html`<span class="away">${t("console.is_away")}</span>`}
        </li>`,
      )}
    </ul>
  </section>`;
}

/** @param {import("./model.js").Service} service */
function service({ name, open }) {
  const state = open === null ? "unknown" : open ? "yes" : "no";
  return html`<li><span>${name}</span> <span class="open-${state}">${t(`console.open.${state}`)}</span></li>`;
}

customElements.define("hl-right", Right);
