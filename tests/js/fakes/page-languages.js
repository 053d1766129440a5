// Makes a staff page as the server renders it, with two languages, one of which has formal address.
const page = /** @type {any} */ (globalThis);
page.document ??= {};
page.document.documentElement = {
  lang: "nl",
  dataset: { languages: "nl nl.formal en", needed: "nl en" },
};

/** Makes a text in each language; "" means none. @param {string} nl @param {string} [en] @param {string} [formal] @returns {Record<string, string>} */
export const says = (nl, en = "", formal = "") => ({
  ...(nl && { nl }),
  ...(formal && { "nl.formal": formal }),
  ...(en && { en }),
});
