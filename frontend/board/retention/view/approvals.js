// Shows the requests to hold a conversation or to read it again, on each tab that lists what waits for a
// second supervisor.
import { clock, t } from "../../../shared/text.js";
import { initialMark } from "../../../staff/initial-mark.js";
import { html, nothing } from "../../../vendor/lit.js";
import { when } from "../../words.js";
import { whoConfirms } from "./second-supervisor.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/retention.js").Hold} Hold */
/** @typedef {import("../model/retention.js").Reading} Reading */

/** Identifies a conversation by what its row in the list of conversations shows. @param {Pick<Hold, "initial" | "opened" | "people">} row */
export const conversationOf = ({ initial, opened, people }) => html`<span class="conversation-of">
  ${initialMark(initial)} ${[when(opened), people.join(", ")].filter(Boolean).join(" · ")}</span>`;

/** @param {Board} board @param {Hold} approval */
export function requestToHold(board, approval) {
  const { hold, own, line, reason, until, asked, lapses } = approval;
  const fields = { until: when(until), reason: t(`board.hold_reason.${reason}`), asked };
  return html`<li data-hold=${hold}>
    <p class="what"><b>${t("board.approval.hold", { line: board.floor.nameOf(line) })}</b> ${conversationOf(approval)}</p>
    <p>${t("board.hold.waits", fields)}</p>
    ${own ? whoConfirms(board, line, lapses, "lapses") : nothing}
    <p class="actions">
      ${own ? nothing : action(board, "board.hold.confirm", () => board.retention.confirmHold(hold), "main")}
      ${action(board, `board.hold.${own ? "withdraw" : "refuse"}`, () => board.retention.dropHold(hold))}
    </p>
  </li>`;
}

/** @param {Board} board @param {Reading} approval */
export function requestToRead(board, approval) {
  const { reading, own, line, reason, at, until, alias } = approval;
  const fields = { name: alias, time: clock(at), until: clock(until), reason: t(`board.reason.${reason}`) };
  return html`<li data-reading=${reading}>
    <p class="what"><b>${t("board.approval.read", { line: board.floor.nameOf(line) })}</b> ${conversationOf(approval)}</p>
    <p>${t("board.reading.is_asked", fields)}</p>
    ${own ? whoConfirms(board, line) : nothing}
    <p class="actions">
      ${own ? nothing : action(board, "board.reading.allow", () => board.retention.allow(reading), "main")}
      ${action(board, `board.reading.${own ? "withdraw" : "refuse"}`, () => board.retention.dropReading(reading))}
    </p>
  </li>`;
}

/** @param {Board} board @param {string} words @param {() => void} act @param {"main" | ""} [kind] */
export const action = ({ busy, hindrance }, words, act, kind = "") =>
  html`<button type="button" class=${kind} ?disabled=${busy || hindrance !== ""} @click=${act}>${t(words)}</button>`;
