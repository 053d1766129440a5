// Shows at the top of the first tab how many items on other tabs wait for this supervisor, with links to these tabs.
import { t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";

/** @param {import("../../board.js").Board} board */
export function waitsForYou({ devices, approvals, care }) {
  const pending = devices.filter(({ state }) => state === "pending").length;
  const counts = [
    { name: "devices", n: pending, tab: "mensen" },
    { name: "approvals", n: approvals.mine, tab: "samen" },
    { name: "debriefs", n: care.debriefs.length, tab: "zorg" },
  ].filter(({ n }) => n);
  if (!counts.length) return nothing;
  return html`<nav class="waits-for-you" aria-label=${t("board.waits")}>
    ${counts.map(({ name, n, tab }) => html`<a href="#${tab}" data-waits=${name}>${t(`board.waits.${name}`)}: <b>${n}</b></a>`)}
  </nav>`;
}
