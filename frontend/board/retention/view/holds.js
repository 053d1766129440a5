// Holds: asked by one supervisor, confirmed by another, and their ends.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";
import { when } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../../board.js").Hold} Hold */

/** @extends {Watching<Board>} */
class Holding extends Watching {
  render() {
    const { holds } = this.station;
    return html`<section class="card" aria-labelledby="holds-title">
      <h3 id="holds-title">${t("board.holds")}</h3>
      <p class="lead">${t("board.holds.lead")}</p>
      ${holds.length ? html`<ul class="rows">${holds.map((hold) => this.#row(hold))}</ul>` : html`<p class="nothing">${t("board.holds.none")}</p>`}
    </section>`;
  }

  /** @param {Hold} hold */
  #row({ hold, conversation, opened, reason, until, asked, own, confirmed, gone }) {
    const { station: board } = this;
    const fields = {
      when: when(opened),
      until: when(until),
      reason: t(`board.hold_reason.${reason}`),
      asked,
    };
    return html`<li data-hold=${hold}>
      <p class="what"><b>${t("board.hold.of", fields)}</b></p>
      <p>${confirmed ? t("board.hold.stands", { ...fields, confirmed }) : t("board.hold.waits", fields)}</p>
      ${gone ? html`<p class="state">${t("board.hold.gone")}</p>` : nothing}
      <p class="deeds">
        ${!confirmed && !own ? this.#deed("board.hold.confirm", () => board.confirmHold(hold), "main") : nothing}
        ${confirmed ? nothing : this.#deed(`board.hold.${own ? "withdraw" : "refuse"}`, () => board.dropHold(hold))}
        ${confirmed && gone ? html`<button type="button" @click=${() => board.read(conversation, "safeguarding")}>${t("board.hold.read")}</button>` : nothing}
      </p>
    </li>`;
  }

  /** @param {string} words @param {() => void} act @param {"main" | ""} [kind] */
  #deed(words, act, kind = "") {
    const { busy, hindrance } = this.station;
    return html`<button type="button" class=${kind} ?disabled=${busy || hindrance !== ""} @click=${act}>${t(words)}</button>`;
  }
}

customElements.define("hl-holding", Holding);
