// Asks what only the caller may answer, one card at a time: who may join, and what they may read.

import { ErrorReply } from "../../shared/socket.js";
import { choice, el, set, submitting, t } from "../../shared/text.js";
import { callInstead } from "./referral.js";
import { partnersOf, serviceNames } from "./spoken-lines.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/**
 * @typedef {{kind: "consent", id: string, service: string, name: string, alias: string, brief: string | null, back: boolean, guest: boolean, review: boolean}} Consent
 *   back: to the line that the caller came from; guest: nobody can verify who comes; review: the line may read it afterwards
 */
/** @typedef {{kind: "share", id: string, name: string, alias: string}} Share  id: the member who would read */
/** @typedef {Consent | Share} Question */

const STATES = ["ringing", "joined", "refused", "declined", "expired", "withdrawn"];

/** @param {Pick<Conversation, "rows" | "people" | "withheld">} conversation @returns {Question | null} */
export const openQuestion = (conversation) => askedToInvite(conversation) ?? askedToShare(conversation);

/** @param {Pick<Conversation, "rows" | "people">} conversation @returns {Consent | null} */
function askedToInvite({ rows, people }) {
  const row = rows.findLast(({ kind, how }) => kind === "invited" && how === "handoff");
  if (row?.state !== "asked" || !row.to.service) return null;
  const written = rows.find(({ kind, id, by }) => kind === "message" && id === row.brief && by === row.by);
  return {
    ...{ kind: "consent", id: row.invitation ?? "", service: row.to.service, name: row.to.name },
    alias: people.get(row.by ?? "")?.alias || t("caller.somebody"),
    brief: row.brief && (written?.words?.kind === "brief" ? written.words.text : t("caller.unverified")),
    back: row.to.service === rows.find(({ kind }) => kind === "opened")?.line,
    guest: row.to.guest,
    review: [...people.values()].some(
      ({ role, member, why }) => role === "review" && !why && !hasLeft(member, rows),
    ),
  };
}

/** @param {string} member @param {Conversation["rows"]} rows */
const hasLeft = (member, rows) => rows.some((row) => row.kind === "left" && row.member === member);

/** Asks whether somebody may read what only partners could. Epochs without messages are left out. @param {Pick<Conversation, "rows" | "people" | "withheld">} conversation @returns {Share | null} */
function askedToShare({ rows, people, withheld: { epochs, from } }) {
  const written = rows.filter(({ kind, epoch }) => kind === "message" && epochs.includes(epoch));
  const person = people.get(from[0] ?? "");
  if (!person || !written.length) return null;
  const granted = rows.filter(
    (row) => row.kind === "granted" && written.some(({ epoch }) => epoch === row.epoch),
  );
  const readers = granted.flatMap(({ members }) => members.flatMap((one) => people.get(one) ?? []));
  const name = serviceNames(partnersOf(readers), { rows });
  return { kind: "share", id: person.member, name, alias: person.alias || t("caller.somebody") };
}

export class Cards {
  /** @type {string | null} */
  #shown = null;
  /** @type {HTMLElement | null} */
  #card = null;
  #conversation;
  #log;
  #scroll;
  #facts;
  #jump;

  /** @param {Conversation} conversation @param {{log: HTMLElement, scroll: HTMLElement, facts: import("./conversation-view.js").On["facts"], shown: () => void}} where  shown: brings the log into sight */
  constructor(conversation, { log, scroll, facts, shown }) {
    this.#conversation = conversation;
    this.#log = log;
    this.#scroll = scroll;
    this.#facts = facts;
    const show = () => {
      shown();
      this.#card?.scrollIntoView({ block: "start" });
    };
    this.#jump = el(
      "button",
      { type: "button", class: "jump", hidden: true, onclick: show },
      t("caller.card.open"),
    );
    scroll.after(this.#jump);
    // If the log is too low, the page scrolls, and its scroll events reach only the window.
    for (const one of [scroll, window])
      one.addEventListener("scroll", () => this.#point(), { passive: true });
    const resized = new ResizeObserver(() => this.#point());
    for (const one of [scroll, log]) resized.observe(one);
  }

  /** Returns whether there is a new card. */
  render() {
    const { ended, settled } = this.#conversation;
    if (!settled && !ended) return false; // in an incomplete log, an answered question looks open
    const question = ended ? null : openQuestion(this.#conversation);
    const shown = question && `${question.kind} ${question.id}`;
    if (shown === this.#shown) return false;
    this.#close();
    this.#shown = shown;
    if (question) this.#open(question);
    return question !== null;
  }

  #close() {
    const focused = this.#card?.contains(document.activeElement);
    this.#card?.remove();
    this.#card = null;
    this.#jump.hidden = true;
    // Focus on the text field would open a phone's keyboard.
    if (focused) this.#scroll.focus({ preventScroll: true });
  }

  /** @param {Question} question */
  #open(question) {
    const form = question.kind === "consent" ? this.#consent(question) : this.#share(question);
    this.#card = el("li", { class: "card question" }, form);
    this.#log.append(this.#card);
    this.#card.scrollIntoView({ block: "start" });
  }

  /** Shows a button that leads back to the card when it is out of sight. */
  #point() {
    if (!this.#card) return;
    const [card, view] = [this.#card.getBoundingClientRect(), this.#scroll.getBoundingClientRect()];
    const [top, bottom] = [Math.max(view.top, 0), Math.min(view.bottom, innerHeight)];
    this.#jump.hidden = card.bottom > top + 40 && card.top < bottom - 40;
  }

  /** @param {Consent} question */
  #consent(question) {
    const { name, alias, brief, back, guest, review, service } = question;
    const names = { service: name, alias };
    const say = (/** @type {string} */ key) => t(`caller.consent.${key}`, names);
    // The card shows the brief, so its bubble is folded.
    for (const bubble of this.#log.querySelectorAll("details.brief")) bubble.removeAttribute("open");
    const sees = el("p", { class: "small" }, say(back ? "sees.back" : "sees"));
    if (!back) this.#nameLine(sees, names);
    const why =
      brief === null
        ? [el("p", {}, say("no_brief"))]
        : [
            el("p", {}, say("brief")),
            el("blockquote", { class: "words" }, brief),
            el("p", { class: "small" }, say("correct")),
          ];
    const kinds = back ? ["back.now", "back.all"] : [brief === null ? "now" : "now.brief", "all"];
    const [now, all] = kinds.map((key, index) =>
      choice("history", ["now", "all"][index], say(key), index === 0),
    );
    const form = questionForm(say("title"), [
      ...(back || brief === null ? [el("p", {}, say(back ? "who.back" : "who"))] : []),
      ...(guest ? [el("p", { class: "unknown" }, say("guest"), review && ` ${say("review")}`)] : []),
      ...why,
      el("fieldset", {}, el("legend", {}, say("what")), now, all),
      sees,
      el("p", { class: "small" }, say("no_changes")),
      el("p", {}, say("nobody"), ...callInstead(service)),
    ]);
    const history = () => form.element.querySelector("[value=all]:checked") !== null;
    form.on((yes) => this.#answer(question, yes ? { service, guest, history: history() } : null));
    return form.element;
  }

  /** @param {HTMLElement} sees @param {Record<string, string>} names */
  async #nameLine(sees, names) {
    const state = await this.#facts().catch(() => null);
    if (state) set(sees, t("caller.consent.sees.named", { ...names, line: state.texts.name }));
  }

  /** @param {Consent} question @param {import("../coming-back/tab-memory.js").Yes | null} yes @returns {Promise<string>} what went wrong */
  async #answer({ id, name, alias }, yes) {
    try {
      await this.#conversation.consent(id, yes);
      return "";
    } catch (error) {
      if (!(error instanceof ErrorReply)) return t("caller.consent.offline");
      const state = error.code === "conflict" ? String(error.frame.state) : "";
      return t(STATES.includes(state) ? `caller.consent.late.${state}` : "caller.consent.failed", {
        service: name,
        alias,
      });
    }
  }

  /** @param {Share} question */
  #share({ id, name, alias }) {
    const names = { service: name, alias };
    const say = (/** @type {string} */ key) => t(`caller.share.${key}`, names);
    const form = questionForm(say("title"), [
      el("p", {}, say("text")),
      el("p", { class: "small" }, say("no_changes")),
    ]);
    form.on(async (yes) => {
      await this.#conversation.share(id, yes);
      this.#log.append(el("li", { class: "spoken" }, say(yes ? "yes" : "no")));
      this.render();
      return "";
    });
    return form.element;
  }
}

/** @param {string} title @param {HTMLElement[]} parts */
function questionForm(title, parts) {
  const wrong = el("p", { class: "bad-text", role: "alert", hidden: true });
  const no = el("button", { type: "button", class: "second" }, t("caller.card.no"));
  const yes = el("button", { class: "second" }, t("caller.card.yes"));
  const heading = el("h2", {}, title);
  const element = el(
    "form",
    { "aria-label": title },
    heading,
    ...parts,
    wrong,
    el("div", { class: "answers" }, yes, no),
  );
  /** @param {(yes: boolean) => Promise<string>} act */
  const on = (act) => {
    const answer = async (/** @type {boolean} */ agreed) => {
      yes.disabled = no.disabled = true;
      const problem = await act(agreed);
      set(wrong, problem);
      wrong.hidden = !problem;
      yes.disabled = no.disabled = false;
    };
    element.addEventListener(
      "submit",
      submitting(() => answer(true)),
    );
    no.addEventListener("click", () => answer(false));
  };
  return { element, on };
}
