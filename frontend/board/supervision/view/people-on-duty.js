// Shows who is on duty, their conversations, and how long nobody has said anything in each.
import { clock, t, tn } from "../../../shared/text.js";
import { initialMark } from "../../../staff/initial-mark.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { acuteSteps } from "../../care/view/acute-steps.js";
import { peopleByState } from "../model/floor-groups.js";
import { isOnlySaid } from "../model/needed-now.js";
import { ask } from "./confirm-dialog.js";
import { since as lasting } from "./since-clock.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/live-floor.js").BoardLine} BoardLine */
/** @typedef {import("../model/live-floor.js").FloorLine} FloorLine */
/** @typedef {import("../model/live-floor.js").FloorPerson} FloorPerson */
/** @typedef {import("../model/live-floor.js").FloorConversation} FloorConversation */

const ORDER = ["on", "break", "off"];
const FIRST = 8; // if there are more, only their names are shown in groups, and their conversations on request

/** @param {Board} board @param {BoardLine} sums @param {FloorLine | undefined} behind @param {boolean} all @param {() => void} turn */
export function people(board, { line }, behind, all, turn) {
  const id = `people-${line}`;
  const rows = [...(behind?.people ?? [])].sort(
    (a, b) => ORDER.indexOf(a.duty) - ORDER.indexOf(b.duty) || a.alias.localeCompare(b.alias),
  );
  const elsewhere = behind?.elsewhere ?? [];
  const some = elsewhere.length > 0 || rows.some(({ conversations }) => conversations.length);
  return html`<section class="card people" aria-labelledby=${id}>
    <h3 id=${id}>${t("board.people")} <span class="num soft">${rows.length}</span></h3>
    ${rows.length > FIRST ? groups(rows) : nothing}
    ${rows.length > FIRST && !all ? nothing : html`${rows.length + elsewhere.length ? table(board, line, rows, elsewhere) : html`<p class="nothing">${t("board.people.none")}</p>`}`}
    ${some && (rows.length <= FIRST || all) ? html`<p class="aside">${t("board.people.listen_why")}</p>` : nothing}
    ${rows.length > FIRST ? html`<button type="button" class="quiet" aria-expanded=${String(all)} @click=${turn}>${t(all ? "board.people.fewer" : "board.people.all")}</button>` : nothing}
  </section>`;
}

/** @param {FloorPerson[]} rows */
const groups = (rows) =>
  html`<dl class="groups">${peopleByState(rows).map(
    ({ state, people }) => html`<div data-state=${state}>
    <dt>${t(`board.people.${state}`)} <b class="num">${people.length}</b></dt>
    <dd>${people.map(({ alias, duty, slots, busy, conversations }) => html`<span class="one" data-state=${state}>${alias}${duty === "on" || conversations.length ? html` <span class="num">${slots ? t("board.people.part", { n: busy, slots }) : conversations.length}</span>` : nothing}${worry(conversations)}</span>`)}</dd>
  </div>`,
  )}</dl>`;

/** @param {FloorConversation[]} talks */
const worry = (talks) =>
  talks.some(({ risk }) => risk === 2)
    ? html` <span class="chip red">${t("board.mark.acute")}</span>`
    : nothing;

/** @param {Board} board @param {string} line @param {FloorPerson[]} rows @param {FloorConversation[]} elsewhere */
const table = (board, line, rows, elsewhere) => html`<table class="floor-table">
  <thead><tr>
    <th scope="col">${t("board.people.who")}</th>
    <th scope="col" class="num">${t("board.people.lasts")}</th>
    <th scope="col" class="num">${t("board.people.silent")}</th>
    <td></td>
  </tr></thead>
  ${repeat(
    rows,
    ({ id }) => id,
    (one) =>
      html`<tbody data-person=${one.id}>${head(board, one)} ${talks(board, line, one.conversations)}</tbody>`,
  )}
  ${
    elsewhere.length
      ? html`<tbody data-person="elsewhere">
        <tr class="person"><th scope="rowgroup" colspan="4">${t("board.people.elsewhere")}</th></tr>
        ${talks(board, line, elsewhere)}
      </tbody>`
      : nothing
  }
</table>`;

/** @param {Board} board @param {string} line @param {FloorConversation[]} talks */
const talks = (board, line, talks) =>
  repeat(
    talks,
    ({ conversation }) => conversation,
    (talk) => html`${talking(board, talk)} ${acuteSteps(board, line, talk)}`,
  );

/** @param {Board} board @param {FloorPerson} one */
function head(board, { id, alias, duty, slots, busy, conversations }) {
  const { floor } = board;
  const load =
    duty === "off" && !slots
      ? tn("board.talks", conversations.length)
      : t("board.people.load", { n: busy, slots });
  const words = t(floor.wasAsked(id) ? "board.asked" : "board.people.rest");
  return html`<tr class="person">
    <th scope="rowgroup" colspan="3">${alias} ${duty === "on" ? nothing : html`<span class=${`chip ${duty}`}>${t(`board.duty.${duty}`)}</span>`}
      ${duty === "on" && slots === 0 ? html`<span class="chip">${t("board.people.last")}</span>` : nothing}
      <span class="num soft">${load}</span></th>
    <td class="actions">${
      duty === "on"
        ? html`<button type="button" class="quiet" ?disabled=${board.hindrance !== ""}
          aria-disabled=${String(floor.wasAsked(id))} aria-label="${words}: ${alias}"
          @click=${() => floor.rest(id)}>${words}</button>`
        : nothing
    }</td>
  </tr>`;
}

/** @param {Board} board @param {FloorConversation} talk */
function talking(board, talk) {
  const { conversation, initial, since, last, risk, known, dead } = talk;
  const { floor } = board;
  const asked = floor.wasAsked(conversation);
  const refusal = floor.refusals.get(conversation) ?? "";
  const words = t(asked ? "board.asked" : refusal ? "board.people.listen_again" : "board.people.listen");
  return html`<tr class="talk" data-conversation=${conversation}>
    <td>${initialMark(initial)} ${t("board.people.since", { time: clock(since) })} ${marks(talk)}
      ${risk && !known ? html`<button type="button" class="flag-seen" ?disabled=${board.hindrance !== ""} aria-label=${t("board.flag.seen_of", { who: initial })} @click=${() => floor.seeFlag(conversation)}>${t("board.flag.seen")}</button>` : nothing}</td>
    <td class="num">${lasting(floor, since)}</td>
    <td class="num">${lasting(floor, last ?? since, true)}</td>
    <td class="actions">
      ${refusal ? html`<span class="soft">${t("board.people.no_listen", { name: refusal })}</span>` : nothing}
      ${dead ? html`<button type="button" class="bad" ?disabled=${board.hindrance !== ""} @click=${ask({ kind: "end", conversation, since })}>${t("board.people.end")}</button>` : nothing}
      <button type="button" class="quiet" ?disabled=${board.hindrance !== ""}
        aria-disabled=${String(asked)} aria-label="${words}: ${initial}, ${t("board.people.since", { time: clock(since) })}"
        @click=${() => floor.listen(conversation)}>${words}</button>
    </td>
  </tr>`;
}

/** @param {FloorConversation} talk */
const marks = ({ risk, urgency, here, alone }) => html`<span class="chips">
  ${isOnlySaid({ risk, urgency }) ? html`<span class="chip amber">${t("board.mark.said")}</span>` : nothing}
  ${risk ? html`<span class=${`chip ${risk === 2 ? "red" : "amber"}`}>${t(`board.risk.${risk}`)}</span>` : nothing}
  ${here ? nothing : html`<span class="chip">${t("board.mark.caller_away")}</span>`}
  ${alone ? html`<span class="chip amber">${t("board.mark.staff_away")}</span>` : nothing}
</span>`;
