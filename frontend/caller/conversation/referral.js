// Shows the contact details that staff gave, as they were then, and again at the end.
import { el, set, t } from "../../shared/text.js";

/** @typedef {import("./conversation.js").Entry} Entry */

/** Returns each service once, with its latest details. @param {readonly Entry[]} rows @returns {Entry[]} */
export const referred = (rows) => [
  ...new Map(rows.filter(({ kind }) => kind === "referred").map((row) => [row.service, row])).values(),
];

/** @param {Pick<Entry, "name" | "phone" | "site" | "chat" | "purpose" | "always">} given @param {string} language */
export function details({ name, phone, site, chat, purpose, always }, language) {
  const tel = phone ? `tel:${phone.replace(/[^\d+]/g, "")}` : null;
  const hours = always === null ? "unknown" : always ? "always" : "not_always";
  return {
    ...{ name, phone, tel, site, purpose: purpose[language] ?? "" },
    hours: phone || chat ? hours : "", // a site has no hours
    copy: [name, phone, site].filter(Boolean).join(", "),
  };
}

/** @param {Entry} row */
export const referralCard = (row) =>
  el("div", { class: "referral" }, ...parts(details(row, document.documentElement.lang)));

/** @param {ReturnType<typeof details>} found */
function parts({ name, purpose, phone, tel, site, hours, copy }) {
  const said = el("span", { class: "small", role: "status" });
  const act = async () => set(said, t((await copied(copy)) ? "caller.copied" : "caller.copied.not"));
  return [
    el("p", {}, el("b", {}, name)),
    purpose && el("p", {}, purpose),
    hours && el("p", { class: "small" }, t(`caller.referral.${hours}`)),
    el(
      "p",
      { class: "reach" },
      tel && el("a", { href: tel }, t("caller.referral.call", { phone })),
      // The site must not learn where its visitor comes from.
      site &&
        el("a", { href: site, target: "_blank", rel: "noreferrer noopener" }, t("caller.referral.site")),
      el("button", { type: "button", class: "quiet", onclick: act }, t("caller.copy")),
      said,
    ),
    site && el("p", { class: "small" }, t("caller.referral.history")),
  ].filter((part) => part !== "");
}

/** Links a number of the page's list, unless it is known to be closed. @param {string} service @returns {Node | ""} */
export function callTo(service) {
  const rows = [...document.querySelectorAll(`#numbers [data-service="${CSS.escape(service)}"]`)];
  const row = rows.find((one) => !one.querySelector(".when.shut"));
  const call = /** @type {HTMLAnchorElement | null} */ (row?.querySelector('a[href^="tel:"]') ?? null);
  const words = `caller.referral.call${service === "line" ? ".line" : ""}`;
  return call ? el("a", { href: call.href }, t(words, { phone: call.text })) : "";
}

/** Offers to call a service that has not joined. @param {string | null} service */
export function callInstead(service) {
  const call = callTo(service ?? "");
  return call ? [` ${t("caller.invited.call")} `, call] : [];
}

/** @param {string} text @returns {Promise<boolean>} */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The clipboard was refused, or the page is not on https. The older way needs no permission.
    const field = el("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" }, text);
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
