// Shows the recorded steps of an acute conversation, each with its name, its time and the person who recorded it. A
// step is shown as soon as it is recorded.
import { clock, t } from "../../../shared/text.js";
import { inOwn } from "../../../staff/languages.js";
import { html, nothing } from "../../../vendor/lit.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../../supervision/model/live-floor.js").FloorConversation} FloorConversation */

/** Renders the steps as a row below the conversation's row. @param {Board} board @param {string} line @param {FloorConversation} talk */
export function acuteSteps({ floor }, line, { risk, steps }) {
  if (risk !== 2 && !steps.length) return nothing;
  return html`<tr class="acute-steps"><td colspan="4">
    ${steps.length ? nothing : html`<p class="soft">${t("board.acute.none")}</p>`}
    <ol>${steps.map(
      ({ step, how, at, by }) =>
        html`<li><time datetime=${at}>${clock(at)}</time> <b>${label(floor.protocols.get(line), step)}</b>${how === "done" ? nothing : html`: ${t(`board.acute.${how}`)}`} · ${by}</li>`,
    )}</ol>
  </td></tr>`;
}

/** @param {import("../../../shared/protocol.d.ts").ProtocolStep[] | undefined} steps @param {string} code */
function label(steps, code) {
  const step = steps?.find((one) => one.code === code);
  return step ? inOwn(step.label) : code;
}
