// Asks what to do with open conversations before the person signs out or goes off duty. The browser also warns before
// the tab is closed.
import { t } from "../../../shared/text.js";
import { Ticking } from "../../../staff/elements.js";
import { initialMark } from "../../../staff/initial-mark.js";
import { html, nothing } from "../../../vendor/lit.js";
import { flags } from "../../conversation/view/risk-flag.js";
import { nobodyElse } from "../../handoff/view/calling-for-help.js";
import { callerOf } from "../../words.js";

/** @typedef {import("../../console.js").Console} Console */
/** @typedef {import("../../conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {"sign_out" | "off"} Why */

/** @extends {Ticking<Console>} */
export class GoingHome extends Ticking {
  /** @type {Why} */
  #why = "sign_out";
  /** Does the requested action, if the person leaves anyway. */
  #go = () => {};

  render() {
    const { open } = this.station;
    return html`<dialog id="going-home" aria-labelledby="going-home-title">
      <form method="dialog">
        <h2 id="going-home-title">${t("console.going", { n: open.length })}</h2>
        ${open.length ? html`<p class="why">${t(`console.going.why.${this.#why}`)}</p>` : nothing}
        <ul class="going">${open.map((conversation) => this.#row(conversation))}</ul>
        ${this.#linesAlone().map((line) => html`<p class="nobody">${nobodyElse(this.station, line)}</p>`)}
        ${open.length ? nothing : html`<p role="status">${t("console.going.done")}</p>`}
        <p class="ways">
          <button class="main">${t("console.going.stay")}</button>
          <button type="button" class="quiet" @click=${this.#leave}>${t(`console.going.${open.length ? "anyway" : "go"}.${this.#why}`)}</button>
        </p>
      </form>
    </dialog>`;
  }

  /** Returns the lines that have open conversations and nobody else present. */
  #linesAlone() {
    const lines = new Set(this.station.open.map(({ seat }) => this.station.lineOf(seat.line)));
    return this.station.mode === "console" ? [...lines].filter((line) => !this.station.somebodyOf(line)) : [];
  }

  /** @param {Conversation} conversation */
  #row(conversation) {
    const { id, allowed, closing, initial } = conversation;
    const who = `${initial} ${callerOf(conversation)}`.trim();
    return html`<li>
      <span class="who">${initialMark(initial)} <bdi>${callerOf(conversation)}</bdi> ${flags(conversation)}</span>
      ${closing.at ? html`<span class="why" role="status">${t("console.state.closing")}</span>` : nothing}
      ${allowed.has("close") && !closing.at ? html`<button type="button" aria-label="${t("console.close")}: ${who}" @click=${() => this.#close(conversation)}>${t("console.close")}</button>` : nothing}
      ${allowed.has("invite") ? html`<button type="button" data-panel="invite" data-how="transfer" aria-label="${t("console.going.transfer")}: ${who}" @click=${() => this.#handOver(id)}>${t("console.going.transfer")}</button>` : nothing}
    </li>`;
  }

  /** Asks what to do if conversations are open; otherwise does the requested action immediately. @param {Why} why @param {() => void} go */
  ask(why, go) {
    if (!this.station.open.length) return go();
    this.#why = why;
    this.#go = go;
    this.requestUpdate();
    this.#dialog?.showModal();
  }

  get #dialog() {
    return /** @type {HTMLDialogElement | null} */ (this.querySelector("dialog"));
  }

  /** Closes a conversation. If that has to be confirmed, the dialog closes, because the conversation itself asks. @param {Conversation} conversation */
  #close(conversation) {
    conversation.close();
    if (conversation.closing.asked) this.#handOver(conversation.id);
  }

  /** Shows a conversation. The button's `data-panel` opens the panel beside it. @param {string} id */
  #handOver(id) {
    this.#dialog?.close();
    this.station.select(id);
  }

  #leave = () => {
    this.#dialog?.close();
    this.#go();
  };
}

/** Asks before the page's form signs the person out. Before the tab is closed, the browser itself warns. @param {Console} desk @param {() => GoingHome | null} dialog @param {() => void} signsOut  called right before the form is sent */
export function asksBeforeLeaving(desk, dialog, signsOut) {
  let leaves = false;
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.sign-out"));
  const go = () => {
    leaves = !desk.isHalfFilled; // the browser still warns about a half-filled form, because the dialog does not ask about it
    signsOut();
    form?.submit();
  };
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const ask = dialog();
    if (ask) ask.ask("sign_out", go);
    else go();
  });
  addEventListener("beforeunload", (event) => {
    // If the person was signed out elsewhere, nothing is left here that could be lost.
    if (!leaves && !desk.stopped && desk.wouldLose) event.preventDefault();
  });
}

customElements.define("hl-going-home", GoingHome);
