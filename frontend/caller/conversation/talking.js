// Runs one conversation on the page, from its first screen to its end or failure.
import { boxesOf, carriedOn, newIn } from "../../shared/cases.js";
import { CLOSED } from "../../shared/socket.js";
import { dayAndClock, el, t, trustOfPage } from "../../shared/text.js";
import { heldInWords, holdAfter } from "../leaving/erase.js";
import { button, heading, show, showNumbers } from "../screens.js";
import { tellsOfDanger, unsentAnswers } from "../start/situation.js";
import { Conversation } from "./conversation.js";
import { ConversationView } from "./conversation-view.js";

const ACUTE = 2; // the urgency that a caller chose

/** @typedef {import("../leaving/leaving.js").Leaving} Leaving */
/** @typedef {import("../caller.js").LineState} LineState */
/**
 * @typedef {object} Page  what a conversation needs of the page
 * @property {string} line
 * @property {string} language
 * @property {import("../coming-back/tab-memory.js").TabMemory} memory
 * @property {Leaving} leaving
 * @property {() => void} greet  shows the first screen
 * @property {(opens: string | null, acute: boolean) => void} closed
 * @property {(begin?: () => void) => Promise<Node | null>} letter  offers to write one, if the line takes letters now
 * @property {(written?: import("../letters/letter.js").Written, failed?: string) => void} write  opens a letter again
 * @property {(lines: string, danger?: boolean, queue?: InQueue) => Promise<void>} writeFrom  begins a letter with these lines
 * @property {(ways?: import("../start/situation.js").Ways) => (Node | null)[]} meanwhile  what can be done and read while nobody can talk
 * @property {(failed?: string) => void} askCode  failed: the code that did not work
 * @property {() => void} tidy  clears what was filled in on the page
 * @property {() => Promise<LineState>} facts
 * @property {HTMLElement | null} now  what can be done at once, with what was ticked
 */
/** @typedef {{urgency?: 0 | 1 | 2, told?: Record<string, string>, audio?: AudioContext | null, code?: string, letter?: import("../letters/letter.js").Written}} Begun */
/** @typedef {{back: () => void, leave: () => void}} InQueue */

/** @typedef {Pick<ConversationView, "element" | "scroll" | "render" | "shows">} View */

const main = /** @type {HTMLElement} */ (document.querySelector("main"));

/** Returns what follows the language in an address; "" on a line's own host. @param {string} path */
const lineAt = (path) => path.split("/").filter(Boolean)[1] ?? "";

/** @param {import("../../shared/cases.js").Listed} item */
const inWords = ({ state, at, ref }) =>
  [t(`caller.case.state.${state}`, { when: dayAndClock(new Date(at * 1000).toISOString()) }), ref]
    .filter(Boolean)
    .join(", ");

/** Returns what a caller wrote, sent or not. @param {Conversation} conversation @param {string} [more] */
function saidBy({ rows, isOwn, outbox }, more = "") {
  const posted = rows.flatMap((row) => (row.words?.kind === "message" && isOwn(row) ? [row.words.text] : []));
  const unsent = outbox.items.flatMap(({ kind, content }) =>
    kind === "message" && typeof content === "string" ? [content] : [],
  );
  return [...posted, ...unsent, more].filter(Boolean).join("\n\n");
}

/** Says that a letter was not sent. @param {ConversationView} view */
function tellUnsent({ composer, text }) {
  const note = el("p", { role: "status" }, t("caller.letter.unsent"));
  if (text.value) composer.prepend(note);
  composer.addEventListener("submit", () => note.remove(), { once: true });
  text.focus();
}

export class Talking {
  /** @type {Conversation | null} */
  #conversation = null;
  /** @type {View | null} */
  #view = null;
  /** @type {Begun} */
  #begun = {};
  /** Holds the links that a letter takes over from a conversation. @type {import("../../shared/cases.js").Item[]} */
  #carried = [];
  /** Tells what another tab or device has taken over. @type {"" | "chat" | "letter"} */
  #elsewhere = "";
  #page;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
  }

  /** @param {Begun} begun */
  async open(begun = {}) {
    const { told = {}, code = "", letter } = begun;
    const urgency = letter?.urgency ?? begun.urgency ?? 0;
    const written = letter ? await import("../letters/letter.js") : null;
    this.stop();
    this.#begun = begun;
    const { line, language, memory, leaving } = this.#page;
    this.#conversation = new Conversation({
      url: `${location.protocol.replace("http", "ws")}//${location.host}/ws/caller/`,
      memory,
      line,
      page: location.pathname,
      trust: trustOfPage(),
      locale: language,
      ...{ urgency, code, letter: letter !== undefined },
      changed: () => this.#changed(),
    });
    const conversation = this.#conversation;
    const read = () => this.#show(this.#viewOf(conversation));
    const edit = () => {
      const carried = this.#carried;
      leaving.wipeAway(); // the server deletes its draft
      this.#forget();
      this.#carried = carried;
      this.#page.write(letter);
    };
    if (!letter && !memory.state) conversation.draft = memory.early;
    document.body.classList.remove("asking");
    this.#show(
      written
        ? new written.LetterView(conversation, { read, edit, redo: edit, leaving: leaving.exit })
        : this.#viewOf(conversation),
    );
    conversation.start();
    if (memory.state) return;
    if (Object.keys(told).length) conversation.outbox.add("intake", told);
    if (letter) conversation.outbox.add("message", letter.text);
    for (const box of letter ? boxesOf(this.#carried) : []) conversation.outbox.add("case", box);
  }

  /** @param {Conversation} conversation */
  #viewOf(conversation) {
    const { leaving, facts, memory, now } = this.#page;
    const gone = (/** @type {import("../leaving/erase.js").Erased | undefined} */ erased) =>
      this.#showGone(erased);
    const audio = this.#begun.audio ?? null;
    return new ConversationView(conversation, {
      ...{ again: () => this.#again(), leave: leaving.exit, facts, memory, gone, audio, now },
      letter: () => this.#page.letter(() => this.#writeInstead(conversation)),
      toldLater: () => this.#page.letter(() => this.#writeOn(conversation)),
    });
  }

  /** Starts a letter after the end, which takes over the links to be removed. @param {Conversation} conversation */
  #writeOn({ cases, urgency }) {
    this.#forget();
    this.#carried = carriedOn(cases.items, inWords);
    this.#page.writeFrom("", urgency === ACUTE);
  }

  /** Writes a letter while the place in the queue stays, until the letter goes on or somebody is here. @param {Conversation} conversation */
  async #writeInstead(conversation) {
    const view = this.#view;
    if (!(view instanceof ConversationView)) return;
    const { outbox, cases, urgency } = conversation;
    const { leaving, memory, writeFrom } = this.#page;
    const said = saidBy(conversation, unsentAnswers());
    /** What is new in the letter can be sent in the chat. @param {string} letter */
    const keep = (letter) => {
      view.text.value = letter.startsWith(said) ? letter.slice(said.length).trim() : letter;
      memory.keepDraft(view.text.value);
    };
    const back = () => {
      this.#show(view);
      this.#changed(); // the wait may be over
    };
    const leave = () => {
      const links = outbox.items.filter(({ kind }) => kind === "case");
      leaving.wipeAway();
      this.#forget();
      this.#carried = [
        ...carriedOn(cases.items, inWords),
        ...links.flatMap(({ content }) => newIn(content, cases.items)),
      ];
    };
    const text = [said, view.text.value.trim()].filter(Boolean).join("\n\n");
    await writeFrom(text, urgency === ACUTE || tellsOfDanger(), { back, leave });
    const letter = /** @type {HTMLTextAreaElement | null} */ (main.querySelector("#letter"));
    letter?.addEventListener("input", () => keep(letter.value));
    this.#view = {
      ...{ element: view.element, scroll: view.scroll },
      shows: () => true,
      render: () => {
        if (!letter?.isConnected || !conversation.company.length) return;
        back();
        tellUnsent(view);
      },
    };
    this.#changed();
  }

  /** Continues a letter that an earlier page of this tab began. @param {Conversation} conversation */
  async #finish(conversation) {
    this.#view = null;
    const { LetterView } = await import("../letters/letter.js");
    const { leaving, write } = this.#page;
    const read = () => this.#show(this.#viewOf(conversation));
    const redo = (text = "") => {
      leaving.wipeAway();
      this.#forget();
      write(text ? { text, urgency: conversation.urgency } : undefined);
    };
    const on = { read, redo, empty: () => redo(), leaving: leaving.exit };
    this.#show(new LetterView(conversation, on, { again: true }));
  }

  /** @param {View} view */
  #show(view) {
    this.#view = view;
    main.replaceChildren(view.element);
    document.body.classList.toggle("talking", view instanceof ConversationView && this.#conversation?.begun);
    scrollTo(0, 0);
    view.render();
    view.scroll.focus({ preventScroll: true });
  }

  stop = () => this.#conversation?.stop();

  wake = () => this.#conversation?.wake();
  lose = () => this.#conversation?.lose();

  /** Call it when the page is shown or hidden. */
  looked() {
    if (document.visibilityState === "visible") this.wake();
    this.#view?.render();
  }

  #changed() {
    const [conversation, view] = [this.#conversation, this.#view];
    if (this.#page.leaving.gone || !conversation || !view || this.#goesHome()) return;
    if (conversation.stopped && !view.shows(conversation.stopped)) return this.#stopped(conversation.stopped);
    if (conversation.letter?.written === "draft" && conversation.begun && view instanceof ConversationView)
      return this.#finish(conversation);
    if (conversation.connection === "open" && conversation.settled) this.#elsewhere = "";
    // Telephone numbers stay visible until the line has answered.
    document.body.classList.toggle("talking", conversation.begun && view instanceof ConversationView);
    view.render();
  }

  /** Moves to the line's page, which is known once the tab's memory is open. */
  #goesHome() {
    const { memory } = this.#page;
    const { page } = memory.state ?? {};
    if (!page || lineAt(page) === lineAt(location.pathname)) return false;
    this.#view = null;
    memory.settled().then(() => {
      this.stop();
      memory.moves();
      location.replace(page);
    });
    return true;
  }

  /** Shows what to do when the connection has ended for good. @param {import("../../shared/socket.js").Stop} why */
  #stopped({ code, error }) {
    const view = this.#view;
    this.#view = null;
    const { letter } = this.#begun;
    if (letter && !this.#conversation?.begun)
      return this.#page.write(letter, t(`caller.letter.${error?.code === "line_full" ? "full" : "not_now"}`));
    if (error?.code === "line_closed") {
      // For a letter, or the next chat.
      if (this.#conversation && view instanceof ConversationView)
        this.#page.memory.keepDraft(saidBy(this.#conversation, view.text.value.trim()));
      const acute = this.#conversation?.urgency === ACUTE;
      return this.#page.closed(/** @type {string | null} */ (error.frame.opens), acute);
    }
    const isGone = code === CLOSED.gone || error?.code === "not_found";
    if (isGone && this.#elsewhere) return this.#showElsewhere();
    if (error?.code === "not_found" && this.#conversation?.turnedDown)
      return this.#page.askCode(this.#begun.code);
    if (error?.code === "conflict" && this.#conversation?.turnedDown)
      return this.#showReplaced(/** @type {string} */ (error.frame.at));
    if (view instanceof ConversationView && (error?.code === "line_full" || error?.code === "work"))
      return this.#showFull(error, view);
    // The reply may be lost.
    if (isGone && this.#conversation?.hasLeft && this.#conversation.letter) return this.#showLeft();
    if (isGone) return this.#showGone();
    const taken = code === CLOSED.taken_over;
    const why = taken ? "elsewhere" : "trouble";
    this.#elsewhere = taken ? (this.#conversation?.letter ? "letter" : "chat") : "";
    show(
      heading(t(`caller.${why}.title`)),
      el("p", {}, t(`caller.${why}.text`)),
      // What another device may have erased is not shown before the server has answered.
      button(`caller.${why}.again`, () => (taken ? this.open() : view && this.#goOn(view))),
    );
  }

  /** Connects again. @param {View} view */
  #goOn(view) {
    this.#view = view;
    main.replaceChildren(view.element);
    view.scroll.focus({ preventScroll: true });
    this.#conversation?.tryAgain();
  }

  /** Shows that the line is full. @param {import("../../shared/socket.js").ErrorReply} error @param {ConversationView} view */
  async #showFull({ code, frame: { again } }, view) {
    const conversation = this.#conversation;
    const more = await import("../start/full-line.js").catch(() => null);
    if (this.#page.leaving.gone || !conversation) return;
    const { memory } = this.#page;
    memory.keepDraft(saidBy(conversation, view.text.value.trim())); // they may go to another page
    const tryAgain = () => {
      memory.keepDraft(view.text.value);
      this.#goOn(view);
    };
    const written = conversation.outbox.items.length > 0 || view.text.value.trim() !== "";
    const seconds = typeof again === "number" ? again : null;
    const whenToTry = more?.whenToTry(seconds, written, tryAgain) ?? [
      button("caller.trouble.again", tryAgain),
    ];
    const send = (/** @type {string} */ lines) => conversation.outbox.add("message", lines);
    showNumbers(
      "caller.numbers.full",
      [t(code === "work" ? "caller.full.unearned" : "caller.numbers.later"), ...whenToTry],
      ...this.#page.meanwhile({ send }),
    );
    const card = main.querySelector(".card.help");
    const write = (lines = "", danger = false) => {
      const said = saidBy(conversation, view.text.value.trim());
      return this.#page.writeFrom(
        [said, lines].filter(Boolean).join("\n\n"),
        danger || conversation.urgency === ACUTE,
      );
    };
    const letter = await this.#page.letter(write);
    if (!letter || !card?.isConnected) return;
    card.after(letter);
    this.#page.meanwhile({ send, letter: write });
  }

  /** Shows that a letter that was sent stays on the server. */
  #showLeft() {
    this.#forget();
    show(
      heading(t("caller.letter.left")),
      el("p", {}, t("caller.letter.left.text")),
      el("p", {}, t("caller.gone.device")),
      button("caller.end.close", this.#page.leaving.exit),
      button("caller.code.have", () => this.#page.askCode(), "quiet"),
    );
  }

  /** The code was used elsewhere, so this tab's token is void. */
  #showElsewhere() {
    const what = this.#elsewhere;
    this.#forget();
    show(
      heading(t(`caller.${what}.elsewhere`)),
      el("p", {}, t(`caller.${what}.elsewhere.text`)),
      button("caller.code.have", () => this.#page.askCode()),
      what === "chat" && button("caller.again", () => this.#again(), "quiet"),
      button("caller.end.close", this.#page.leaving.exit, "quiet"),
    );
  }

  /** A newer code of this letter was made. @param {string} at */
  #showReplaced(at) {
    this.#forget();
    show(
      heading(t("caller.code.replaced")),
      el("p", {}, t("caller.code.replaced.text", { when: dayAndClock(at) })),
      button("caller.code.have", () => this.#page.askCode()),
      button("caller.again", () => this.#again(), "quiet"),
    );
  }

  /** @param {import("../leaving/erase.js").Erased} [told]  undefined: no reply came */
  #showGone(told) {
    const { memory, leaving } = this.#page;
    const { erasing, review, keeps, hold: known = null } = memory.state ?? {};
    const hold = told ? told.hold : holdAfter({ hold: known }, Date.now());
    const unsure = !told && (review || erasing === "unsure") ? "unsure" : ""; // a hold needs a review key
    const how = hold && (told || erasing) ? "held" : erasing ? unsure || "erased" : "gone";
    const later = keeps ? t(`caller.${unsure || "gone"}.later`, { when: dayAndClock(keeps.backups) }) : "";
    const line = hold ? heldInWords(hold) : told?.copies ? t("caller.gone.backups") : later;
    this.#forget();
    show(
      heading(t(`caller.${how}.title`)),
      el("p", {}, t(`caller.${how}.text`)),
      line ? el("p", {}, line) : "",
      el("p", {}, t("caller.gone.device")),
      el(
        "p",
        {},
        button("caller.end.close", leaving.exit),
        " ",
        button("caller.again", () => this.#again(), "quiet"),
      ),
    );
  }

  #again() {
    this.#forget();
    this.#page.greet();
    main.querySelector("h1")?.focus();
  }

  #forget() {
    this.stop();
    this.#elsewhere = "";
    this.#conversation = this.#view = null;
    this.#begun = {};
    this.#carried = [];
    this.#page.memory.forget();
    this.#page.tidy();
  }
}
