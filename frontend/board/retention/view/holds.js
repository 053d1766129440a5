// Shows the holds: one supervisor asks, another confirms. A hold is extended on its own card.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { when } from "../../words.js";
import { daysOf } from "../model/hold-days.js";
import { action, conversationOf, requestToHold } from "./approvals.js";
import { holdForm } from "./hold-form.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/retention.js").Hold} Hold */

/** @extends {Watching<Board>} */
class Holding extends Watching {
  static properties = { ...Watching.properties, renewing: { state: true } };

  constructor() {
    super();
    /** Identifies the hold whose form for an extension is open. */
    this.renewing = "";
  }

  render() {
    const { station: board } = this;
    const { holds } = board.retention;
    return html`<section class="card" aria-labelledby="holds-title">
      <h3 id="holds-title">${t("board.holds")}</h3>
      <p class="lead">${t("board.holds.lead")}</p>
      ${
        holds.length
          ? html`<ul class="rows">${repeat(
              holds,
              ({ hold }) => hold,
              (row) => (row.confirmed ? this.#stands(row) : requestToHold(board, row)),
            )}</ul>`
          : html`<p class="nothing">${t("board.holds.none")}</p>`
      }
    </section>`;
  }

  /** @param {Hold} row */
  #stands(row) {
    const { hold, reason, until, asked, confirmed, gone } = row;
    const fields = {
      until: when(until),
      reason: t(`board.hold_reason.${reason}`),
      asked,
      confirmed: confirmed ?? "",
    };
    return html`<li data-hold=${hold}>
      <p class="what">${conversationOf(row)}</p>
      <p>${t("board.hold.stands", fields)}</p>
      ${gone ? html`<p class="state">${t("board.hold.gone")}</p>` : nothing}
      ${this.renewing === hold ? this.#form(row) : this.#actions(row)}
    </li>`;
  }

  /**
   * Shows the actions. A hold can be extended here even if no other list shows the conversation, because the
   * conversation was erased or its deletion date has passed.
   * @param {Hold} row
   */
  #actions(row) {
    const { station: board } = this;
    const { hold, conversation, reason, gone } = row;
    const asked = board.retention.holds.some((one) => !one.confirmed && one.conversation === conversation);
    const { first, latest } = daysOf(board.now(), row);
    return html`${first > latest ? html`<p class="aside">${t("board.hold.no_longer")}</p>` : nothing}
      <p class="actions">
        ${asked || first > latest ? nothing : action(board, "board.hold.renew", () => this.#renew(hold))}
        ${gone ? action(board, "board.hold.read", () => board.retention.read(conversation, reasonOf(reason))) : nothing}
      </p>`;
  }

  /** @param {Hold} row */
  #form(row) {
    const { station: board } = this;
    const { line, reason, until: ends } = row;
    const given = { days: daysOf(board.now(), row), reason, send: "board.hold.send", line, ends };
    return holdForm(board, given, (asked) => {
      this.#renew("");
      if (asked) board.retention.askHold(row.conversation, asked.reason, asked.until);
    });
  }

  /** @param {string} hold */
  #renew(hold) {
    this.renewing = hold;
  }
}

/** @param {string} reason */
const reasonOf = (reason) => (reason === "legal" ? "legal" : "safeguarding");

customElements.define("hl-holding", Holding);
