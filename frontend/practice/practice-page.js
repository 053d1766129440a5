// Shows the page of a made-up caller: to choose a caller or play one by hand, to read the conversation, to answer the
// card, and to play the other service.
import { clock, t } from "../shared/text.js";
import { inOwn, languageName, languages, usual } from "../staff/languages.js";
import { html, LitElement, nothing } from "../vendor/lit.js";

/** @typedef {import("./made-up-caller.js").MadeUpCaller} MadeUpCaller */
/** @typedef {import("./script.js").MadeUp} MadeUp */
/** @typedef {import("../caller/conversation/conversation.js").Entry} Entry */

export class Practice extends LitElement {
  static properties = { language: { state: true }, link: { state: true } };

  constructor() {
    super();
    /** @type {MadeUpCaller} */
    this.caller = /** @type {any} */ (undefined);
    /** Identifies the line that the practice line belongs to. */
    this.of = "";
    /** @type {MadeUp[]} */
    this.callers = [];
    /** Holds the made-up caller's language. */
    this.language = usual();
    this.link = "";
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.caller.addEventListener("change", () => {
      if (!this.caller.rings) this.link = "";
      this.requestUpdate();
    });
  }

  render() {
    return this.caller.conversation ? this.#talk() : this.#choose();
  }

  #choose() {
    return html`<p>${t("console.practice.how")}</p>
      <fieldset class="languages"><legend>${t("console.practice.language")}</legend>
        ${languages().map(
          (
            one,
          ) => html`<label><input type="radio" name="language" value=${one} .checked=${one === this.language}
            @change=${() => {
              this.language = one;
            }}> ${languageName(one)}</label>`,
        )}
      </fieldset>
      <ul class="callers">${this.callers.map(
        (one) => html`<li>
          <h2>${inOwn(one.title)}</h2>
          <p>${inOwn(one.about)}</p>
          <button type="button" class="main" data-caller=${one.code} @click=${() => this.caller.begin(one, this.language)}>${t("console.practice.begin")}</button>
        </li>`,
      )}
        <li>
          <h2>${t("console.practice.by_hand")}</h2>
          <p>${t("console.practice.by_hand_why")}</p>
          <button type="button" data-caller="" @click=${() => this.caller.begin(null, this.language)}>${t("console.practice.begin")}</button>
        </li>
        <li>
          <h2>${t("console.practice.letter")}</h2>
          <p>${t("console.practice.letter_why")}</p>
          <form @submit=${this.#writeLetter}>
            <label>${t("console.practice.letter_text")}<textarea name="text" rows="4" required autocomplete="off"></textarea></label>
            <button>${t("console.practice.letter_send")}</button>
          </form>
        </li>
      </ul>`;
  }

  #talk() {
    const { conversation, card, rings, played } = this.caller;
    if (!conversation) return nothing;
    const said = conversation.rows.filter(
      ({ kind, words }) => kind === "message" && words?.kind === "message",
    );
    /** Returns the writer's name. In a letter the line's key writes, and the next `answered` row has the name. @param {Entry} row */
    const nameOf = (row) =>
      conversation.people.get(row.by ?? "")?.alias ||
      conversation.rows.find(({ kind, seq }) => kind === "answered" && seq > row.seq)?.alias ||
      t("console.practice.line");
    const over = conversation.ended || conversation.stopped;
    const alone = !conversation.company.length && !conversation.letter;
    return html`
      <p role="status">${this.#state()}</p>
      <ol class="said" tabindex="0" aria-label=${t("console.log")}>${said.map(
        (row) => html`<li class=${conversation.isOwn(row) ? "own" : ""}>
          <span class="about">${conversation.isOwn(row) ? t("console.caller") : nameOf(row)} · ${clock(row.at)}</span>
          <span>${row.words?.text ?? t("console.fault.unverified")}</span></li>`,
      )}</ol>
      ${card ? this.#card(card.to.name, played !== null) : nothing}
      ${rings ? this.#partner() : nothing}
      ${over || this.caller.away ? nothing : this.#write(alone)}
      <p class="ways">
        ${over || this.caller.away ? nothing : html`<button type="button" class="quiet" @click=${() => this.caller.leave()}>${t("console.practice.leave")}</button>`}
        <button type="button" class=${conversation.ended ? "main" : "quiet"} @click=${this.#again}>${t("console.practice.again")}</button>
      </p>`;
  }

  #state() {
    const { conversation, away } = this.caller;
    if (away) return t("console.practice.away");
    if (conversation?.stopped?.error?.code === "line_closed") return t("console.practice.nobody");
    if (conversation?.stopped?.error?.code === "conflict") return t("console.practice.no_letters");
    if (conversation?.stopped) return t("console.practice.stopped");
    if (conversation?.ended) return t("console.practice.ended");
    if (!conversation?.begun) return t("console.connecting");
    if (conversation.letter) {
      const { written } = conversation.letter;
      return t(written === "draft" ? "console.connecting" : `console.practice.letter_${written}`);
    }
    const names = conversation.company.map(({ alias }) => alias).join(", ");
    return names ? t("console.practice.with", { names }) : t("console.practice.waits");
  }

  /** @param {string} name @param {boolean} byItself */
  #card(name, byItself) {
    return html`<div class="card" role="group" aria-label=${t("console.practice.card", { name })}>
      <p>${t("console.practice.card", { name })} ${byItself ? t("console.practice.by_itself") : nothing}</p>
      <p class="ways">
        <button type="button" class="main" @click=${() => this.caller.answer(true)}>${t("console.practice.yes")}</button>
        <button type="button" @click=${() => this.caller.answer(false)}>${t("console.practice.no")}</button>
      </p>
    </div>`;
  }

  #partner() {
    return html`<div class="card">
      <p>${t("console.practice.partner")}</p>
      <p class="ways">${this.link ? html`<a href=${this.link} target="_blank" rel="noreferrer" data-partner>${t("console.practice.partner_open")}</a>` : html`<button type="button" @click=${this.#fetchLink}>${t("console.practice.partner_link")}</button>`}</p>
    </div>`;
  }

  /** @param {boolean} alone */
  #write(alone) {
    return html`<form @submit=${this.#say}>
      <label>${t(alone ? "console.practice.write_alone" : "console.practice.write")}
        <input name="text" autocomplete="off" @input=${() => this.caller.conversation?.type()}></label>
      <button class="main">${t("console.send")}</button>
    </form>`;
  }

  /** @param {SubmitEvent} event */
  #writeLetter = (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const text = String(new FormData(form).get("text") ?? "").trim();
    if (text) this.caller.write(text, this.language);
  };

  /** @param {SubmitEvent} event */
  #say = (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const text = String(new FormData(form).get("text") ?? "").trim();
    if (text) this.caller.say(text);
    form.reset();
  };

  #fetchLink = async () => {
    const answer = await fetch(`/practice/${encodeURIComponent(this.of)}/link/`, { redirect: "error" }).catch(
      () => null,
    );
    if (answer?.ok) this.link = (await answer.json()).link;
  };

  #again = () => this.caller.drop();
}

customElements.define("hl-practice", Practice);
