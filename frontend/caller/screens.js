// A screen is what stands in `main`: one at a time, with its heading read out.
import { el, t } from "../shared/text.js";

/** In the page's own bytes: what was changed comes from the database. */
const ownNumbers = document.querySelector("#numbers ul")?.cloneNode(true);
export const numbersOfPage = () => ownNumbers?.cloneNode(true) ?? "";

const main = /** @type {HTMLElement} */ (document.querySelector("main"));

/** @param {(Node | string | null | false)[]} parts */
export function place(...parts) {
  document.body.classList.remove("talking", "asking");
  main.replaceChildren(...parts.filter((part) => part !== null && part !== false));
}

/** In the place of another one. @param {Parameters<typeof place>} parts */
export function show(...parts) {
  place(...parts);
  main.querySelector("h1")?.focus();
}

/** @param {string} text */
export const heading = (text) => el("h1", { tabindex: "-1" }, text);

/** @param {string} key @param {EventListener} onclick @param {string} [look] */
export const button = (key, onclick, look = "primary") =>
  el("button", { type: "button", class: look, onclick }, t(key));

/** Nothing was sent; the phone numbers stand below on the same page. @param {string} title @param {string[]} lines */
export function showNumbers(title, ...lines) {
  const told = [...lines, t("caller.numbers.below")].filter(Boolean);
  show(heading(t(title)), ...told.map((line) => el("p", {}, line)));
}
