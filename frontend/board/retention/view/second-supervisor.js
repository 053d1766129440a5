// Tells a supervisor which colleagues can confirm a request, with their telephone numbers; or that nobody can,
// and what to do about it.
import { t } from "../../../shared/text.js";
import { phoneLink } from "../../../staff/phone-link.js";
import { html, nothing } from "../../../vendor/lit.js";
import { secondOnes } from "../../supervision/model/whom-to-call.js";
import { calls } from "../../supervision/view/whom-to-call.js";
import { when } from "../../words.js";

/** @typedef {import("../../board.js").Board} Board */

/** @param {Board} board @param {string} line @param {string | null} [ends]  when the conversation is deleted @param {"ends" | "lapses"} [says]  lapses: the request was sent already */
export function whoConfirms({ lines, me, phones, onCall }, line, ends = null, says = "ends") {
  const others = secondOnes(lines, line, me?.id ?? "", phones);
  const deadline = ends ? t(`board.second.${says}`, { when: when(ends) }) : nothing;
  if (others.length) return html`<p>${t("board.second.who")} ${calls(others)}. ${deadline}</p>`;
  const phone = onCall.get(line);
  return html`<p class="banner bad" data-second="nobody"><b>${t("board.second.nobody")}</b> ${deadline}
    <a href="/people/invite/">${t("board.second.invite")}</a> ${t("board.second.invited")}</p>
    <p class="aside">${t("board.second.meanwhile")} ${phone ? html`${t("board.need.call.on_call")} ${phoneLink(phone)}.` : nothing}</p>`;
}
