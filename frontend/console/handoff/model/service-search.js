// Finding a service of the directory by what somebody types, and how it can be brought in.
import { folded } from "../../../staff/folded.js";

/** @typedef {import("../../desk.js").Service} Service */

/** @param {string} text */
const wordsOf = (text) =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Whether each begins one of the words. @param {string[]} wanted @param {string[]} words */
const begin = (wanted, words) => wanted.every((part) => words.some((word) => word.startsWith(part)));

/** Open, perhaps, closed. @param {Service} service */
const rank = ({ open }) => (open === null ? 1 : open ? 0 : 2);

/**
 * Each typed word begins a word of the name, of what it is for, of its languages; or is an age that is welcome there. Found by
 * name comes first, then what is open now, then what may be; and of those what this line refers to most.
 * @param {Service[]} services @param {string} query
 */
export function search(services, query) {
  const typed = wordsOf(query);
  const ages = typed.filter((word) => /^\d{1,2}$/.test(word)).map(Number);
  const byName = (/** @type {Service} */ { name }) => (begin(typed, wordsOf(name)) ? 0 : 1);
  return services
    .filter((one) => {
      const words = wordsOf(
        `${one.name} ${one.service} ${Object.values(one.purpose).join(" ")} ${one.needs} ${one.languages.join(" ")}`,
      );
      return typed.every(
        (word) => begin([word], words) || (ages.includes(Number(word)) && welcomes(one, Number(word))),
      );
    })
    .sort((a, b) => byName(a) - byName(b) || rank(a) - rank(b) || b.uses - a.uses);
}

/** Where a bound is known. @param {Service} service @param {number} age */
const welcomes = ({ ages: [from, to] }, age) =>
  (from !== null || to !== null) && age >= (from ?? 0) && age <= (to ?? Number.POSITIVE_INFINITY);

/** A caller can reach it alone. @param {Pick<Service, "phone" | "site">} service */
export const canRefer = ({ phone, site }) => phone !== "" || site !== "";

/** @typedef {"desk" | "link" | "refer"} Reach  how a service can be brought in, or that it cannot */

/** @param {Pick<Service, "desk" | "guest">} service @param {boolean} isPartner  brings in services with a desk only @returns {Reach} */
export const reachOf = ({ desk, guest }, isPartner) =>
  desk ? "desk" : guest && !isPartner ? "link" : "refer";
