// Renders the panel to ask somebody: a colleague for advice, somebody of the line to take over, or another service.

import { MAX_TEXT_BYTES } from "../../../shared/sealing.js";
import { t } from "../../../shared/text.js";
import { given, Ticking } from "../../../staff/elements.js";
import { html, live, nothing, repeat } from "../../../vendor/lit.js";
import { lineName } from "../../words.js";
import { canRefer, isDeskEmpty, reachOf, search } from "../model/service-search.js";
import { directory, emptyDesk, referrals, searchField, whyNot } from "./service-list.js";

/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("../model/incoming-invitations.js").How} How */
/** @typedef {import("../../console.js").Console} Console */
/** @typedef {import("../../desk.js").Service} Service */

/** @typedef {How | "refer"} Way  refer: nobody joins, the caller gets the service's details */

const WAYS = /** @type {const} */ (["consult", "transfer", "handoff", "refer"]);
const OF_A_PARTNER = /** @type {const} */ (["handoff", "refer"]);

/** @typedef {Console["colleagues"][number]} Colleague */

/** @extends {Ticking<Console>} */
class Invite extends Ticking {
  /**
   * Tells whether the focus is on the button that sends a service's details. That button moves when somebody comes to
   * the desk.
   */
  #hadRefer = false;
  /** Holds the colleagues in the list, by id, in the order in which they were added. @type {Map<string, Colleague>} */
  #listed = new Map();

  static properties = {
    ...Ticking.properties,
    conversation: { attribute: false },
    how: { attribute: false },
    query: { state: true },
    chosen: { state: true },
  };

  constructor() {
    super();
    /** @type {Conversation} */
    this.conversation = given;
    /** @type {Way} */
    this.how = "consult";
    this.query = "";
    this.chosen = "";
  }

  connectedCallback() {
    super.connectedCallback();
    this.#listed.clear();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("how") || changed.has("conversation")) this.#listed.clear();
    this.#hadRefer = this.#refer === document.activeElement && this.#refer !== null;
  }

  updated() {
    if (this.#hadRefer && this.#refer !== document.activeElement) this.#refer?.focus();
  }

  /** Returns the button that sends the details of the chosen service, if it is shown. @returns {HTMLElement | null} */
  get #refer() {
    return this.querySelector(".handoff .refer");
  }

  render() {
    const how = this.#isPartner && this.how !== "refer" ? "handoff" : this.how;
    return html`
      ${ways(this.#isPartner ? OF_A_PARTNER : WAYS, how)}
      <p class="explains">${t(`console.explain.${how}`)}</p>
      ${how === "refer" ? this.#referrals() : html`${this.#hindrance()} ${how === "handoff" ? this.#handoff() : this.#colleagues(how)}`}
    `;
  }

  get #isPartner() {
    return this.station.mode === "partner" || this.conversation.role === "partner";
  }

  #hindrance() {
    const why = this.conversation.inviting.hindrance;
    return why ? html`<p class="why" role="status">${t(`console.invite_not.${why}`)}</p>` : nothing;
  }

  /** @param {"consult" | "transfer"} how */
  #colleagues(how) {
    const desk = this.station;
    const { line } = this.conversation.seat;
    return html`<ul class="colleagues">
      <li>
        <span><b>${lineName(desk, line)}</b> <span class="role">${t("console.whole_line")}</span>
          ${desk.somebodyOf(line) ? nothing : html`<span class="why">${t("console.asks_nobody")}</span>`}</span>
        ${this.#askButton(how, { line }, lineName(desk, line), true)}
      </li>
      ${repeat(
        this.#mates(line),
        ({ id }) => id,
        ({ id, alias, duty }) => html`<li>
          <span><bdi>${alias}</bdi> <span class="role duty-${duty}">${t(`console.duty.${duty}`)}</span>
            ${duty === "off" ? html`<span class="why">${t("console.asks_off_duty")}</span>` : nothing}</span>
          ${this.#askButton(how, { staff: id }, alias)}
        </li>`,
      )}
    </ul>`;
  }

  /** Returns the line's colleagues, those on duty first. No row moves while the list is open, because a press could then invite the wrong person. @param {string} line */
  #mates(line) {
    const mates = this.station.colleagues.filter((one) => one.line === line).sort(byDuty);
    const there = new Set(mates.map(({ id }) => id));
    for (const one of mates) this.#listed.set(one.id, one);
    return [...this.#listed.values()].map((one) => (there.has(one.id) ? one : { ...one, duty: "off" }));
  }

  /** @param {How} how @param {import("../model/own-invitation.js").To} to @param {string} name @param {boolean} [first] */
  #askButton(how, to, name, first = false) {
    return html`<button type="button" ?data-first=${first} ?disabled=${this.conversation.inviting.hindrance !== ""} aria-label=${t("console.ask_whom", { name })}
      @click=${() => this.#send(how, to)}>${t("console.ask")}</button>`;
  }

  #handoff() {
    const { line } = this.conversation.seat;
    // For a partner, the line itself comes first, because the caller can be handed back to it. The line's own staff do
    // not need that.
    const others = this.station.services.filter(({ service }) => service !== line);
    const back = this.station.services.filter(({ service }) => this.#isPartner && service === line);
    const ways = back.map((one) => ({ ...one, desk: true }));
    const found = [ways, others].flatMap((some) => search(some, this.query));
    return html`
      ${searchField(this.query, (query) => {
        this.query = query;
      })}
      ${directory(found, this.chosen, {
        choose: (slug) => this.#choose(slug),
        reach: this.#reach,
        there: this.station.desksThere,
        inside: (service) =>
          this.#reach(service) === "refer" ? this.#onlyRefer(service) : this.#form(service),
      })}
    `;
  }

  /**
   * Renders the referrals. Enter sends the first one: the best match of the search, or without one the service to which
   * this line refers most.
   */
  #referrals() {
    const { line } = this.conversation.seat;
    const found = search(
      this.station.services.filter(({ service }) => service !== line),
      this.query,
    );
    const { allowed, referring } = this.conversation;
    const refer = (/** @type {Service | undefined} */ one) => {
      if (!one) return;
      this.query = "";
      referring.refer(one.service);
      this.dispatchEvent(new Event("asked", { bubbles: true }));
      document.getElementById("draft")?.focus(); // the next typed text is for the caller
    };
    return html`
      ${allowed.has("refer") ? nothing : html`<p class="why" role="status">${t("console.invite_not.not_in_charge")}</p>`}
      ${searchField(
        this.query,
        (query) => {
          this.query = query;
        },
        () => refer(found.find(canRefer)),
      )}
      ${referrals(found, !allowed.has("refer"), refer)}
    `;
  }

  /** Opens a service's row, scrolls it into sight and moves the focus into it. @param {string} slug */
  async #choose(slug) {
    this.chosen = slug;
    await this.updateComplete;
    const row = this.querySelector(".services .chosen");
    row?.scrollIntoView({ block: "nearest" });
    if (slug)
      /** @type {HTMLElement | null} */ (row?.querySelector("textarea, button.main"))?.focus({
        preventScroll: true,
      });
  }

  #reach = (/** @type {Service} */ service) => reachOf(service, this.#isPartner);

  /** @param {Service} service */
  #onlyRefer(service) {
    const why = service.guest ? "console.only_refer.partner" : "console.only_refer";
    return html`<div class="handoff">
      <p class="why">${t(why)}</p>
      ${this.#referButton(service, "main")}
    </div>`;
  }

  /** @param {Service} service @param {string} [look] */
  #referButton(service, look = "") {
    const { allowed, referring } = this.conversation;
    return html`${whyNot(service)}<button type="button" class="refer ${look}" ?disabled=${!allowed.has("refer") || !canRefer(service)} @click=${() => referring.refer(service.service)}>${t("console.refer")}</button>`;
  }

  /** @param {Service} service */
  #form(service) {
    const { drafts } = this.conversation.writing;
    const left = MAX_TEXT_BYTES - new TextEncoder().encode(drafts.brief.text).length;
    const why = this.conversation.inviting.hindrance || (drafts.brief.text.trim() ? "" : "no_brief");
    const empty =
      isDeskEmpty(service, this.station.desksThere) && service.service !== this.conversation.seat.line;
    return html`<form class="handoff" @submit=${(/** @type {Event} */ event) => this.#ask(event, service)}>
      ${service.desk ? nothing : html`<p class="why">${t("console.by_link")}</p>`}
      ${empty ? html`<p class="nobody">${emptyDesk(service)}</p> ${this.#referButton(service, "main")}` : nothing}
      <label for="brief">${t("console.brief_for", { name: service.name })}</label>
      <textarea id="brief" rows="5" aria-describedby="brief-why" .value=${live(drafts.brief.text)} @input=${this.#typed}></textarea>
      ${left < 0 ? html`<p class="length bad" role="alert">${t("console.too_long", { n: -left })}</p>` : nothing}
      <p id="brief-why" class="why">${t("console.brief_why")}</p>
      <button class=${empty ? "" : "main"} aria-describedby="ask-why" ?disabled=${why !== "" || left < 0}>${t("console.ask_caller")}</button>
      <p id="ask-why" class="why" role="status">${why ? t(`console.invite_not.${why}`) : nothing}</p>
      ${empty ? nothing : this.#referButton(service)}
    </form>`;
  }

  /** Sends an invitation. The "asked" event makes a phone show the conversation again, in which the outcome will appear. @param {How} how @param {import("../model/own-invitation.js").To} to @param {string} [brief] */
  #send(how, to, brief) {
    this.conversation.inviting.ask(how, to, brief);
    this.dispatchEvent(new Event("asked", { bubbles: true }));
  }

  /** @param {InputEvent} event */
  #typed(event) {
    this.conversation.writing.drafts.brief.set(/** @type {HTMLTextAreaElement} */ (event.target).value);
    this.requestUpdate();
  }

  /** @param {Event} event @param {Service} service */
  #ask(event, { service }) {
    event.preventDefault();
    const { writing } = this.conversation;
    this.chosen = this.query = "";
    this.#send("handoff", { service }, writing.drafts.brief.text);
  }
}

/** @param {readonly Way[]} some @param {Way} chosen */
const ways = (some, chosen) => html`<div class="switch" role="group" aria-label=${t("console.invite")}>
  ${some.map(
    (how) => html`<button type="button" data-panel="invite" data-how=${how} aria-pressed=${how === chosen}>
      ${t(`console.how.${how}`)}
    </button>`,
  )}
</div>`;

const ORDER = ["on", "there", "break", "off"];
/** @param {{duty: string}} a @param {{duty: string}} b */
const byDuty = (a, b) => ORDER.indexOf(a.duty) - ORDER.indexOf(b.duty);

customElements.define("hl-invite", Invite);
