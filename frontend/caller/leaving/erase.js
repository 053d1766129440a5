// Erases a conversation: asks again, acts at once, and says so if the reply was lost.

import { CLOSED, ErrorReply } from "../../shared/socket.js";
import { dayAndClock, el, set, t } from "../../shared/text.js";

/** @typedef {import("../conversation/conversation.js").Conversation} Conversation */
/** @typedef {Pick<import("../coming-back/tab-memory.js").Remembered, "keeps" | "review" | "hold">} Remembered */
/** @typedef {import("../coming-back/tab-memory.js").Hold} Hold */
/** @typedef {{copies: boolean, hold: Hold | null}} Erased  copies: those are gone too; hold: what the line keeps of it */
/** @typedef {"none" | "asked" | "lost" | "offline" | "failed"} State  lost: no reply came, so nobody knows; offline and failed: it is still there */

const MINUTE_MS = 60_000;

/** Represents one request to erase, wherever it is shown. */
export class Erasing {
  /** @type {State} */
  state;
  /** @type {(() => void)[]} */
  #watchers = [];
  #conversation;
  #memory;
  #gone;
  #until = "";

  /** @param {Conversation} conversation @param {Pick<import("../conversation/conversation-view.js").On, "memory" | "gone">} on */
  constructor(conversation, { memory, gone }) {
    this.#conversation = conversation;
    this.#memory = memory;
    this.#gone = gone;
    // An earlier page asked and got no reply.
    this.state = memory.state?.erasing ? "lost" : "none";
  }

  get busy() {
    return this.state === "asked" || this.state === "lost";
  }
  get remembered() {
    return this.#memory.state;
  }
  /** Returns what erasing does. After the end, the dates are on the card beside it. */
  get words() {
    if (this.#conversation.ended) return t("caller.erase.text.ended");
    return `${t("caller.erase.text")} ${this.remembered ? inCopies(this.remembered) : ""}`;
  }

  /** Returns whether the server has purged it already. */
  get #isGone() {
    const { code, error } = this.#conversation.stopped ?? {};
    return code === CLOSED.gone || error?.code === "not_found";
  }

  /** @param {() => void} act  after every change */
  watch(act) {
    this.#watchers.push(act);
  }

  async ask() {
    if (this.busy) return;
    if (this.#isGone) return this.#gone();
    if (this.#conversation.connection !== "open") return this.#become("offline");
    this.#become("asked");
    try {
      this.#gone(await this.#conversation.erase());
    } catch (error) {
      this.#become(error instanceof ErrorReply ? "failed" : "lost");
    }
  }

  forget() {
    if (!this.busy) this.#become("none");
  }

  /** Call it after a change. If a reconnect finds the conversation, it was not erased. */
  look() {
    const until = this.remembered?.hold?.until ?? "";
    if (until !== this.#until) {
      this.#until = until;
      for (const act of this.#watchers) act();
    }
    if (this.#conversation.connection !== "open") return;
    if (this.state === "lost") this.#become("failed");
    if (this.state === "offline") this.#become("none");
  }

  /** Stores the state before it is sent: a reload must know what was asked. @param {State} state */
  #become(state) {
    this.state = state;
    if (this.#memory.state) {
      this.#memory.state.erasing = this.busy ? (this.#memory.state.review ? "unsure" : "sure") : "";
      this.#memory.save();
    }
    for (const act of this.#watchers) act();
  }
}

/** @param {Erasing} erasing @param {(open: boolean) => void} [turned] */
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

/** Tells what the line holds longer than announced, and why. @param {Hold} hold */
export const heldInWords = ({ reason, until }) =>
  t("caller.held.until", { until: dayAndClock(until), why: t(`caller.held.${reason}`) });

/** Returns the hold, unless it ends before the deletion. @param {Pick<Remembered, "hold">} remembered @param {number} from */
export const holdAfter = ({ hold }, from) => (hold && Date.parse(hold.until) > from ? hold : null);

/** Tells what stays in copies. A line with a review key may have to hold it. @param {Remembered} remembered @param {number} [from] */
function inCopies(remembered, from = Date.now()) {
  const hold = holdAfter(remembered, from);
  return hold ? heldInWords(hold) : t(`caller.${remembered.review ? "unsure" : "gone"}.kept`);
}

/** @param {Pick<Conversation, "rows" | "people">} conversation @param {Remembered} remembered */
export function whenItGoes({ rows, people }, remembered) {
  if (!remembered.keeps) return "";
  const answered = rows.some(
    ({ kind, members }) =>
      kind === "granted" && members.some((member) => people.get(member)?.role !== "review"),
  );
  const seconds = answered ? remembered.keeps.answered : remembered.keeps.unanswered;
  const ended = Date.parse(rows.find(({ kind }) => kind === "ended")?.at ?? "");
  // rounded up: no earlier time is promised
  const here = Math.ceil((ended + seconds * 1000) / MINUTE_MS) * MINUTE_MS;
  const held = holdAfter(remembered, here) ? "held" : "kept";
  const words = seconds ? t(`caller.end.${held}`, { when: dayAndClock(here) }) : t(`caller.end.${held}.now`);
  return `${words} ${inCopies(remembered, here)}`;
}
