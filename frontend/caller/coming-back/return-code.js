// Handles return codes. A code on paper opens the conversation once more. It is made there, and typed in on
// the first screen.
import { freshCode, readCode } from "../../shared/sealing.js";
import { ErrorReply } from "../../shared/socket.js";
import { el, set, submitting, t } from "../../shared/text.js";
import { button, heading, show } from "../screens.js";

const GROUP = 5; // letters in a group, so that it is easy to copy

/** @param {string} code */
export const grouped = (code) => code.match(new RegExp(`.{${GROUP}}`, "g"))?.join(" ") ?? code;

/** Shows the code, has it typed back from the paper, and only then stores it. A letter cannot be without. */
class CodeBox {
  #told = el("p", { role: "status", tabindex: "-1" });
  #steps = el("div", { class: "steps" });
  #conversation;

  /** @param {Coded} conversation */
  constructor(conversation) {
    this.#conversation = conversation;
    this.#offer();
    this.element = el(
      "details",
      { class: "later", ontoggle: () => this.#look() },
      el("summary", {}, t("caller.code.offer")),
      ...[this.#told, this.#steps],
    );
  }

  /** @param {string} key */
  #of = (key) => (this.#conversation.letter ? `${key}.letter` : key);

  #say(/** @type {string} */ key) {
    set(this.#told, key && t(`caller.code.${key}`));
  }

  /** @param {string | null} code  null: none any more @param {string} done */
  async #keep(code, done) {
    try {
      await this.#conversation.keepCode(code);
      this.#say(done);
      return true;
    } catch (error) {
      this.#say(error instanceof ErrorReply && error.code === "ended" ? "late" : this.#of("offline"));
      return false;
    } finally {
      this.#told.focus();
    }
  }

  #offer() {
    this.#steps.replaceChildren(
      el("p", {}, t(`caller.code.${this.#of("what")}`)),
      button("caller.code.make", () => this.#write(freshCode()), "second"),
    );
  }

  #hold() {
    if (this.#conversation.letter) return this.#offer();
    const forget = async () => {
      if (await this.#keep(null, "forgotten")) this.#offer();
    };
    this.#steps.replaceChildren(button("caller.code.forget", forget, "quiet"));
  }

  #stop() {
    this.#say("");
    this.#offer();
    this.#steps.querySelector("button")?.focus();
  }

  /** @param {string} code */
  #write(code) {
    this.#say("");
    const shown = el("p", { class: "code", tabindex: "-1", translate: "no" }, grouped(code));
    this.#steps.replaceChildren(
      ...[el("p", {}, t("caller.code.paper")), shown, el("p", {}, t("caller.code.not_yet"))],
      button("caller.code.written", () => this.#copy(code), "second"),
      button("caller.code.not", () => this.#stop(), "quiet"),
    );
    shown.focus({ preventScroll: true });
    this.#steps.scrollIntoView({ block: "start" });
  }

  /** @param {string} code */
  #copy(code) {
    this.#say("");
    const form = codeForm("caller.code.again", "caller.code.check", async (typed) => {
      if (typed !== code) return this.#say("differs");
      if (await this.#keep(code, this.#of("kept"))) this.#hold();
    });
    this.#steps.replaceChildren(
      form,
      button("caller.code.look", () => this.#write(code), "quiet"),
    );
    form.querySelector("input")?.focus({ preventScroll: true });
    form.scrollIntoView({ block: "start" });
  }

  /** Offers to discard an earlier page's code, which this page cannot renew; a letter's can only be replaced. */
  #look() {
    if (this.#conversation.letter && !this.#steps.querySelector(".code, form")) this.#offer();
    if (this.#conversation.letter) return;
    if (!this.#conversation.coded.kept || this.#conversation.coded.renewed) return;
    this.#say("older");
    this.#hold();
    // Whoever has lost the code, or fears that somebody has found it, needs another one.
    this.#steps.prepend(button("caller.code.make", () => this.#write(freshCode()), "second"));
  }
}

/** @typedef {Pick<import("../conversation/conversation.js").Conversation, "keepCode" | "coded" | "letter">} Coded */

/** @param {Coded} conversation */
export const codeBox = (conversation) => new CodeBox(conversation).element;

const REASONS = ["not_typed", "typo", "used_up", "elsewhere", "erased"]; // why a code fails, the likeliest first

/** Warns that others may see the screen. @param {string} failed  the code that did not work; "": none yet @param {{open: (code: string) => void, back: () => void}} on */
export function showCodeScreen(failed, { open, back }) {
  const wrong = el("p", { role: "alert", class: "bad-text" }, failed && t("caller.code.failed"));
  const reasons = el(
    "div",
    {},
    el("ul", {}, ...REASONS.map((why) => el("li", {}, t(`caller.code.failed.${why}`)))),
    el("p", {}, t("caller.code.failed.instead")),
  );
  const form = codeForm("caller.code.label", "caller.code.go", (typed) => {
    if (typed) return open(typed);
    reasons.remove();
    set(wrong, t("caller.code.wrong"));
  });
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  input.value = grouped(failed);
  show(
    heading(t("caller.code.title")),
    el("p", { class: "lead" }, t("caller.code.alone")),
    ...[wrong, failed && reasons, form, button(failed ? "caller.again" : "caller.code.back", back, "quiet")],
  );
}

/** Makes a form for a code. `act` gets the code that was meant, or null. @param {string} label @param {string} go @param {(typed: string | null) => void} act */
export function codeForm(label, go, act) {
  const input = el("input", {
    ...{ name: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false" },
    maxlength: "40",
  });
  const submit = submitting(() => act(readCode(input.value)));
  return el(
    "form",
    { class: "code-form", autocomplete: "off", onsubmit: submit },
    el("label", {}, t(label), input),
    el("button", { class: "second" }, t(go)),
  );
}
