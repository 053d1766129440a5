// Collects evidence of a threat without the picture, in the browser alone: lines for the conversation, and a page to
// print for the police.
import { PLATFORMS } from "../../shared/platforms.js";
import { el, set, submitting, t } from "../../shared/text.js";
import { WITH_A_WAY } from "./case-list.js";

/** @typedef {import("../conversation/conversation.js").Conversation} Conversation */

const FIELDS = /** @type {const} */ (["app", "name", "link", "date", "amount"]);

/** Returns a line of text for each field that was filled in. @param {Record<string, string>} fields */
export const inLines = (fields) =>
  FIELDS.filter((name) => fields[name]?.trim()).map(
    (name) => `${t(`caller.evidence.${name}`)}: ${fields[name].trim()}`,
  );

/** Tells how to keep evidence from an app, and how to block afterwards. @param {string} app  as it was typed */
export function guideFor(app) {
  const found = PLATFORMS.find(({ name }) => name.toLowerCase() === app.trim().toLowerCase());
  return t(`caller.evidence.guide.${found && WITH_A_WAY.includes(found.code) ? found.code : "other"}`);
}

export class EvidenceView {
  /** @type {string[][]} */
  #pieces = [];
  #conversation;
  #note = el("p", { role: "status" });
  #sheet = el("div", { class: "sheet", hidden: true });

  /** @param {Conversation} conversation */
  constructor(conversation) {
    this.#conversation = conversation;
    this.element = el(
      "details",
      { class: "evidence" },
      el("summary", {}, t("caller.evidence.title")),
      el("p", {}, t("caller.evidence.why")),
      this.#form(),
      this.#sheet,
    );
  }

  #form() {
    const guide = el("p", { class: "small", role: "status" }, guideFor(""));
    const apps = el(
      "datalist",
      { id: "apps" },
      ...PLATFORMS.map(({ name }) => el("option", { value: name })),
    );
    const inputs = FIELDS.map((name) => {
      const input = el("input", { name, autocomplete: "off", maxlength: "300" });
      if (name === "app") input.setAttribute("list", "apps");
      return el("label", { class: "field" }, t(`caller.evidence.${name}`), input);
    });
    const form = el(
      "form",
      { autocomplete: "off" },
      inputs[0],
      apps,
      guide,
      ...inputs.slice(1),
      el("button", { class: "second" }, t("caller.evidence.add")),
      this.#note,
    );
    form.addEventListener("reset", () => set(guide, guideFor("")));
    form.addEventListener("input", () => {
      set(guide, guideFor(String(new FormData(form).get("app"))));
      set(this.#note, "");
    });
    form.addEventListener(
      "submit",
      submitting(() => this.#add(form)),
    );
    return form;
  }

  /** @param {HTMLFormElement} form */
  async #add(form) {
    const lines = inLines(/** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form))));
    if (!lines.length) return set(this.#note, t("caller.evidence.empty"));
    this.#pieces.push(lines);
    form.reset();
    set(this.#note, t("caller.evidence.added"));
    this.#draw();
    await this.#conversation.outbox.add("message", [t("caller.evidence.title"), ...lines].join("\n"));
  }

  #draw() {
    const text = this.#pieces.map((lines) => el("p", { class: "words" }, lines.join("\n")));
    const print = el("button", { type: "button", class: "second" }, t("caller.evidence.print"));
    print.onclick = () =>
      printed(el("section", { class: "printed" }, el("h1", {}, t("caller.evidence.title")), ...text));
    this.#sheet.hidden = false;
    this.#sheet.replaceChildren(...text, el("p", {}, t("caller.evidence.stays")), print);
  }
}

/** Prints the sheet without the rest of the page. @param {HTMLElement} sheet */
function printed(sheet) {
  const copy = /** @type {HTMLElement} */ (sheet.cloneNode(true));
  document.body.append(copy);
  addEventListener("afterprint", () => copy.remove(), { once: true });
  print();
}
