// Shows one conversation: people, log, the field to write in. Later parts are in fetched-later.js.

import { MAX_TEXT_BYTES } from "../../shared/sealing.js";
import { CLOSED } from "../../shared/socket.js";
import { clock, composes, el, set, submitting, t, touches } from "../../shared/text.js";
import { isKey } from "./grants.js";
import { Menu } from "./menu.js";
import { SecondThought } from "./personal.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./conversation.js").Entry} Entry */
/** @typedef {import("./conversation.js").Person} Person */
/** @typedef {{again: () => void, audio: AudioContext | null, now: HTMLElement | null, leave: () => void, facts: () => Promise<import("../caller.js").LineState>, letter: () => Promise<Node | null>, toldLater: () => Promise<Node | null>, memory: import("../coming-back/tab-memory.js").TabMemory, gone: (erased?: import("../leaving/erase.js").Erased) => void}} On  facts: of the line; letter: offers to write one instead, if the line takes letters; toldLater: offers one after the end; gone: after an erasure, with the reply if there was one */

// These get no line in the log.
const SILENT = ["opened", "granted"];
const NEAR_PX = 120;
const SEEN_PX = 48; // below this, the open menu covers the log
const LOOK_MS = 15_000;
const SOON = 5; // minutes: a longer wait is not called "soon"
const FETCH_AGAIN_MS = 2000;
const LOW = 24; // lines of text: in a lower window the log would have no room

/** @template T @param {boolean} isLow @param {T | null} page @param {T} log */
export const scrollerOf = (isLow, page, log) => (isLow ? (page ?? log) : log);

export class ConversationView {
  /** @type {Map<number, HTMLElement>} marks of own messages that nobody has read yet */
  #unread = new Map();
  #rows = 0;
  #alone = true;
  #unseen = false;
  #warned = "";
  #title = document.title.replace("• ", "");
  /** @type {typeof import("./fetched-later.js") | null} */
  #later = null;
  /** @type {import("../waiting/sound.js").Sound | null} */
  #sound = null;
  /** @type {import("./question-cards.js").Cards | null} */
  #cards = null;
  /** @type {import("./still-there.js").StillThere | null} */
  #still = null;
  /** @type {import("./nobody-here.js").NobodyHere | null} */
  #nobody = null;
  /** @type {import("../leaving/erase.js").Erasing | null} */
  #erasing = null;
  /** @type {HTMLElement | null} */
  #checked = null;
  /** @type {import("../cases/case-list.js").CaseView | null} */
  #list = null;
  #keepsCases = false;
  /** @type {HTMLElement | null} */
  #casesOffer = null;
  /** These lines change when somebody is let in later. @type {[Entry, HTMLElement][]} */
  #joined = [];
  /** The text of these lines waits for fetched-later.js. @type {[Entry, HTMLElement][]} */
  #wordless = [];
  /** @type {(conversation: Conversation) => void} */
  #waits = () => {};
  #conversation;
  #on;

  /** @param {Conversation} conversation @param {On} on */
  constructor(conversation, on) {
    this.#conversation = conversation;
    this.#on = on;
    this.company = el("p", { class: "company", role: "status" });
    this.menu = new Menu();
    this.who = el("div", { class: "who" }, this.company, this.menu.button);
    this.banner = el("p", { class: "banner", role: "status", hidden: true });
    this.waiting = el("div");
    this.warning = el("div", { class: "card warning", role: "alert", hidden: true });
    this.log = el("ol", { class: "log" });
    const spoken = el("div", { role: "log", "aria-live": "polite", "aria-label": t("caller.log") }, this.log);
    this.unsent = el("ol", { class: "log" });
    this.typing = el("div", { class: "typing", "aria-live": "off" });
    this.end = el("div", { hidden: true });
    const { form, text } = this.#composer();
    this.composer = form;
    this.text = text;
    this.scroll = el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": t("caller.log") },
      ...[this.waiting, spoken, this.unsent, this.typing, this.warning, this.end],
    );
    const title = el("h1", { class: "unseen" }, t("caller.log"));
    this.element = el(
      "section",
      { class: "talk" },
      title,
      this.who,
      this.menu.panel,
      this.banner,
      this.scroll,
      form,
    );
    this.#listen();
    this.#dress();
  }

  #listen() {
    for (const place of [this.scroll, window])
      place.addEventListener("scroll", () => this.#look(), { passive: true });
    addEventListener("resize", () => this.#fit());
    new ResizeObserver(() => this.#fit()).observe(this.composer); // its height depends on the text size
    for (const tap of ["pointerup", "keydown"])
      this.element.addEventListener(tap, () => this.#sound?.prepare());
  }

  /** Returns what scrolls: the log, or the page in a low window. */
  get #scroller() {
    return scrollerOf(document.body.classList.contains("low"), document.scrollingElement, this.scroll);
  }

  #fit() {
    const line = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    document.body.classList.toggle("low", innerHeight < LOW * line);
  }

  async #dress(failed = false) {
    const later = await import("./fetched-later.js").catch(() => null);
    if (!later) {
      if (failed) this.#conversation.misses();
      return setTimeout(() => this.#dress(true), FETCH_AGAIN_MS);
    }
    const { audio: context, memory, now, letter, facts } = this.#on;
    const sound = new later.Sound({ memory, context, touch: touches() });
    const cases = later.casesOffer(() => this.#showCases());
    this.#casesOffer = cases;
    const around = { now, sound, letter, facts, cases };
    const { cards, update, tick, every } = later.cardsOfWaiting(this.#conversation, around);
    this.#erasing = new later.Erasing(this.#conversation, this.#on);
    this.#nobody = new later.NobodyHere(this.#conversation, later.inDanger);
    this.banner.after(this.#nobody.element);
    this.#later = later;
    this.#cards = new later.Cards(this.#conversation, {
      log: this.log,
      scroll: this.scroll,
      facts: this.#facts,
      shown: () => this.menu.show(false),
    });
    this.#sound = sound;
    const way = later.wayOut(this.#erasing, () => this.#leave());
    this.#watch(later, () => {
      this.menu.show(true);
      way[0].click();
    });
    this.#repeat(() => this.#still?.look(), LOOK_MS);
    this.#repeat(() => tick(this.#conversation), every);
    this.#waits = update;
    this.waiting.replaceChildren(...cards);
    this.#fillMenu(later, later.soundSwitch(sound), way);
    this.#lookForCases(facts);
    this.render();
  }

  /** @param {typeof import("./fetched-later.js")} later @param {HTMLElement} sound @param {HTMLElement[]} way */
  #fillMenu(later, sound, way) {
    const pictures = later.picturesHelp();
    const why = () => {
      this.menu.show(true);
      pictures.open = true;
    };
    later.refusePictures(this.text, why);
    this.#checked = later.checkedHelp();
    const shut = () => {
      this.menu.show(false);
      this.menu.button.focus();
    };
    this.#list = new later.CaseView(this.#conversation, { refused: why, shut });
    const code = later.codeBox(this.#conversation);
    const calls = el("p", { class: "reach" }, ...later.inDanger());
    this.menu.panel.replaceChildren(calls, this.#checked, this.#list.element, code, pictures, sound, ...way);
  }

  /** @param {typeof import("./fetched-later.js")} later @param {() => void} leave */
  #watch(later, leave) {
    this.#still = new later.StillThere(this.#conversation, {
      ...{ log: this.log, leave, attract: () => this.#attract() },
      back: () => this.scroll.focus({ preventScroll: true }),
    });
  }

  /** @param {On["facts"]} facts */
  async #lookForCases(facts) {
    this.#keepsCases = (await facts().catch(() => null))?.cases === true;
    this.render();
    const more = this.#keepsCases && (await import("../cases/evidence.js").catch(() => null));
    if (more) this.#list?.element.after(new more.EvidenceView(this.#conversation).element);
  }

  #renderCases() {
    const { queue, letter, ended, cases, begun } = this.#conversation;
    const keeps = begun && (this.#keepsCases || cases.items.length > 0);
    if (keeps) this.#list?.offer();
    this.#list?.look();
    if (this.#casesOffer) this.#casesOffer.hidden = !keeps || ended !== null || !(queue || letter);
  }

  #showCases() {
    if (this.#conversation.ended)
      return this.end.querySelector("ul.case")?.scrollIntoView({ block: "center" });
    this.menu.show(true);
    this.#list?.show();
  }

  /** Repeats `act` until this screen is gone, so that nothing sounds after an erase. @param {() => void} act @param {number} ms */
  #repeat(act, ms) {
    const timer = setInterval(() => (this.element.isConnected ? act() : clearInterval(timer)), ms);
  }

  /** Returns whether this screen explains why the connection stopped. @param {import("../../shared/socket.js").Stop} stop */
  shows = ({ code }) =>
    this.#conversation.ended !== null && code !== CLOSED.taken_over && !this.#erasing?.busy;

  render() {
    const scroll = this.#scroller;
    const near = this.#isNear;
    const before = this.log.childElementCount + this.unsent.childElementCount;
    this.#renderPeople();
    this.#renderRows();
    this.#renderUnsent();
    this.#renderCases();
    this.#renderState();
    this.#takeUpDraft();
    this.#still?.look();
    this.#sound?.look();
    const grew = this.log.childElementCount + this.unsent.childElementCount > before;
    if (near && grew && this.end.hidden) this.#toTheNewest(scroll);
    if (this.#cards?.render()) this.#attract();
    this.#look();
    this.#dot();
  }

  get #isNear() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  /** Marks messages as read. Those below the visible part stay unread. */
  #look() {
    const open = document.visibilityState === "visible" && this.#scroller.clientHeight > SEEN_PX;
    if (open && (this.#isNear || !this.end.hidden)) this.#conversation.see();
  }

  /** Fetches the line's facts. They make the card grow, so a log that was at its end scrolls along. */
  #facts = async () => {
    try {
      return await this.#on.facts();
    } finally {
      if (this.#isNear && this.end.hidden) requestAnimationFrame(() => this.#toTheNewest(this.#scroller));
    }
  };

  /** Scrolls to the newest line. A requeue and a question are shown from their top, to be read from the first word. @param {Element} scroll */
  #toTheNewest(scroll) {
    const last = this.log.lastElementChild;
    if (this.#conversation.rows.at(-1)?.kind === "requeued" || last?.matches(".question"))
      last?.scrollIntoView({ block: "start" });
    else scroll.scrollTop = scroll.scrollHeight;
  }

  /** Puts the kept draft, once, above what is being typed. */
  #takeUpDraft() {
    const { draft } = this.#conversation;
    if (!draft) return;
    this.#conversation.draft = "";
    this.text.value = [draft, this.text.value].filter(Boolean).join("\n\n");
    this.#on.memory.keepDraft(this.text.value);
  }

  #renderPeople() {
    const { company, ended, begun, earning, failing, queue, letter } = this.#conversation;
    const names = company.map((person) => {
      const name = named(person, this.#conversation);
      const who = this.#conversation.isVerified(person) ? t("caller.checked.mark", { who: name }) : name;
      return person.here ? who : t("caller.away", { who });
    });
    if (this.#checked) this.#checked.hidden = !company.some(this.#conversation.isVerified);
    const coming = `caller.${failing || (earning ? `earning.${earning}` : "connecting")}`;
    const soon = (queue?.minutes?.[1] ?? Number.POSITIVE_INFINITY) <= SOON;
    const waits = letter && !letter.queued ? "caller.letter.company" : `caller.alone${soon ? ".soon" : ""}`;
    const alone = begun ? (queue?.until ? "caller.alone.until" : waits) : coming;
    const time = clock(queue?.until ?? 0);
    set(this.company, names.length ? t("caller.company", { who: names.join(" · ") }) : t(alone, { time }));
    this.who.hidden = ended !== null;
    if (ended) this.menu.show(false);
    // After a reload it is silent, because nobody new has come.
    if (this.#alone && company.length && this.#conversation.queue) this.#attract();
    this.#alone = company.length === 0;
    this.#waits(this.#conversation);
    this.#erasing?.look();
  }

  #attract() {
    this.#sound?.play();
    this.#unseen = true;
    this.#dot();
  }

  #renderRows() {
    for (const row of this.#conversation.rows.slice(this.#rows)) {
      const said = row.words && row.words.kind !== "case";
      if (!SILENT.includes(row.kind)) this.log.append(said ? this.#bubble(row) : this.#spoken(row));
      if (row.kind === "requeued") this.unsent.after(this.waiting);
      if (row.words && !this.#conversation.isOwn(row)) this.#unseen = true;
    }
    this.#rows = this.#conversation.rows.length;
    for (const [row, line] of this.#joined) this.#sayWho(row, line);
    if (this.#later)
      for (const [row, line] of this.#wordless.splice(0))
        this.#later.tell(row, line, this.#conversation, { log: this.log, cases: () => this.#showCases() });
    const read = Math.max(0, ...[...this.#conversation.people.values()].map(({ seen }) => seen));
    for (const [seq, mark] of this.#unread)
      if (seq <= read) {
        mark.replaceChildren("✓✓");
        mark.setAttribute("aria-label", t("caller.read"));
        this.#unread.delete(seq);
      }
  }

  /** @param {Entry} row */
  #bubble(row) {
    const own = this.#conversation.isOwn(row);
    const who = own
      ? t("caller.you")
      : this.#conversation.people.get(row.by ?? "")?.alias || t("caller.somebody");
    const mark = el("span", { class: "tick", role: "img", "aria-label": t("caller.stored") }, "✓");
    if (own) this.#unread.set(row.seq, mark);
    return el(
      "li",
      { class: own ? "bubble own" : "bubble" },
      el("span", { class: own ? "name unseen" : "name" }, who),
      ...body(row, this.#conversation),
      el("span", { class: "meta" }, clock(row.at), own && " ", own && mark),
    );
  }

  /** Makes an entry's line. Newcomers are named here, before they are granted an epoch. @param {Entry} row */
  #spoken(row) {
    const line = el("li", { class: "spoken" });
    (row.kind === "joined" ? this.#joined : this.#wordless).push([row, line]);
    return line;
  }

  /** @param {Entry} row @param {HTMLElement} line */
  #sayWho(row, line) {
    const why = this.#conversation.people.get(row.member)?.why;
    const key = why ? "stranger" : isKey(row) ? `joined.${row.role}` : "joined.person";
    set(line, t(`caller.said.${key}`, { who: named(row, this.#conversation) }));
  }

  #renderUnsent() {
    const items = this.#conversation.outbox.items.map((item) => {
      const bad = item.state === "failed" || item.state === "never";
      const retry = () => this.#conversation.outbox.tryAgain(item);
      return el(
        "li",
        { class: bad ? "bubble own bad" : "bubble own pending" },
        ...words(item.kind, typeof item.content === "string" ? item.content : JSON.stringify(item.content)),
        el("span", { class: "meta", role: bad && "alert" }, t(`caller.sending.${item.state}`)),
        item.state === "failed" &&
          el("button", { type: "button", class: "quiet", onclick: retry }, t("caller.retry")),
      );
    });
    this.unsent.replaceChildren(...items);
  }

  #renderState() {
    const { connection, stalled, typing, people, turnedAway, ended, broken, failing } = this.#conversation;
    const who = typing && people.get(typing)?.alias;
    set(this.typing, who && !ended ? t("caller.typing", { who }) : "");
    const trouble = stalled || connection === "waiting" || (connection === "connecting" && this.#rows > 0);
    set(this.banner, broken ? t("caller.broken") : t("caller.offline"));
    this.#nobody?.look();
    this.banner.hidden = !(broken || (trouble && failing !== "refused")) || ended !== null;
    this.#renderWarning(ended ? [] : turnedAway);
    if (ended && this.end.hidden && this.#later && this.#erasing)
      this.#showEnd(this.#later.endCard(ended, this.#conversation, this.#on, this.#erasing));
    this.end.querySelector("#how")?.toggleAttribute("hidden", !this.#conversation.ticket);
  }

  /** @param {Person[]} strangers */
  #renderWarning(strangers) {
    const said = strangers.map((person) => named(person, this.#conversation)).join("\n");
    this.warning.hidden = !said || !this.#later;
    if (!said || said === this.#warned || !this.#later) return;
    this.#warned = said;
    this.warning.replaceChildren(
      ...this.#later.strangers(strangers, this.#conversation, () => this.#leave()),
    );
    requestAnimationFrame(() => this.warning.scrollIntoView({ block: "start" }));
  }

  /** @param {HTMLElement} card */
  #showEnd(card) {
    this.composer.hidden = true;
    this.end.hidden = false;
    const unsent = this.text.value.trim();
    const told = el("p", {}, el("b", {}, t("caller.end.unsent")), " ", unsent);
    this.end.replaceChildren(card, ...(unsent ? [told] : []));
    this.end.scrollIntoView({ block: "start" });
    this.end.querySelector("h2")?.focus({ preventScroll: true });
  }

  #composer() {
    const text = el("textarea", {
      ...{ id: "text", rows: "1", autocomplete: "off", placeholder: t("caller.write.here") },
      oninput: () => {
        this.#conversation.type();
        this.#still?.sign();
        this.#on.memory.keepDraft(text.value);
      },
    });
    const note = el("p", { class: "small bad-text", role: "alert", hidden: true });
    const why = whyNot(new SecondThought());
    const send = async () => {
      const words = text.value.trim();
      set(note, words && why(words));
      note.hidden = note.textContent === "";
      if (!words || !note.hidden) return;
      text.value = "";
      this.#on.memory.keepDraft("");
      await this.#conversation.outbox.add("message", words);
      this.render();
      const scroll = this.#scroller;
      scroll.scrollTop = scroll.scrollHeight;
    };
    // On a phone, Enter starts a new line.
    text.addEventListener("keydown", (event) => {
      const newLine = event.shiftKey || composes(event) || touches();
      if (event.key !== "Enter" || newLine) return;
      event.preventDefault();
      send();
    });
    const form = el(
      "form",
      { class: "composer", onsubmit: submitting(send) },
      note,
      el("label", { for: "text", class: "unseen" }, t("caller.write.label")),
      el("div", { class: "line" }, text, el("button", { class: "primary" }, t("caller.write.send"))),
    );
    return { form, text };
  }

  async #leave() {
    if (!this.#conversation.begun) return this.#on.again(); // the server does not know it yet
    await this.#conversation.leave().catch(() => {
      set(this.banner, t("caller.stop.offline"));
      this.banner.hidden = false;
    });
  }

  /** Marks the tab with a dot, which reveals nothing to a bystander. */
  #dot() {
    if (document.visibilityState === "visible") this.#unseen = false;
    document.title = this.#unseen ? `• ${this.#title}` : this.#title;
  }
}

/** Returns why a text is not sent, in words; "" if it is. @param {SecondThought} thought @returns {(text: string) => string} */
const whyNot = (thought) => (text) => {
  if (new TextEncoder().encode(text).length > MAX_TEXT_BYTES) return t("caller.write.long");
  const personal = thought.about(text);
  return personal && t(`caller.personal.${personal}`);
};

/** Returns a person's name and role. A partner's service is named as on the card of the invitation. @param {Pick<Person, "alias" | "role" | "service" | "invitation">} person @param {Conversation} conversation */
export function named({ alias, role, service, invitation }, { rows }) {
  const card = rows.find((row) => row.kind === "invited" && row.invitation === invitation);
  const what = (role === "partner" && (card?.to.name ?? service)) || t(`caller.role.${role}`);
  const who = alias === what ? what : t("caller.named", { alias: alias || t("caller.somebody"), role: what });
  const guest = rows.some((row) => row.kind === "invited" && row.invitation === invitation && row.to.guest);
  return role === "partner" && guest ? t("caller.by_link", { who }) : who;
}

/** @param {Entry} row @param {Conversation} conversation */
function body({ seq, id, words: said }, { rows }) {
  if (!said || said.text === null)
    return [el("p", { class: "placeholder" }, t(`caller.${said?.kind ?? "unverified"}`))];
  if (said.kind !== "brief") return words(said.kind, said.text);
  // A repeated brief, for a later newcomer, starts folded.
  const again = rows.some(
    (row) => row.seq < seq && row.words?.kind === "brief" && row.words.text === said.text,
  );
  const title = el("summary", {}, t(again ? "caller.brief.again" : "caller.brief.next"));
  const text = el("p", { class: "words" }, said.text);
  return [el("details", { class: "brief", open: !again, "data-brief": id }, title, text)];
}

/** @param {string} kind @param {string} text */
function words(kind, text) {
  if (kind === "case") return [el("p", { class: "words" }, t("caller.case.sending"))];
  if (kind !== "intake") return [el("p", { class: "words" }, text)];
  const told = readIntake(text);
  const lines = [
    told.for && t("caller.told.for", { what: t(`caller.intake.for.${told.for}`) }),
    told.before && t("caller.told.before", { what: t(`caller.intake.before.${told.before}`) }),
    told.age && t("caller.told.age", { what: told.age }),
    told.topic && t("caller.told.topic", { what: told.topic }),
    told.nickname && t("caller.told.nickname", { what: told.nickname }),
  ];
  return lines.filter(Boolean).map((line) => el("p", { class: "words" }, String(line)));
}

/** @param {string} text @returns {Record<string, string>} */
function readIntake(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
