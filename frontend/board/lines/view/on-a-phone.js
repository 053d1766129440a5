// Shows how a line's texts look on a small phone, in one language.
import { t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../model/wording-form.js").Wording} Wording */

/** @param {Wording} wording @param {string} language @param {string} name  of the line @param {Record<string, string>} phones  by service */
export function onAPhone({ is_for: whom, danger, tips, questions, numbers }, language, name, phones) {
  const calls = (/** @type {"always" | "acute"} */ where) => html`<ul class="plain">
    ${numbers.filter((one) => one[where]).map(({ service, says }) => html`<li><b>${phones[service]}</b> ${says[language] || "…"}</li>`)}
  </ul>`;
  return html`<div class="phone" lang=${language}>
    <p class="name">${name}</p>
    <p>${whom[language] || "…"}</p>
    ${questions.length ? html`<p class="part">${t("board.words.questions")}</p>` : nothing}
    <ul class="plain">${questions.map(
      (one) => html`<li>${one.asks[language] || "…"} <span class="aside">${ifYes(one)}</span></li>`,
    )}</ul>
    <p class="part">${t("board.words.tips")}</p>
    <ul class="plain">${tips.map((tip) => html`<li class="tip">${tip[language] || "…"}</li>`)}</ul>
    <p class="part">${t("board.words.acute")}</p>
    <p>${danger[language] || "…"}</p>
    ${calls("acute")}
    <p class="part">${t("board.words.always")}</p>
    ${calls("always")}
  </div>`;
}

/** Describes what the page shows after a yes to a question. @param {Wording["questions"][number]} question */
function ifYes({ tips, danger }) {
  const shows = tips.map((tip) => t("board.words.tip", { n: tip + 1 }));
  if (danger) shows.push(t("board.words.acute"));
  return t("board.words.if_yes", { tips: shows.join(", ") || "–" });
}
