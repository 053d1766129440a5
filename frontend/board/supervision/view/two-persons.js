// Two persons: what waits for a second one, who that can be, and what may be asked for.
import { t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { html, nothing } from "../../../vendor/lit.js";
import { wishToHold, wishToRead } from "../../retention/view/wishes.js";
import { lasting, when } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/two-persons.js").WishRow} WishRow */

/** @extends {Watching<Board>} */
class Wishes extends Watching {
  render() {
    const { station: board } = this;
    const { rows, holds, readings } = board.wishes;
    return html`<section class="card" aria-labelledby="wishes-title">
      <h3 id="wishes-title">${t("board.wishes")}</h3>
      <p class="lead">${t("board.wishes.lead")}</p>
      ${
        rows.length + holds.length + readings.length
          ? html`<ul class="rows">
            ${readings.map((wish) => wishToRead(board, wish))} ${holds.map((wish) => wishToHold(board, wish))}
            ${rows.map((row) => this.#row(row))}
          </ul>`
          : html`<p class="nothing">${t("board.wishes.none")}</p>`
      }
    </section>`;
  }

  /** @param {WishRow} row */
  #row(row) {
    const { station: board } = this;
    const { wish, asked, own, may, until } = row;
    const lines = board.lines.find(({ line }) => line === row.line);
    return html`<li data-wish=${wish}>
      <p class="what"><b>${inWords(row, lines?.name ?? row.line ?? "")}</b></p>
      <p>${t(own ? "board.wish.own" : "board.wish.by", { asked, when: when(until) })}</p>
      <p class="state">${whoMay(row)}</p>
      <p class="deeds">
        ${may ? this.#deed("board.wish.confirm", () => board.wishes.confirm(wish), "main") : nothing}
        ${this.#deed(own ? "board.wish.withdraw" : "board.wish.refuse", () => board.wishes.drop(wish))}
      </p>
    </li>`;
  }

  /** @param {string} words @param {() => void} act @param {"main" | ""} [kind] */
  #deed(words, act, kind = "") {
    const { busy, hindrance } = this.station;
    return html`<button type="button" class=${kind} ?disabled=${busy || hindrance !== ""} @click=${act}>${t(words)}</button>`;
  }
}

/** @param {WishRow} row @param {string} line  its name */
function inWords({ kind, name, value, mail, url, lacking }, line) {
  if (kind === "retention") return t("board.wish.retention", { line, time: lasting(Number(value)) });
  if (kind === "role" || kind === "take_role") return t(`board.wish.${kind}.${value}`, { name });
  if (kind === "passkey")
    return t(`board.wish.passkey.${value}`, { name: t(`board.code.${name}`), n: lacking ?? 0 });
  if (kind !== "contact") return t(`board.wish.${kind}`, { line, name, value });
  const contact = [mail, url].filter(Boolean).join(", ");
  return contact ? t("board.wish.contact", { name, contact }) : t("board.wish.no_contact", { name });
}

/** @param {WishRow} row */
export function whoMay({ may, others, rests }) {
  if (rests) return t("board.wish.rests", { when: when(rests) });
  const names = others.join(", ");
  if (may) return others.length ? t("board.wish.you_or", { names }) : t("board.wish.you");
  return others.length ? t("board.wish.others", { names }) : t("board.wish.nobody");
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
    const chosen = board.wishes.contacts.find(({ service }) => service === this.service);
    return html`<section class="card" aria-labelledby="contact-title">
      <h3 id="contact-title">${t("board.contact")}</h3>
      <p class="lead">${t("board.contact.lead")}</p>
      <form @submit=${this.#ask}>
        <label>${t("board.contact.service")}
          <select name="service" required @change=${this.#choose}>
            <option value="" .selected=${!this.service}>${t("board.choose")}</option>
            ${board.wishes.contacts.map(({ service, name }) => html`<option value=${service} .selected=${service === this.service}>${name}</option>`)}
          </select></label>
        ${chosen ? this.#fields(chosen.mail, chosen.url) : nothing}
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
    await this.station.wishes.setContact(this.service, mail ?? "", url ?? "");
    if (!this.station.problem) this.service = "";
  };
}

customElements.define("hl-wishes", Wishes);
customElements.define("hl-contact", Contact);
