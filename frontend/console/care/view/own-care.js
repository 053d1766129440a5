// Shows how many conversations this person had today, and advises a break when the line considers them enough. Nothing
// is enforced.
import { t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";
import { lineName } from "../../words.js";

/** @typedef {import("../../console.js").Console} Console */

/** @param {Console} desk */
export function today(desk) {
  const talks = desk.care.loads.reduce((sum, load) => sum + load.talks, 0);
  const heavy = desk.care.loads.reduce((sum, load) => sum + load.heavy, 0);
  if (!talks) return nothing;
  return html`<p class="today why">${t("console.care.today", { n: talks })} ${heavy ? t("console.care.today_heavy", { n: heavy }) : nothing}</p>`;
}

/** @param {Console} desk */
export const enough = (desk) =>
  (desk.duty?.state === "on" ? (desk.care?.enough ?? []) : []).map(
    (load) => html`<div class="banner calm asks">
      <p>${t("console.care.enough", { line: lineName(desk, load.line), n: load.talks, heavy: load.heavy })}</p>
      <span class="ways">
        <button type="button" class="main" @click=${() => desk.setDuty("break", desk.duty.slots)}>${t("console.take_break")}</button>
        ${desk.isLast ? nothing : html`<button type="button" @click=${() => desk.lastChat(true)}>${t("console.last_chat")}</button>`}
        <button type="button" class="quiet" @click=${() => desk.care.goOn(load)}>${t("console.care.go_on")}</button>
      </span>
    </div>`,
  );

/** Shows that a supervisor asks the whole shift to hand over. @param {Console} desk */
export function handoverAsked(desk) {
  const { asked, open } = desk;
  if (!asked?.handover) return nothing;
  return html`<div class="banner calm asks">
    <p>${t("console.handover.asked", { name: asked.handover, n: open.length })}</p>
    <span class="ways">
      <button type="button" class="main" @click=${() => desk.dispatchEvent(new Event("goes-home"))}>${t("console.handover.go")}</button>
      ${open.length && !desk.isLast && desk.duty.state === "on" ? html`<button type="button" @click=${() => desk.lastChat(true)}>${t("console.last_chat")}</button>` : nothing}
      <button type="button" class="quiet" @click=${() => asked.stayOn()}>${t("console.not_now")}</button>
    </span>
  </div>`;
}
