// Renders the right column: the facts about the caller, who is present, notes, the removal case, and whom else to ask.
import { t } from "../shared/text.js";
import { Ticking } from "../staff/elements.js";
import { languageName } from "../staff/languages.js";
import { html, nothing, repeat } from "../vendor/lit.js";
import { hasNotes, notesOf } from "./conversation/model/notes-apart.js";
import { flagging } from "./conversation/view/risk-flag.js";
import { acuteNumbers, callForHelp } from "./handoff/view/calling-for-help.js";
import { aboutService, whoIsThere, whyNot } from "./handoff/view/service-list.js";
import { dotOf, nameOf, presenceOf, roleInWords, titleOfPeople } from "./words.js";
import "./cases/view/case-panel.js";
import "./handoff/view/invite-panel.js";
import "./conversation/view/notes-panel.js";
import { AGES } from "./figures/model/wrapup.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {"about" | "notes" | "case" | "invite"} Panel */

const WHOM = ["me", "other"];
const BEFORE = ["no", "yes"];
const SAID_BY_DOT = ["is_here", "was_here"];

/** @extends {Ticking<Console>} */
class Right extends Ticking {
  static properties = { ...Ticking.properties, panel: { attribute: false }, how: { attribute: false } };

  constructor() {
    super();
    /** @type {Panel} */
    this.panel = "about";
    /** @type {import("./handoff/view/invite-panel.js").Way} */
    this.how = "consult";
  }

  render() {
    const { current } = this.station;
    if (!current || current.emptied || current.refused || current.wrapup.shows)
      return html`${current ? beside(this.station, current) : nothing} ${services(this.station)}`;
    return repeat(
      [current],
      ({ id, seat }) => `${id} ${seat.member}`,
      (conversation) =>
        html`${tabs(conversation, this.#shown(conversation), this.#hasCase(conversation))}
          ${this.#numbers(conversation)} ${beside(this.station, conversation)} ${this.#content(conversation)}`,
    );
  }

  /** Returns the panel to show: "about" if the chosen one is not available to this seat. @param {Conversation} conversation @returns {Panel} */
  #shown(conversation) {
    const { panel } = this;
    const missing =
      (panel === "notes" && !hasNotes(conversation)) || (panel === "case" && !this.#hasCase(conversation));
    return missing ? "about" : panel;
  }

  /** Returns whether this seat works on a removal case: only the line's staff, and only if the line keeps cases or this conversation has one. @param {Conversation} conversation */
  #hasCase(conversation) {
    const { station: desk } = this;
    const ofTheLine = hasNotes(conversation) || conversation.isLetter;
    return desk.mode === "console" && ofTheLine && desk.keepsCases(conversation);
  }

  /** Renders whom to telephone in an acute conversation, whatever tab is open. @param {Conversation} conversation */
  #numbers(conversation) {
    const { station: desk } = this;
    if (desk.mode !== "console") return nothing;
    return acuteNumbers(desk, conversation, this.#shown(conversation) === "about" && mayCall(conversation));
  }

  /** @param {Conversation} conversation */
  #content(conversation) {
    const { station: desk } = this;
    const panel = this.#shown(conversation);
    if (panel === "notes") return html`<hl-notes .station=${desk} .conversation=${conversation}></hl-notes>`;
    if (panel === "case") return html`<hl-case .station=${desk} .conversation=${conversation}></hl-case>`;
    if (panel === "invite")
      return html`<hl-invite .station=${desk} .conversation=${conversation} .how=${this.how}></hl-invite>`;
    const mayFlag = conversation.allowed.has("flag");
    const { applies } = conversation.acute;
    const mayDoubt = conversation.allowed.has("unserious") && conversation.state !== "ended" && !applies;
    const mayEnd =
      conversation.isLetter && conversation.allowed.has("close") && conversation.state !== "ended";
    const flag = mayFlag ? flagging(conversation) : nothing;
    // In an acute conversation the flag comes first, because it says whether a supervisor has seen it.
    return html`${applies ? flag : nothing} ${facts(conversation)} ${applies ? nothing : flag}
      ${desk.mode === "console" && mayCall(conversation) ? help(desk, conversation) : nothing} ${people(desk, conversation)}
      ${mayDoubt ? doubt(conversation) : nothing} ${mayEnd ? unanswerable(conversation) : nothing}`;
  }
}

/** Renders what optional apps show about a conversation. @param {Console} desk @param {Conversation} conversation */
const beside = ({ apps = [] }, conversation) => apps.map((app) => app.beside?.(conversation) ?? nothing);

/** @param {Conversation} conversation @param {Panel} shown @param {boolean} hasCase */
function tabs(conversation, shown, hasCase) {
  const links = conversation.log.cases.items.filter(({ state }) => state !== "dropped").length;
  const count = notesOf(conversation).stored.length;
  return html`<button type="button" class="to-talk quiet" data-about>${t("console.back_to_talk")}</button>
  <nav class="tabs" aria-label=${t("console.about")}>
    ${tab("about", shown)}
    ${hasNotes(conversation) ? tab("notes", shown, count ? String(count) : "") : nothing}
    ${hasCase ? tab("case", shown, links ? String(links) : "") : nothing}
    ${tab("invite", shown)}
  </nav>`;
}

/** @param {Panel} name @param {Panel} shown @param {string} [count] */
const tab = (
  name,
  shown,
  count = "",
) => html`<button type="button" data-panel=${name} aria-current=${name === shown}>
  ${t(`console.panel.${name}`)} ${count ? html`<span class="count">${count}</span>` : nothing}
</button>`;

/** @param {Conversation} conversation */
function facts({ log, seat }) {
  const { nickname, for: whom = "", before = "", age = "", topic } = log.intake ?? {};
  const told = [
    ["nickname", nickname],
    ["for", WHOM.includes(whom) ? t(`console.for.${whom}`) : whom],
    ["before", BEFORE.includes(before) ? t(`console.before.${before}`) : before],
    ["age", AGES.includes(age) ? t(`console.age_band.${AGES.indexOf(age)}`) : age],
    ["topic", topic],
    ["urgency", seat.urgency ? t(`console.urgency.${seat.urgency}`) : ""], // 0 if the caller did not say
    ["language", languageName(seat.locale)],
  ];
  return html`<section aria-labelledby="facts-title">
    <h2 id="facts-title">${t("console.facts")}</h2>
    ${log.intake ? nothing : html`<p class="empty">${t("console.no_intake")}</p>`}
    <dl class="facts">
      ${told.map(([name, text]) => (text ? html`<dt>${t(`console.fact.${name}`)}</dt><dd><bdi>${text}</bdi></dd>` : nothing))}
    </dl>
  </section>`;
}

/** @param {{role: string}} person */
const isKey = ({ role }) => role === "review" || role === "letters";

/** @param {Desk} desk @param {Conversation} conversation */
function people(desk, conversation) {
  const present = [...conversation.log.people.values()].filter((person) => person.present);
  return html`<section aria-labelledby="people-title">
    <h2 id="people-title">${titleOfPeople(conversation)}</h2>
    <ul class="people">
      ${present.map(
        (person) => html`<li class=${dotOf(presenceOf(conversation, person))}>
          <bdi>${isKey(person) ? t("console.review_key") : nameOf(conversation, person.member)}</bdi>
          <span class="role">${isKey(person) ? t(`console.${person.role}_reads`) : roleInWords(desk, conversation, person)}</span>
          ${isKey(person) || SAID_BY_DOT.includes(presenceOf(conversation, person)) ? nothing : html`<span class="away">${t(`console.${presenceOf(conversation, person)}`)}</span>`}
        </li>`,
      )}
    </ul>
  </section>`;
}

/** @param {Conversation} conversation */
const mayCall = ({ allowed, isLetter }) => allowed.has("flag") && !isLetter;

/** Renders the button (Alt+S) that calls the whole line; the first to answer joins. @param {Desk} desk @param {Conversation} conversation */
const help = (desk, conversation) => html`<section class="somebody" aria-labelledby="somebody-title">
  <h2 id="somebody-title" class="unseen">${t("console.somebody")}</h2>
  ${callForHelp(/** @type {Console} */ (desk), conversation, "somebody-why")}
</section>`;

/** Renders the button to end a conversation as not serious. The conversation asks for confirmation; `data-about` shows it on a narrow screen. @param {Conversation} conversation */
const doubt = (conversation) => html`<section class="doubt" aria-labelledby="doubt-title">
  <h2 id="doubt-title">${t("console.unserious.title")}</h2>
  <p class="why">${t("console.unserious.why")}</p>
  <button type="button" class="unserious" data-about @click=${() => conversation.unserious()}>${t("console.unserious")}</button>
</section>`;

/** Renders the buttons to close a letter that cannot be answered. The letter asks for confirmation. @param {Conversation} conversation */
const unanswerable = (conversation) => html`<section class="doubt" aria-labelledby="unanswerable-title">
  <h2 id="unanswerable-title">${t("console.letter.unanswerable")}</h2>
  <p class="why">${t("console.letter.unanswerable.why")}</p>
  ${
    /** @type {const} */ (["unserious", "unreadable"]).map(
      (reason) =>
        html`<button type="button" class="unserious" data-about @click=${() => conversation.closeAs(reason)}>${t(`console.letter.${reason}`)}</button> `,
    )
  }
</section>`;

/** @param {Console} desk */
const services = (desk) => html`<section aria-labelledby="services-title">
  <h2 id="services-title">${t("console.services")}</h2>
  <ul class="services">
    ${desk.services
      .filter(({ service }) => !desk.lines.some(({ line }) => line === service))
      .map(
        (service) => html`<li><details>
          <summary><span>${service.name}</span> <span class="now">${whoIsThere(service, desk.desksThere)}</span></summary>
          ${aboutService(service)} ${whyNot(service)}
        </details></li>`,
      )}
  </ul>
</section>`;

customElements.define("hl-right", Right);
