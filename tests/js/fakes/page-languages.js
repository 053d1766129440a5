// A staff page as the server writes it, with two languages, one of which has a formal address.
const page = /** @type {any} */ (globalThis);
page.document ??= {};
page.document.documentElement = {
  lang: "nl",
  dataset: { languages: "nl nl.formal en", needed: "nl en" },
};

/** A text in each language; "" is none. @param {string} nl @param {string} [en] @param {string} [formal] @returns {Record<string, string>} */
export const says = (nl, en = "", formal = "") => ({
  ...(nl && { nl }),
  ...(formal && { "nl.formal": formal }),
  ...(en && { en }),
});
