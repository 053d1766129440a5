// Shows the parts around the messages, for which the first screen does not wait.
import { dayAndClock, el, set, t } from "../../shared/text.js";
import { casesAtTheEnd } from "../cases/case-list.js";
import { eraseBox, whenItGoes } from "../leaving/erase.js";
import { feedbackBox } from "../leaving/feedback.js";
import { letterCard } from "../letters/letter.js";
import { danger, hope, numbers, numbersOfPage, urgentOfPage } from "../screens.js";
import { placeCheck } from "../start/situation.js";
import { soundSwitch } from "../waiting/sound.js";
import {
  closingInWords,
  isSlow,
  placeInWords,
  SIGN_MS,
  signOfLife,
  waitInWords,
} from "../waiting/waiting.js";
import { named } from "./conversation-view.js";
import { callTo, referralCard, referred } from "./referral.js";

export { CaseView } from "../cases/case-list.js";
export { codeBox } from "../coming-back/return-code.js";
export { Erasing } from "../leaving/erase.js";
export { Sound, soundSwitch } from "../waiting/sound.js";
export { NobodyHere } from "./nobody-here.js";
export { picturesHelp, refusePictures } from "./pictures.js";
export { Cards } from "./question-cards.js";
export { tell } from "./spoken-lines.js";
export { StillThere } from "./still-there.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */

const ACUTE = 2;
const ASK_AGAIN_MS = 60_000;

/** @param {HTMLElement | null} now @param {import("../waiting/sound.js").Sound} sound */
function partsOfWaiting(now, sound) {
  const place = el("p", { class: "lead", role: "status", hidden: true });
  const minutes = el("p", { hidden: true });
  const closing = el("p", { hidden: true });
  const sign = el("p", { class: "open", hidden: true });
  const keeps = el("p", {}, t("caller.waiting.place"));
  const both = letterWaits();
  now?.setAttribute("open", "");
  const others = el("details", {}, el("summary", {}, t("caller.numbers.title")), numbers());
  const card = el(
    "div",
    { class: "card waiting" },
    el("h2", {}, t("caller.waiting.title")),
    ...[
      place,
      minutes,
      closing,
      sign,
      el("p", {}, t("caller.waiting.write")),
      keeps,
      both.element,
      soundSwitch(sound),
    ],
    hope(),
    now,
    others,
  );
  return { card, place, minutes, closing, sign, keeps, both, others };
}

/** Says that a letter is still answered while its caller waits to talk. */
function letterWaits() {
  const element = el("p", { hidden: true });
  const update = (/** @type {Conversation} */ { letter }) => {
    element.hidden = !letter?.due;
    if (letter?.due) set(element, t("caller.letter.both", { when: dayAndClock(letter.due) }));
  };
  return { element, update };
}

/** Returns whom to call in danger. */
export const inDanger = () => [danger(), " ", callTo("112"), " ", callTo("line")];

/** @param {HTMLElement | null} now  what can be done at once: ticks stay set @param {import("../waiting/sound.js").Sound} sound */
function waitingCard(now, sound) {
  const { card, place, minutes, closing, sign, keeps, both, others } = partsOfWaiting(now, sound);
  let [round, served, unfolded, warned] = [0, 0, false, false];
  /** @param {Conversation} conversation */
  const live = ({ connection, stalled, queue }) => {
    served = Math.max(served, queue?.served ?? 0); // never falls, even if an erased conversation leaves the count
    sign.hidden = !queue || queue.until !== null || connection !== "open" || stalled;
    set(sign, signOfLife(round, served, Date.now(), queue?.staffed));
  };
  /** @param {Conversation} conversation */
  const update = (conversation) => {
    const { company, ended, queue, begun, rows, isOwn, letter } = conversation;
    const waits = letter === null || letter.queued;
    card.hidden = company.length > 0 || ended !== null || !begun || !waits;
    if (!card.hidden) sound.tell();
    live(conversation);
    both.update(conversation);
    set(keeps, t(`caller.waiting.${rows.some((row) => row.words && isOwn(row)) ? "kept" : "place"}`));
    if (!warned && conversation.urgency === ACUTE) {
      warned = true;
      place.before(urgentOfPage()); // above the cards, which fill a phone's screen
    }
    if (!queue) return;
    place.hidden = minutes.hidden = false;
    set(place, placeInWords(queue));
    set(minutes, waitInWords(queue));
    if (!queue.staffed && !unfolded) {
      unfolded = true; // once: a caller who folds it has seen it
      others.setAttribute("open", "");
    }
    set(closing, closingInWords(queue));
    closing.hidden = !queue.closed || queue.until !== null;
  };
  /** Shows the next statement while the connection works. @param {Conversation} conversation */
  const tick = (conversation) => {
    round++;
    live(conversation);
  };
  return { card, update, tick, every: SIGN_MS };
}

/** @param {Conversation} conversation @param {{now: HTMLElement | null, sound: import("../waiting/sound.js").Sound, letter: () => Promise<Node | null>, facts: import("./conversation-view.js").On["facts"], cases: HTMLElement}} of  cases: the offer to name links that should be removed */
export function cardsOfWaiting(conversation, { now, sound, letter: instead, facts, cases }) {
  const [place, letter] = [waitingCard(now, sound), letterCard(conversation, facts)];
  const offer = letterInstead(conversation, instead);
  placeCheck(now, { send: (lines) => conversation.outbox.add("message", lines) });
  now?.before(offer.place);
  const hope = place.card.querySelector(".hope");
  const update = () => {
    place.update(conversation);
    letter.update();
    offer.look();
    // It is above the telephone numbers, which fill two screens.
    if (!conversation.letter && cases.nextSibling !== hope) hope?.before(cases);
    if (conversation.letter && cases.previousSibling !== letter.card) letter.card.after(cases);
  };
  return { ...place, cards: [letter.card, cases, place.card], update };
}

/** Offers to add links before anybody has answered. @param {() => void} show */
export const casesOffer = (show) =>
  el(
    "div",
    { class: "card", hidden: true },
    el("h2", {}, t("caller.case.offer")),
    el("p", {}, t("caller.case.offer.text")),
    el("button", { type: "button", class: "second", onclick: show }, t("caller.case.look")),
  );

/** Offers a letter to a caller who faces a long wait. @param {Conversation} conversation @param {() => Promise<Node | null>} letter */
function letterInstead(conversation, letter) {
  const place = el("div", { class: "instead" });
  let askedAt = Number.NEGATIVE_INFINITY;
  const look = async () => {
    const { queue, letter: written } = conversation;
    const slow = queue !== null && written === null && isSlow(queue);
    if (!slow) return place.replaceChildren();
    if (place.childElementCount || Date.now() - askedAt < ASK_AGAIN_MS) return;
    askedAt = Date.now();
    const offer = await letter().catch(() => null);
    if (offer) place.replaceChildren(el("p", { class: "small" }, t("caller.letter.instead")), offer);
  };
  return { place, look };
}

/** @param {string} reason @param {Conversation} conversation @param {import("./conversation-view.js").On} on @param {import("../leaving/erase.js").Erasing} erasing */
export function endCard(reason, conversation, { again, leave, now, toldLater }, erasing) {
  const services = referred(conversation.rows);
  placeCheck(now, {}); // nobody reads the answers now
  const { remembered } = erasing;
  const kept = el("p", { class: "small" });
  const keeping = () => set(kept, remembered ? whenItGoes(conversation, remembered) : "");
  erasing.watch(keeping); // a hold may begin or be extended
  keeping();
  return el(
    "div",
    { class: "card" },
    el("h2", { tabindex: "-1" }, t(conversation.letter ? "caller.letter.end" : "caller.end.title")),
    el("p", {}, t(`caller.end.${reason}`)),
    ...lastWords(conversation),
    conversation.urgency === ACUTE && urgentOfPage(),
    services.length > 0 && el("h3", {}, t("caller.referral.end")),
    ...services.map(referralCard),
    ...firstWords(conversation),
    el("h3", {}, t("caller.end.on")),
    el("p", {}, t("caller.end.back")),
    el(
      "p",
      {},
      el("button", { type: "button", class: "primary", onclick: leave }, t("caller.end.close")),
      " ",
      el("button", { type: "button", class: "quiet", onclick: again }, t("caller.again")),
    ),
    ...casesAtTheEnd(conversation, toldLater),
    feedbackBox(conversation, conversation.cameBack ? services.map(({ name }) => name).join(", ") : ""),
    el("h3", {}, t("caller.end.keeping")),
    el("p", {}, t("caller.end.stays")),
    eraseBox(erasing),
    kept,
    now,
    el("h3", {}, t("caller.numbers.title")),
    numbers(),
  );
}

/** Suggests what to say at another service: the brief that the caller agreed to, unless the question was withdrawn. @param {Conversation} conversation */
function firstWords({ rows }) {
  const newest = new Map(rows.filter(({ kind }) => kind === "invited").map((row) => [row.invitation, row]));
  const agreed = [...newest.values()].findLast(
    (row) => row.brief && row.history !== null && row.state !== "withdrawn",
  );
  const brief = rows.find((row) => row.kind === "message" && row.id === agreed?.brief)?.words?.text;
  if (!agreed || !brief) return [];
  return [
    el("p", {}, t("caller.referral.begin", { service: agreed.to.name })),
    el("blockquote", { class: "words" }, brief),
  ];
}

/** Repeats the staff's last message, because it says what was agreed. @param {Conversation} conversation */
function lastWords({ rows, people, isOwn }) {
  const last = rows.findLast((row) => row.words?.kind === "message" && !isOwn(row));
  if (!last?.words) return [];
  const who = people.get(last.by ?? "")?.alias || t("caller.somebody");
  return [el("h3", {}, t("caller.end.last", { who })), el("blockquote", { class: "words" }, last.words.text)];
}

/** Warns of people who could not be verified. @param {import("./conversation.js").Person[]} people @param {Conversation} conversation @param {() => void} leave */
export const strangers = (people, conversation, leave) => [
  el("h2", {}, t("caller.stranger.title")),
  ...people.flatMap((person) => {
    const who = named(person, conversation);
    if (!conversation.doubts(person)) return [el("p", {}, t("caller.stranger.text", { who }))];
    const yes = () => conversation.agreed(person);
    return [
      el("p", {}, t("caller.stranger.guest", { who })),
      el("p", {}, el("button", { type: "button", class: "second", onclick: yes }, t("caller.stranger.yes"))),
    ];
  }),
  el("button", { type: "button", class: "primary", onclick: leave }, t("caller.stranger.end")),
  el("h3", {}, t("caller.numbers.title")),
  el("p", {}, t("caller.stranger.call")),
  numbersOfPage(),
];

/** Offers to stop, or to erase as well; both ask again. @param {import("../leaving/erase.js").Erasing} erasing @param {() => void} leave */
export function wayOut(erasing, leave) {
  const button = (/** @type {string} */ key, /** @type {() => void} */ onclick, look = "second") =>
    el("button", { type: "button", class: look, onclick }, t(key));
  const yes = button("caller.stop.yes", leave);
  const no = button("caller.stop.no", () => turn(false));
  const ask = button("caller.stop.ask", () => turn(true), "quiet");
  const stop = el("div", {}, el("h3", {}, t("caller.stop.sure")), el("div", { class: "answers" }, yes, no));
  const sure = el("div", { class: "sure", hidden: true }, stop);
  const show = (/** @type {boolean} */ open) => {
    sure.hidden = !open;
    ask.hidden = open;
  };
  const turn = (/** @type {boolean} */ open) => {
    show(open);
    (open ? yes : ask).focus();
  };
  const erase = eraseBox(erasing, (open) => {
    stop.hidden = open; // one question at a time
    show(open);
  });
  sure.append(erase);
  return [ask, sure];
}

export const checkedHelp = () =>
  el(
    "details",
    { hidden: true },
    el("summary", {}, t("caller.checked")),
    el("p", {}, t("caller.checked.text")),
  );
