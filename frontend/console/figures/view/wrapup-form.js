// Shows the wrap-up form in place of the conversation: a row of choices for each question, and no text field. The time
// that a counsellor takes for it is not recorded.
import { t } from "../../../shared/text.js";
import { isPractice } from "../../../staff/practice-line.js";
import { html, live, nothing } from "../../../vendor/lit.js";
import { care } from "../../care/view/breathing-space.js";
import { OfConversation } from "../../conversation/view/of-conversation.js";
import { age, codeInWords, questionInWords, titleOf } from "../../words.js";

/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("../../console.js").Console} Console */
/** @typedef {import("../model/wrapup.js").WrapUp} WrapUp */

const MINUTE_MS = 60_000;
/** These questions concern few conversations, or few readers of the figures. They are folded, to keep the form short. */
const MORE = ["asks", "gender", "place", "image", "passed_on", "ground", "escalation", "referral_outcome"];

/** @extends {OfConversation<Console>} */
class WrapUpForm extends OfConversation {
  render() {
    const { conversation, station: desk } = this;
    const { wrapup } = conversation;
    const asks = wrapup.stage === "due" || wrapup.stage === "sending";
    return html`<div class="wrapup">
      <header>
        <button type="button" class="back quiet" @click=${() => desk.select("")}>${t("console.back")}</button>
        <h2 tabindex="-1">${t(asks ? "console.wrapup" : `console.wrapup.${wrapup.stage}`)}</h2>
        <p class="why">${about(conversation)}</p>
        ${asks ? pause(/** @type {Console} */ (desk), conversation) : nothing}
      </header>
      ${asks ? this.#form(wrapup) : care(/** @type {Console} */ (desk), conversation)}
    </div>`;
  }

  /** @param {WrapUp} wrapup */
  #form(wrapup) {
    const { station: desk, conversation } = this;
    const asked = wrapup.questions.filter((name) => this.#codes(name).length); // another line's own question has no codes here
    const more = asked.filter((name) => MORE.includes(name));
    const ask = (/** @type {string} */ name) =>
      question(wrapup, name, questionInWords(desk, conversation.seat.line, name), this.#codes(name));
    return html`<form @submit=${this.#send}>
      <fieldset ?disabled=${wrapup.stage === "sending"}>
        ${asked.filter((name) => !MORE.includes(name)).map(ask)}
        ${more.length ? html`<details class="more" ?open=${more.some((name) => wrapup.codes[name])}><summary>${t("console.wrapup.more")}</summary>${more.map(ask)}</details>` : nothing}
      </fieldset>
      <p class="ways">
        <span role="alert">${wrapup.nothingChosen ? t("console.wrapup.nothing") : nothing}</span>
        <button type="submit" class="main">${t("console.wrapup.send")}</button>
        <button type="button" class="quiet" @click=${this.#skip}>${t("console.wrapup.skip")}</button>
        ${this.conversation.emptied ? nothing : html`<button type="button" class="quiet" @click=${() => wrapup.back()}>${t("console.wrapup.back")}</button>`}
      </p>
    </form>`;
  }

  /** @param {string} name */
  #codes(name) {
    const { station: desk, conversation } = this;
    const { line } = conversation.seat;
    return desk.codesFor(line, name).map((code) => ({ code, says: codeInWords(desk, line, name, code) }));
  }

  firstUpdated() {
    // A form that appeared by itself must not take the focus.
    if (this.conversation.wrapup.opened) this.#focus("h2");
  }

  /** @param {SubmitEvent} event */
  #send = async (event) => {
    event.preventDefault();
    await this.conversation.wrapup.send();
    await this.updateComplete;
    if (!this.conversation.wrapup.nothingChosen) this.#focus("h2");
  };

  #skip = () => {
    this.conversation.wrapup.finish();
    this.#focus("h2");
  };

  /** @param {string} what  a selector in the form; if the form is gone, the next control gets the focus instead */
  #focus(what) {
    const next = document.querySelector("hl-left button.next:enabled, hl-left .row, hl-left button");
    const place = this.isConnected ? this.querySelector(what) : next;
    /** @type {HTMLElement | null} */ (place)?.focus();
  }
}

/** @param {Conversation} conversation */
const about = (conversation) =>
  conversation.emptied ? t(`console.emptied.${conversation.emptied}`) : titleOf(conversation);

/** @param {Console} desk @param {Conversation} conversation */
const pause = (desk, { wrapup, seat }) => html`<p class="pause">
  <span>${t("console.wrapup.pause")} ${desk.takesCallers && !isPractice(seat.line) ? t("console.wrapup.nobody_comes") : nothing}</span>
  <span class="since">${sinceTheEnd(desk.now() - wrapup.since)}</span>
</p>`;

/** Returns the time since the end in whole minutes, because visible seconds would put people under pressure. @param {number} ms */
const sinceTheEnd = (ms) =>
  ms < MINUTE_MS ? t("console.wrapup.just_over") : t("console.wrapup.since", { age: age(ms) });

/** @typedef {{code: string, says: string}} Choice */

/** @param {WrapUp} wrapup @param {string} name @param {string} title @param {Choice[]} codes */
const question = (wrapup, name, title, codes) => html`<fieldset class="question" data-question=${name}>
  <legend>${title}</legend>
  <div class="chips">${codes.map((choice) => chip(wrapup, name, choice))}</div>
</fieldset>`;

/** @param {WrapUp} wrapup @param {string} name @param {Choice} choice */
function chip(wrapup, name, { code, says }) {
  const chosen = wrapup.codes[name] === code;
  return html`<label class="chip">
    <input type="radio" name=${name} value=${code} .checked=${live(chosen)} @click=${() => wrapup.choose(name, code)}>
    <span>${says}</span>
  </label>`;
}

customElements.define("hl-wrapup", WrapUpForm);
