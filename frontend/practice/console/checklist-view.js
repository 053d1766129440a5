// Shows the checklist beside a practice conversation, and everything that somebody has practised.
import { t } from "../../shared/text.js";
import { Watching } from "../../staff/elements.js";
import { inOwn } from "../../staff/languages.js";
import { html, live, nothing } from "../../vendor/lit.js";

/** @typedef {import("../../console/console.js").Console} Console */
/** @typedef {import("../../console/conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("./checklists.js").Checklists} Checklists */
/** @typedef {import("./checklists.js").Row} Row */
/** @typedef {import("./practising.js").Practising} Practising */

/** @param {Practising} practising @param {Checklists} checklists @param {Conversation} conversation */
export function checklist(practising, checklists, conversation) {
  const { seat } = conversation;
  const caller = checklists.callerOf(conversation);
  const own = checklists.isOwn(conversation);
  if (!checklists.lines.has(seat.line)) return nothing;
  const ticked = (/** @type {number} */ n, /** @type {Event} */ event) =>
    checklists.tick(conversation, n, /** @type {HTMLInputElement} */ (event.target).checked);
  const may = own || (conversation.allowed.has("note") && conversation.state !== "ended");
  const rows = checklists.rows(conversation);
  const done = rows.filter(({ by }) => by !== undefined).length;
  return html`<section class="checklist" aria-labelledby="checklist-title"><details open>
    <summary><h2 id="checklist-title">${t("console.practice.checklist")}</h2>
      ${caller ? html`<span class="role">${t("console.practised.points", { done, all: rows.length })}</span>` : nothing}</summary>
    ${
      caller
        ? html`<p class="who">${inOwn(caller.title)}</p>
          <ul>${rows.map((row, n) => (row.sees ? byItself(row) : byHand(row, may, (event) => ticked(n, event))))}</ul>`
        : html`<p class="why">${t("console.practice.checklist.none")}</p>`
    }
    ${remarks(checklists, conversation)}
    ${own ? watching(practising, checklists, conversation) : remarking(checklists, conversation, may)}
  </details></section>`;
}

/** @param {Row} row */
const byItself = ({ sees, by }) => html`<li class=${by === undefined ? "" : "done"}>
  <span class="mark" aria-hidden="true">${by === undefined ? "○" : "✓"}</span>
  <span>${t(`console.practice.sees.${sees}`)}
    <span class="unseen">${t(by === undefined ? "console.practice.open" : "console.practice.done")}</span></span>
</li>`;

/** @param {Row} row @param {boolean} may @param {(event: Event) => void} change */
const byHand = ({ says, by }, may, change) => html`<li class=${by === undefined ? "" : "done"}>
  <label><input type="checkbox" .checked=${live(by !== undefined)} ?disabled=${!may} @change=${change}>
    <span>${says} ${by ? html`<span class="role">${t("console.practice.ticked_by", { name: by })}</span>` : nothing}</span></label>
</li>`;

/** @param {Checklists} checklists @param {Conversation} conversation */
const remarks = (checklists, conversation) =>
  checklists
    .remarks(conversation)
    .map(({ by, text }) => html`<p class="remark"><b><bdi>${by}</bdi></b> <bdi>${text}</bdi></p>`);

/** Shows which trainers can be asked to watch, and who is watching. @param {Practising} practising @param {Checklists} checklists @param {Conversation} conversation */
function watching({ on }, checklists, conversation) {
  const { inviting, isLetter, state, emptied } = conversation;
  if (isLetter || state === "ended" || emptied || !on) return nothing;
  const there = checklists.watchers(conversation);
  if (there.length)
    return html`<p class="watched" role="status">${t("console.practice.watched", { names: there.map(({ alias }) => alias).join(", ") })}</p>`;
  if (!on.trainers.length) return nothing;
  return html`<details>
    <summary>${t("console.practice.let_watch")}</summary>
    <p class="why">${t("console.practice.let_watch.why")}</p>
    <p class="ways">${on.trainers.map(
      ({ id, alias }) => html`<button type="button" ?disabled=${inviting.hindrance !== ""}
        @click=${() => inviting.ask("consult", { staff: id })}>${t("console.practice.ask_to_watch", { name: alias })}</button>`,
    )}</p>
  </details>`;
}

/** @param {Checklists} checklists @param {Conversation} conversation @param {boolean} may */
const remarking = (checklists, conversation, may) =>
  may
    ? html`<form @submit=${(/** @type {SubmitEvent} */ event) => remark(checklists, conversation, event)}>
        <label for="remark">${t("console.practice.remark")}</label>
        <textarea id="remark" name="text" rows="2" maxlength="500" autocomplete="off"></textarea>
        <button>${t("console.practice.remark_send")}</button>
      </form>`
    : nothing;

/** @param {Checklists} checklists @param {Conversation} conversation @param {SubmitEvent} event */
function remark(checklists, conversation, event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const text = String(new FormData(form).get("text") ?? "").trim();
  if (text) checklists.remark(conversation, text);
  form.reset();
}

/** Shows what was practised, for all made-up callers of the line. It is also shown before practice ends. @extends {Watching<Console>} */
export class WhatWasPractised extends Watching {
  static properties = { ...Watching.properties, stops: { state: true } };

  constructor() {
    super();
    /** @type {Practising} */
    this.practising = /** @type {any} */ (undefined);
    /** @type {Checklists} */
    this.checklists = /** @type {any} */ (undefined);
    /** Is true if the person is about to stop. */
    this.stops = false;
  }

  render() {
    const { on } = this.practising;
    if (!on) return nothing;
    return html`<dialog id="practised" aria-labelledby="practised-title">
      <form method="dialog">
        <h2 id="practised-title">${t("console.practised")}</h2>
        ${this.stops && this.unsaid ? html`<p role="alert"><b>${t("console.practises.unsaid")}</b></p>` : nothing}
        <p class="why">${t("console.practised.why")}</p>
        <ul class="practised">${this.checklists.summary(on.line).map(
          ({ caller, done }) => html`<li class=${done ? "done" : ""}>
          <details>
            <summary><span>${inOwn(caller.title)}</span>
              <span class=${done ? "count" : "why"}>${done ? t("console.practised.points", { done, all: caller.points.length }) : t("console.practised.not_yet")}</span></summary>
            <ul>${this.checklists.rowsOf(on.line, caller).map(point)}</ul>
          </details>
        </li>`,
        )}</ul>
        <p class="ways">
          ${this.stops ? html`<button type="button" class="main" @click=${this.#stop}>${t("console.practises.yes_stop")}</button>` : nothing}
          <button class=${this.stops ? "quiet" : "main"}>${t("console.practises.go_on")}</button>
        </p>
      </form>
    </dialog>`;
  }

  /** Returns whether unsent text would be lost. */
  get unsaid() {
    return [...this.station.conversations.values()].some(
      ({ seat, writing }) =>
        seat.line === this.practising.on?.line && (writing.unsaid.draft || writing.unsaid.note),
    );
  }

  /** @param {boolean} stops */
  async show(stops) {
    this.stops = stops;
    await this.updateComplete;
    this.#dialog?.showModal();
  }

  get #dialog() {
    return /** @type {HTMLDialogElement | null} */ (this.querySelector("dialog"));
  }

  #stop = () => {
    this.#dialog?.close();
    this.practising.stop();
  };
}

/** @param {Row} row */
const point = ({ sees, says, by }) => html`<li class=${by === undefined ? "" : "done"}>
  <span class="mark" aria-hidden="true">${by === undefined ? "○" : "✓"}</span>
  <span>${sees ? t(`console.practice.sees.${sees}`) : says}
    <span class="unseen">${t(by === undefined ? "console.practice.open" : "console.practice.done")}</span>
    ${by ? html`<span class="role">${t("console.practice.ticked_by", { name: by })}</span>` : nothing}</span>
</li>`;

customElements.define("hl-practised", WhatWasPractised);
