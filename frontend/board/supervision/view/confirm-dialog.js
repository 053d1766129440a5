// One dialog for every deed that hurts when it was a slip: what will happen, what is asked, yes or no.
import { clock, t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { createRef, html, nothing, ref } from "../../../vendor/lit.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/live-floor.js").FloorLine} FloorLine */
/** @typedef {{kind: "hours" | "open" | "closed" | "throttle" | string, line: string, behind: FloorLine}} Steer */
/** @typedef {{kind: "front" | "end", conversation: string, since: string}} About */
/** @typedef {Steer | About} Deed */

/** @type {import("../../../shared/protocol.d.ts").Front["reason"][]} */
const REASONS = ["risk", "again", "promised", "other"];
const [MAX, LONGEST] = [100_000, 200];

/** A listener that asks for a deed. @param {Deed} deed */
export const ask = (deed) => (/** @type {Event} */ event) =>
  event.target?.dispatchEvent(new CustomEvent("deed", { bubbles: true, detail: deed }));

/** @extends {Watching<Board>} */
export class Acting extends Watching {
  static properties = { ...Watching.properties, deed: { state: true } };
  #dialog = createRef();

  constructor() {
    super();
    /** @type {Deed | null} */
    this.deed = null;
  }

  /** @param {Deed} deed */
  async ask(deed) {
    this.deed = deed;
    await this.updateComplete;
    const dialog = /** @type {HTMLDialogElement} */ (this.#dialog.value);
    if (!dialog.open) dialog.showModal();
  }

  render() {
    const { deed } = this;
    return html`<dialog class="acting" aria-labelledby="acting-title" ${ref(this.#dialog)} @close=${this.#close}>
      ${deed ? this.#form(deed) : nothing}
    </dialog>`;
  }

  /** @param {Deed} deed */
  #form(deed) {
    const { kind } = deed;
    const values = this.#values(deed);
    return html`<form method="dialog" @submit=${this.#submit}>
      <h2 id="acting-title">${t(`board.sure.${kind}`, values)}</h2>
      <p>${t(`board.sure.${kind}.what`, values)}</p>
      ${fields(deed)}
      <p class="deeds">
        <button type="submit" value="yes" class=${["closed", "end"].includes(kind) ? "bad" : "main"}>${t(`board.sure.${kind}.yes`)}</button>
        <button type="button" class="quiet" @click=${() => this.#shut()}>${t("board.cancel")}</button>
      </p>
    </form>`;
  }

  /** @param {Deed} deed @returns {Record<string, string>} */
  #values(deed) {
    if ("line" in deed) return { line: this.station.floor.nameOf(deed.line) };
    return { time: clock(deed.since) };
  }

  #shut() {
    /** @type {HTMLDialogElement} */ (this.#dialog.value).close();
  }

  #close = () => {
    this.deed = null;
  };

  /** @param {SubmitEvent} event */
  #submit = (event) => {
    const { deed } = this;
    if (deed) this.#act(deed, new FormData(/** @type {HTMLFormElement} */ (event.target)));
  };

  /** @param {Deed} deed @param {FormData} form */
  #act(deed, form) {
    const { floor } = this.station;
    if (deed.kind === "handover") return floor.handOver(/** @type {Steer} */ (deed).line);
    if ("line" in deed) {
      // As the line is now: since the dialog opened somebody may have opened or closed it.
      const behind = floor.behind.get(deed.line) ?? deed.behind;
      return floor.steer(deed.line, ...steering({ ...deed, behind }, form));
    }
    const reason = REASONS.find((one) => one === form.get("reason"));
    if (deed.kind === "front") return reason && floor.front(deed.conversation, reason);
    return floor.end(deed.conversation);
  }
}

/** What is not asked stays as it is; a reason ends with what it was for. @param {Steer} deed @param {FormData} form @returns {[import("../model/live-floor.js").Steering, string]} */
function steering({ kind, behind: { steered, most, reason } }, form) {
  if (kind === "throttle") {
    const limit = form.get("most");
    return [
      { state: steered, most: limit ? Number(limit) : null, reason: reason || null },
      "board.done.most",
    ];
  }
  const said = kind === "closed" ? String(form.get("reason") ?? "").trim() : "";
  const state = /** @type {import("../model/live-floor.js").Steering["state"]} */ (kind);
  return [{ state, most, reason: said || null }, `board.done.${state}`];
}

/** @param {Deed} deed */
function fields(deed) {
  if (deed.kind === "closed")
    return html`<label>${t("board.sure.closed.reason")}
      <textarea name="reason" rows="3" maxlength=${LONGEST} autofocus></textarea></label>
      <p class="aside">${t("board.sure.closed.aside")}</p>`;
  if (deed.kind === "throttle")
    return html`<label>${t("board.sure.throttle.most")}
      <input type="number" name="most" min="0" max=${MAX} step="1" autofocus
        .value=${String(/** @type {Steer} */ (deed).behind.most ?? "")}></label>
      <p class="aside">${t("board.sure.throttle.aside")}</p>`;
  if (deed.kind === "front")
    return html`<fieldset><legend>${t("board.sure.front.why")}</legend>
      ${REASONS.map((reason) => html`<label class="tick"><input type="radio" name="reason" value=${reason} required> ${t(`board.moved.${reason}`)}</label>`)}
    </fieldset>`;
  return nothing;
}

customElements.define("hl-acting", Acting);
