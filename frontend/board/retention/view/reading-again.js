// Shows the conversations that can be read again, the requests to read, and the open transcript.
import { clock, t } from "../../../shared/text.js";
import { Watching } from "../../../staff/elements.js";
import { initialMark } from "../../../staff/initial-mark.js";
import { html, live, nothing, repeat } from "../../../vendor/lit.js";
import { rolesInWords, when } from "../../words.js";
import { daysOf } from "../model/hold-days.js";
import { action, conversationOf, requestToRead } from "./approvals.js";
import { holdForm } from "./hold-form.js";
import { whoConfirms } from "./second-supervisor.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/retention.js").Review} Review */
/** @typedef {import("../model/retention.js").Reading} Reading */
/** @typedef {import("../model/transcript.js").TranscriptLine} TranscriptLine */

/** @type {import("../../../shared/protocol.d.ts").Read["reason"][]} */
const REASONS = ["quality", "complaint", "safeguarding", "legal", "caller"];
const RISKS = [0, 1, 2];

/** @extends {Watching<Board>} */
class ReadingAgain extends Watching {
  static properties = { ...Watching.properties, asking: { state: true }, action: { state: true } };
  #line = "";

  constructor() {
    super();
    /** Identifies the conversation whose form is open. */
    this.asking = "";
    /** @type {"read" | "hold"} */
    this.action = "read";
  }

  render() {
    const { station: board } = this;
    return html`<section class="card" aria-labelledby="reading-title">
      <h3 id="reading-title">${t("board.reading")}</h3>
      ${board.retention.shown ? this.#transcript() : this.#list()}
    </section>`;
  }

  #list() {
    const { station: board } = this;
    return html`
      <p class="lead">${t("board.reading.lead")}</p>
      ${this.#readings()}
      ${this.#filters()}
      ${
        board.retention.reviews.length
          ? html`<table>
        <thead><tr>
          <th scope="col">${t("board.reading.began")}</th><th scope="col" class="num">${t("board.reading.lasted")}</th>
          <th scope="col">${t("board.reading.who")}</th><th scope="col">${t("board.reading.until")}</th><td></td>
        </tr></thead>
        <tbody>${repeat(
          board.retention.reviews,
          ({ conversation }) => conversation, // so that an open form stays with its row
          (review) => this.#row(review),
        )}</tbody>
      </table>`
          : html`<p class="nothing">${board.keys.present ? t("board.reading.none") : html`${t("board.reading.no_key")} <a href="#mensen">${t("board.begin.review_key.go")}</a>`}</p>`
      }
      ${board.retention.more ? html`<button type="button" class="quiet" @click=${() => board.retention.older()}>${t("board.reading.older")}</button>` : nothing}
    `;
  }

  /** Shows the filters. Somebody who complains mentions a counsellor and a day; the filters find the conversation by these. */
  #filters() {
    const { station: board } = this;
    const { person, risk, minutes, day } = board.retention.sought;
    const people = board.care.carried.get(board.chosen)?.people ?? [];
    const value = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).value;
    return html`<form class="filters" role="search" aria-label=${t("board.reading.filter")} @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <label>${t("board.reading.by_person")}
        <select data-filter="person" @change=${(/** @type {Event} */ event) => board.retention.seek({ person: value(event) })}>
          <option value="">${t("board.reading.everybody")}</option>
          ${people.map((one) => html`<option value=${one.person} .selected=${live(one.person === person)}>${one.alias}</option>`)}
        </select></label>
      <label>${t("board.reading.by_risk")}
        <select data-filter="risk" @change=${(/** @type {Event} */ event) => board.retention.seek({ risk: /** @type {0 | 1 | 2} */ (Number(value(event))) })}>
          ${RISKS.map((one) => html`<option value=${one} .selected=${live(one === risk)}>${t(one ? `board.risk.${one}` : "board.reading.any_risk")}</option>`)}
        </select></label>
      <label>${t("board.reading.by_minutes")}
        <input type="number" data-filter="minutes" min="0" max="1440" .value=${live(minutes ? String(minutes) : "")} @change=${(/** @type {Event} */ event) => board.retention.seek({ minutes: Math.max(0, Math.round(Number(value(event)) || 0)) })}></label>
      <label>${t("board.reading.by_day")}
        <input type="date" data-filter="day" .value=${live(day)} @change=${(/** @type {Event} */ event) => board.retention.seek({ day: value(event) })}></label>
    </form>`;
  }

  willUpdate() {
    const { station: board } = this;
    if (this.#line === board.chosen || !board.chosen) return;
    this.#line = board.chosen;
    board.care.lookAt(board.chosen); // fetches the line's people for the filter
  }

  /** @param {Review} review */
  #row(review) {
    const { conversation, opened, ended, state, roles, people, initial, risk, minutes, until, held } = review;
    const open = this.asking === conversation;
    return html`<tr data-conversation=${conversation}>
        <td>${initialMark(initial)} ${when(opened)}</td>
        <td class="num">${ended ? (minutes === null ? "–" : t("board.minutes", { n: minutes })) : t(`board.state.${state}`)}</td>
        <td>${people.length ? people.join(", ") : rolesInWords(roles)} ${risk ? html`<span class=${`chip ${risk === 2 ? "red" : "amber"}`}>${t(`board.risk.${risk}`)}</span>` : nothing}</td>
        <td>${held ? t("board.reading.held", { when: when(held) }) : when(until)}</td>
        <td class="actions">
          <button type="button" ?disabled=${!ended} title=${ended ? nothing : t("board.reading.not_yet")} @click=${() => this.#ask(conversation, "read")}>${t("board.reading.read")}</button>
          <button type="button" class="quiet" @click=${() => this.#ask(conversation, "hold")}>${t("board.hold.ask")}</button>
        </td>
      </tr>
      ${open ? html`<tr class="form"><td colspan="5">${this.action === "read" ? this.#readForm(conversation) : this.#holdForm(review)}</td></tr>` : nothing}`;
  }

  /** @param {string} conversation */
  #readForm(conversation) {
    const { station: board } = this;
    const two = board.line?.two;
    return html`<form @submit=${(/** @type {SubmitEvent} */ event) => this.#read(event, conversation)}>
      <label>${t("board.reading.why")} ${reasons(REASONS, "board.reason")}</label>
      <p class="aside">${two ? t("board.reading.two") : t("board.reading.noted")}</p>
      ${two ? whoConfirms(board, board.chosen) : nothing}
      ${this.#send("board.reading.start")}
    </form>`;
  }

  /** @param {Review} review */
  #holdForm({ conversation, until, held }) {
    const { station: board } = this;
    const about = { line: board.chosen, ends: held ?? until };
    return holdForm(board, { days: daysOf(board.now()), send: "board.hold.send", ...about }, (asked) => {
      this.#ask("", "hold");
      if (asked) board.retention.askHold(conversation, asked.reason, asked.until);
    });
  }

  /** @param {string} text */
  #send(text) {
    const { station: board } = this;
    return html`<p class="actions">
      <button type="submit" class="main" ?disabled=${board.busy || board.hindrance !== ""}>${t(text)}</button>
      <button type="button" class="quiet" @click=${() => this.#ask("", "read")}>${t("board.cancel")}</button>
    </p>`;
  }

  /** @param {string} conversation @param {"read" | "hold"} action */
  #ask(conversation, action) {
    Object.assign(this, { asking: conversation, action });
  }

  /** @param {SubmitEvent} event @param {string} conversation */
  #read(event, conversation) {
    const chosen = this.#fieldsOf(event).get("reason");
    const reason = REASONS.find((one) => one === chosen);
    if (reason) this.station.retention.read(conversation, reason);
  }

  /** @param {SubmitEvent} event */
  #fieldsOf(event) {
    event.preventDefault();
    this.asking = "";
    return new FormData(/** @type {HTMLFormElement} */ (event.target));
  }

  #readings() {
    const { station: board } = this;
    const { readings } = board.retention;
    if (!readings.length) return nothing;
    return html`<ul class="rows">${repeat(
      readings,
      ({ reading }) => reading,
      (row) => (row.open ? this.#isRead(row) : requestToRead(board, row)),
    )}</ul>`;
  }

  /** @param {Reading} row */
  #isRead(row) {
    const { station: board } = this;
    const { reading, alias, own, reason, at } = row;
    const fields = { name: alias, time: clock(at), reason: t(`board.reason.${reason}`) };
    return html`<li data-reading=${reading}>
      <p class="what">${conversationOf(row)}</p>
      <p>${t("board.reading.is_read", fields)}</p>
      ${own ? html`<p class="actions">${action(board, "board.reading.again", () => board.retention.openReading(row))}</p>` : nothing}
    </li>`;
  }

  #transcript() {
    const { retention } = this.station;
    const { shown } = retention;
    return html`
      <p class="actions"><button type="button" @click=${() => retention.closeReading()}>${t("board.reading.close")}</button></p>
      ${shown?.lines ? html`<ol class="transcript">${shown.lines.map(spoken)}</ol>` : html`<p class="nothing">${t("board.reading.opens")}</p>`}
    `;
  }
}

/** @param {string[]} codes @param {string} text */
const reasons = (codes, text) => html`<select name="reason" required>
  <option value="">${t("board.choose")}</option>
  ${codes.map((code) => html`<option value=${code}>${t(`${text}.${code}`)}</option>`)}
</select>`;

/** @param {TranscriptLine} line */
function spoken({ at, kind, who, text, fault, reason }) {
  const name = who ? who.alias || t(`board.role.${who.role}`) : "";
  const said = ["message", "brief", "intake", "note"].includes(kind);
  const about = said ? t(`board.said.${kind}`, { name }) : t(`board.entry.${kind}`, { name, reason });
  return html`<li class=${`${said ? kind : "event"} ${who?.role === "caller" ? "caller" : ""}`}>
    <p class="about"><time datetime=${at}>${clock(at)}</time> ${about}</p>
    ${fault ? html`<p class="fault">${t(`board.fault.${fault}`)}</p>` : said ? html`<p class="text">${text}</p>` : nothing}
  </li>`;
}

customElements.define("hl-reading", ReadingAgain);
