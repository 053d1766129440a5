import assert from "node:assert/strict";
import test from "node:test";
import { FakeStorage } from "../fakes/browser.js";

/** Records what the page did, in order. @type {any[]} */
const done = [];
/** @type {Record<string, ((event: object) => void)[]>} */
const heard = {};
const storage = new FakeStorage();
const taken = storage.removeItem.bind(storage);
storage.removeItem = (name) => {
  done.push("forget");
  taken(name);
};

/** Plays an element that accepts every call. */
const element = () => {
  /** @type {any} */
  const made = { dataset: {}, append() {}, addEventListener() {}, setAttribute() {}, focus() {} };
  made.childNodes = [];
  made.replaceChildren = () => {};
  made.cloneNode = () => element();
  made.querySelector = () => null;
  made.classList = { add() {}, remove() {}, toggle() {} };
  made.content = { textContent: "{}" };
  return made;
};

/** Makes a browser in which an earlier page of this tab stored a conversation. */
function open() {
  const state = { conversation: "c1", token: "t1" };
  storage.setItem("tab", JSON.stringify(state));
  const root = Object.assign(element(), { lang: "nl" });
  root.dataset = { line: "helpwanted", neutral: "https://neutral.example/" };
  const body = Object.assign(element(), { replaceChildren: () => done.push("blank") });
  const page = { documentElement: root, body, visibilityState: "visible", title: "" };
  const finds = {
    querySelector: () => element(),
    querySelectorAll: () => [],
    getElementById: () => element(),
  };
  const makes = { createElement: element, createTextNode: String, addEventListener() {} };
  Object.assign(globalThis, {
    document: { ...page, ...finds, ...makes },
    sessionStorage: storage,
    location: { replace: (/** @type {string} */ to) => done.push(to), reload() {} },
    fetch: async (/** @type {string} */ url, /** @type {RequestInit} */ how) => done.push({ url, ...how }),
    addEventListener: (/** @type {string} */ name, /** @type {() => void} */ does) => {
      heard[name] = [...(heard[name] ?? []), does];
    },
    WebSocket: undefined,
    setInterval() {}, // otherwise the page would be watched for ever
  });
}

test("quick exit blanks the page and empties its tab before anything is sent, and then leaves", async () => {
  open();
  await import("../../../frontend/caller/caller.js");
  assert.equal(storage.length, 1);
  for (let times = 0; times < 3; times++)
    for (const hear of heard.keydown ?? []) hear({ key: "Shift", repeat: false });
  const [blank, forget, sent, left] = done;
  assert.deepEqual([blank, forget, left], ["blank", "forget", "https://neutral.example/"]);
  assert.equal(storage.length, 0);
  assert.deepEqual(JSON.parse(sent.body), { conversation: "c1", token: "t1" });
  assert.deepEqual(sent.headers, { "Content-Type": "application/json" });
  // A browser obeys `Clear-Site-Data` only where the request may have credentials.
  assert.deepEqual([sent.url, sent.keepalive, sent.credentials], ["/api/exit/", true, "same-origin"]);
});
