// Lists the links that the caller wants removed, and the state of each. A link is shown as text only.
import {
  BY,
  boxOf,
  changed,
  freshItemId,
  isGone,
  linkIn,
  MAX_NOTE,
  MOST_ITEMS,
  newIn,
  WHAT,
} from "../../shared/cases.js";
import { platformOf } from "../../shared/platforms.js";
import { dayAndClock, el, set, submitting, t } from "../../shared/text.js";
import { SecondThought } from "../conversation/personal.js";
import { refusePictures } from "../conversation/pictures.js";
import { button } from "../screens.js";

/** @typedef {import("../../shared/cases.js").Item} Item */
/** @typedef {import("../../shared/cases.js").Listed} Listed */
/** @typedef {import("../conversation/conversation.js").Conversation} Conversation */

/** Platforms with instructions for removal. */
export const WITH_A_WAY = [
  "snapchat",
  "instagram",
  "tiktok",
  "whatsapp",
  "telegram",
  "x",
  "facebook",
  "discord",
];

/** @param {Listed[]} items */
function countInWords(items) {
  const wanted = items.filter(({ state }) => state !== "dropped");
  const gone = wanted.filter(isGone).length;
  return wanted.length ? t("caller.case.count", { gone, all: wanted.length }) : t("caller.case.title");
}

/** @param {Listed} item */
function standing({ state, at }) {
  return t(`caller.case.state.${state}`, { when: dayAndClock(new Date(at * 1000).toISOString()) });
}

/** @param {Listed} item @param {...(Node | string)} more */
const row = (item, ...more) =>
  el(
    "li",
    { "data-state": item.state },
    el("code", { class: "link" }, item.url),
    el("p", {}, standing(item)),
    item.notes.caller && el("p", { class: "small" }, t("caller.case.yours", { note: item.notes.caller })),
    item.notes.line && el("p", { class: "small" }, t("caller.case.from", { note: item.notes.line })),
    ...more,
  );

/** @param {string} url @param {string} state */
const onItsWay = (url, state) =>
  el("li", {}, el("code", { class: "link" }, url), el("p", {}, t(`caller.sending.${state}`)));

/** Shows the list, which is deleted with its conversation unless a letter takes it over. @param {Conversation} conversation @param {() => Promise<Node | null>} toldLater */
export function casesAtTheEnd({ cases: { items }, letter }, toldLater) {
  if (!items.length) return [];
  const offer = el("div", {});
  if (!letter)
    toldLater().then(
      (card) => card && offer.replaceChildren(el("p", {}, t("caller.case.end")), card),
      () => {},
    );
  const list = el("ul", { class: "case" }, ...items.map((item) => row(item)));
  return [el("h3", {}, countInWords(items)), list, offer];
}

/** @param {string} url */
function ownWay(url) {
  const found = platformOf(url);
  const known = found && WITH_A_WAY.includes(found.code);
  const { name: platform, form = "" } = found ?? { name: new URL(url).hostname };
  return el(
    "details",
    {},
    el("summary", {}, t("caller.case.way", { platform })),
    el("p", {}, t(`caller.case.way.${known ? found.code : "other"}`)),
    form &&
      el(
        "a",
        { href: form, target: "_blank", rel: "noreferrer noopener" },
        t("caller.notice.form", { platform }),
      ),
  );
}

/** @param {string} name @param {readonly string[]} codes */
const chooser = (name, codes) =>
  el(
    "select",
    { name, autocomplete: "off" },
    ...codes.map((code) => el("option", { value: code }, t(`caller.case.${name}.${code}`))),
  );

export class CaseView {
  #conversation;
  #summary = el("summary", {});
  #list = el("ul", { class: "case" });
  #answered = el("p", { hidden: true }, el("b", {}, t("caller.case.answered")));
  #note = el("p", { role: "alert", class: "bad-text" });
  #shown = "";
  #thought = new SecondThought();
  #form;

  /** @param {Conversation} conversation @param {{refused: () => void, shut: () => void}} on  refused: a picture was pasted or dropped */
  constructor(conversation, { refused, shut }) {
    this.#conversation = conversation;
    this.#form = this.#adding(refused);
    this.element = el(
      "details",
      { class: "cases", hidden: true },
      this.#summary,
      el("p", {}, t("caller.case.why")),
      this.#answered,
      this.#list,
      this.#form,
      button("caller.case.shut", shut, "quiet"),
    );
  }

  /** Call it if the line keeps removal cases. */
  offer() {
    this.element.hidden = false;
  }

  show() {
    this.element.setAttribute("open", "");
    this.element.scrollIntoView?.({ block: "nearest" });
    this.#summary.focus({ preventScroll: true });
  }

  look() {
    const { items } = this.#conversation.cases;
    this.#answered.hidden = this.#conversation.letter?.written !== "answered"; // a link alone promises no answer
    const pending = this.#pending;
    const now = JSON.stringify([items, pending.map(({ content, state }) => [content, state])]);
    if (now === this.#shown) return;
    this.#shown = now;
    set(this.#summary, countInWords(items));
    const open = (/** @type {Listed} */ item) => !isGone(item) && item.state !== "dropped";
    this.#list.replaceChildren(
      ...items.map((item) => (open(item) ? row(item, ownWay(item.url), this.#dropping(item)) : row(item))),
      ...pending.flatMap(({ content, state }) =>
        newIn(content, items).map(({ url }) => onItsWay(url, state)),
      ),
    );
  }

  get #pending() {
    return this.#conversation.outbox.items.filter(({ kind }) => kind === "case");
  }

  /** @param {Listed} item */
  #dropping(item) {
    const drop = () => this.#post(changed(item, { state: "dropped", at: now(), note: item.notes.caller }));
    return el("button", { type: "button", class: "quiet", onclick: drop }, t("caller.case.drop"));
  }

  /** @param {() => void} refused */
  #adding(refused) {
    const url = el("input", {
      ...{ name: "url", autocomplete: "off", autocapitalize: "off", spellcheck: "false", inputmode: "url" },
    });
    refusePictures(url, refused);
    const note = el("input", { name: "note", autocomplete: "off", maxlength: String(MAX_NOTE) });
    const field = (/** @type {string} */ key, /** @type {HTMLElement} */ input) =>
      el("label", { class: "field" }, t(`caller.case.${key}`), input);
    const form = el(
      "form",
      { autocomplete: "off" },
      field("url", url),
      this.#note,
      field("what", chooser("what", WHAT)),
      field("by", chooser("by", [...BY].reverse())),
      field("note", note),
      el("button", { class: "second" }, t("caller.case.add")),
    );
    url.addEventListener("input", () => set(this.#note, ""));
    form.addEventListener(
      "submit",
      submitting(() => this.#add(form)),
    );
    return form;
  }

  /** @param {HTMLFormElement} form */
  async #add(form) {
    const fields = Object.fromEntries(new FormData(form));
    const url = linkIn(String(fields.url));
    const known = this.#conversation.cases.items;
    const underWay = this.#pending.filter(({ state }) => state !== "never");
    const items = [...known, ...underWay.flatMap(({ content }) => newIn(content, known))];
    const wrong = !url
      ? "nolink"
      : items.some((item) => item.url === url && item.state !== "dropped")
        ? "known"
        : items.length >= MOST_ITEMS
          ? "full"
          : "";
    const personal = wrong ? "" : this.#thought.about(String(fields.note).trim());
    set(this.#note, wrong ? t(`caller.case.${wrong}`) : personal && t("caller.case.personal"));
    if (wrong || personal) return;
    const { what, by, note } = /** @type {Pick<Item, "what" | "by" | "note">} */ (fields);
    form.reset();
    const [id, at] = [freshItemId(), now()];
    await this.#post({ id, url, what, by, state: "open", at, ref: "", note: note.trim() });
  }

  /** @param {Item} item */
  async #post(item) {
    await this.#conversation.outbox.add("case", boxOf([item]));
  }
}

const now = () => Math.floor(Date.now() / 1000);
