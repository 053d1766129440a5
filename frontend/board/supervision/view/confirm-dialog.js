// Asks to confirm an action that does harm if it was chosen by mistake. The dialog says what will happen, and asks for
// the details that the action needs.
import { clock, t, tn } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { createRef, html, nothing, ref } from "../../../vendor/lit.js";
import { nextAt, usualEnd } from "../../lines/model/open-until.js";
import { problemInWords } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/live-floor.js").FloorLine} FloorLine */
/** @typedef {{kind: "hours" | "open" | "longer" | "closed" | "throttle" | string, line: string, behind: FloorLine}} Steer */
/** @typedef {{kind: "front" | "end", conversation: string, since: string}} About */
/** @typedef {Steer | About} Action */

/** @type {import("../../../shared/protocol.d.ts").Front["reason"][]} */
const REASONS = ["risk", "again", "promised", "other"];
const [MAX, LONGEST] = [100_000, 200];
/** For these actions, the dialog asks until when the line stays open. */
const OPENS = ["open", "longer"];

/** Returns a listener that opens the dialog for an action. @param {Action} action */
export const ask = (action) => (/** @type {Event} */ event) =>
  event.target?.dispatchEvent(new CustomEvent("action", { bubbles: true, detail: action }));

/** @extends {Watching<Board>} */
export class Acting extends Watching {
  static properties = {
    ...Watching.properties,
    action: { state: true },
    acts: { state: true },
    failed: { state: true },
  };
  #dialog = createRef();

  constructor() {
    super();
    /** @type {Action | null} */
    this.action = null;
    this.acts = false;
    this.failed = false;
  }

  /** @param {Action} action */
  async ask(action) {
    Object.assign(this, { action, acts: false, failed: false });
    await this.updateComplete;
    const dialog = /** @type {HTMLDialogElement} */ (this.#dialog.value);
    if (!dialog.open) dialog.showModal();
  }

  render() {
    const { action } = this;
    return html`<dialog class="acting" aria-labelledby="acting-title" ${ref(this.#dialog)} @close=${this.#close}>
      ${action ? this.#form(action) : nothing}
    </dialog>`;
  }

  /** @param {Action} action */
  #form(action) {
    const { kind } = action;
    const values = this.#values(action);
    return html`<form method="dialog" @submit=${this.#submit}>
      <h2 id="acting-title">${t(`board.sure.${kind}`, values)}</h2>
      <p>${t(`board.sure.${kind}.what`, values)}</p>
      ${kind === "hours" ? html`<p><b>${t(`board.sure.hours.${/** @type {Steer} */ (action).behind.by_hours ? "opens" : "closes"}`)}</b></p>` : nothing}
      ${"line" in action && ["closed", "hours"].includes(kind) ? waiting(this.station, action.line) : nothing}
      ${fields(action, this.station.floor)}
      <div role="alert">${this.failed ? html`<p class="wrong">${problemInWords(this.station.problem)}</p>` : nothing}</div>
      <p class="actions">
        <button type="submit" value="yes" ?disabled=${this.acts} class=${["closed", "end"].includes(kind) ? "bad" : "main"}>${t(`board.sure.${kind}.yes`)}</button>
        <button type="button" class="quiet" @click=${() => this.#shut()}>${t("board.cancel")}</button>
      </p>
    </form>`;
  }

  /** @param {Action} action @returns {Record<string, string>} */
  #values(action) {
    if ("line" in action) return { line: this.station.floor.nameOf(action.line) };
    return { time: clock(action.since) };
  }

  #shut() {
    /** @type {HTMLDialogElement} */ (this.#dialog.value).close();
  }

  #close = () => {
    this.action = null;
  };

  /** What was typed stays until it is done. @param {SubmitEvent} event */
  #submit = async (event) => {
    event.preventDefault();
    const { action } = this;
    if (!action || this.acts) return;
    Object.assign(this, { acts: true, failed: false });
    const done = await this.#act(action, new FormData(/** @type {HTMLFormElement} */ (event.target)));
    if (this.action !== action) return; // it was closed meanwhile
    Object.assign(this, { acts: false, failed: done === false });
    if (!this.failed) this.#shut();
  };

  /** @param {Action} action @param {FormData} form */
  #act(action, form) {
    const { floor } = this.station;
    if (action.kind === "handover") return floor.handOver(/** @type {Steer} */ (action).line);
    if ("line" in action) {
      // Somebody may have opened or closed the line while the dialog was open.
      const behind = floor.behind.get(action.line) ?? action.behind;
      return floor.steer(action.line, ...steering({ ...action, behind }, form, floor.now()));
    }
    const reason = REASONS.find((one) => one === form.get("reason"));
    if (action.kind === "front") return reason && floor.front(action.conversation, reason);
    return floor.end(action.conversation);
  }
}

/**
 * Returns the line's new state and the text to announce. Values for which the dialog does not ask stay as they are; a
 * new state removes the old reason.
 * @param {Steer} action @param {FormData} form @param {number} now @returns {[import("../model/live-floor.js").Steering, string]}
 */
function steering({ kind, behind: { steered, most, reason } }, form, now) {
  if (kind === "throttle") {
    const limit = form.get("most");
    return [
      { state: steered, most: limit ? Number(limit) : null, reason: reason || null },
      "board.done.most",
    ];
  }
  const said = kind === "closed" ? String(form.get("reason") ?? "").trim() : "";
  if (OPENS.includes(kind)) {
    const until = nextAt(String(form.get("until") ?? ""), now);
    return [{ state: "open", most, reason: null, until }, `board.done.${kind}`];
  }
  const state = /** @type {import("../model/live-floor.js").Steering["state"]} */ (kind);
  return [{ state, most, reason: said || null }, `board.done.${state}`];
}

/** Says how many callers still wait, because somebody in a hurry does not read the general rule above this sentence. @param {Board} board @param {string} line */
function waiting({ floor }, line) {
  const sums = floor.lines.find((one) => one.line === line);
  if (!sums?.waiting) return nothing;
  const { waiting: all, urgent } = sums;
  return html`<p class="banner bad"><b>${tn("board.sure.waiting", all)}${urgent ? `, ${t("board.figure.urgent", { n: urgent })}` : nothing}.</b>
    ${sums.on + sums.break ? nothing : t("board.sure.waiting.nobody")}</p>`;
}

/** @param {Action} action @param {Board["floor"]} floor */
function fields(action, floor) {
  if (OPENS.includes(action.kind)) {
    const { line, behind } = /** @type {Steer} */ (action);
    const isOpen = floor.lines.some((one) => one.line === line && one.state === "open");
    return html`<label>${t("board.sure.open.until")}
      <input type="time" name="until" required autofocus value=${usualEnd(behind, isOpen, floor.now())}></label>
      <p class="aside">${t("board.sure.open.after")}</p>`;
  }
  if (action.kind === "closed")
    return html`<label>${t("board.sure.closed.reason")}
      <textarea name="reason" rows="3" maxlength=${LONGEST} autofocus></textarea></label>
      <p class="aside">${t("board.sure.closed.aside")}</p>`;
  if (action.kind === "throttle")
    return html`<label>${t("board.sure.throttle.most")}
      <input type="number" name="most" min="0" max=${MAX} step="1" autofocus
        .value=${String(/** @type {Steer} */ (action).behind.most ?? "")}></label>
      <p class="aside">${t("board.sure.throttle.aside")}</p>`;
  if (action.kind === "front")
    return html`<fieldset><legend>${t("board.sure.front.why")}</legend>
      ${REASONS.map((reason) => html`<label class="tick"><input type="radio" name="reason" value=${reason} required> ${t(`board.moved.${reason}`)}</label>`)}
    </fieldset>`;
  return nothing;
}

customElements.define("hl-acting", Acting);
