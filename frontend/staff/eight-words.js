// Spells a device's fingerprint as eight words to compare by voice: 88 bits, 11 for each word. A code short
// enough to read out as digits could be forged in minutes.

import { fingerprint } from "../shared/sealing.js";
import words from "../vendor/words.js";

/** @param {string} key  a device's public key @returns {Promise<string[]>} */
export const eightWords = async (key) => spell(await fingerprint(key));

/** Returns the eight words of a signer's key, which are compared before the root signs the key. @param {string} key @returns {Promise<string[]>} */
export const signerWords = async (key) => spell(await fingerprint(key, "signer"));

/** @param {Uint8Array} print  88 bits */
function spell(print) {
  const bits = [...print].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: 8 }, (_, at) => words[Number.parseInt(bits.slice(at * 11, at * 11 + 11), 2)]);
}
