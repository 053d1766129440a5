// The left column: duty, the queue of one's lines, the next caller, and the own conversations.
import { t } from "../shared/text.js";
import { Ticking } from "../staff/elements.js";
import { html, live, nothing, repeat } from "../vendor/lit.js";
import { age, lineName, silence, titleOf } from "./words.js";

/** @typedef {import("./conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("./console.js").Console} Console */

const STATES = /** @type {const} */ (["on", "break", "off"]);
const SLOTS = [0, 1, 2, 3, 4];

/** @extends {Ticking<Console>} */
class Left extends Ticking {
  render() {
    const desk = this.station;
    return html`
      ${desk.me ? who(desk, desk.me) : nothing} ${desk.me && !desk.onlyJoins ? duty(desk) : nothing}
      ${desk.mode === "partner" ? nothing : queues(desk)}
      <section class="mine" aria-labelledby="own-title">
        <h2 id="own-title">${t("console.conversations")}</h2>
        ${list(desk)}
      </section>
      <div class="tools">
        <button type="button" class="quiet" data-opens="help">${t("console.help")}</button>
        <button type="button" class="quiet" data-opens="settings">${t("console.settings")}</button>
      </div>
    `;
  }
}

/** @param {Console} desk @param {import("../staff/station.js").Me} me */
const who = (desk, { alias, service, roles }) => html`<p class="me">
  <bdi>${alias}</bdi>
  <span class="role">${service && desk.mode === "partner" ? desk.serviceName(service) : roles.map((role) => t(`console.role.${role}`)).join(", ")}</span>
  ${roles.includes("supervisor") ? html`<a href="/board/">${t("console.to_board")}</a>` : nothing}
</p>`;

/** @param {Console} desk */
const queues = (desk) => html`<section aria-labelledby="queue-title">
  <h2 id="queue-title">${t("console.queue")}</h2>
  <ul class="queues">${desk.lines.map((line) => queue(desk, line))}</ul>
  ${desk.takesCallers ? next(desk) : nothing}
</section>`;

/** @param {Console} desk */
function duty(desk) {
  const { state, slots } = desk.duty;
  const connected = desk.connection === "open";
  const isPartner = desk.mode === "partner";
  return html`<section class="duty">
    <fieldset ?disabled=${!connected}>
      <legend>${t("console.duty")}</legend>
      <div class="switch ${isPartner ? "two" : ""}">
        ${(isPartner ? STATES.filter((one) => one !== "break") : STATES).map(
          (one) => html`<label class=${one}>
            <input type="radio" name="duty" value=${one} .checked=${live(one === state)}
              @change=${() => desk.setDuty(one, slots)}>
            <span>${t(`console.duty.${one}`)}</span>
          </label>`,
        )}
      </div>
      ${isPartner ? html`<p class="why">${t("console.partner_duty")}</p>` : slotsOf(desk, state, slots)}
    </fieldset>
  </section>`;
}

/** @param {Console} desk @param {import("./console.js").Duty["state"]} state @param {number} slots */
const slotsOf = (desk, state, slots) => html`<label class="slots">${t("console.slots")}
  <select @change=${(/** @type {Event} */ event) => desk.setDuty(state, chosen(event))}>
    ${SLOTS.map((n) => html`<option value=${n} .selected=${live(n === slots)}>${n}</option>`)}
  </select>
</label>`;

/** @param {Event} event */
const chosen = (event) => Number(/** @type {HTMLSelectElement} */ (event.target).value);

/** @param {Console} desk @param {import("./console.js").LineState} line */
function queue(desk, { line, name, open }) {
  const { waiting = 0, oldest = null, urgent = 0 } = desk.queues.get(line) ?? {};
  return html`<li class=${waiting ? "someone" : "nobody"}>
    <span class="line-name">${name}</span>
    <span class="line-state ${open ? "open" : "shut"}">${open ? t("console.line_open") : t("console.line_shut")}</span>
    <span class="waiting"><b>${waiting}</b> ${t("console.waiting")}</span>
    ${oldest ? html`<span class="oldest">${t("console.oldest", { age: age(desk.now() - Date.parse(oldest)) })}</span>` : nothing}
    ${urgent ? html`<span class="urgent">${t("console.urgent", { n: urgent })}</span>` : nothing}
  </li>`;
}

/** @param {Console} desk */
const next = (desk) => html`
  <button type="button" class="next main" ?disabled=${desk.nextHindrance !== ""} @click=${() => desk.next()}
    aria-describedby="next-why">${t("console.next")}</button>
  <p id="next-why" role="status">${desk.nextHindrance ? t(`console.next.${desk.nextHindrance}`) : nothing}</p>
`;

/** @param {Console} desk */
function list(desk) {
  const { conversations, elsewhere } = desk;
  if (elsewhere) return html`<p class="empty">${t("console.elsewhere.many", { n: elsewhere })}</p>`;
  if (!conversations.size) return html`<p class="empty">${t("console.no_conversations")}</p>`;
  return html`<ul class="conversations">
    ${repeat(
      conversations.values(),
      ({ id }) => id,
      (conversation) => row(desk, conversation),
    )}
  </ul>`;
}

/** @param {Console} desk @param {Conversation} conversation */
function row(desk, conversation) {
  const { id, unread, emptied, state, seat, wrapup } = conversation;
  const line = lineName(desk, seat.line);
  return html`<li>
    <button type="button" class="row" aria-current=${id === desk.selected ? "true" : "false"} @click=${() => desk.select(id)}>
      <bdi class="who">${titleOf(conversation)}</bdi>
      ${unread ? badge(unread) : nothing}
      <span class="what">${line} · ${wrapup.stage === "due" ? t("console.state.wrapup") : emptied ? t("console.state.emptied") : doing(desk, conversation)}</span>
      ${emptied || state === "ended" ? nothing : timer(desk, conversation)}
    </button>
  </li>`;
}

/** @param {number} unread */
const badge = (unread) =>
  html`<span class="badge">${unread}<span class="unseen">${t("console.unread")}</span></span>`;

/** @param {Console} desk @param {Conversation} conversation */
function doing({ asked }, { id, state, typing, log, seat, closing }) {
  if (asked.listener(id)) return t("console.state.listen");
  if (closing.at) return t("console.state.closing");
  if (typing.others.includes(log.caller)) return t("console.state.typing");
  if (state === "active" && log.people.has(seat.member) && !log.granted) return t("console.state.letting_in");
  if (state === "active" && log.caller && !log.callerHere) return t("console.state.away");
  return t(`console.state.${state}`);
}

/** @param {Console} desk @param {Conversation} conversation */
function timer(desk, conversation) {
  const { text, tone } = silence(conversation, desk.now());
  return html`<span class="timer ${tone}" title=${t("console.since_last")}>
    <span class="unseen">${tone ? t(`console.waits.${tone}`) : t("console.since_last")}</span>${text}
  </span>`;
}

customElements.define("hl-left", Left);
