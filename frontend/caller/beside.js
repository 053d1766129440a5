// What stands beside the words: fetched when a talk begins, so that the first screen need not wait for it.
import { el, set, t, tn } from "../shared/i18n.js";
import { referralCard, referred } from "./referral.js";

export { Cards } from "./cards.js";
export { tell } from "./said.js";

/** @typedef {import("./talk.js").Talk} Talk */

export function waitingCard() {
  const place = el("p", { class: "lead", role: "status" });
  const minutes = el("p", {});
  const card = el(
    "div",
    { class: "card waiting" },
    el("h1", { tabindex: "-1" }, t("caller.waiting.title")),
    ...[place, minutes, el("p", {}, t("caller.waiting.write"))],
    el(
      "details",
      {},
      el("summary", {}, t("caller.waiting.todo")),
      el("ul", {}, ...[1, 2, 3].map((one) => el("li", {}, t(`caller.waiting.todo.${one}`)))),
    ),
    el("details", {}, el("summary", {}, t("caller.numbers.title")), numbers()),
  );
  /** @param {Talk} talk */
  const update = ({ company, ended, queue, begun }) => {
    card.hidden = company.length > 0 || ended !== null || !begun;
    if (!queue) return;
    set(place, queue.ahead === 0 ? t("caller.waiting.first") : tn("caller.waiting.ahead", queue.ahead));
    const [low, high] = queue.minutes ?? [0, 0];
    set(minutes, t(queue.minutes ? "caller.waiting.minutes" : "caller.waiting.unknown", { low, high }));
  };
  return { card, update };
}

/** @param {string} reason @param {Talk} talk @param {import("./conversation.js").On} on */
export function endCard(reason, talk, { again, leave, facts }) {
  const services = referred(talk.rows);
  return el(
    "div",
    { class: "card" },
    el("h2", { tabindex: "-1" }, t("caller.end.title")),
    ...[`caller.end.${reason}`, "caller.end.stays", "caller.end.back"].map((key) => el("p", {}, t(key))),
    services.length > 0 && el("h3", {}, t("caller.referral.end")),
    ...services.map((service) => referralCard(service, facts)),
    el("button", { type: "button", class: "primary", onclick: leave }, t("caller.end.close")),
    " ",
    el("button", { type: "button", class: "quiet", onclick: again }, t("caller.again")),
    el("h3", {}, t("caller.numbers.title")),
    numbers(),
  );
}

/** The page's own list of phone numbers. */
const numbers = () => document.querySelector("#numbers ul")?.cloneNode(true) ?? "";

/** Whom we could not verify, and the way out. @param {string[]} names @param {() => void} leave */
export const strangers = (names, leave) => [
  el("h2", {}, t("caller.stranger.title")),
  ...names.map((who) => el("p", {}, t("caller.stranger.text", { who }))),
  el("button", { type: "button", class: "primary", onclick: leave }, t("caller.stranger.end")),
];

/** @param {() => void} leave */
export function stopButton(leave) {
  const sure = el(
    "span",
    { class: "sure", hidden: true },
    `${t("caller.stop.sure")} `,
    el("button", { type: "button", class: "quiet", onclick: leave }, t("caller.stop.yes")),
    el("button", { type: "button", class: "quiet", onclick: () => turn(false) }, t("caller.stop.no")),
  );
  const ask = el(
    "button",
    { type: "button", class: "quiet", onclick: () => turn(true) },
    t("caller.stop.ask"),
  );
  const turn = (/** @type {boolean} */ asking) => {
    sure.hidden = !asking;
    ask.hidden = asking;
    (asking ? sure.querySelector("button") : ask)?.focus();
  };
  return el("div", {}, ask, sure);
}

export function picturesHelp() {
  const link = (/** @type {string} */ key, /** @type {string} */ href) =>
    el(
      "li",
      {},
      el("a", { href, target: "_blank", rel: "noreferrer noopener" }, t(`caller.pictures.${key}`)),
    );
  return el(
    "details",
    { class: "pictures" },
    el("summary", {}, t("caller.pictures.title")),
    el("p", {}, t("caller.pictures.why")),
    el(
      "ul",
      {},
      link("takeitdown", "https://takeitdown.ncmec.org/"),
      link("stopncii", "https://stopncii.org/"),
      link("meldpunt", "https://www.meldpunt-kinderporno.nl/"),
    ),
  );
}

/** @param {HTMLElement} text @param {HTMLDetailsElement} help */
export function refusePictures(text, help) {
  const refuse = (/** @type {Event} */ event, /** @type {DataTransfer | null} */ data) => {
    if (!data?.types.includes("Files")) return;
    event.preventDefault();
    help.open = true;
  };
  text.addEventListener("paste", (event) => refuse(event, event.clipboardData));
  for (const kind of /** @type {const} */ (["dragover", "drop"]))
    text.addEventListener(kind, (event) => refuse(event, event.dataTransfer));
}

/** Two soft notes, made here: no file to fetch. */
export class Sound {
  /** @type {AudioContext | null} */
  #context = null;

  /** Browsers let a page sound only after a tap. */
  prepare() {
    if (globalThis.AudioContext) this.#context = new AudioContext();
    this.#context?.resume().catch(() => {});
  }

  play() {
    const context = this.#context;
    if (context?.state !== "running") return;
    for (const [index, pitch] of [523, 659].entries()) {
      const [note, volume, at] = [
        context.createOscillator(),
        context.createGain(),
        context.currentTime + index * 0.25,
      ];
      note.frequency.value = pitch;
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.12, at + 0.05);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
      note.connect(volume).connect(context.destination);
      note.start(at);
      note.stop(at + 0.7);
    }
  }
}
