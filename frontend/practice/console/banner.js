// Practising: where it begins, and what stands above everything while it lasts.
import { t } from "../../shared/text.js";
import { html, nothing } from "../../vendor/lit.js";

/** @typedef {import("../../console/console.js").Console} Console */
/** @typedef {import("./practising.js").Practising} Practising */

/** Off duty, for whoever takes callers, once this browser is proven. @param {Console} desk @param {Practising} practising */
export function offerPractice(desk, practising) {
  const ready = desk.connection === "open" && desk.device.state === "approved";
  if (!ready || !desk.takesCallers || practising.on || desk.duty.state !== "off") return nothing;
  return desk.lines.map(
    ({
      line,
      name,
    }) => html`<button type="button" class="quiet practise" @click=${() => practising.begin(line)}>
      ${desk.lines.length > 1 ? t("console.practise_for", { line: name }) : t("console.practise")}</button>`,
  );
}

/** @param {Practising} practising */
export function practises(practising) {
  const { on } = practising;
  if (!on) return nothing;
  return html`<div class="banner calm asks">
    <p>${t("console.practises", { line: on.name })}</p>
    <span class="ways">
      <a href="/practice/${on.practice_for}/" target="_blank">${t("console.practises.open")}</a>
      <button type="button" class="main" @click=${() => practising.takeNext()}>${t("console.practises.next")}</button>
      <button type="button" class="quiet" @click=${() => practising.stop()}>${t("console.practises.stop")}</button>
    </span>
  </div>`;
}
