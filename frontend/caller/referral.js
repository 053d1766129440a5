// A service's contact details, given by whoever talks with the caller: in the conversation, and again at its end.
import { el, set, t } from "../shared/text.js";

/** @typedef {import("./conversation.js").Entry} Entry */
/** @typedef {import("./conversation-view.js").On["facts"]} Facts */
/** @typedef {{service: string, name: string, purpose: string, phone: string | null, site?: string, open: boolean | null}} Service  a row of the directory */

/** The services that were given, each once, in order. @param {readonly Entry[]} rows @returns {string[]} */
export const referred = (rows) => [
  ...new Set(rows.flatMap(({ kind, service }) => (kind === "referred" && service ? [service] : []))),
];

/** What stands on the card, or null where the directory has no such service. @param {string} service @param {readonly Service[]} services */
export function details(service, services) {
  const row = services.find((one) => one.service === service);
  if (!row) return null;
  const { name, purpose, phone, site = "" } = row;
  const tel = phone ? `tel:${phone.replace(/[^\d+]/g, "")}` : null;
  return { name, purpose, phone, tel, site, copy: [name, phone, site].filter(Boolean).join(", ") };
}

/** @param {string} service @param {Facts} facts */
export function referralCard(service, facts) {
  const card = el("div", { class: "referral" }, el("p", {}, t("caller.referral.loading")));
  const fill = async () => {
    const state = await facts().catch(() => null);
    const found = state && details(service, state.services);
    const again = el("button", { type: "button", class: "quiet", onclick: fill }, t("caller.retry"));
    if (found) card.replaceChildren(...parts(found));
    else card.replaceChildren(el("p", {}, t("caller.referral.failed")), again);
  };
  fill();
  return card;
}

/** @param {NonNullable<ReturnType<typeof details>>} found */
function parts({ name, purpose, phone, tel, site, copy }) {
  const said = el("span", { class: "small", role: "status" });
  const act = async () => set(said, t((await copied(copy)) ? "caller.copied" : "caller.copied.not"));
  return [
    el("h3", {}, name),
    purpose && el("p", {}, purpose),
    el(
      "p",
      { class: "reach" },
      tel && el("a", { href: tel }, t("caller.referral.call", { phone: phone ?? "" })),
      // Nothing tells that site where its visitor comes from.
      site &&
        el("a", { href: site, target: "_blank", rel: "noreferrer noopener" }, t("caller.referral.site")),
      !tel && !site && t("caller.referral.online"),
      el("button", { type: "button", class: "quiet", onclick: act }, t("caller.copy")),
      said,
    ),
    site && el("p", { class: "small" }, t("caller.referral.history")),
  ].filter((part) => part !== "");
}

/** @param {string} text @returns {Promise<boolean>} */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Refused, or not over https: the older way asks no permission.
    const field = el("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" }, text);
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
