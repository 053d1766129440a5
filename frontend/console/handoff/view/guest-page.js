// Renders a guest's page: a form for the PIN, then one conversation, then how it ended.
import { t } from "../../../shared/text.js";
import { Ticking } from "../../../staff/elements.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { banners } from "../../staff/view/banners.js";
import "../../conversation/view/conversation-view.js";

/** @typedef {import("../model/guest-desk.js").GuestDesk} GuestDesk */

/** @extends {Ticking<GuestDesk>} */
export class GuestPage extends Ticking {
  render() {
    const desk = this.station;
    return html`${banners(desk)}<main class="centre guest">${this.#step(desk)}</main>`;
  }

  /** @param {GuestDesk} desk */
  #step(desk) {
    if (desk.step === "talking" && desk.current) return talking(desk, desk.current);
    if (desk.step === "pin") return askPin(desk);
    const words = {
      starting: "joining",
      joining: "joining",
      talking: "joining",
      no_link: "no_link",
      over: `over.${desk.why}`,
    };
    return html`<div class="nothing"><p role="status">${t(`console.guest.${words[desk.step]}`)}</p></div>`;
  }

  updated() {
    /** @type {HTMLElement | null} */ (this.querySelector("input[autofocus]:not([data-met])"))?.focus();
    this.querySelector("input[autofocus]")?.setAttribute("data-met", "");
  }
}

/** @param {GuestDesk} desk @param {import("../../conversation/model/conversation.js").Conversation} current */
const talking = (desk, current) =>
  repeat(
    [current],
    ({ seat }) => seat.member,
    (conversation) => html`<hl-talk .station=${desk} .conversation=${conversation}></hl-talk>`,
  );

/** @param {GuestDesk} desk */
const askPin = (
  desk,
) => html`<form class="pin-form" @submit=${(/** @type {Event} */ event) => join(event, desk)}>
  <h2>${t("console.guest.title")}</h2>
  <p>${t("console.guest.what")}</p>
  ${desk.why ? html`<p class="problem" role="alert" id="pin-problem">${t(`console.guest.${desk.why}`)}</p>` : nothing}
  <label for="pin">${t("console.guest.pin")}</label>
  <input id="pin" name="pin" autofocus required inputmode="numeric" autocomplete="off" pattern=" *([0-9] *){6}" maxlength="12"
    aria-describedby=${desk.why ? "pin-problem" : "pin-why"}>
  <p class="why" id="pin-why">${t("console.guest.pin_why")}</p>
  <label for="name">${t("console.guest.name")}</label>
  <input id="name" name="name" autocomplete="given-name" maxlength="40" aria-describedby="name-why">
  <p class="why" id="name-why">${t("console.guest.name_why")}</p>
  <button class="main">${t("console.guest.join")}</button>
  <p class="why">${t("console.guest.key")}</p>
</form>`;

/** @param {Event} event @param {GuestDesk} desk */
function join(event, desk) {
  event.preventDefault();
  const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
  desk.join(String(fields.get("pin")), String(fields.get("name")));
}

customElements.define("hl-guest", GuestPage);
