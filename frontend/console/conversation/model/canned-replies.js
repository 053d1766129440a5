// Canned replies: a message that begins with `/` offers the sentences that hold what follows.
import { folded } from "../../../staff/folded.js";

const MAX_OFFERED = 6;

/** @param {string[]} replies @param {string} draft @returns {string[]} */
export function offered(replies, draft) {
  if (!/^\/[^/\n]*$/.test(draft)) return [];
  const words = folded(draft.slice(1));
  return replies.filter((reply) => folded(reply).includes(words)).slice(0, MAX_OFFERED);
}
