// Shows the button that begins practice, and the banner while it lasts.
import { t, tn } from "../../shared/text.js";
import { html, nothing } from "../../vendor/lit.js";
import "./checklist-view.js";

/** @typedef {import("../../console/console.js").Console} Console */
/** @typedef {import("./checklist-view.js").WhatWasPractised} WhatWasPractised */
/** @typedef {import("./practising.js").Practising} Practising */

/** Offers practice to a counsellor who is off duty, after this browser's device is authenticated. @param {Console} desk @param {Practising} practising */
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

/** @param {Console} desk @param {Practising} practising @param {import("./checklists.js").Checklists} checklists */
export function practises(desk, practising, checklists) {
  const { on } = practising;
  if (!on) return nothing;
  return html`<div class="banner calm asks">
    <p>${t("console.practises", { line: on.name })}
      ${on.letters ? html`<b>${tn("console.practises.letters", on.letters)}</b>` : nothing}</p>
    <span class="ways">
      <a href="/practice/${on.practice_for}/" target="_blank">${t("console.practises.open")}</a>
      <button type="button" class="main" @click=${() => practising.takeNext()}>${t("console.practises.next")}</button>
      <button type="button" class="quiet" @click=${() => dialog()?.show(false)}>${t("console.practised")}</button>
      <button type="button" class="quiet" @click=${() => stop(practising, checklists)}>${t("console.practises.stop")}</button>
    </span>
    <hl-practised .station=${desk} .practising=${practising} .checklists=${checklists}></hl-practised>
  </div>`;
}

/** Stops practice. It asks for confirmation if points were ticked, or if unsent text would be lost. @param {Practising} practising @param {import("./checklists.js").Checklists} checklists */
function stop(practising, checklists) {
  const { on } = practising;
  const done = on !== null && checklists.summary(on.line).some((one) => one.done > 0);
  const shown = dialog();
  if (shown && (done || shown.unsaid)) return shown.show(true);
  return practising.stop();
}

const dialog = () => /** @type {WhatWasPractised | null} */ (document.querySelector("hl-practised"));
