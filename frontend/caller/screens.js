// A screen is the content of `main`: one at a time, with its heading read out.
import { clock, coming, el, set, t } from "../shared/text.js";

/** @typedef {Record<string, {open: boolean | null, changes: string | null}>} Hours  by service, `line` for its own number */

/** These are the numbers in the page's HTML. A supervisor's changes come from the database. */
const ownList = /** @type {Element | undefined} */ (document.querySelector("#numbers ul")?.cloneNode(true));
export const numbersOfPage = () => ownList?.cloneNode(true) ?? "";
const acute = document.querySelector("#acute");
export const urgentOfPage = () => acute?.querySelector(".calls")?.cloneNode(true) ?? "";
const DAY_MS = 86_400_000;

const main = /** @type {HTMLElement} */ (document.querySelector("main"));

/** @param {(Node | string | null | false)[]} parts */
export function place(...parts) {
  document.body.classList.remove("talking", "asking", "helped");
  main.replaceChildren(...parts.filter((part) => part !== null && part !== false));
}

/** @param {Parameters<typeof place>} parts */
export function show(...parts) {
  place(...parts);
  main.querySelector("h1")?.focus();
}

/** @param {string} text */
export const heading = (text) => el("h1", { tabindex: "-1" }, text);

/** @param {string} key @param {EventListener} onclick @param {string} [look] */
export const button = (key, onclick, look = "primary") =>
  el("button", { type: "button", class: look, onclick }, t(key));

/** Returns a sentence of hope that is always true, to show while nobody is there yet. */
export const hope = () =>
  el("p", { class: "hope" }, el("b", {}, t("caller.comfort")), ` ${t("caller.hope")}`);

/** Shows whom to call while the line cannot be reached. @param {string} title @param {(Node | string)[]} lines @param {(Node | null)[]} more  shown below */
export function showNumbers(title, lines, ...more) {
  show(
    heading(t(title)),
    ...lines.filter(Boolean).map((line) => (typeof line === "string" ? el("p", {}, line) : line)),
    hope(),
    el(
      "section",
      { class: "card help" },
      el("h2", {}, t("caller.numbers.now")),
      el("p", {}, t("caller.numbers.silent")),
      numbers(),
      el("p", { class: "small" }, t("caller.numbers.history")),
    ),
    ...more,
  );
  document.body.classList.add("helped");
}

/** Returns the line's own words about danger. */
export const danger = () => el("b", {}, acute?.querySelector("b")?.textContent ?? "");

export const acuteCard = () =>
  el(
    "div",
    { class: "card warning" },
    el("p", {}, danger()),
    acute?.querySelector("ul")?.cloneNode(true) ?? null,
    silently(),
  );

/** Shows the chats that are open now: somebody in danger may not be able to speak. */
function silently() {
  const open = [...(list()?.querySelectorAll("li") ?? [])].filter((row) => row.querySelector(".when.now"));
  const chats = open.flatMap((row) => [...row.querySelectorAll(".chat")]);
  return chats.length
    ? el("p", {}, t("caller.numbers.silent"), " ", ...chats.map((one) => one.cloneNode(true)))
    : null;
}

const list = () => document.querySelector("#numbers ul");

export const numbers = () => list()?.cloneNode(true) ?? "";

/** Links the chat of a service, if the page's HTML has one. @param {string} service */
export const chatOf = (service) =>
  ownList?.querySelector(`[data-service="${CSS.escape(service)}"] .chat`)?.cloneNode(true) ?? null;

/** Adds the hours to every list on the page: after a reload, a copy may be shown before they are known. @param {Hours} hours */
export function tellHours(hours) {
  for (const one of document.querySelectorAll("ul.numbers")) tellIn(one, hours);
}

/** Also sorts: 112, then open chats, then open telephones, then the rest. @param {Element} shown @param {Hours} hours */
function tellIn(shown, hours) {
  const rows = [...shown.querySelectorAll("li")];
  for (const row of rows) {
    const when = /** @type {HTMLElement | null} */ (row.querySelector(".when"));
    const told = hours[row.dataset.service ?? ""];
    when?.classList.toggle("now", told?.open === true);
    when?.classList.toggle("shut", told?.open === false);
    if (when) set(when, inWords(told));
  }
  const place = (/** @type {HTMLElement} */ { dataset: { service = "" }, lastElementChild }) => {
    const open = hours[service]?.open ?? null;
    if (service === "112") return 0;
    return open ? (lastElementChild?.querySelector(".chat") ? 1 : 2) : open === null ? 3 : 4;
  };
  const sorted = [...rows].sort((a, b) => place(a) - place(b));
  if (sorted.some((row, index) => row !== rows[index])) shown.append(...sorted);
}

/** @param {Hours[string] | undefined} hours */
function inWords(hours) {
  if (!hours || hours.open === null) return t("caller.hours.unknown");
  const { open, changes } = hours;
  const soon = changes && Date.parse(changes) - Date.now() < DAY_MS;
  if (open) return soon ? t("caller.hours.until", { time: clock(changes) }) : t("caller.hours.open");
  return changes ? coming("caller.hours.opens", changes) : t("caller.hours.closed");
}
