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

/** Each typed word begins a word of the name or slug. Found by name comes first, then what is open now, then what may be. @param {Service[]} services @param {string} query */
export function search(services, query) {
  const wanted = wordsOf(query);
  const byName = (/** @type {Service} */ { name }) => (begin(wanted, wordsOf(name)) ? 0 : 1);
  return services
    .filter(({ name, service }) => begin(wanted, wordsOf(`${name} ${service}`)))
    .sort((a, b) => byName(a) - byName(b) || rank(a) - rank(b));
}

/** @typedef {"desk" | "link" | "refer"} Reach  how a service can be brought in, or that it cannot */

/** @param {Pick<Service, "desk" | "guest">} service @param {boolean} isPartner  brings in services with a desk only @returns {Reach} */
export const reachOf = ({ desk, guest }, isPartner) =>
  desk ? "desk" : guest && !isPartner ? "link" : "refer";
