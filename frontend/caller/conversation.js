// The screen of one conversation: who is here, what was said, and the box to write in.
import { clock, el, set, submitting, t } from "../shared/i18n.js";
import { MAX_TEXT_BYTES } from "../shared/sealing.js";

/** @typedef {import("./talk.js").Talk} Talk */
/** @typedef {import("./talk.js").Entry} Entry */
/** @typedef {import("./talk.js").Person} Person */
/** @typedef {{again: () => void, leave: () => void, facts: () => Promise<import("./caller.js").LineState>, keep: import("./keep.js").Keep, gone: (held?: boolean) => void}} On  facts: of the line; gone: erased */

// These changes of the log need no line of their own.
const SILENT = ["opened", "granted"];
const NEAR_PX = 120;
const FETCH_AGAIN_MS = 2000;

export class Conversation {
  /** @type {Map<number, HTMLElement>} marks of own messages that nobody has read yet */
  #unread = new Map();
  #rows = 0;
  #alone = true;
  #unseen = false;
  #title = document.title.replace("• ", "");
  /** @type {typeof import("./beside.js") | null} */
  #beside = null;
  /** @type {import("./beside.js").Sound | null} */
  #sound = null;
  /** @type {import("./cards.js").Cards | null} */
  #cards = null;
  /** @type {import("./erase.js").Erasing | null} */
  #erasing = null;
  /** Lines whose words have yet to come with beside.js. @type {[Entry, HTMLElement][]} */
  #wordless = [];
  /** @type {(talk: Talk) => void} */
  #waits = () => {};
  #talk;
  #on;

  /** @param {Talk} talk @param {On} on */
  constructor(talk, on) {
    this.#talk = talk;
    this.#on = on;
    this.company = el("p", { class: "company", role: "status" });
    this.banner = el("p", { class: "banner", role: "status", hidden: true });
    this.waiting = el("div");
    this.below = el("div", { class: "below" });
    this.warning = el("div", { class: "card warning", role: "alert", hidden: true });
    this.log = el("ol", { class: "log" });
    const spoken = el("div", { role: "log", "aria-live": "polite", "aria-label": t("caller.log") }, this.log);
    this.unsent = el("ol", { class: "log" });
    this.typing = el("p", { class: "typing", "aria-live": "off" });
    this.end = el("div", { hidden: true });
    const { form, text } = this.#composer();
    this.composer = form;
    this.text = text;
    this.scroll = el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": t("caller.log") },
      ...[this.waiting, spoken, this.unsent, this.typing, this.warning, this.end],
    );
    this.element = el("section", { class: "talk" }, this.company, this.banner, this.scroll, form);
    this.#dress();
  }

  async #dress() {
    const beside = await import("./beside.js").catch(() => null);
    if (!beside) return setTimeout(() => this.#dress(), FETCH_AGAIN_MS);
    const { card, update } = beside.waitingCard();
    const pictures = beside.picturesHelp();
    beside.refusePictures(this.text, pictures);
    this.#erasing = new beside.Erasing(this.#talk, this.#on);
    this.#beside = beside;
    this.#cards = new beside.Cards(this.#talk, { log: this.log, scroll: this.scroll, facts: this.#on.facts });
    this.#sound = new beside.Sound();
    this.#waits = update;
    this.waiting.replaceChildren(card);
    this.below.replaceChildren(pictures, ...beside.wayOut(this.#erasing, () => this.#leave()));
    this.render();
  }

  /** Whether this screen says enough about a connection that has stopped. @param {import("../shared/socket.js").Stop} stop */
  shows = ({ code }) => this.#talk.ended !== null && code !== 4409 && !this.#erasing?.busy;

  render() {
    const { scroll } = this;
    const near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_PX;
    const before = this.log.childElementCount + this.unsent.childElementCount;
    this.#renderPeople();
    this.#renderRows();
    this.#renderUnsent();
    this.#renderState();
    const grew = this.log.childElementCount + this.unsent.childElementCount > before;
    if (near && grew && this.end.hidden) scroll.scrollTop = scroll.scrollHeight;
    if (this.#cards?.render()) this.#attract();
    if (document.visibilityState === "visible") this.#talk.see();
    this.#dot();
  }

  #renderPeople() {
    const { company, ended } = this.#talk;
    const names = company.map((person) => {
      const who = named(person, this.#talk);
      return person.here ? who : t("caller.away", { who });
    });
    const alone = this.#talk.begun ? "caller.alone" : "caller.connecting";
    set(this.company, names.length ? t("caller.company", { who: names.join(" · ") }) : t(alone));
    this.company.hidden = ended !== null;
    // Not after a reload: there nobody was waited for.
    if (this.#alone && company.length && this.#talk.queue) this.#attract();
    this.#alone = company.length === 0;
    this.#waits(this.#talk);
    this.#erasing?.look();
  }

  #attract() {
    this.#sound?.play();
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([80, 60, 80]);
    this.#unseen = true;
  }

  #renderRows() {
    for (const row of this.#talk.rows.slice(this.#rows)) {
      if (!SILENT.includes(row.kind)) this.log.append(row.words ? this.#bubble(row) : this.#spoken(row));
      if (row.kind === "requeued") this.unsent.after(this.waiting);
      if (row.words && !this.#talk.isOwn(row)) this.#unseen = true;
    }
    this.#rows = this.#talk.rows.length;
    if (this.#beside)
      for (const [row, line] of this.#wordless.splice(0))
        this.#beside.tell(row, line, this.#talk, { log: this.log, facts: this.#on.facts });
    const read = Math.max(0, ...[...this.#talk.people.values()].map(({ seen }) => seen));
    for (const [seq, mark] of this.#unread)
      if (seq <= read) {
        mark.replaceChildren("✓✓");
        mark.setAttribute("aria-label", t("caller.read"));
        this.#unread.delete(seq);
      }
  }

  /** @param {Entry} row */
  #bubble(row) {
    const own = this.#talk.isOwn(row);
    const who = own ? t("caller.you") : (this.#talk.people.get(row.by ?? "")?.alias ?? t("caller.somebody"));
    const mark = el("span", { class: "tick", role: "img", "aria-label": t("caller.stored") }, "✓");
    if (own) this.#unread.set(row.seq, mark);
    return el(
      "li",
      { class: own ? "bubble own" : "bubble" },
      el("span", { class: own ? "name unseen" : "name" }, who),
      ...body(row, this.#talk),
      el("span", { class: "meta" }, clock(row.at), own && " ", own && mark),
    );
  }

  /** A line that tells what happened. Newcomers are named here, before they are let in. @param {Entry} row */
  #spoken(row) {
    const line = el("li", { class: "spoken" });
    if (row.kind !== "joined") this.#wordless.push([row, line]);
    else {
      const key = row.why ? "stranger" : row.role === "review" ? "joined.review" : "joined.person";
      set(line, t(`caller.said.${key}`, { who: named(/** @type {any} */ (row), this.#talk) }));
    }
    return line;
  }

  #renderUnsent() {
    const items = this.#talk.outbox.items.map((item) => {
      const bad = item.state === "failed" || item.state === "never";
      const retry = () => this.#talk.outbox.tryAgain(item);
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
    const { connection, typing, people, turnedAway, ended, broken } = this.#talk;
    const who = typing && people.get(typing)?.alias;
    set(this.typing, who && !ended ? t("caller.typing", { who }) : "");
    const trouble = connection === "waiting" || (connection === "connecting" && this.#rows > 0);
    set(this.banner, broken ? t("caller.broken") : t("caller.offline"));
    this.banner.hidden = !(broken || trouble) || ended !== null;
    this.#renderWarning(ended ? [] : turnedAway);
    if (ended && this.end.hidden && this.#beside && this.#erasing)
      this.#showEnd(this.#beside.endCard(ended, this.#talk, this.#on, this.#erasing));
  }

  /** @param {Person[]} strangers */
  #renderWarning(strangers) {
    const names = strangers.map((person) => named(person, this.#talk));
    if (names.length && this.warning.hidden && this.#beside)
      this.warning.replaceChildren(...this.#beside.strangers(names, () => this.#leave()));
    this.warning.hidden = !names.length || !this.#beside;
  }

  /** @param {HTMLElement} card */
  #showEnd(card) {
    this.composer.hidden = true;
    this.end.hidden = false;
    this.end.replaceChildren(card);
    this.end.scrollIntoView({ block: "start" });
    this.end.querySelector("h2")?.focus({ preventScroll: true });
  }

  #composer() {
    const text = el("textarea", {
      id: "text",
      rows: "2",
      placeholder: t("caller.write.here"),
      oninput: () => this.#talk.type(),
    });
    const note = el("p", { class: "small bad-text", role: "alert", hidden: true }, t("caller.write.long"));
    const send = async () => {
      const words = text.value.trim();
      note.hidden = new TextEncoder().encode(words).length <= MAX_TEXT_BYTES;
      if (!words || !note.hidden) return;
      text.value = "";
      this.#sound?.prepare();
      await this.#talk.outbox.add("message", words);
      this.render();
      this.scroll.scrollTop = this.scroll.scrollHeight;
    };
    // On a phone Enter makes a new line.
    text.addEventListener("keydown", (event) => {
      const newLine = event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches;
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
      this.below,
    );
    return { form, text };
  }

  async #leave() {
    await this.#talk.leave().catch(() => {
      set(this.banner, t("caller.stop.offline"));
      this.banner.hidden = false;
    });
  }

  /** Nothing but a dot: a watcher sees no word in the tab. */
  #dot() {
    if (document.visibilityState === "visible") this.#unseen = false;
    document.title = this.#unseen ? `• ${this.#title}` : this.#title;
  }
}

/** Somebody of another service comes in its name, as it stood on the card. @param {Pick<Person, "alias" | "role" | "service" | "invitation">} person @param {Talk} talk */
export function named({ alias, role, service, invitation }, { rows }) {
  const card = rows.find((row) => row.kind === "invited" && row.invitation === invitation);
  const what = (role === "partner" && (card?.to.name ?? service)) || t(`caller.role.${role}`);
  return alias === what ? what : t("caller.named", { alias: alias || t("caller.somebody"), role: what });
}

/** @param {Entry} row @param {Talk} talk */
function body({ seq, id, words: said }, { rows }) {
  if (!said || said.text === null)
    return [el("p", { class: "placeholder" }, t(`caller.${said?.kind ?? "unverified"}`))];
  if (said.kind !== "brief") return words(said.kind, said.text);
  // Said again to whoever has come in: the caller has read it.
  const again = rows.some(
    (row) => row.seq < seq && row.words?.kind === "brief" && row.words.text === said.text,
  );
  const title = el("summary", {}, t(again ? "caller.brief.again" : "caller.brief.next"));
  const text = el("p", { class: "words" }, said.text);
  return [el("details", { class: "brief", open: !again, "data-brief": id }, title, text)];
}

/** @param {string} kind @param {string} text */
function words(kind, text) {
  if (kind !== "intake") return [el("p", { class: "words" }, text)];
  const told = readIntake(text);
  const lines = [
    told.for && t("caller.told.for", { what: t(`caller.intake.for.${told.for}`) }),
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
