// The languages of a staff page, which the server writes into it: its own, those that callers choose, and those in which
// whatever is written here has to be complete. `nl.formal` is one of them with formal address.
import { t } from "../shared/text.js";

/** @typedef {Record<string, string>} Texts  one text in each language */

const FORMAL = ".formal";
const root = () => globalThis.document?.documentElement;
const listed = (/** @type {"languages" | "needed"} */ name) =>
  (root()?.dataset?.[name] ?? "").split(" ").filter(Boolean);

export const languageOfPage = () => root()?.lang ?? "";

/** Each language, and behind it the formal one where it has that. */
export const addresses = () => listed("languages");

export const languages = () => addresses().filter((one) => !one.endsWith(FORMAL));

/** The one of callers who are no exception. */
export const usual = () => listed("needed")[0] ?? "";

export const isNeeded = (/** @type {string} */ address) => listed("needed").includes(address);

/** @param {Texts} says */
export const isWhole = (says) => listed("needed").every((one) => says[one]?.trim());

/** @param {string} address @returns {string} as the page calls it */
export function languageName(address) {
  const code = address.replace(FORMAL, "");
  const name = new Intl.DisplayNames(languageOfPage(), { type: "language" }).of(code) ?? code;
  return code === address ? name : t("staff.formally", { language: name });
}

/** For `lang`. @param {string} address */
export const langOf = (address) => address.replace(FORMAL, "");

/** In the page's language, otherwise the usual one. @param {Texts} says */
export const inOwn = (says) => says[languageOfPage()] ?? says[usual()] ?? "";

/** As a line speaks to its callers. @param {Texts} says @param {string} locale @param {boolean} formal */
export const toCaller = (says, locale, formal) =>
  (formal && says[locale + FORMAL]) || says[locale] || says[usual()] || "";

/** The same with the other address; "" where there is none. @param {Texts} says @param {string} locale */
export const formalOf = (says, locale) => says[locale + FORMAL] ?? "";
