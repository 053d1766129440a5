// The initial by which a line's staff tell a conversation from the others, and which of eight colours goes with it.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const TONES = 8;

/** From 0: neighbours in the alphabet never have the same. @param {string} initial */
export const toneOf = (initial) =>
  [...initial].reduce((sum, sign) => sum * ALPHABET.length + ALPHABET.indexOf(sign) + 1, 0) % TONES;
