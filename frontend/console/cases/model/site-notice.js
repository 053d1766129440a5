// Writes the notice to one site, with the contents that article 16(2) of the Digital Services Act (EU 2022/2065) requires: why the
// content is illegal, where it is, who reports it, and a statement of good faith. If the content shows the abuse of a
// child, the article requires no name. The counsellor copies the text and sends it.
import { t } from "../../../shared/text.js";

export const GROUNDS = /** @type {const} */ (["child", "adult", "fake", "threat", "account"]);

/** @typedef {typeof GROUNDS[number]} Ground */

/** Returns the notice's text. @param {{site: string, urls: string[], ground: Ground, organisation: string, mail: string, flagger: boolean}} of  flagger: the organisation is a trusted flagger (article 22) */
export function siteNotice({ site, urls, ground, organisation, mail, flagger }) {
  const say = (/** @type {string} */ key, /** @type {Record<string, string>} */ facts = {}) =>
    t(`console.case.notice.${key}`, facts);
  return [
    say("title"),
    "",
    say("to", { site }),
    ...urls.map((url) => `- ${url}`),
    "",
    say(`why.${ground}`),
    say("faith"),
    flagger ? say("flagger", { organisation }) : "",
    say("from", { organisation, mail }),
  ]
    .filter((line, index, all) => line || all[index - 1])
    .join("\n");
}
