// The screen of one conversation: who is here, what was said, and the box to write in.
import { clock, el, set, submitting, t } from "../shared/i18n.js";
import { MAX_TEXT_BYTES } from "../shared/sealing.js";

/** @typedef {import("./talk.js").Talk} Talk */
/** @typedef {import("./talk.js").Entry} Entry */
/** @typedef {import("./talk.js").Person} Person */

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
  /** @type {(talk: Talk) => void} */
  #waits = () => {};
  #talk;
  #on;

  /** @param {Talk} talk @param {{again: () => void, leave: () => void}} on */
  constructor(talk, on) {
    this.#talk = talk;
    this.#on = on;
    this.company = el("p", { class: "company", role: "status" });
    this.banner = el("p", { class: "banner", role: "status", hidden: true });
    this.waiting = el("div");
    this.below = el("div", { class: "below" });
    this.warning = el("div", { class: "card warning", role: "alert", hidden: true });
    this.log = el("ol", { class: "log", role: "log", "aria-live": "polite", "aria-label": t("caller.log") });
    this.unsent = el("ol", { class: "log" });
    this.typing = el("p", { class: "typing", "aria-live": "off" });
    this.end = el("div", { hidden: true });
    const { form, text } = this.#composer();
    this.composer = form;
    this.text = text;
    this.scroll = el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": t("caller.log") },
      ...[this.waiting, this.log, this.unsent, this.typing, this.warning, this.end],
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
    this.#beside = beside;
    this.#sound = new beside.Sound();
    this.#waits = update;
    this.waiting.replaceChildren(card);
    this.below.replaceChildren(
      pictures,
      beside.stopButton(() => this.#leave()),
    );
    this.render();
  }

  /** Whether this screen says enough about a connection that has stopped. @param {import("../shared/socket.js").Stop} stop */
  shows = ({ code }) => this.#talk.ended !== null && code !== 4409;

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
    if (document.visibilityState === "visible") this.#talk.see();
    this.#dot();
  }

  #renderPeople() {
    const { company, ended } = this.#talk;
    const names = company.map((person) =>
      person.here ? named(person) : t("caller.away", { who: named(person) }),
    );
    const alone = this.#talk.begun ? "caller.alone" : "caller.connecting";
    set(this.company, names.length ? t("caller.company", { who: names.join(" · ") }) : t(alone));
    this.company.hidden = ended !== null;
    // Not after a reload: there nobody was waited for.
    if (this.#alone && company.length && this.#talk.queue) this.#yourTurn();
    this.#alone = company.length === 0;
    this.#waits(this.#talk);
  }

  #yourTurn() {
    this.#sound?.play();
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([80, 60, 80]);
    this.#unseen = true;
  }

  #renderRows() {
    for (const row of this.#talk.rows.slice(this.#rows)) {
      if (!SILENT.includes(row.kind))
        this.log.append(row.words ? this.#bubble(row) : spoken(row, this.#talk));
      if (row.words && !this.#talk.isOwn(row)) this.#unseen = true;
    }
    this.#rows = this.#talk.rows.length;
    for (const [seq, mark] of this.#unread)
      if (this.#talk.isRead(seq)) {
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
      ...body(row),
      el("span", { class: "meta" }, clock(row.at), own && " ", own && mark),
    );
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
    if (ended && this.end.hidden && this.#beside) this.#showEnd(ended);
  }

  /** @param {Person[]} strangers */
  #renderWarning(strangers) {
    const shown = strangers.length > 0;
    if (shown && this.warning.hidden)
      this.warning.replaceChildren(
        el("h2", {}, t("caller.stranger.title")),
        ...strangers.map((person) => el("p", {}, t("caller.stranger.text", { who: named(person) }))),
        el(
          "button",
          { type: "button", class: "primary", onclick: () => this.#leave() },
          t("caller.stranger.end"),
        ),
      );
    this.warning.hidden = !shown;
  }

  /** @param {string} reason */
  #showEnd(reason) {
    this.composer.hidden = true;
    this.end.hidden = false;
    this.end.replaceChildren(/** @type {any} */ (this.#beside).endCard(reason, this.#on));
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
      if (
        event.key !== "Enter" ||
        event.shiftKey ||
        event.isComposing ||
        matchMedia("(pointer: coarse)").matches
      )
        return;
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
    if (await this.#talk.leave()) return;
    set(this.banner, t("caller.stop.offline"));
    this.banner.hidden = false;
  }

  /** Nothing but a dot: a watcher sees no word in the tab. */
  #dot() {
    if (document.visibilityState === "visible") this.#unseen = false;
    document.title = this.#unseen ? `• ${this.#title}` : this.#title;
  }
}

/** @param {Pick<Person, "alias" | "role">} person */
const named = ({ alias, role }) =>
  t("caller.named", { alias: alias || t("caller.somebody"), role: t(`caller.role.${role}`) });

/** A line that tells what happened. @param {Entry} row @param {Talk} talk */
function spoken(row, { people }) {
  const person = /** @type {Person | undefined} */ (
    row.kind === "joined" ? row : people.get(row.member ?? "")
  );
  const who = person ? named(person) : t("caller.somebody");
  const key = {
    joined: row.why
      ? "caller.said.stranger"
      : `caller.said.joined.${row.role === "review" ? "review" : "person"}`,
    left: person?.role === "review" ? "caller.said.left.review" : `caller.said.left.${row.reason}`,
    requeued: "caller.said.requeued",
    ended: "caller.said.ended",
  }[row.kind];
  return el("li", { class: "spoken" }, key ? t(key, { who }) : "");
}

/** @param {Entry} row */
const body = ({ words: said }) =>
  !said || said.text === null
    ? [el("p", { class: "placeholder" }, t(`caller.${said?.kind ?? "unverified"}`))]
    : words(said.kind, said.text);

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
