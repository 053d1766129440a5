// Shows whom to telephone if nobody is left on a line, and whether the supervisor can take callers
// themselves.
import { clock, t, tn } from "../../../shared/text.js";
import { phoneLink } from "../../../staff/phone-link.js";
import { html, nothing } from "../../../vendor/lit.js";
import { helpersOf, inConversation } from "../model/needed-now.js";
import { takesCallers, whomToCall } from "../model/whom-to-call.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/needed-now.js").Need} Need */
/** @typedef {import("../model/whom-to-call.js").Call} Call */

const OTHERS = 3;

/** @param {Board} board @param {Need} one */
export function nobodyLeft(board, { line, kind, who }) {
  const { floor, apps, onCall, phones, me } = board;
  const rota = apps.map((app) => app.toCall?.(line, floor.behind.get(line)) ?? null).find(Boolean) ?? null;
  const { planned, others } = whomToCall(phones, line, rota, who, inConversation(floor.behind.values()));
  const phone = onCall.get(line);
  const more = others.length - OTHERS;
  return [
    planned.length &&
      html`${rota?.from ? t("board.need.call.next", { time: clock(rota.from) }) : t("board.need.call.now")} ${calls(planned)}.`,
    others.length &&
      html`${t("board.need.call.others")} ${calls(others.slice(0, OTHERS))}${more > 0 ? ` ${tn("board.need.who.more", more)}` : nothing}.`,
    phone && html`${t("board.need.call.on_call")} ${phoneLink(phone)}.`,
    !planned.length && !others.length && !phone && t("board.need.call"),
    takesCallers(me, line, kind) === "no" && t("board.need.not_counsellor"),
  ].map((said) => (said ? html`<span class="call">${said}</span>` : nothing));
}

/** If nobody else could help, links to the console for a supervisor who is also a counsellor of the line. @param {Board} board @param {Need} one */
export function ownConsole({ floor, me }, { line, kind }) {
  const others = helpersOf(floor.behind.get(line), floor.colleagues).names;
  if (others.length || takesCallers(me, line, kind) !== "yes") return nothing;
  return html`<a class="button" href="/console/">${t("board.need.take")}</a>`;
}

/** Lists people, each with the number that they gave. @param {Call[]} people */
export const calls = (people) =>
  people.map(
    ({ alias, phone, busy }, index) =>
      html`${index ? ", " : nothing}${busy ? t("board.need.in_talk", { name: alias }) : alias}${phone ? html` ${phoneLink(phone)}` : nothing}`,
  );
