// Returns one of eight colours for the letter that identifies a conversation on the staff's screens.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const TONES = 8;

/** Returns the number of the colour, from 0. Neighbours in the alphabet never have the same colour. @param {string} initial */
export const toneOf = (initial) =>
  [...initial].reduce((sum, sign) => sum * ALPHABET.length + ALPHABET.indexOf(sign) + 1, 0) % TONES;
