// Runs the caller's page. The server sends its first screen as HTML; the rest is fetched when it is needed.
import { coming, duration, el, fromPage, set, submitting, t, touches, use } from "../shared/text.js";
import { storage, TabMemory } from "./coming-back/tab-memory.js";
import { Leaving } from "./leaving/leaving.js";
import { button, heading, place, show, showNumbers, tellHours } from "./screens.js";

/** @typedef {{name: string, formal: boolean, phone: string, reason: string, retention_hours: number, unanswered_hours: number, review: boolean}} Texts */
/** @typedef {{cases: boolean, open: boolean, ended: boolean, opens: string | null, full: boolean, unspoken: string[], roots: string, letters: {due: string, until: string} | null, texts: Texts, edited: Record<string, import("./start/edited.js").Edited> | null, hours: import("./screens.js").Hours}} LineState */
/** @typedef {import("./conversation/talking.js").Talking} Talking */
/** @typedef {import("./conversation/talking.js").Begun} Begun */
/** @typedef {import("./start/situation.js").Ways} Ways */

const { line = "" } = document.documentElement.dataset;
const language = document.documentElement.lang;
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const start = [...main.childNodes];
const now = /** @type {HTMLElement | null} */ (main.querySelector("#now"));
const guide = main.querySelector("#guide");

const memory = new TabMemory(storage());
/** @type {Talking | null} */
let talking = null;
const leaving = new Leaving(memory, () => talking?.stop());
/** @type {LineState | null} */
let known = null;
let knownAt = 0;
/** @type {HTMLFormElement | null} */
let first = null;
let opening = false;

/** @param {LineState} state */
function showStart(state) {
  const { full, unspoken, letters, texts } = state;
  tellState({ ...state, open: true });
  if (unspoken.includes(language) && !full) {
    // It is below the first view, so that nothing moves under the finger.
    const call = el("a", { href: "tel:112" }, t("caller.referral.call", { phone: "112" }));
    first?.querySelector(".begin")?.before(el("p", {}, t("caller.start.wait"), " ", call));
  }
  set(of("kept"), kept(texts));
  of("review").hidden = !texts.review;
  /** @type {HTMLButtonElement} */ (of("begin")).disabled = false;
  if (begunLetter && !letters) {
    memory.keepDraft(begunLetter.text);
    begunLetter = undefined;
  }
  if (letters)
    first?.append(
      el(
        "p",
        {},
        button("caller.letter.rather", () => writeFrom("", isAcute(first)), "quiet"),
      ),
    );
  performance.mark?.("usable");
  whenIdle(fetchAhead);
}

const of = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** Says on the first screen whether somebody is there. @param {LineState} state */
function tellState({ open, full, unspoken }) {
  const state = full ? "full" : unspoken.includes(language) ? "nobody" : "open";
  set(of("state"), t(open ? `caller.start.${state}` : "caller.closed.title"));
  of("state").className = open && state === "open" ? state : "full";
}

/** Looks again on a page that was opened long ago. */
async function lookAgain() {
  if (leaving.gone || !known || document.visibilityState !== "visible" || Date.now() - knownAt < AGAIN_MS)
    return;
  const state = await look().catch(() => null);
  if (!state || talking || turned()) return;
  // By roots that are named since, nobody could be let in.
  if (state.roots !== (document.querySelector("[name=helpline-roots]")?.getAttribute("content") ?? ""))
    location.reload();
  tellState(state);
}

/** @param {() => void} act  Safari lacks requestIdleCallback */
const whenIdle = (act) =>
  "requestIdleCallback" in globalThis ? requestIdleCallback(act, { timeout: 5_000 }) : setTimeout(act, 1_000);

/** Fetches what will be needed soon. */
function fetchAhead() {
  if (isOffline()) return addEventListener("online", fetchAhead, { once: true });
  /** @type {Promise<unknown>[]} */
  const parts = [
    fetchTalking(),
    import("./conversation/fetched-later.js"),
    import("./waiting/earning.js"),
    import("./start/full-line.js"),
    fetchCheck(),
    import("../shared/sealing.js").then(({ hpke }) => hpke()),
    fetch(new URL("./waiting/solver.js", import.meta.url), { credentials: "omit" }),
  ];
  if (known?.cases) parts.push(import("./cases/evidence.js"));
  if (now?.querySelector("#notice")) parts.push(import("./start/notice.js"));
  for (const part of parts) part.catch(() => {});
}

/** @param {Texts} texts */
function kept({ retention_hours: after, unanswered_hours: alone }) {
  const say = (/** @type {string} */ key, /** @type {number} */ hours) =>
    t(`caller.promise.kept.${key}`, { time: duration("caller.time", hours) });
  const here = after ? say("after", after) : t("caller.promise.kept.now");
  const sooner = alone < after ? ` ${say("alone", alone)}` : "";
  return `${here}${sooner} ${t("caller.promise.kept.backups")} ${t("caller.promise.kept")}`;
}

/** Moves the inputs into a form: without this module nothing could be sent. */
function furnish() {
  const form = el("form", { class: "start usable", autocomplete: "off" }, ...start);
  first = form;
  form.addEventListener(
    "submit",
    submitting(() => begin(form)),
  );
  const acute = /** @type {HTMLElement} */ (form.querySelector("#acute"));
  acute.hidden = true;
  /** @type {HTMLButtonElement} */ (form.querySelector("#begin")).disabled = true; // until it is known to be open
  form.addEventListener("change", () => {
    // Showing it moves nothing under the finger: a second tap in the same place would call somebody.
    acute.hidden = !isAcute(form);
  });
  const code = /** @type {HTMLButtonElement} */ (form.querySelector("#code"));
  code.disabled = false;
  code.onclick = () => askCode();
  for (const sign of ["pointerdown", "focusin", "change"]) // the caller may act before the page is idle
    form.addEventListener(sign, () => fetchTalking().catch(() => {}), { once: true });
  return form;
}

/** Clears what was ticked and typed outside a conversation. */
function tidy() {
  fetchCheck().then(
    ({ dropCheck }) => dropCheck(),
    () => {},
  );
  for (const box of now?.querySelectorAll("input") ?? []) box.checked = false;
  now?.querySelector("#notice > div")?.replaceChildren();
  for (const one of [now, ...(now?.querySelectorAll("details") ?? [])]) one?.removeAttribute("open");
  first?.reset();
  begunLetter = undefined;
}

/** Fetches the form of a takedown request when somebody opens it. */
function offerNotice() {
  const notice = /** @type {HTMLDetailsElement | null} */ (now?.querySelector("#notice"));
  const place = el("div", {});
  notice?.append(place);
  notice?.addEventListener("toggle", async () => {
    if (place.childElementCount) return;
    const more = await import("./start/notice.js").catch(() => null);
    if (more && !place.childElementCount) more.furnishNotice(place);
  });
}

/** Opens the list of what can be done and read while nobody can talk. @param {Ways} [ways]  where answers given there can go */
function toDoNow(ways = {}) {
  now?.setAttribute("open", "");
  fetchCheck().then(
    ({ placeCheck }) => placeCheck(now, ways),
    () => {}, // without the check, the list shows everything
  );
  return [now, guide];
}

const fetchCheck = () => import("./start/situation.js");

/** Returns the offer to write a letter, or null if the line takes none now. @param {() => void} [begin]  begins it @returns {Promise<Node | null>} */
async function letter(begin = () => writeFrom("", isAcute(first))) {
  const state = await look().catch(() => known);
  const more = state?.letters && (await fetchLetter().catch(() => null));
  return more ? more.letterOffer(() => begin()) : null;
}

/** @param {HTMLFormElement | null} form */
const isAcute = (form) => form !== null && new FormData(form).get("urgency") === "2";

/** Begins a letter, or continues an unfinished one. @param {string} lines  its first lines @param {boolean} [danger]  whether the caller told of danger @param {import("./conversation/talking.js").InQueue} [queue]  if they wait in it */
const writeFrom = (lines, danger = false, queue) => {
  const { text, urgency } = begunLetter ?? { text: "", urgency: 0 };
  return write({ text: lines ? `${lines}\n\n${text}` : text, urgency: danger ? 2 : urgency }, "", queue);
};

/** Keeps an unfinished letter until the page closes. @type {import("./letters/letter.js").Written | undefined} */
let begunLetter;

const fetchLetter = () => import("./letters/letter.js");

/** @param {import("./letters/letter.js").Written} [written] @param {string} [failed]  why it could not be sent @param {import("./conversation/talking.js").InQueue} [queue] */
async function write(written = begunLetter, failed = "", queue) {
  const more = await fetchLetter().catch(() => null);
  if (leaving.gone) return;
  if (!more) return blocked(() => write(written, failed, queue));
  const { due = "", until = "" } = known?.letters ?? {};
  const on = {
    write: (/** @type {import("./letters/letter.js").Written} */ what) => {
      queue?.leave();
      begunLetter = undefined;
      open({ letter: what });
    },
    back: (/** @type {import("./letters/letter.js").Written} */ what) => {
      begunLetter = queue ? undefined : what;
      queue ? queue.back() : greet();
    },
  };
  more.showLetterScreen({ due, until, written, failed, queued: queue !== undefined }, on);
  fetchAhead(); // while there is a network; a letter sent without one waits for it
}

/** @param {Ways} [ways] */
const meanwhile = (ways) => [...toDoNow(ways), button("caller.code.have", () => askCode(), "quiet")];

/** @param {string | null} opens @param {string} [reason] @param {boolean} [acute] */
async function showClosed(opens, reason = "", acute = isAcute(first)) {
  const when = el("p", { role: "status" }, whenOpen(opens, reason));
  const below = button("caller.closed.below", () => lookBelow(), "quiet");
  const kept = memory.early && t("caller.full.kept");
  showNumbers("caller.closed.title", [reason, when, kept, below], ...meanwhile());
  const says = (/** @type {LineState} */ state) => whenOpen(state.opens, reason);
  import("./start/open-again.js").then(
    ({ follow }) => follow(when, { look, says, begin: greet }),
    () => {}, // without it the page stays as it is
  );
  const shown = main.querySelector(".card.help");
  const begin = (lines = "", danger = acute) => {
    const all = [memory.early, lines].filter(Boolean).join("\n\n");
    memory.keepDraft("");
    return writeFrom(all, danger);
  };
  const offer = await letter(begin);
  if (!offer || !shown?.isConnected) return;
  shown.after(offer);
  toDoNow({ letter: begin });
}

/** If no opening time is known, the supervisor's reason may give one. @param {string | null} opens @param {string} reason */
const whenOpen = (opens, reason) =>
  opens ? coming("caller.closed.opens", opens) : reason ? "" : t("caller.closed.unknown");

function showEnded() {
  showNumbers("caller.closed.ended.title", [t("caller.closed.ended")], ...meanwhile());
}

/** Scrolls below all numbers, to the letter and the list. */
function lookBelow() {
  const below = main.querySelector(".card.help")?.nextElementSibling;
  below?.scrollIntoView();
  /** @type {HTMLElement | null | undefined} */ (below?.querySelector("button, summary"))?.focus({
    preventScroll: true,
  });
}

/** Fetches why the line has closed. @param {string | null} opens @param {boolean} acute */
async function turnedAway(opens, acute) {
  const state = await look(SOON_MS).catch(() => null);
  if (leaving.gone) return;
  if (state?.ended) showEnded();
  else showClosed(opens, state?.texts.reason, acute);
}

const AGAIN_MS = 5 * 60_000;
const SOON_MS = 3_000; // for what a screen waits for

// If it were cached, the line's address would be on the disk.
/** @param {number} [most]  milliseconds to wait for it @returns {Promise<LineState>} */
async function look(most = 10 * SOON_MS) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), most);
  const how = /** @type {const} */ ({ credentials: "omit", cache: "no-store", signal: late.signal });
  const answer = await fetch(`/api/lines/${line}/`, how).finally(() => clearTimeout(timer));
  if (!answer.ok) throw new Error(`${answer.status}`);
  const state = /** @type {LineState} */ (await answer.json());
  await wear(state.edited?.[language]);
  tellHours(state.hours);
  known = state;
  knownAt = Date.now();
  return state;
}

/** @param {import("./start/edited.js").Edited | undefined} edited */
async function wear(edited) {
  if (!edited) return;
  const more = await import("./start/edited.js").catch(() => null); // without it the texts of the release stay
  more?.wear(edited, [document, ...start.filter((node) => node instanceof Element), ...(now ? [now] : [])]);
}

/** Returns whether a fast caller has opened another screen before the reply. */
const turned = () => leaving.gone || !document.getElementById("state");

/** Returns the state that a supervisor chose to look at: true for an open line. @returns {boolean | undefined} */
const lookedAt = () => {
  if (["#open", "#closed"].includes(location.hash)) return location.hash === "#open";
};

async function greet() {
  // The roots' file and the database name different lines, so no certificate can be checked.
  if (!line) return showNumbers("caller.unlisted.title", [t("caller.unlisted")], ...toDoNow());
  place(furnish()); // the first Tab still leads to the exit
  try {
    const state = await look();
    if (turned()) return;
    if (state.ended) return showEnded();
    (lookedAt() ?? state.open) ? showStart(state) : showClosed(state.opens, state.texts.reason);
  } catch {
    if (turned()) return;
    blocked(greet, ...toDoNow());
  }
}

/** @param {() => void} again @param {(Node | null)[]} more */
function blocked(again, ...more) {
  const told = [t("caller.numbers.try"), button("caller.trouble.again", again)];
  showNumbers("caller.numbers.blocked", told, ...more);
}

/** Tells whether to fetch no module: in Firefox and Safari, one that failed fails until the page reloads. */
const isOffline = () => globalThis.navigator?.onLine === false;

let fetched = false;
let tried = false;

async function fetchTalking() {
  if (!fetched && isOffline()) throw new Error("offline");
  tried = true;
  const module = await import("./conversation/talking.js");
  fetched = true;
  return module;
}

/** @param {HTMLFormElement} form */
function begin(form) {
  // Browsers allow sound only within a tap. If it is off at first, the switch makes its own context.
  const audio = globalThis.AudioContext && !touches() ? new AudioContext() : null;
  audio?.resume().catch(() => {});
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]);
  const { urgency = "0", ...told } = Object.fromEntries(fields.filter(([, value]) => value));
  form.reset();
  open({ urgency: /** @type {0 | 1 | 2} */ (Number(urgency)), told, audio });
}

/** @param {Begun} [begun] */
async function open(begun) {
  if (opening) return; // a second tap while the first one's modules load
  opening = true;
  try {
    const { Talking } = await fetchTalking();
    if (leaving.gone) return;
    talking ??= new Talking({
      line,
      language,
      memory,
      leaving,
      greet,
      now,
      closed: turnedAway,
      meanwhile,
      letter,
      write,
      writeFrom,
      askCode,
      tidy,
      facts: async () => known ?? look(),
    });
    await talking.open(begun);
  } catch {
    if (leaving.gone) return;
    if (begun?.letter) write(begun.letter, t(`caller.${isOffline() ? "code.offline" : "letter.not_now"}`));
    // Without a network a reload would show the browser's own page, without a number and without the exit.
    else blocked(() => (tried && !isOffline() ? location.reload() : open(begun)));
  } finally {
    opening = false;
  }
}

/** @param {string} [failed]  a code that failed */
async function askCode(failed = "") {
  const more = await import("./coming-back/return-code.js").catch(() => null);
  if (leaving.gone) return;
  if (more) return more.showCodeScreen(failed, { open: (code) => open({ code }), back: greet });
  blocked(() => askCode());
}

/** Asks who is there: somebody else may be looking. Until the answer the page shows no word, name or number. */
function ask() {
  const wipe = () => {
    leaving.wipeAway();
    show(heading(t("caller.back.wiped")), button("caller.back.new", greet, "quiet"));
  };
  show(
    heading(t("caller.back.title")),
    el("p", {}, t("caller.back.text")),
    el(
      "div",
      { class: "answers" },
      button("caller.back.on", goOn),
      button("caller.back.wipe", wipe, "second"),
    ),
  );
  document.body.classList.add("asking");
}

function goOn() {
  memory.trusts();
  open();
}

const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (
  globalThis.performance?.getEntriesByType?.("navigation") ?? []
);
use(fromPage(), language);
offerNotice();
addEventListener("online", () => talking?.wake());
addEventListener("offline", () => talking?.lose());
document.addEventListener("visibilitychange", () => {
  talking?.looked();
  lookAgain();
});
setInterval(lookAgain, AGAIN_MS / 5);
if (!globalThis.crypto?.subtle || !globalThis.WebSocket) {
  const why = t(`caller.numbers.${globalThis.isSecureContext ? "other" : "plain"}`);
  showNumbers("caller.numbers.browser", [why], ...toDoNow());
} else if (!memory.state) greet();
else if (memory.goesOn(navigation?.type)) goOn();
else ask();
memory.watches();
