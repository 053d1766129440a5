// The caller's page: which screen is shown, how a conversation begins, and how to be gone at once. Over 300 lines in one
// module, because each module of the first load is a request.
import { CLOSED } from "../shared/socket.js";
import { AGES, choice, dayAndClock, duration, el, fromPage, submitting, t, use } from "../shared/text.js";
import { Conversation } from "./conversation.js";
import { ConversationView } from "./conversation-view.js";
import { TabMemory } from "./tab-memory.js";

/** @typedef {{name: string, formal: boolean, phone: string, reason: string, retention_hours: number, unanswered_hours: number, backup_hours: number, review: boolean}} Texts */
/** @typedef {{open: boolean, opens: string | null, texts: Texts, services: import("./referral.js").Service[]}} LineState */

const { line = "", formal, neutral = "about:blank" } = document.documentElement.dataset;
const language = document.documentElement.lang;
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const SHIFTS = { times: 3, within: 5000 };

const memory = new TabMemory(storage());
/** @type {Conversation | null} */
let conversation = null;
/** @type {ConversationView | null} */
let view = null;
let gone = false;
/** @type {LineState | null} */
let known = null;

function storage() {
  try {
    return sessionStorage;
  } catch {
    return null; // blocked by the browser's settings
  }
}

// Quick exit

/** Blank first, then forgotten, then elsewhere: each step works where the next one fails. */
function exit() {
  const { conversation: id, token } = memory.state ?? {};
  wipe();
  memory.forget();
  conversation?.stop();
  if (id) {
    const body = JSON.stringify({ conversation: id, token });
    const headers = { "Content-Type": "application/json" };
    // Not `omit`: from an answer without credentials a browser takes no order to empty its cache.
    const credentials = "same-origin";
    fetch("/api/exit/", { method: "POST", keepalive: true, credentials, headers, body }).catch(() => {});
  }
  // Not by href: from there Back would return here.
  location.replace(neutral);
}

function wipe() {
  gone = true;
  document.documentElement.classList.add("blank");
  document.body.replaceChildren();
}

/** Shift alone, three times: no browser and no screen reader uses it. */
function watchShift() {
  /** @type {number[]} */
  let times = [];
  const dots = document.querySelector("#exit-progress");
  const show = () => dots?.replaceChildren("•".repeat(times.length));
  addEventListener("keydown", (event) => {
    if (event.repeat) return;
    const now = Date.now();
    times = event.key === "Shift" ? [...times.filter((at) => now - at < SHIFTS.within), now] : [];
    show();
    if (times.length >= SHIFTS.times) exit();
  });
}

function watchPage() {
  for (const button of document.querySelectorAll("[data-exit]"))
    button.addEventListener("click", (event) => {
      event.preventDefault();
      exit();
    });
  watchShift();
  addEventListener("pagehide", wipe);
  addEventListener("pageshow", ({ persisted }) => {
    // Back from elsewhere: with nothing kept, there is nothing to come back to.
    if (persisted) memory.state ? location.reload() : location.replace(neutral);
  });
  addEventListener("online", () => conversation?.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") conversation?.wake();
    view?.render();
  });
}

// Screens

/** @param {(Node | string | null | false)[]} parts */
function show(...parts) {
  if (gone) return;
  view = null;
  document.body.classList.remove("talking");
  main.replaceChildren(...parts.filter((part) => part !== null && part !== false));
  main.querySelector("h1")?.focus();
}

/** @param {string} text */
const heading = (text) => el("h1", { tabindex: "-1" }, text);
/** @param {string} key @param {EventListener} onclick @param {string} [look] */
const button = (key, onclick, look = "primary") =>
  el("button", { type: "button", class: look, onclick }, t(key));

/** Nothing was sent; the phone numbers stand below on the same page. @param {string} title @param {string[]} lines */
function showNumbers(title, ...lines) {
  const told = [...lines, t("caller.numbers.below")].filter(Boolean);
  show(heading(t(title)), ...told.map((line) => el("p", {}, line)));
}

/** @param {string | null | undefined} opens @param {string} reason */
function showClosed(opens, reason = "") {
  const when = opens ? t("caller.closed.opens", { when: dayAndClock(opens) }) : t("caller.closed.unknown");
  showNumbers("caller.closed.title", reason, when);
}

/** @param {LineState} state */
function showStart({ texts }) {
  /** @type {HTMLFormElement} */
  const form = el(
    "form",
    { class: "start", onsubmit: submitting(() => begin(form)) },
    el("p", { class: "open" }, t("caller.start.open")),
    el("p", { class: "lead" }, t("caller.start.who", { name: texts.name })),
    promises(texts),
    urgency(),
    intake(),
    el("p", { class: "small" }, t("caller.start.pause")),
    el("div", { class: "begin" }, el("button", { class: "primary wide" }, t("caller.start.button"))),
  );
  show(heading(t("caller.start.title", { name: texts.name })), form);
}

/** What happens here, before the first word. @param {Texts} texts */
function promises(texts) {
  const points = (/** @type {string[]} */ ...keys) => el("ul", { class: "promises" }, ...keys.map(point));
  const point = (/** @type {string} */ key) => {
    const text = key === "kept" ? kept(texts) : t(`caller.promise.${key}`);
    return el("li", {}, el("b", {}, t(`caller.promise.${key}.title`)), ` ${text}`);
  };
  const review = texts.review ? ["review"] : [];
  const more = el("summary", {}, t("caller.more.title"));
  return el(
    "div",
    {},
    points("anonymous", "readers", ...review, "kept", "limit"),
    el("details", {}, more, points("device", "exit", "pictures")),
  );
}

/** Both dates: here, and in backups. @param {Texts} texts */
function kept({ retention_hours: after, unanswered_hours: alone, backup_hours: backups }) {
  const say = (/** @type {string} */ key, /** @type {number} */ hours) =>
    t(`caller.promise.kept.${key}`, { time: duration("caller.time", hours) });
  const here = after ? say("after", after) : t("caller.promise.kept.now");
  const sooner = alone < after ? ` ${say("alone", alone)}` : "";
  return `${here}${sooner} ${say("backups", backups)} ${t("caller.promise.kept")}`;
}

function urgency() {
  const labels = ["calm", "soon", "acute"].map((level) => t(`caller.urgency.${level}`));
  return el(
    "fieldset",
    {},
    el("legend", {}, t("caller.urgency.title")),
    ...labels.map((label, value) => choice("urgency", String(value), label, value === 0)),
    el("p", { class: "small acute-only" }, t("caller.urgency.danger")),
  );
}

function intake() {
  /** @param {string} name @param {string} most */
  const field = (name, most) =>
    el(
      "label",
      { class: "field" },
      t(`caller.intake.${name}`),
      el("input", { name, maxlength: most, autocomplete: "off" }),
    );
  const whom = ["me", "other"].map((value) => choice("for", value, t(`caller.intake.for.${value}`)));
  const ages = AGES.map((value, index) => choice("age", value, t(`caller.intake.age.${index}`)));
  return el(
    "details",
    { class: "intake" },
    el("summary", {}, t("caller.intake.title")),
    el("p", { class: "small" }, t("caller.intake.lead")),
    el("fieldset", {}, el("legend", {}, t("caller.intake.for")), el("div", { class: "row" }, ...whom)),
    el("fieldset", {}, el("legend", {}, t("caller.intake.age")), el("div", { class: "row" }, ...ages)),
    field("topic", "120"),
    field("nickname", "40"),
  );
}

// Talking

/** @param {HTMLFormElement} form */
function begin(form) {
  const fields = Object.fromEntries(
    [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]),
  );
  const { urgency: asked = "0", ...rest } = fields;
  const told = Object.fromEntries(Object.entries(rest).filter(([, value]) => value));
  openConversation(/** @type {0 | 1 | 2} */ (Number(asked)));
  view?.scroll.focus({ preventScroll: true });
  if (Object.keys(told).length) conversation?.outbox.add("intake", told);
}

/** @param {0 | 1 | 2} [urgency] */
function openConversation(urgency = 0) {
  const url = `${location.protocol.replace("http", "ws")}//${location.host}/ws/caller/`;
  conversation = new Conversation({
    url,
    memory,
    line,
    locale: language === "en" ? "en" : "nl",
    urgency,
    changed,
  });
  view = new ConversationView(conversation, {
    again,
    leave: exit,
    facts: async () => known ?? look(),
    memory,
    gone: showGone,
  });
  main.replaceChildren(view.element);
  conversation.start();
}

function changed() {
  if (gone || !conversation) return;
  if (conversation.stopped && !view?.shows(conversation.stopped)) return stopped(conversation.stopped);
  // Until the line has answered, the phone numbers stay in sight.
  document.body.classList.toggle("talking", conversation.begun);
  view?.render();
}

/** It will not come back by itself. @param {import("../shared/socket.js").Stop} why */
function stopped({ code, error }) {
  if (error?.code === "line_closed") return showClosed(/** @type {string | null} */ (error.frame.opens));
  if (error?.code === "line_full") return showNumbers("caller.numbers.full", t("caller.numbers.later"));
  if (code === CLOSED.gone || error?.code === "not_found") return showGone();
  const why = code === CLOSED.taken_over ? "elsewhere" : "trouble";
  show(
    heading(t(`caller.${why}.title`)),
    el("p", {}, t(`caller.${why}.text`)),
    button(`caller.${why}.again`, () => openConversation()),
  );
}

/** Nothing of it stays here. @param {boolean | null} [held]  for the line; null: nobody told */
function showGone(held = null) {
  const { erasing, review, keeps } = memory.state ?? {};
  const unsure = held === null && review ? "unsure" : ""; // without a review key there is no hold
  const how = held ? "held" : erasing ? unsure || "erased" : "gone";
  const backups = (held ? "held" : unsure) || "gone";
  conversation?.stop();
  conversation = null;
  memory.forget();
  show(
    heading(t(`caller.${how}.title`)),
    el("p", {}, t(`caller.${how}.text`)),
    keeps ? el("p", {}, t(`caller.${backups}.backups`, { when: dayAndClock(keeps.backups) })) : "",
    el("p", {}, t("caller.gone.device")),
    el("p", {}, button("caller.end.close", exit), " ", button("caller.again", again, "quiet")),
  );
}

/** A new conversation, with nothing of the last one left. */
function again() {
  conversation?.stop();
  conversation = null;
  memory.forget();
  greet();
}

/** @returns {Promise<LineState>} */
async function look() {
  const answer = await fetch(`/api/lines/${line}/`, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  known = await answer.json();
  return /** @type {LineState} */ (known);
}

async function greet() {
  try {
    const state = await look();
    state.open ? showStart(state) : showClosed(state.opens, state.texts.reason);
  } catch {
    showNumbers("caller.numbers.blocked", t("caller.numbers.try"));
    main.append(button("caller.trouble.again", greet));
  }
}

watchPage();
use(fromPage(), language, formal === "true");
if (!globalThis.crypto?.subtle || !globalThis.WebSocket)
  showNumbers("caller.numbers.browser", t("caller.numbers.other"));
else if (memory.state && memory.state.line !== line) location.replace(`/${language}/${memory.state.line}/`);
else if (memory.state) openConversation();
else greet();
