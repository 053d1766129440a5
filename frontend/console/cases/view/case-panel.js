// Shows the removal case beside the conversation: the links that should be removed, by site, and one notice for each
// site. The links are plain text, so that nobody opens one by a click.
import { BY, linkIn, MAX_NOTE, MAX_REF, WHAT } from "../../../shared/cases.js";
import { dayAndClock, t } from "../../../shared/text.js";
import { given, Watching } from "../../../staff/elements.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { goneOf } from "../model/removal.js";
import { GROUNDS, siteNotice } from "../model/site-notice.js";

/** @typedef {import("../../desk.js").Desk} Desk */
/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("../../../shared/cases.js").Listed} Listed */
/** @typedef {import("../model/removal.js").Outcome} Outcome */

/**
 * Holds the notice's statements about its sender. The next notice starts with the same values, until the page is
 * closed.
 */
let sender = { organisation: "", mail: "", flagger: false };

/** @type {Outcome[]} */
const OUTCOMES = ["removed", "gone", "refused", "silent", "dropped"];

/** @extends {Watching<Desk>} */
class CasePanel extends Watching {
  static properties = {
    ...Watching.properties,
    conversation: { attribute: false },
    site: { state: true },
    text: { state: true },
    wrong: { state: true },
    copied: { state: true },
  };

  constructor() {
    super();
    /** @type {Conversation} */
    this.conversation = given;
    /** Identifies the site whose notice is being written, or "". */
    this.site = "";
    this.text = "";
    /** Holds the reason why a link was not added, or "". */
    this.wrong = "";
    this.copied = false;
  }

  get #removal() {
    return this.conversation.removal;
  }

  render() {
    const { items, bySite, mayWrite } = this.#removal;
    const { gone, all } = goneOf(items);
    return html`
      <p class="explains" data-first tabindex="-1">${t("console.case.why")}</p>
      ${this.conversation.state === "ended" && items.length ? html`<p class="why">${t("console.case.ended")}</p>` : nothing}
      ${all ? html`<p role="status"><b>${t("console.case.count", { gone, all })}</b></p>` : html`<p class="empty">${t("console.case.none")}</p>`}
      ${repeat(
        bySite,
        ([site]) => site,
        ([site, some]) => this.#group(site, some),
      )}
      ${mayWrite ? this.#adding() : nothing}
    `;
  }

  /** @param {string} site @param {Listed[]} items */
  #group(site, items) {
    const open = items.filter(({ state }) => state === "open");
    const makes = this.site === site && open.length > 0 && this.#removal.mayWrite;
    return html`<section class="site" data-site=${site}>
      <h2>${site}</h2>
      <ul class="case">${items.map((item) => this.#item(item))}</ul>
      ${
        open.length && this.#removal.mayWrite
          ? html`<button type="button" aria-expanded=${makes} @click=${() => this.#open(makes ? "" : site)}>${t("console.case.notice", { site })}</button>`
          : nothing
      }
      ${makes ? this.#notice(site, open) : nothing}
    </section>`;
  }

  /** @param {Listed} item */
  #item(item) {
    const { mayWrite, silent } = this.#removal;
    const when = dayAndClock(new Date(item.at * 1000).toISOString());
    return html`<li data-state=${item.state}>
      <code class="link">${item.url}</code>
      <p>${t(`console.case.what.${item.what}`)} · ${t("console.case.made", { by: t(`console.case.by.${item.by}`) })}</p>
      <p><b>${t(`console.case.state.${item.state}`, { when })}</b>${item.ref ? html` · ${t("console.case.ref", { ref: item.ref })}` : nothing}</p>
      ${item.notes.caller ? html`<p class="text">${t("console.case.caller_says", { note: item.notes.caller })}</p>` : nothing}
      ${silent.has(item.id) ? html`<p class="why">${t("console.case.counted")}</p>` : nothing}
      ${mayWrite ? this.#ways(item) : item.notes.line ? html`<p class="text">${item.notes.line}</p>` : nothing}
    </li>`;
  }

  /** @param {Listed} item */
  #ways(item) {
    const outcomes = OUTCOMES.filter((one) => one !== item.state);
    const slipped = !["open", "sent"].includes(item.state);
    return html`<p class="ways">${slipped ? html`<button type="button" class="quiet" @click=${() => this.#removal.reopens(item)}>${t("console.case.reopen")}</button> ` : nothing}${outcomes.map((outcome) => html`<button type="button" class="quiet" @click=${() => this.#removal.ended(item, outcome)}>${t(`console.case.outcome.${outcome}`)}</button> `)}</p>
      <label>${t("console.case.note")}
        <input maxlength=${MAX_NOTE} autocomplete="off" .value=${item.notes.line} @change=${(/** @type {Event} */ event) => this.#removal.say(item, typedIn(event))}></label>`;
  }

  /** @param {string} site @param {Listed[]} items */
  #notice(site, items) {
    const { organisation, mail, flagger } = sender;
    return html`<form class="notice" @input=${() => this.#open(site)} @submit=${(/** @type {SubmitEvent} */ event) => this.#make(event, site, items)}>
        <fieldset><legend>${t("console.case.notice.ground")}</legend>
          ${GROUNDS.map((ground) => html`<label><input type="radio" name="ground" value=${ground} required> ${t(`console.case.ground.${ground}`)}</label>`)}
        </fieldset>
        <label>${t("console.case.notice.organisation")} <input name="organisation" required maxlength="100" pattern=".*\\S.*" .value=${organisation}></label>
        <label>${t("console.case.notice.mail")} <input name="mail" type="email" required .value=${mail}></label>
        <label class="checked"><input type="checkbox" name="flagger" .checked=${flagger}> ${t("console.case.notice.is_flagger")}</label>
        <button class="main">${t("console.case.notice.make")}</button>
      </form>
      ${this.text ? this.#made(items) : nothing}`;
  }

  /** @param {Listed[]} items */
  #made(items) {
    const sent = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      this.#removal.sent(items, String(new FormData(formOf(event)).get("ref") ?? "").trim());
      this.#open("");
    };
    const copies = async () => {
      await navigator.clipboard?.writeText(this.text).then(
        () => {
          this.copied = true;
        },
        () => {},
      );
    };
    const later = this.#removal.unnoticed(items).length;
    return html`${later ? html`<p class="why" role="status">${t("console.case.notice.later")}</p>` : nothing}
      <textarea class="notice-text" rows="10" readonly aria-label=${t("console.case.notice.title")} .value=${this.text}></textarea>
      <p class="ways"><button type="button" @click=${copies}>${t("console.case.notice.copy")}</button>
        <span role="status">${this.copied ? t("console.case.notice.copied") : nothing}</span></p>
      <form @submit=${sent}>
        <label>${t("console.case.notice.ref")} <input name="ref" maxlength=${MAX_REF} autocomplete="off"></label>
        <button class="main">${t("console.case.notice.sent")}</button>
      </form>`;
  }

  #adding() {
    return html`<form class="adding" @submit=${this.#add}>
      <h2>${t("console.case.add_title")}</h2>
      <label>${t("console.case.url")}
        <input name="url" autocomplete="off" spellcheck="false" inputmode="url" @input=${() => this.#told("")}></label>
      ${this.wrong ? html`<p class="problem" role="alert">${t(`console.case.wrong.${this.wrong}`)}</p>` : nothing}
      ${chooser("what", WHAT)} ${chooser("by", [...BY].reverse())}
      <button class="main">${t("console.case.add")}</button>
    </form>`;
  }

  /** @param {SubmitEvent} event */
  #add = (event) => {
    event.preventDefault();
    const form = formOf(event);
    const fields = /** @type {any} */ (Object.fromEntries(new FormData(form)));
    this.#told(this.#removal.wrong(fields.url));
    if (this.wrong) return;
    this.#removal.add({ ...fields, url: linkIn(fields.url) });
    form.reset();
  };

  /** @param {SubmitEvent} event @param {string} site @param {Listed[]} items */
  #make(event, site, items) {
    event.preventDefault();
    const fields = /** @type {any} */ (Object.fromEntries(new FormData(formOf(event))));
    const { organisation, mail, ground, flagger = "" } = fields;
    sender = { organisation: organisation.trim(), mail: mail.trim(), flagger: flagger !== "" };
    this.copied = false;
    this.#removal.notices(items);
    this.text = siteNotice({ site, urls: items.map(({ url }) => url), ground, ...sender });
  }

  /** @param {string} site */
  #open(site) {
    Object.assign(this, { site, text: "", copied: false });
  }

  /** @param {string} wrong */
  #told(wrong) {
    this.wrong = wrong;
  }
}

/** @param {Event} event */
const typedIn = (event) => /** @type {HTMLInputElement} */ (event.target).value.trim();
/** @param {Event} event */
const formOf = (event) => /** @type {HTMLFormElement} */ (event.target);

/** @param {"what" | "by"} name @param {readonly string[]} codes */
const chooser = (name, codes) => html`<label>${t(`console.case.${name}`)}
  <select name=${name}>${codes.map((code) => html`<option value=${code}>${t(`console.case.${name}.${code}`)}</option>`)}</select></label>`;

customElements.define("hl-case", CasePanel);
