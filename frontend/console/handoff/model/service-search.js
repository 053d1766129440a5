// Finds services of the directory by what somebody types, and returns how each can be brought into a conversation.
import { folded } from "../../../staff/folded.js";

/** @typedef {import("../../desk.js").Service} Service */

/** @param {string} text */
const wordsOf = (text) =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Returns whether each wanted part begins one of the words. @param {string[]} wanted @param {string[]} words */
const begin = (wanted, words) => wanted.every((part) => words.some((word) => word.startsWith(part)));

/** Ranks a service: open, then not known, then closed. @param {Service} service */
const rank = ({ open }) => (open === null ? 1 : open ? 0 : 2);

/**
 * Returns the services that match each typed word. A service matches if the typed text begins a word of its
 * name, purpose, needs or languages, or is an age that the service accepts. Services found by name come
 * first. After that, open services precede closed ones. After that, services to which this line refers most
 * come first.
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

/** Returns whether a service accepts an age; false if its ages are not known. @param {Service} service @param {number} age */
const welcomes = ({ ages: [from, to] }, age) =>
  (from !== null || to !== null) && age >= (from ?? 0) && age <= (to ?? Number.POSITIVE_INFINITY);

/** Returns whether a caller can reach a service without help. @param {Pick<Service, "phone" | "site">} service */
export const canRefer = ({ phone, site }) => phone !== "" || site !== "";

/** Returns whether a service has a desk at which nobody is on duty; false if that is not known. @param {Pick<Service, "service" | "desk">} service @param {string[] | null} there  services whose desk is staffed */
export const isDeskEmpty = ({ service, desk }, there) => desk && there !== null && !there.includes(service);

/** @typedef {"desk" | "link" | "refer"} Reach  how a service can be brought into a conversation; refer: it cannot join, but the caller can be referred to it */

/** @param {Pick<Service, "desk" | "guest">} service @param {boolean} isPartner  a partner can only bring in services with a desk @returns {Reach} */
export const reachOf = ({ desk, guest }, isPartner) =>
  desk ? "desk" : guest && !isPartner ? "link" : "refer";
