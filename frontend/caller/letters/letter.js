// Takes a letter while nobody can talk: the promises, the text, the return code, the confirmation.
import { freshCode, MAX_TEXT_BYTES } from "../../shared/sealing.js";
import { ErrorReply, PASSING } from "../../shared/socket.js";
import { choice, dayAndClock, el, set, submitting, t } from "../../shared/text.js";
import { codeForm, grouped } from "../coming-back/return-code.js";
import { SecondThought } from "../conversation/personal.js";
import { acuteCard, button, heading, numbers, show } from "../screens.js";

/** @typedef {import("../conversation/conversation.js").Conversation} Conversation */
/** @typedef {{text: string, urgency: 0 | 1 | 2}} Written */

/** Makes the offer of a letter, to be placed below any way to reach somebody now. @param {() => void} write */
export const letterOffer = (write) =>
  el(
    "section",
    { class: "card" },
    el("h2", {}, t("caller.letter.offer")),
    el("p", {}, t("caller.letter.offer.what")),
    button("caller.letter.write", write, "second"),
  );

/**
 * Shows all promises before the text. What is typed is only in memory until the line answers.
 * @param {{due: string, until: string, written?: Written, failed?: string, queued?: boolean}} known  failed: why it could not be sent; queued: a place is kept @param {{write: (written: Written) => void, back: (written: Written) => void}} on
 */
export function showLetterScreen({ due, until, written, failed = "", queued = false }, { write, back }) {
  const text = el("textarea", { id: "letter", rows: "10", class: "letter", autocomplete: "off" });
  text.value = written?.text ?? "";
  const note = el("p", { class: "bad-text", role: "alert" }, failed);
  const thought = new SecondThought();
  const acute = acuteCard();
  const form = el(
    "form",
    { class: "start", autocomplete: "off" },
    promises(due, until),
    el("label", { for: "letter" }, t("caller.letter.text")),
    el("p", { class: "small" }, t(`caller.letter.${queued ? "queued" : "only_here"}`)),
    text,
    urgency(written?.urgency ?? 0),
    acute,
    note,
    el("button", { class: "primary wide" }, t("caller.letter.next")),
    button("caller.letter.back", () => back({ text: text.value, urgency: chosen() }), "quiet"),
  );
  const chosen = () => /** @type {0 | 1 | 2} */ (Number(new FormData(form).get("urgency") ?? 0));
  const look = () => {
    acute.hidden = chosen() !== 2;
  };
  form.addEventListener("change", look);
  text.addEventListener("input", () => set(note, ""));
  look();
  form.addEventListener(
    "submit",
    submitting(() => {
      const words = text.value.trim();
      const isLong = new TextEncoder().encode(words).length > MAX_TEXT_BYTES;
      if (!words || isLong) return set(note, t(`caller.letter.${isLong ? "long" : "empty"}`));
      const personal = thought.about(words);
      if (personal) return set(note, t(`caller.personal.letter.${personal}`));
      write({ text: words, urgency: chosen() });
    }),
  );
  show(heading(t("caller.letter.title")), form);
}

/** @param {string} due @param {string} until */
const promises = (due, until) =>
  el(
    "ul",
    { class: "promises" },
    ...["due", "readers", "stays", "code", "wait"]
      .slice(due ? 0 : 3)
      .map((what) =>
        el(
          "li",
          {},
          el("b", {}, t(`caller.letter.${what}.title`)),
          " ",
          t(`caller.letter.${what}`, { when: due && dayAndClock(due), until: until && dayAndClock(until) }),
        ),
      ),
  );

/** @param {number} chosen */
const urgency = (chosen) =>
  el(
    "fieldset",
    { class: "urgency" },
    el("legend", {}, t("caller.letter.urgency")),
    choice("urgency", "0", t("caller.urgency.unsaid"), chosen === 0),
    choice("urgency", "2", t("caller.urgency.acute"), chosen === 2),
  );

/** Takes one step per screen: show the code, have it typed back, send the letter. */
export class LetterView {
  #told = el("p", { role: "status", class: "lead" });
  #step = el("div", { class: "steps" });
  #title = el("h1", { tabindex: "-1" });
  #conversation;
  #on;
  #at = "";
  #tried = false;
  #code = freshCode();
  #again;
  #typed = ""; // of the code
  #offline = () => {};

  /** @param {Conversation} conversation @param {{read: () => void, leaving: () => void, edit?: () => void, redo: (text: string) => void, empty?: () => void}} on  redo: after the draft has ended; empty: none of its text has reached the server @param {{again?: boolean}} [of]  again: an earlier page of this tab showed a code, which was kept nowhere */
  constructor(conversation, on, { again = false } = {}) {
    this.#conversation = conversation;
    this.#again = again;
    this.#on = on;
    this.element = el("section", {}, this.#title, this.#told, this.#step);
    this.scroll = this.#title;
  }

  shows = () => false;

  render() {
    const { begun, ended, letter, broken, connection, failing, settled, outbox, turnedAway } =
      this.#conversation;
    if (letter && letter.written !== "draft") return this.#turn("sent");
    if (turnedAway.length) return this.#turn("refused");
    if (ended) return this.#turn("over");
    if (this.#at === "") this.#turn("sending");
    const sent = outbox.items.every(({ state }) => state === "never" || state === "later"); // a link too many
    if (settled && sent && this.#at === "sending") {
      const { empty } = this.#on;
      if (!empty || this.#own.length > 0) return this.#turn("code");
      this.#at = "empty";
      setTimeout(empty); // not while the conversation uses its memory
    }
    if (connection === "open") this.#offline();
    const lost = begun && connection !== "open" ? "caller.offline" : "";
    set(
      this.#told,
      broken
        ? t("caller.broken")
        : lost
          ? t(lost)
          : this.#at === "sending"
            ? t(`caller.${failing || "connecting"}`)
            : "",
    );
  }

  /** @param {"sending" | "code" | "copy" | "sent" | "refused" | "over"} step */
  #turn(step) {
    if (this.#at === step) return;
    this.#at = step;
    set(this.#title, t(`caller.letter.step.${step === "over" ? "refused" : step}`));
    this.#step.replaceChildren(...this.#parts(step));
    this.#title.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  /** @param {string} step */
  #parts(step) {
    if (step === "code") return this.#shown();
    if (step === "copy") return this.#copied();
    if (step === "sending") return this.#back();
    if (step === "refused" || step === "over") return this.#unsent(step);
    return step === "sent" ? this.#sent() : [];
  }

  /** The text can be changed until it may have been sent: a reply can be lost. */
  #back() {
    const { edit } = this.#on;
    return edit && !this.#tried ? [button("caller.letter.step.sending.back", edit, "quiet")] : [];
  }

  #shown() {
    return [
      el("p", {}, t("caller.letter.step.code.why")),
      this.#again ? el("p", {}, el("b", {}, t("caller.letter.step.code.new"))) : "",
      el("p", { class: "code", translate: "no" }, grouped(this.#code)),
      el("p", {}, t("caller.letter.step.code.keep")),
      button("caller.letter.step.code.kept", () => this.#turn("copy")),
      this.#written(...this.#back()),
    ];
  }

  get #own() {
    const { rows, isOwn } = this.#conversation;
    return rows.filter((row) => row.words?.kind === "message" && isOwn(row));
  }

  /** Shows the letter and its links once more. @param {Node[]} more */
  #written(...more) {
    const links = this.#conversation.cases.items.map(({ url }) =>
      el("li", {}, el("code", { class: "link" }, url)),
    );
    return el(
      "details",
      {},
      el("summary", {}, t("caller.letter.text")),
      ...this.#own.map(({ words }) => el("p", { class: "words" }, words?.text ?? "")),
      ...(links.length ? [el("p", {}, t("caller.case.title")), el("ul", { class: "case" }, ...links)] : []),
      ...more,
    );
  }

  #copied() {
    const note = el("p", { role: "alert", class: "bad-text" });
    const form = codeForm("caller.letter.step.copy.label", "caller.letter.send", async (typed) => {
      if (typed !== this.#code) return set(note, t("caller.code.differs"));
      set(note, "");
      this.#tried = true;
      await this.#conversation.keepCode(this.#code).catch((error) => {
        const refused = error instanceof ErrorReply;
        this.#tried = !refused || PASSING.includes(error.code);
        set(note, t(`caller.${this.#tried ? "code.offline" : "letter.refused"}`));
        if (!refused) this.#offline = () => set(note, "");
      });
    });
    const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
    input.value = this.#typed;
    input.addEventListener("input", () => {
      this.#typed = input.value;
    });
    const unsent = el("p", {}, t("caller.letter.step.copy.unsent"));
    return [unsent, form, note, button("caller.code.look", () => this.#turn("code"), "quiet")];
  }

  /** @param {string} step */
  #unsent(step) {
    set(this.#told, "");
    const text = this.#own.map(({ words }) => words?.text).join("\n\n");
    const why = (/** @type {string} */ key) => el("p", { class: "lead" }, t(`caller.letter.step.${key}`));
    if (step === "refused")
      return [why("refused.why"), this.#written(), numbers(), button("caller.letter.done", this.#on.leaving)];
    return [
      why(text ? "over.why" : "over.gone"), // what this tab kept may be lost by now
      button(`caller.letter.${text ? "step.sending.back" : "write"}`, () => this.#on.redo(text)),
    ];
  }

  #sent() {
    const { due = null } = this.#conversation.letter ?? {};
    return [
      due ? el("p", { class: "lead" }, t("caller.letter.sent.due", { when: dayAndClock(due) })) : "",
      el("p", {}, t("caller.letter.sent.back", { page: location.host + location.pathname })),
      el("p", {}, t("caller.letter.sent.safe")),
      button("caller.letter.done", this.#on.leaving),
      button("caller.letter.read", this.#on.read, "quiet"),
      el("p", {}, el("b", {}, t("caller.letter.wait.title")), " ", t("caller.letter.wait")),
    ];
  }
}

/** @param {Conversation} conversation @param {() => Promise<{open: boolean} | null>} facts */
function talkNow(conversation, facts) {
  const note = el("p", { role: "alert", class: "bad-text" });
  const doing = el("p", { role: "status" });
  const closed = el("p", { class: "small", hidden: true }, t("caller.letter.line_closed"));
  const ask = async () => {
    set(note, "");
    set(doing, t("caller.earning.soon"));
    closed.hidden = true;
    await conversation.talkNow().catch((/** @type {unknown} */ error) => {
      const code = error instanceof ErrorReply ? error.code : "offline";
      const known = code === "line_closed" || code === "line_full";
      set(note, t(known ? `caller.letter.${code}` : "caller.code.offline"));
    });
    set(doing, "");
  };
  const talk = button("caller.letter.talk", ask, "second");
  /** The line may open meanwhile, so the button stays, but is quieter while the line is closed. */
  const look = async () => {
    closed.hidden = (await facts().catch(() => null))?.open !== false;
    if (!closed.hidden) talk.className = "quiet";
  };
  return { parts: [closed, talk, doing, note], forget: () => set(note, ""), look };
}

/** @param {Conversation} conversation @param {() => Promise<{open: boolean} | null>} facts  of the line */
export function letterCard(conversation, facts) {
  const title = el("h2", {});
  const text = el("p", { role: "status" });
  const used = el("p", { class: "small", hidden: true });
  const { parts, forget, look } = talkNow(conversation, facts);
  const card = el("div", { class: "card", hidden: true }, title, text, used, ...parts);
  let was = "";
  const update = () => {
    const { letter, ended, rows } = conversation;
    if (letter && !was) look();
    if (letter && letter.written !== was) forget(); // an earlier error is outdated
    was = letter?.written ?? was;
    card.hidden = !letter || letter.queued || ended !== null;
    if (!letter) return;
    set(title, t(`caller.letter.state.${letter.written}`));
    const when = letter.due ? dayAndClock(letter.due) : "";
    set(text, t(`caller.letter.state.${letter.written}.text`, { when }));
    const uses = rows.filter(({ kind }) => kind === "returned");
    const before = uses.at(-2);
    used.hidden = !before;
    if (before) set(used, t("caller.letter.used", { when: dayAndClock(before.at) }));
  };
  return { card, update };
}
