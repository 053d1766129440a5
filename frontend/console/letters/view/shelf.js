// Shows the letters that wait for an answer on the person's lines, beside the queue. They do not ring.
import { clock, dayAndClock, t, tn } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../../console.js").Console} Console */

const MOST = 2; // the number of letters that one person can have at the same time

/** Renders the lines that have letters; nothing if there are none. @param {Console} desk */
export function shelves(desk) {
  const some = desk.lines.filter(({ line }) => waits(desk.letters.get(line)));
  if (!some.length) return nothing;
  return html`<section class="letters" aria-labelledby="letters-title">
    <h2 id="letters-title">${t("console.letters")}</h2>
    <ul class="queues">${some.map((line) => shelf(desk, line))}</ul>
  </section>`;
}

/** @param {import("../../../shared/protocol.d.ts").ShelfState | undefined} shelf */
const waits = (shelf) => shelf !== undefined && shelf.new + shelf.taken > 0;

/** @param {Console} desk @param {import("../../console.js").LineState} of */
function shelf(desk, { line, name }) {
  const found = desk.letters.get(line);
  if (!found) return nothing;
  const { new: many, acute, taken, overdue, due } = found;
  const full = desk.open.filter(({ isLetter }) => isLetter).length >= MOST;
  return html`<li class=${many ? "someone" : "nobody"}>
    <span class="line-name">${name}</span>
    <span class="waiting"><b>${many}</b> ${tn("console.letters.new", many)}</span>
    ${acute ? html`<span class="urgent">${t("console.urgent", { n: acute })}</span>` : nothing}
    ${overdue ? html`<span class="urgent">${tn("console.letters.overdue", overdue)}</span>` : nothing}
    ${taken ? html`<span class="not-here">${tn("console.letters.taken", taken)}</span>` : nothing}
    ${due && many ? html`<span class="oldest">${t("console.letters.due", { when: near(due, desk.now()) })}</span>` : nothing}
    ${many ? html`<button type="button" ?disabled=${full || desk.connection !== "open"} @click=${() => desk.takeLetter(line)}>${t("console.letters.take")}</button>` : nothing}
    ${many && full ? html`<span class="not-here">${t("console.letters.full")}</span>` : nothing}
  </li>`;
}

/** Returns the time of day, with the date unless it is today. @param {string} due @param {number} now */
const near = (due, now) =>
  new Date(due).toDateString() === new Date(now).toDateString() ? clock(due) : dayAndClock(due);
