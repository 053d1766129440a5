// Reads the languages of a staff page, as the server wrote them into it: the page's own language, those that callers
// can choose, and those in which staff have to write every text. `nl.formal` is Dutch with formal address.
import { t } from "../shared/text.js";

/** @typedef {Record<string, string>} Texts  one text in each language */

const FORMAL = ".formal";
const root = () => globalThis.document?.documentElement;
const listed = (/** @type {"languages" | "needed"} */ name) =>
  (root()?.dataset?.[name] ?? "").split(" ").filter(Boolean);

export const languageOfPage = () => root()?.lang ?? "";

/** Returns each language, followed by its formal variant if it has one. */
export const addresses = () => listed("languages");

export const languages = () => addresses().filter((one) => !one.endsWith(FORMAL));

/** Returns the default language of callers. */
export const usual = () => listed("needed")[0] ?? "";

export const isNeeded = (/** @type {string} */ address) => listed("needed").includes(address);

/** @param {Texts} says */
export const isWhole = (says) => listed("needed").every((one) => says[one]?.trim());

/** @param {string} address @returns {string} its name in the page's language */
export function languageName(address) {
  const code = address.replace(FORMAL, "");
  const name = new Intl.DisplayNames(languageOfPage(), { type: "language" }).of(code) ?? code;
  return code === address ? name : t("staff.formally", { language: name });
}

/** Returns the value for the `lang` attribute. @param {string} address */
export const langOf = (address) => address.replace(FORMAL, "");

/** Returns the text in the page's language, else in the default one. @param {Texts} says */
export const inOwn = (says) => says[languageOfPage()] ?? says[usual()] ?? "";

/** Returns the text for a line's callers, with the line's form of address. @param {Texts} says @param {string} locale @param {boolean} formal */
export const toCaller = (says, locale, formal) =>
  (formal && says[locale + FORMAL]) || says[locale] || says[usual()] || "";

/** Returns the text with the formal address; "" if there is none. @param {Texts} says @param {string} locale */
export const formalOf = (says, locale) => says[locale + FORMAL] ?? "";
