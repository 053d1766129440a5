// Shows the requests that wait for a second supervisor, who can confirm them, and what can be requested.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { textOf } from "../../../staff/problems.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { insideOf } from "../../lines/model/line-form.js";
import { keptOpen } from "../../lines/view/kept-open.js";
import { requestToHold, requestToRead } from "../../retention/view/approvals.js";
import { lasting, when } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/two-persons.js").ApprovalRow} ApprovalRow */

const NONE = /** @type {Pick<import("../model/two-persons.js").TwoPersons, "holds" | "readings">} */ ({
  holds: [],
  readings: [],
});

/** These kinds are also shown under "People": roles, devices and keys. */
export const ABOUT_PEOPLE = [
  ...["role", "take_role", "line_of_supervisor", "take_line", "give_service", "take_service", "leave"],
  ...["passkey", "revoke_device", "review_key", "letters_key"],
];

/** @extends {Watching<Board>} */
class Approvals extends Watching {
  static properties = { ...Watching.properties, only: { attribute: false } };

  constructor() {
    super();
    /** Holds the kinds to show; the list is hidden while none of them waits. Null shows everything that waits. @type {string[] | null} */
    this.only = null;
  }

  render() {
    const { station: board, only } = this;
    const { rows: all } = board.approvals;
    const rows = only ? all.filter(({ kind }) => only.includes(kind)) : all;
    const { holds, readings } = only ? NONE : board.approvals;
    if (only && !rows.length) return nothing;
    // The rows have keys, so that a button never turns into that of another request just before it is pressed.
    return html`<section class="card" aria-labelledby="approvals-title">
      <h3 id="approvals-title">${t("board.approvals")}</h3>
      <p class="lead">${t("board.approvals.lead")}</p>
      ${
        rows.length + holds.length + readings.length
          ? html`<ul class="rows">
            ${repeat(
              readings,
              ({ reading }) => reading,
              (one) => requestToRead(board, one),
            )}
            ${repeat(
              holds,
              ({ hold }) => hold,
              (one) => requestToHold(board, one),
            )}
            ${repeat(
              rows,
              ({ approval }) => approval,
              (row) => this.#row(row),
            )}
          </ul>`
          : html`<p class="nothing">${t("board.approvals.none")}</p>`
      }
    </section>`;
  }

  /** @param {ApprovalRow} row */
  #row(row) {
    const { station: board } = this;
    const { approval, asked, own, may, may_drop, until } = row;
    const lines = board.lines.find(({ line }) => line === row.line);
    return html`<li data-approval=${approval}>
      <p class="what"><b>${inWords(row, lines?.name ?? row.line ?? "")}</b></p>
      ${this.#keptOpen(row)}
      <p>${t(own ? "board.approval.own" : "board.approval.by", { asked, when: when(until) })}</p>
      <p class="state">${whoMay(row)}</p>
      <p class="actions">
        ${may ? this.#action("board.approval.confirm", () => board.approvals.confirm(approval), "main") : nothing}
        ${may_drop ? this.#action(own ? "board.approval.withdraw" : "board.approval.refuse", () => board.approvals.drop(approval)) : nothing}
      </p>
    </li>`;
  }

  /** Says beforehand why a line cannot end yet. @param {ApprovalRow} row */
  #keptOpen({ kind, value, line }) {
    const sums = this.station.floor.lines.find((one) => one.line === line);
    if (kind !== "line_ended" || value !== "end" || !sums) return nothing;
    const { waiting, active, letters } = sums;
    const inside = insideOf({ waiting, talking: active, letters: letters.new + letters.taken });
    return inside.length ? html`<p class="state">${keptOpen(inside)}</p>` : nothing;
  }

  /** @param {string} words @param {() => void} act @param {"main" | ""} [kind] */
  #action(words, act, kind = "") {
    const { busy, hindrance } = this.station;
    return html`<button type="button" class=${kind} ?disabled=${busy || hindrance !== ""} @click=${act}>${t(words)}</button>`;
  }
}

/** @param {ApprovalRow} row @param {string} line  its name */
function inWords({ kind, name, value, mail, url, lacking }, line) {
  if (kind === "retention") return t("board.approval.retention", { line, time: lasting(Number(value)) });
  if (kind === "role" || kind === "take_role") return t(`board.approval.${kind}.${value}`, { name });
  if (kind === "service_ended") return t(`board.approval.${kind}.${value}`, { name });
  if (kind === "line_ended") return t(`board.approval.${kind}.${value}`, { line });
  if (kind === "new_line") return newLine(name, value);
  if (kind === "passkey")
    return t(`board.approval.passkey.${value}`, { name: t(`board.code.${name}`), n: lacking ?? 0 });
  if (kind !== "contact") return t(`board.approval.${kind}`, { line, name, value });
  const contact = [mail, url].filter(Boolean).join(", ");
  return contact ? t("board.approval.contact", { name, contact }) : t("board.approval.no_contact", { name });
}

/** @param {string} name @param {string} value  its address, template and telephone number, if any */
function newLine(name, value) {
  const [path, template, ...phone] = value.split(" ");
  const words = textOf(`board.template.${template}`) ?? template;
  return t("board.approval.new_line", { name, path, words, phone: phone.join(" ") || "–" });
}

/** @param {ApprovalRow} row */
export function whoMay({ may, others, rests }) {
  if (rests) return t("board.approval.rests", { when: when(rests) });
  const names = others.join(", ");
  if (may) return others.length ? t("board.approval.you_or", { names }) : t("board.approval.you");
  return others.length ? t("board.approval.others", { names }) : t("board.approval.nobody");
}

/** @extends {Watching<Board>} */
class Contact extends Watching {
  static properties = { ...Watching.properties, service: { state: true } };

  constructor() {
    super();
    this.service = "";
  }

  render() {
    const { station: board } = this;
    const chosen = board.approvals.contacts.find(({ service }) => service === this.service);
    return html`<section class="card" aria-labelledby="contact-title">
      <h3 id="contact-title">${t("board.contact")}</h3>
      <p class="lead">${t("board.contact.lead")}</p>
      <form @submit=${this.#ask}>
        <label>${t("board.contact.service")}
          <select name="service" required @change=${this.#choose}>
            <option value="" .selected=${!this.service}>${t("board.choose")}</option>
            ${board.approvals.contacts.map(({ service, name }) => html`<option value=${service} .selected=${service === this.service}>${name}</option>`)}
          </select></label>
        ${repeat(
          chosen ? [chosen] : [],
          ({ service }) => service,
          ({ mail, url }) => this.#fields(mail, url),
        )}
      </form>
    </section>`;
  }

  /** @param {string} mail @param {string} url */
  #fields(mail, url) {
    const { busy, hindrance } = this.station;
    return html`
      <label>${t("board.contact.mail")} <input type="email" name="mail" maxlength="254" .value=${mail}></label>
      <label>${t("board.contact.url")}
        <input type="url" name="url" maxlength="200" pattern="https://.*" placeholder="https://" .value=${url}></label>
      <p class="aside">${t("board.contact.empty")}</p>
      <button type="submit" class="main" ?disabled=${busy || hindrance !== ""}>${t("board.contact.ask")}</button>`;
  }

  /** @param {Event} event */
  #choose = (event) => {
    this.service = /** @type {HTMLSelectElement} */ (event.target).value;
  };

  /** @param {SubmitEvent} event */
  #ask = async (event) => {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const [mail, url] = ["mail", "url"].map((name) => String(fields.get(name) ?? "").trim());
    await this.station.approvals.setContact(this.service, mail ?? "", url ?? "");
    if (!this.station.problem) this.service = "";
  };
}

customElements.define("hl-approvals", Approvals);
customElements.define("hl-contact", Contact);
