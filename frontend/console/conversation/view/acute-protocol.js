// Shows the line's acute protocol above the messages: one step in full, or the list of all steps after one press. A
// step says what to ask, whom to call and what to say. It has a space of its own, so it never covers the messages or
// the composer.
import { clock, t } from "../../../shared/text.js";
import { given, Watching } from "../../../staff/elements.js";
import { inOwn, toCaller } from "../../../staff/languages.js";
import { phoneLink } from "../../../staff/phone-link.js";
import { html, nothing, repeat } from "../../../vendor/lit.js";
import { callForHelp, EMERGENCY, supervisorOnCall } from "../../handoff/view/calling-for-help.js";
import { openNow, siteLink } from "../../handoff/view/service-list.js";
import { apart, waysOf } from "../model/acute.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../model/acute.js").Step} Step */
/** @typedef {import("../../console.js").Console} Console */

/** Matches screens that have room for one column. */
const NARROW = "(max-width: 44rem)";

/** @extends {Watching<Console>} */
class AcuteProtocol extends Watching {
  static properties = { ...Watching.properties, conversation: { attribute: false } };
  /** Is true if the focus is inside. Then the focus is kept here, even if the focused element disappears with its step. */
  #hadFocus = false;

  constructor() {
    super();
    /** @type {Conversation} */
    this.conversation = given;
  }

  render() {
    const { acute } = this.conversation;
    const { current, listed } = acute;
    const folded = this.#folded;
    return html`<section class="acute ${folded ? "folded" : ""}" aria-label=${t("console.acute")}>
      <header>
        <h2 tabindex="-1">${title(acute)}</h2>
        ${folded ? html`<span class="number">${phoneLink(EMERGENCY)}</span>` : nothing}
        ${folded || !acute.steps.length ? nothing : html`<button type="button" class="quiet" aria-expanded=${listed} @click=${() => acute.list(!listed)}>${t("console.acute.all")}</button>`}
        <button type="button" class="quiet" aria-expanded=${!folded} @click=${() => acute.fold(!folded)}>${t(folded ? "console.acute.unfold" : "console.acute.fold")}</button>
      </header>
      <p class="unseen" role="status">${announced(acute)}</p>
      ${folded ? nothing : html`<div class="body">${listed ? all(acute) : one(this.station, this.conversation, current)}</div>`}
    </section>`;
  }

  get #folded() {
    return this.conversation.acute.folded ?? matchMedia(NARROW).matches;
  }

  willUpdate() {
    this.#hadFocus = this.contains(document.activeElement);
  }

  updated() {
    if (this.#hadFocus && !this.contains(document.activeElement))
      /** @type {HTMLElement | null} */ (this.querySelector("h2"))?.focus({ preventScroll: true });
  }
}

/** @param {import("../model/acute.js").Acute} acute */
function title(acute) {
  const { current, steps } = acute;
  if (!current) return t(steps.length ? "console.acute.all_recorded" : "console.acute");
  return html`<span class="at">${placeOf(acute, current)}</span> <bdi>${labelOf(current)}</bdi>`;
}

/** @param {import("../model/acute.js").Acute} acute @param {Step} step */
const placeOf = ({ steps, numberOf }, step) => t("console.acute.at", { n: numberOf(step), of: steps.length });

/** Returns what a screen reader says when another step is shown, or when this one was recorded. @param {import("../model/acute.js").Acute} acute */
function announced(acute) {
  const { current } = acute;
  if (!current) return acute.steps.length ? t("console.acute.all_recorded") : "";
  return `${placeOf(acute, current)}: ${labelOf(current)}. ${stateOf(acute, current)}`;
}

/** @param {import("../model/acute.js").Acute} acute @param {Step} step */
function stateOf({ taken }, { code }) {
  const found = taken.get(code);
  return found
    ? `${t(`console.acute.how.${found.how}`)} · ${clock(found.at)} · ${found.by}`
    : t("console.acute.how.open");
}

/** @param {import("../model/acute.js").Acute} acute */
const all = (acute) => html`<ol class="steps">
    ${acute.steps.map(
      (step) => html`<li data-step=${step.code} class=${acute.taken.has(step.code) ? "taken" : ""}>
        <button type="button" aria-current=${step === acute.current ? "step" : nothing} @click=${() => acute.choose(step.code)}>
          <span>${acute.numberOf(step)}.</span> <bdi>${labelOf(step)}</bdi> <bdi class="state">${stateOf(acute, step)}</bdi>
        </button>
      </li>`,
    )}
  </ol>
  <p class="why">${t("console.acute.why")}</p>`;

/** Renders one step, keyed by its code, so that a second press meant for the previous step hits no button of this one. @param {Console} desk @param {Conversation} conversation @param {Step | undefined} step */
const one = (desk, conversation, step) =>
  step
    ? repeat(
        [step],
        ({ code }) => code,
        () => inFull(desk, conversation, step),
      )
    : nothing;

/** @param {Console} desk @param {Conversation} conversation @param {Step} step */
function inFull(desk, conversation, step) {
  const { acute } = conversation;
  const isTaken = acute.taken.has(step.code);
  return html`<div data-step=${step.code} class="step ${isTaken ? "taken" : ""}">
    <p>${inOwn(step.do)} ${step.numbers.map((slug) => number(desk, slug))}</p>
    ${Object.keys(step.say).length ? toSay(desk, conversation, step) : nothing}
    ${step.calls_in && !conversation.isLetter ? callForHelp(desk, conversation, "call-in-why") : nothing}
    ${isTaken ? html`<p class="done"><bdi>${stateOf(acute, step)}</bdi></p>` : nothing}
    ${isTaken && acute.reopened !== step.code ? change(conversation, step) : record(conversation, step)}
  </div>`;
}

/** @param {Conversation} conversation @param {Step} step */
const change = ({ acute }, step) =>
  html`<p class="ways"><button type="button" class="quiet" aria-label="${t("console.acute.change")}: ${labelOf(step)}" @click=${() => acute.reopen(step.code)}>${t("console.acute.change")}</button></p>`;

/** @param {Step} step */
export const labelOf = (step) => inOwn(step.label);

/** @param {Conversation} conversation @param {Step} step */
function record({ acute }, step) {
  const why = waysOf(step)
    .map((how) => acute.hindrance(step, how))
    .find(Boolean);
  return html`<p class="ways">
    ${waysOf(step).map(
      (
        how,
      ) => html`<button type="button" class=${how === "done" ? "" : "quiet"} ?disabled=${acute.hindrance(step, how) !== ""}
        aria-label="${t(`console.acute.mark.${how}`)}: ${labelOf(step)}"
        @click=${(/** @type {MouseEvent} */ { detail }) => detail > 1 || acute.take(step, how)}>${t(`console.acute.mark.${how}`)}</button>`,
    )}
  </p>
  ${why ? html`<p class="why">${t(`console.acute.${why}`, { n: acute.telling })} ${why === "tell_first" ? toTelling(acute) : nothing}</p>` : nothing}`;
}

/** Renders a button that opens the step about telling the caller. @param {import("../model/acute.js").Acute} acute */
const toTelling = (acute) =>
  html`<button type="button" class="quiet" @click=${() => acute.choose(acute.steps[acute.telling - 1].code)}>${t("console.acute.to_step", { n: acute.telling })}</button>`;

/** Renders a service's telephone number, else its site, and whether it is open now, if that is known. @param {Console} desk @param {string} slug */
function number({ services }, slug) {
  const service = services.find((other) => other.service === slug);
  if (!service?.phone && !service?.site) return nothing;
  const { name, phone, site, open } = service;
  const now = open === null || phone === EMERGENCY ? nothing : openNow(service);
  return html`<span class="number">${name} ${phone ? phoneLink(phone) : siteLink(site)} ${now}</span> `;
}

/** Shows whom to call after an acute conversation has ended: 112 and the line's urgent services. @param {Console} desk @param {Conversation} conversation */
export function whomToCall(desk, { acute, state, emptied, seat }) {
  if (!acute.applies || !(state === "ended" || emptied)) return nothing;
  const found = acute.urgent.map((slug) => number(desk, slug));
  return html`<p class="whom">${found.length ? t("console.acute.whom") : nothing} ${found} ${supervisorOnCall(desk, seat.line)}</p>`;
}

/** Renders the words to say, and a button that puts these words into the draft. There they can be changed before they are sent. @param {Console} desk @param {Conversation} conversation @param {Step} step */
function toSay(desk, conversation, step) {
  const words = wordsFor(desk, conversation, step);
  return html`<p class="say"><q>${words}</q>
    <button type="button" class="quiet" ?disabled=${conversation.state === "ended"} @click=${() => put(conversation, words)}>${t("console.acute.put")}</button></p>`;
}

/** Returns the words in the language of the conversation, with the line's form of address. @param {Console} desk @param {Conversation} conversation @param {Step} step */
function wordsFor({ lines }, { seat }, step) {
  return toCaller(step.say, seat.locale, Boolean(lines.find(({ line }) => line === seat.line)?.formal));
}

/** Inserts the words at the cursor, with empty lines between them and the typed text, which stays. While closing words are being written, the draft's field is not on the page, so only the stored draft changes. @param {Conversation} conversation @param {string} words */
function put({ writing }, words) {
  const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("draft"));
  if (!field) return writing.setDraft(writing.draft + apart(writing.draft, words, ""));
  const at = field.selectionEnd;
  const [before, behind] = [field.value.slice(0, at), field.value.slice(at)];
  field.focus();
  field.setSelectionRange(at, at);
  // The browser treats the inserted words as typed text, so the browser's own shortcut can undo this.
  document.execCommand("insertText", false, apart(before, words, behind));
  // Browsers scroll to the cursor of a field that gets the focus, and not to a text that a script inserted.
  field.blur();
  field.focus();
}

customElements.define("hl-acute", AcuteProtocol);
