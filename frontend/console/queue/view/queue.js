// Shows how many callers wait on the person's lines, and the button for the next caller.
import { t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";
import { age } from "../../words.js";

/** @typedef {import("../../console.js").Console} Console */

/** @param {Console} desk */
export const queues = (desk) => html`<section aria-labelledby="queue-title">
  <h2 id="queue-title">${t("console.queue")}</h2>
  ${desk.loading && !desk.lines.length ? html`<p class="empty">${t("console.loading")}</p>` : nothing}
  <ul class="queues">${desk.lines.map((line) => queue(desk, line))}</ul>
  ${desk.takesCallers ? next(desk) : nothing}
</section>`;

/** @param {Console} desk @param {import("../../console.js").LineState} line */
function queue(desk, { line, name, open }) {
  const told = desk.queues.get(line);
  const { waiting = 0, away = 0, here = 0, oldest_here: oldest = null, urgent = 0 } = told ?? {};
  const present = waiting - away;
  return html`<li class=${present ? "someone" : "nobody"}>
    <span class="line-name">${name}</span>
    <span class="line-state ${open ? "open" : "shut"}">${open ? t("console.line_open") : t("console.line_shut")}</span>
    ${told ? html`<span class="waiting"><b>${present}</b> ${t("console.waiting")}</span>` : nothing}
    ${told || !desk.loading ? nothing : html`<span class="not-here">${t("console.loading")}</span>`}
    ${present > here ? html`<span class="not-here">${t("console.not_mine", { n: present - here })}</span>` : nothing}
    ${away ? html`<span class="not-here">${t("console.not_here", { n: away })}</span>` : nothing}
    ${oldest ? html`<span class="oldest">${t("console.oldest", { age: age(desk.now() - Date.parse(oldest)) })}</span>` : nothing}
    ${urgent ? html`<span class="urgent">${t("console.urgent", { n: urgent })}</span>` : nothing}
  </li>`;
}

/** @param {Console} desk */
const next = (desk) => html`
  <button type="button" class="next main" ?disabled=${desk.nextHindrance !== ""} @click=${() => desk.next()}
    aria-describedby="next-why">${t("console.next")}</button>
  <p id="next-why" role="status">${desk.nextHindrance ? t(`console.next.${desk.nextHindrance}`) : nothing}</p>
`;
