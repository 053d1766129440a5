// The line's steps where a life is at stake, beside the conversation: what to ask, whom to call, what to say.
import { clock, t } from "../../../shared/text.js";
import { inOwn, toCaller } from "../../../staff/languages.js";
import { html, nothing } from "../../../vendor/lit.js";
import { phoneLink } from "../../handoff/view/service-list.js";
import { waysOf } from "../model/acute.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../model/acute.js").Step} Step */
/** @typedef {import("../../console.js").Console} Console */

/** @param {Console} desk @param {Conversation} conversation */
export const acuteProtocol = (
  desk,
  conversation,
) => html`<section class="acute" aria-labelledby="acute-title">
  <h2 id="acute-title">${t("console.acute")}</h2>
  <p class="why">${t("console.acute.why")}</p>
  <ol>${conversation.acute.steps.map((step) => row(desk, conversation, step))}</ol>
</section>`;

/** @param {Console} desk @param {Conversation} conversation @param {Step} step */
function row(desk, conversation, step) {
  const taken = conversation.acute.taken.get(step.code);
  return html`<li data-step=${step.code} class=${taken ? "taken" : ""}>
    <p>${inOwn(step.do)}</p>
    ${step.numbers.map((slug) => number(desk, slug))}
    ${step.calls_in ? callIn(conversation) : nothing}
    ${Object.keys(step.say).length ? toSay(desk, conversation, step) : nothing}
    ${taken ? done(conversation, step, taken) : record(conversation, step)}
  </li>`;
}

/** @param {Conversation} conversation @param {Step} step @param {import("../model/acute.js").Taken} taken */
const done = (conversation, step, { how, at, by }) => html`
  <p class="done" role="status">${t(`console.acute.how.${how}`)} · ${clock(at)} · <bdi>${by}</bdi></p>
  ${
    conversation.acute.reopened === step.code
      ? record(conversation, step)
      : html`<p class="ways"><button type="button" class="quiet" aria-label="${t("console.acute.change")}: ${labelOf(step)}" @click=${() => conversation.acute.reopen(step.code)}>${t("console.acute.change")}</button></p>`
  }
`;

/** @param {Step} step */
export const labelOf = (step) => inOwn(step.label);

/** @param {Conversation} conversation @param {Step} step */
function record({ acute }, step) {
  const why = acute.hindrance(step, "done");
  return html`<p class="ways">
    ${waysOf(step).map(
      (
        how,
      ) => html`<button type="button" class=${how === "done" ? "main" : "quiet"} ?disabled=${acute.hindrance(step, how) !== ""}
        aria-label="${t(`console.acute.mark.${how}`)}: ${labelOf(step)}" @click=${() => acute.take(step, how)}>${t(`console.acute.mark.${how}`)}</button>`,
    )}
  </p>
  ${why ? html`<p class="why">${t(`console.acute.${why}`)}</p>` : nothing}`;
}

/** @param {Console} desk @param {string} slug */
function number({ services }, slug) {
  const service = services.find((one) => one.service === slug);
  return service?.phone ? html`<p class="number">${service.name} ${phoneLink(service.phone)}</p>` : nothing;
}

/** Into a letter nobody is invited: its caller talks first. @param {Conversation} conversation */
const callIn = ({ inviting, isLetter }) =>
  isLetter
    ? nothing
    : html`<p class="ways">
  <button type="button" aria-describedby="call-in-why" ?disabled=${inviting.hindrance !== ""} @click=${() => inviting.needSomebody()}>${t("console.somebody")}</button>
</p>
<p id="call-in-why" class="why" role="status">${inviting.hindrance ? t(`console.invite_not.${inviting.hindrance}`) : nothing}</p>`;

/** Put where it can be changed before it is sent. @param {Console} desk @param {Conversation} conversation @param {Step} step */
function toSay(desk, conversation, step) {
  const words = wordsFor(desk, conversation, step);
  return html`<p class="say"><q>${words}</q>
    <button type="button" class="quiet" ?disabled=${conversation.state === "ended"} @click=${() => put(conversation, words)}>${t("console.acute.put")}</button></p>`;
}

/** In the language of the conversation, and as the line speaks to its callers. @param {Console} desk @param {Conversation} conversation @param {Step} step */
function wordsFor({ lines }, { seat }, step) {
  return toCaller(step.say, seat.locale, Boolean(lines.find(({ line }) => line === seat.line)?.formal));
}

/** What was being written stays in front of it. @param {Conversation} conversation @param {string} words */
function put({ writing }, words) {
  writing.setDraft(writing.draft.trim() ? `${writing.draft}\n${words}` : words);
  document.getElementById("draft")?.focus();
}
