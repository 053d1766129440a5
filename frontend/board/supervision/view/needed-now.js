// Shows at the top of the first tab the situations that need somebody: how long each has lasted, who could help, and
// what a supervisor can do from here.
import { clock, t, tn } from "../../../shared/text.js";
import { phoneLink } from "../../../staff/phone-link.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { colourOf } from "../model/need-kinds.js";
import { helpersOf, inConversation, missedCall, neededNow } from "../model/needed-now.js";
import { ask } from "./confirm-dialog.js";
import { since } from "./since-clock.js";
import { nobodyLeft, ownConsole } from "./whom-to-call.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/needed-now.js").Need} Need */
/** @typedef {import("../model/live-floor.js").FloorConversation} FloorConversation */
/** @typedef {import("../model/need-kinds.js").Kind} Kind */

const FIRST = 5; // rows; a button shows the rest
const NAMES = 3;
/** @type {Kind[]} */
const COUNTED = ["acute_waits", "acute_away", "nobody", "full", "letters_late"];
/** @type {Kind[]} */
const OF_TALKS = ["acute_alone", "acute_said", "acute_unseen", "acute_gone"];
/** These needs are over, so the rows show a time of day and not a duration. @type {Kind[]} */
const PAST = ["call_missed", "acute_left"];
/** These needs are shown without helpers: it is too late for help, or those on duty do not react. @type {Kind[]} */
const WITHOUT_HELPERS = ["acute_left", "acute_gone", "not_spoken", "staff_gone"];

/** @param {Board} board @param {boolean} all @param {() => void} turn */
export function neededNowList(board, all, turn) {
  const { floor } = board;
  const needs = neededNow(floor);
  const rows = all ? needs : needs.slice(0, FIRST);
  return html`<section class="needs" aria-labelledby="needs-title" data-needs=${needs.length}>
    <h3 id="needs-title">${t("board.needs")}</h3>
    ${
      rows.length
        ? html`<ul class="plain">${repeat(
            rows,
            ({ id }) => id,
            (one) => row(board, one, one === firstOf(rows, one.line)),
          )}</ul>`
        : calm(board)
    }
    ${needs.length > FIRST ? html`<button type="button" class="quiet" aria-expanded=${String(all)} @click=${turn}>${all ? t("board.queue.fewer") : tn("board.needs.more", needs.length - FIRST)}</button>` : nothing}
    ${unsent(board)}
    ${rows.some(({ kind, talk }) => talk && kind !== "staff_gone") ? html`<p class="aside">${t("board.people.listen_why")}</p>` : nothing}
  </section>`;
}

/** @param {Board} board */
function calm({ floor }) {
  if (!floor.isKnown) return nothing;
  // A line's sums arrive before its details, so it is not known yet whether anybody is needed.
  const all = floor.lines.every(({ line }) => floor.behind.has(line));
  return all ? html`<p class="calm">${t("board.needs.none")}</p>` : html`<p>${t("board.no_sums")}</p>`;
}

/** Says how many missed calls are not listed: the server sends only a line's newest. @param {Board} board */
function unsent({ floor }) {
  const more = [...floor.behind.values()].reduce(
    (sum, line) => sum + line.missed_in_all - line.missed.length,
    0,
  );
  return more ? html`<p class="aside">${tn("board.needs.missed", more)}</p>` : nothing;
}

/** Returns the first of a line's rows that can list whom to call. The line's other rows do not repeat that list. @param {Need[]} rows @param {string} line */
const firstOf = (rows, line) =>
  rows.find((one) => one.line === line && !WITHOUT_HELPERS.includes(one.kind) && !one.missed?.service);

/** @param {Board} board @param {Need} one @param {boolean} first */
function row(board, one, first) {
  const { floor } = board;
  const many = floor.lines.length > 1;
  return html`<li class=${colourOf(one.kind)} data-need=${one.kind}>
    <p class="what"><b>${words(one)}</b>${many ? html` <span class="soft">${floor.nameOf(one.line)}</span>` : nothing}</p>
    <p class="num when">${one.since ? lasting(board, one, one.since) : nothing}</p>
    <p class="who">${one.kind === "staff_gone" ? t("board.need.staff_gone.then", { who: one.who || t("board.need.somebody") }) : WITHOUT_HELPERS.includes(one.kind) ? nothing : one.missed?.service ? callService(one.missed) : helpers(board, one, first)}</p>
    <p class="actions">${acts(board, one)} ${ownConsole(board, one)}</p>
  </li>`;
}

/** @param {Need} one */
function words(one) {
  const { kind, n, who, acute } = one;
  if (kind === "call_missed") {
    const { service = "", of: other = "" } = one.missed ?? {};
    return t(`board.need.${missedCall(one)}`, {
      who: who || t("board.need.somebody"),
      service: service || other,
    });
  }
  if (kind === "staff_gone")
    return t(`board.need.staff_gone${acute ? ".acute" : ""}`, { who: who || t("board.need.somebody") });
  if (OF_TALKS.includes(kind)) return t(`board.need.${kind}`, { who: who || t("board.people.elsewhere") });
  if (COUNTED.includes(kind)) return tn(`board.need.${kind}`, n);
  if (kind === "crowded") return t("board.need.crowded", { n });
  if (kind === "unstaffed") return n ? tn("board.need.unstaffed.waiting", n) : t("board.need.unstaffed");
  return t(`board.need.${kind}`);
}

/** Says that the call went to another service, so that no colleague comes, and what to do. @param {NonNullable<Need["missed"]>} missed */
const callService = ({ service, phone }) =>
  phone
    ? html`${t("board.need.call_service", { service })} ${phoneLink(phone)}.`
    : t("board.need.call_service.unknown", { service });

/** @param {Board} board @param {Need} one @param {string} at */
const lasting = ({ floor }, { kind }, at) =>
  PAST.includes(kind) ? t("board.need.at", { time: clock(at) }) : since(floor, at);

/** @param {Board} board @param {Need} one @param {boolean} first */
function helpers(board, one, first) {
  const { floor } = board;
  const { line, who } = one;
  const busy = inConversation(floor.behind.values());
  const { how, names } = helpersOf(floor.behind.get(line), floor.colleagues, busy);
  const others = names.filter((name) => name !== who);
  if (!others.length) return html`${t("board.need.who.none")} ${first ? nobodyLeft(board, one) : nothing}`;
  const more = others.length - NAMES;
  const named = others
    .slice(0, NAMES)
    .map((name) => (busy.has(name) ? t("board.need.in_talk", { name }) : name))
    .join(", ");
  return `${t(`board.need.who.${how}`, { names: named })}${more > 0 ? ` ${tn("board.need.who.more", more)}` : ""}`;
}

/** @param {Board} board @param {Need} one */
function acts(board, one) {
  const { floor, hindrance } = board;
  const { kind, line, front, talk, missed } = one;
  const behind = floor.behind.get(line);
  const off = hindrance !== "";
  if (missed) {
    const see = () => seeAll(board, one);
    return html`<button type="button" class="quiet" ?disabled=${off} aria-label=${t("board.need.seen_of", { what: words(one) })} @click=${see}>${t("board.flag.seen")}</button>
      ${talk ? listen(board, talk) : nothing}`;
  }
  if (front) {
    const said = `${t("board.queue.front")}: ${t("board.mark.acute")}`;
    return html`<button type="button" ?disabled=${off} @click=${ask({ kind: "front", ...front })}>${said}</button>`;
  }
  if (kind === "staff_gone") return nothing; // nobody is there who could let a supervisor in
  if (talk) {
    const unseen = talk.risk > 0 && !talk.known;
    return html`${unseen ? html`<button type="button" class="quiet" ?disabled=${off} aria-label=${t("board.flag.seen_of", { who: talk.initial })} @click=${() => floor.seeFlag(talk.conversation)}>${t("board.flag.seen")}</button>` : nothing}
      ${listen(board, talk)}`;
  }
  if (kind === "letters_late") return html`<a class="button" href="/console/">${t("board.ring.open")}</a>`;
  if (!behind) return nothing;
  const name = floor.nameOf(line);
  if (kind === "unstaffed")
    return html`<button type="button" ?disabled=${off} @click=${ask({ kind: "closed", line, behind })}>${t("board.need.close", { line: name })}</button>`;
  if (kind === "crowded")
    return html`<button type="button" ?disabled=${off} @click=${ask({ kind: "throttle", line, behind })}>${t("board.need.limit", { line: name })}</button>`;
  return nothing;
}

/** Marks a missed call as seen, and the acute conversation that is shown in the same row. @param {Board} board @param {Need} one */
async function seeAll({ floor }, { line, talk, missed }) {
  if (missed) await floor.seeMissed(line, missed.missed);
  if (talk?.risk && !talk.known) await floor.seeFlag(talk.conversation);
}

/** @param {Board} board @param {FloorConversation} talk */
function listen({ floor, hindrance }, talk) {
  const asked = floor.wasAsked(talk.conversation);
  const said = `${t(asked ? "board.asked" : "board.people.listen")}: ${talk.initial}`;
  return html`<button type="button" ?disabled=${hindrance !== ""} aria-disabled=${String(asked)} @click=${() => floor.listen(talk.conversation)}>${said}</button>`;
}
