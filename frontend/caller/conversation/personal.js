// Finds text by which others could identify the caller. The page asks once before it is sent. All of it
// happens on this device.
import { t } from "../../shared/text.js";

/** @typedef {"account" | "phone" | "address" | "name"} Kind */
/** The words of a language, each a list for a regular expression. @typedef {{streets: string, not_streets: string, schools: string, called: string}} Words */

const NAME = "[A-ZÀ-Ý][a-zà-ÿ]+(?: (?:van|de|der|den|ten|ter|el|al|von))* [A-ZÀ-Ý][a-zà-ÿ]+";
const POSTCODE = /\b[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}\b/g;
const YEAR = /^(?:19|20)\d\d /; // a year before capitals is no postcode
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g;
const DATE = /\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b/g;
const TIME = /\b\d{1,2}[:.]\d\d\b/g;
const AMOUNT = /(?:€|\$|£|euro|eur)\s*[\d.,]+|[\d.,]+\s*(?:€|\$|£|euro|eur)/gi;
const PHONE = /(?:^|[^\d.,])((?:\+|00?)[1-9](?:[ .()-]{0,2}\d){7,13})(?!\d)/g;
const FREE = /^(?:0800|0900|0906|0909|088)/; // numbers of services

/** Returns the kind of personal detail in a text, or "". @param {string} text @param {Words} words @param {Set<string>} [known]  digits of numbers that the page shows @returns {Kind | ""} */
export function personalIn(text, words, known = new Set()) {
  if ((text.match(IBAN) ?? []).some(isAccount)) return "account";
  if (phonesIn(text).some((digits) => !FREE.test(digits) && !known.has(digits))) return "phone";
  if (isAddress(text, words)) return "address";
  const isName = new RegExp(`(?:${words.called}) ${NAME}`).test(text);
  return isName && new RegExp(`(?:${words.schools})`, "i").test(text) ? "name" : "";
}

/** @param {string} text @param {Words} words */
function isAddress(text, { streets, not_streets: not }) {
  const street = new RegExp(
    `\\b(?!(?:${not})\\b)\\p{L}{2,}(?:${streets}) \\d{1,4}\\b|\\b\\d{1,4} \\p{Lu}\\p{L}+ (?:${streets})\\b`,
    "u",
  );
  return street.test(text) || (text.match(POSTCODE) ?? []).some((one) => !YEAR.test(one));
}

/** @param {string} text */
function phonesIn(text) {
  const rest = text.replace(DATE, " ").replace(TIME, " ").replace(AMOUNT, " ");
  return [...rest.matchAll(PHONE)].map(([, phone]) => digitsOf(phone));
}

/** Returns the digits, with a leading 0 in place of the Dutch country code. @param {string} text */
const digitsOf = (text) => text.replace(/[^\d+]/g, "").replace(/^(?:\+|00)31/, "0");

/** Checks an IBAN (ISO 13616): the remainder of a division by 97 is 1. @param {string} text */
function isAccount(text) {
  const plain = text.replaceAll(" ", "");
  const digits = [...(plain.slice(4) + plain.slice(0, 4))].map((one) => Number.parseInt(one, 36)).join("");
  return BigInt(digits) % 97n === 1n;
}

export class SecondThought {
  #asked = "";

  /** Returns what to ask about, or ""; each text is asked about once. @param {string} text @returns {Kind | ""} */
  about(text) {
    if (text === this.#asked) return "";
    const links = [...document.querySelectorAll('a[href^="tel:"]')];
    const known = new Set(links.map((link) => digitsOf(link.getAttribute("href") ?? "")));
    const words = {
      streets: t("caller.personal.words.streets"),
      not_streets: t("caller.personal.words.not_streets"),
      schools: t("caller.personal.words.schools"),
      called: t("caller.personal.words.called"),
    };
    const found = personalIn(text, words, known);
    if (found) this.#asked = text;
    return found;
  }
}
