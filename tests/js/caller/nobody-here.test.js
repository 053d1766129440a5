import assert from "node:assert/strict";
import test from "node:test";
import { NobodyHere, whyNobody } from "../../../frontend/caller/conversation/nobody-here.js";
import { fakePage } from "../fakes/browser.js";

const CARLA = { alias: "Carla", here: true };
const TALK = {
  ...{ begun: true, ended: null, connection: "open", stalled: false, urgency: 0, letter: null },
  ...{ company: [CARLA], rows: [{ kind: "message", words: { text: "x" } }] },
};
const why = (/** @type {object} */ more) => whyNobody(/** @type {any} */ ({ ...TALK, ...more }));
const away = { company: [{ ...CARLA, here: false }] };

test("somebody who is here can answer, also while a colleague is away", () => {
  assert.equal(why({}), "");
  assert.equal(why({ company: [CARLA, ...away.company] }), "");
});

test("nobody can answer while the counsellor is away, or has gone, or without a connection", () => {
  assert.equal(why(away), "away");
  assert.equal(why({ company: [], rows: [...TALK.rows, { kind: "requeued" }] }), "waits");
  assert.equal(why({ connection: "waiting" }), "offline");
  assert.equal(why({ stalled: true }), "offline");
});

test("who waits for the first time reads the numbers on the card", () => {
  assert.equal(why({ company: [] }), "");
});

test("after the end nobody answers, whoever ended it and with or without a connection", () => {
  assert.equal(why({ ended: "counsellor" }), "ended");
  assert.equal(why({ ...away, ended: "silent", connection: "waiting" }), "ended");
  assert.equal(why({ ended: "unserious", letter: { queued: false } }), "ended");
});

test("before the beginning and at a letter nothing is said", () => {
  assert.equal(why({ ...away, begun: false }), "");
  assert.equal(why({ company: [], letter: { queued: false } }), "");
});

/** @param {object} talk */
function shown(talk) {
  fakePage();
  let now = 0;
  /** @type {[number, () => void][]} */
  let due = [];
  const nobody = new NobodyHere(
    /** @type {any} */ (talk),
    () => [/** @type {any} */ ("112")],
    () => now,
    (ms, act) => due.push([now + ms, act]),
  );
  const pass = (/** @type {number} */ ms) => {
    now += ms;
    const ripe = due.filter(([at]) => at <= now);
    due = due.filter(([at]) => at > now);
    for (const [, act] of ripe) act();
  };
  const element = /** @type {any} */ (nobody.element);
  const calls = () => (element.hidden ? null : element.children.at(-1).children);
  const lines = () => element.all("p").length;
  return { nobody, pass, calls, lines };
}

test("a counsellor who is back within seconds moves nothing on the page, and a longer absence shows 112", () => {
  const talk = { ...TALK, ...away };
  const { nobody, pass, calls } = shown(talk);
  nobody.look();
  pass(4_000);
  assert.equal(calls(), null);
  talk.company = [CARLA];
  nobody.look();
  pass(10_000);
  assert.equal(calls(), null);
  talk.company = away.company;
  nobody.look();
  pass(5_100);
  assert.deepEqual(calls(), ["112"]);
  talk.company = [CARLA];
  nobody.look();
  assert.equal(calls(), null);
});

test("who waits again sees them at once", () => {
  const { nobody, calls } = shown({ ...TALK, company: [], rows: [{ kind: "requeued" }] });
  nobody.look();
  assert.deepEqual(calls(), ["112"]);
});

test("who said that it is urgent sees them all the time, whoever is here", () => {
  const talk = { ...TALK, urgency: 2, begun: false };
  const { nobody, calls } = shown(talk);
  nobody.look();
  assert.equal(calls(), null);
  for (const now of [
    { begun: true },
    { company: [] },
    away,
    { company: [CARLA] },
    { connection: "waiting" },
  ]) {
    Object.assign(talk, now);
    nobody.look();
    assert.deepEqual(calls(), ["112"]);
  }
});

test("at the end they are there at once, for a caller who said nothing of danger, too", () => {
  const talk = { ...TALK };
  const { nobody, calls, lines } = shown(talk);
  nobody.look();
  assert.equal(calls(), null);
  Object.assign(talk, { ended: "counsellor", connection: "waiting" });
  nobody.look();
  assert.deepEqual(calls(), ["112"]);
  assert.equal(lines(), 1);
});

test("a connection that is away for a minute also says what becomes of the conversation", () => {
  const { nobody, pass, calls, lines } = shown({ ...TALK, connection: "waiting" });
  nobody.look();
  pass(5_100);
  assert.equal(lines(), 1);
  pass(55_000);
  assert.equal(lines(), 2);
  assert.deepEqual(calls(), ["112"]);
});
