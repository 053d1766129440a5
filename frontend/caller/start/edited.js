// Replaces the release's texts by a line's own: whom it is for, what can be done at once, whom to call.
// Fetched only if something was changed.
import { el, set, t } from "../../shared/text.js";
import { chatOf } from "../screens.js";

/** @typedef {{service: string, phone: string, says: string}} Call */
/** @typedef {{for: string, danger: string, now: string[], questions: import("./situation.js").Question[], changed: string, numbers: Call[], urgent: Call[]}} Edited */

/** @type {string} as last shown: ticks stay while nothing changes */
let worn = "";

/** @param {Edited} edited @param {readonly ParentNode[]} places  in the page, or kept for another screen */
export function wear(edited, places) {
  const wanted = JSON.stringify(edited);
  if (wanted === worn) return;
  worn = wanted;
  const of = (/** @type {string} */ selector) => {
    const found = places.map((place) => place.querySelector(selector)).find(Boolean);
    return /** @type {HTMLElement | undefined} */ (found ?? undefined);
  };
  const put = (/** @type {string} */ selector, /** @type {HTMLElement[]} */ rows) =>
    of(selector)?.replaceChildren(...rows);
  const what = of("#for");
  if (what) set(what, edited.for);
  const danger = of("#acute b");
  if (danger) set(danger, edited.danger);
  put("ul.checks", edited.now.map(tip));
  of("ul.checks")?.setAttribute("data-questions", JSON.stringify(edited.questions));
  const sources = of("#sources");
  if (sources && edited.changed) set(sources, t("caller.sources.edited", { date: edited.changed }));
  put("#numbers ul", edited.numbers.map(number));
  put("ul.calls", edited.urgent.map(call));
}

/** @param {string} phone */
const address = (phone) => `tel:${phone.replace(/[^+\d]/g, "")}`;

/** @param {string} says */
const tip = (says) =>
  el(
    "li",
    {},
    el(
      "label",
      { class: "choice" },
      el("input", { type: "checkbox", form: "", autocomplete: "off" }),
      el("span", {}, says),
    ),
  );

/** @param {Call} call */
const number = ({ service, phone, says }) =>
  el(
    "li",
    { "data-service": service },
    el("p", {}, says, " ", el("span", { class: "when" })),
    el("p", { class: "reach" }, el("a", { href: address(phone) }, phone), chatOf(service)),
  );

/** @param {Call} call */
const call = ({ phone, says }) =>
  el(
    "li",
    {},
    el(
      "a",
      { href: address(phone) },
      el("b", {}, t("caller.referral.call", { phone })),
      " ",
      el("span", {}, says),
    ),
  );
