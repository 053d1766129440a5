// Erasing: asked for twice, done at once, and told truthfully where the reply was lost.
import { dayAndClock, el, set, t } from "../shared/i18n.js";
import { ErrorReply } from "../shared/socket.js";

/** @typedef {import("./conversation.js").Talk} Talk */
/** @typedef {Pick<import("./tab-memory.js").Kept, "keeps" | "review">} Kept */
/** @typedef {"none" | "asked" | "lost" | "offline" | "failed"} State  lost: no reply came, so nobody knows; offline and failed: it is still there */

const MINUTE_MS = 60_000;

/** One wish, wherever the page shows it. */
export class Erasing {
  /** @type {State} */
  state;
  /** @type {(() => void)[]} */
  #watchers = [];
  #talk;
  #keep;
  #gone;

  /** @param {Talk} talk @param {Pick<import("./conversation-view.js").On, "keep" | "gone">} on */
  constructor(talk, { keep, gone }) {
    this.#talk = talk;
    this.#keep = keep;
    this.#gone = gone;
    // The page before this one asked, and never heard.
    this.state = keep.state?.erasing ? "lost" : "none";
  }

  get busy() {
    return this.state === "asked" || this.state === "lost";
  }
  get kept() {
    return this.#keep.state;
  }
  /** What it does. After the end the card beside it has named the dates. */
  get words() {
    if (this.#talk.ended) return t("caller.erase.text.ended");
    return `${t("caller.erase.text")} ${this.kept ? inBackups(this.kept) : ""}`;
  }

  /** Its date came while the end was on the screen. */
  get #isGone() {
    const { code, error } = this.#talk.stopped ?? {};
    return code === 4410 || error?.code === "not_found";
  }

  /** @param {() => void} act  after every change */
  watch(act) {
    this.#watchers.push(act);
  }

  async ask() {
    if (this.busy) return;
    if (this.#isGone) return this.#gone();
    if (this.#talk.connection !== "open") return this.#become("offline");
    this.#become("asked");
    try {
      this.#gone(await this.#talk.erase());
    } catch (error) {
      this.#become(error instanceof ErrorReply ? "failed" : "lost");
    }
  }

  /** After a no. */
  forget() {
    if (!this.busy) this.#become("none");
  }

  /** After a change of the talk: whoever comes back and finds the conversation has not erased it. */
  look() {
    if (this.#talk.connection !== "open") return;
    if (this.state === "lost") this.#become("failed");
    if (this.state === "offline") this.#become("none");
  }

  /** Kept before it is sent: a reload must know what was asked. @param {State} state */
  #become(state) {
    this.state = state;
    if (this.#keep.state) {
      this.#keep.state.erasing = this.busy;
      this.#keep.save();
    }
    for (const act of this.#watchers) act();
  }
}

/** The way to it, the question behind it, and what became of it. @param {Erasing} erasing @param {(open: boolean) => void} [turned] */
export function eraseBox(erasing, turned = () => {}) {
  let asking = false;
  const title = el("h3", { tabindex: "-1" }, t("caller.erase.title"));
  const what = el("p", {});
  const note = el("p", { role: "alert", hidden: true });
  const yes = button("caller.erase.yes", "second", () => erasing.ask());
  const no = button("caller.erase.no", "second", () => turn(false));
  const ask = button("caller.erase.ask", "quiet", () => turn(true));
  const answers = el("div", { class: "answers" }, yes, no);
  const question = el("div", { hidden: true }, title, what, note, answers);

  const update = () => {
    const { state, busy } = erasing;
    const open = asking || state !== "none";
    const changed = question.hidden === open;
    question.hidden = !open;
    ask.hidden = open;
    yes.disabled = no.disabled = busy;
    note.hidden = state === "none";
    note.className = busy ? "" : "bad-text";
    set(note, state === "none" ? "" : t(`caller.erase.${state}`));
    set(what, erasing.words);
    if (changed) turned(open);
  };
  const turn = (/** @type {boolean} */ open) => {
    asking = open;
    if (!open) erasing.forget();
    update();
    (open ? title : ask).focus();
  };
  erasing.watch(update);
  update();
  return el("div", { class: "erase" }, ask, question);
}

/** @param {string} key @param {string} look @param {() => void} onclick */
const button = (key, look, onclick) => el("button", { type: "button", class: look, onclick }, t(key));

/** Who has a review key can be obliged to hold. @param {Kept} kept */
function inBackups({ keeps, review }) {
  const when = keeps ? dayAndClock(keeps.backups) : "";
  return keeps ? t(`caller.${review ? "unsure" : "gone"}.backups`, { when }) : "";
}

/** When it goes, here and from backups: by what the line said at the start. @param {Pick<Talk, "rows" | "people">} talk @param {Kept} kept */
export function whenItGoes({ rows, people }, kept) {
  if (!kept.keeps) return "";
  const answered = rows.some(
    ({ kind, members }) =>
      kind === "granted" &&
      members.some((/** @type {string} */ member) => people.get(member)?.role !== "review"),
  );
  const seconds = answered ? kept.keeps.answered : kept.keeps.unanswered;
  const ended = Date.parse(rows.find(({ kind }) => kind === "ended")?.at ?? "");
  // Never promised for a moment too early.
  const here = Math.ceil((ended + seconds * 1000) / MINUTE_MS) * MINUTE_MS;
  const words = seconds ? t("caller.end.kept", { when: dayAndClock(here) }) : t("caller.end.kept.now");
  return `${words} ${inBackups(kept)}`;
}
