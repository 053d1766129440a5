// Finding by what somebody types: a service of the directory, a ready sentence.

/** @typedef {import("../../desk.js").Service} Service */

const MOST_REPLIES = 6;

/** Without capitals and accents. @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Those that hold every word. @param {Service[]} services @param {string} query */
export function search(services, query) {
  const words = plain(query).split(/\s+/).filter(Boolean);
  return services.filter(({ name, service }) => {
    const text = plain(`${name} ${service}`);
    return words.every((word) => text.includes(word));
  });
}

/** A message that begins with `/` offers the sentences that hold what follows. @param {string[]} replies @param {string} draft @returns {string[]} */
export function offered(replies, draft) {
  if (!/^\/[^/\n]*$/.test(draft)) return [];
  const words = plain(draft.slice(1));
  return replies.filter((reply) => plain(reply).includes(words)).slice(0, MOST_REPLIES);
}
