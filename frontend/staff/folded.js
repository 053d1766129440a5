// Normalises text for a search: without capitals and accents.

/** @param {string} text */
export const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
