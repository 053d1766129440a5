// Shows on the first tab who should be on duty now, who is, and who is missing.
import { clock, t, tn } from "../../shared/text.js";
import { html, nothing } from "../../vendor/lit.js";
import { lacking } from "../model/rota-week.js";

/** @typedef {import("../../board/supervision/model/live-floor.js").FloorLine} FloorLine */
/** @typedef {import("../model/who-is-on.js").Now} Now */
/** @typedef {import("../model/who-is-on.js").WhoIsOn} WhoIsOn */

/** @param {WhoIsOn} found @param {string} line @param {FloorLine | undefined} behind */
export function whoIsOn(found, line, behind) {
  const now = found.now(line, behind);
  const next = found.next(line);
  if (!now && !next) return nothing;
  const id = `rota-${line}`;
  return html`<section class="card on-shift" aria-labelledby=${id}>
    <h3 id=${id}>${t("board.on_shift")}</h3>
    ${now ? present(now) : html`<p class="aside">${t("board.on_shift.nobody_planned")}</p>`}
    ${next ? html`<p class="aside next">${t("board.on_shift.next", { time: clock(next.starts) })} ${lacking(next) ? html`<b class="lacks">${tn("board.rota.lacks", lacking(next))}</b>` : nothing}</p>` : nothing}
  </section>`;
}

/** @param {Now} now */
const present = ({ shifts, here, wanted, gap, missing, sick }) => html`<div class="now" data-gap=${gap}>
  <p><b>${shifts.map(({ starts, ends }) => `${clock(starts)}–${clock(ends)}`).join(", ")}</b> ${t("board.on_shift.here", { here, wanted })}
    ${gap ? html`<b class="lacks">${tn("board.on_shift.gap", gap)}</b>` : nothing}</p>
  ${names("missing", missing)} ${names("sick", sick)}
</div>`;

/** @param {"missing" | "sick"} what @param {string[]} found */
const names = (what, found) =>
  found.length
    ? html`<p class="aside">${t(`board.on_shift.${what}`, { names: found.join(", ") })}</p>`
    : nothing;
