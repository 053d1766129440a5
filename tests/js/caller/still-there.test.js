import assert from "node:assert/strict";
import test from "node:test";
import { StillThere, silentSince } from "../../../frontend/caller/conversation/still-there.js";
import { FakeElement, fakePage } from "../fakes/browser.js";

const CARLA = { alias: "Carla" };
const said = (/** @type {string} */ by, at = "2026-11-25T12:00:00.000Z") => ({
  by,
  at,
  words: { text: "x" },
});
const isOwn = (/** @type {{by: string}} */ { by }) => by === "me";
const found = (/** @type {object} */ more) =>
  silentSince(
    /** @type {any} */ ({ rows: [said("me"), said("carla")], company: [CARLA], ended: null, isOwn, ...more }),
  );

test("an answer is waited for since somebody of the staff wrote last", () => {
  assert.equal(found({}), Date.parse("2026-11-25T12:00:00.000Z"));
});

test("nobody is asked who wrote last, who is alone, or whose conversation is over", () => {
  assert.equal(found({ rows: [said("carla"), said("me")] }), null);
  assert.equal(found({ rows: [] }), null);
  assert.equal(found({ company: [] }), null);
  assert.equal(found({ ended: "counsellor" }), null);
});

test("lines that tell what happened are no words", () => {
  const left = { by: "carla", at: "2026-11-25T12:09:00.000Z" };
  assert.equal(found({ rows: [said("carla"), left] }), Date.parse("2026-11-25T12:00:00.000Z"));
});

test("who gives a sign is left alone, and asked anew after as long a silence", () => {
  fakePage();
  const log = Object.assign(new FakeElement("ol"), { isConnected: true });
  let [now, asked] = [Date.parse("2026-11-25T12:00:00.000Z"), 0];
  const talk = { rows: [said("me"), said("carla")], company: [CARLA], ended: null, isOwn, type() {} };
  const on = { log, leave: () => {}, attract: () => asked++, now: () => now };
  const still = new StillThere(/** @type {any} */ (talk), /** @type {any} */ (on));
  now += 5 * 60_000;
  still.look();
  assert.equal(asked, 1);
  still.sign();
  assert.ok(log.children[0].gone);
  now += 5 * 60_000;
  still.look();
  assert.equal(asked, 2);
});

test("a yes that the server has not heard is said again, until it has", () => {
  fakePage();
  const log = Object.assign(new FakeElement("ol"), { isConnected: true });
  let [now, tries, heard] = [Date.parse("2026-11-25T12:05:00.000Z"), 0, false];
  const type = (/** @type {() => void} */ told) => {
    tries++;
    if (heard) told();
  };
  const talk = { rows: [said("me"), said("carla")], company: [CARLA], ended: null, isOwn, type };
  const on = { log, leave: () => {}, attract: () => {}, now: () => now };
  const still = new StillThere(/** @type {any} */ (talk), /** @type {any} */ (on));
  now += 5 * 60_000;
  still.look();
  log.children[0].all("button")[0].does.click();
  assert.equal(tries, 1);
  heard = true;
  still.look();
  still.look();
  assert.equal(tries, 2);
});

test("a phone whose clock is wrong asks as long after a message as one whose clock is right", () => {
  for (const wrong of [-20, 20]) {
    fakePage();
    const log = Object.assign(new FakeElement("ol"), { isConnected: true });
    let [now, asked] = [Date.parse("2026-11-25T12:00:00.000Z") + wrong * 60_000, 0];
    const talk = { rows: [said("carla")], company: [CARLA], ended: null, isOwn, type() {} };
    const on = { log, leave: () => {}, attract: () => asked++, now: () => now };
    const still = new StillThere(/** @type {any} */ (talk), /** @type {any} */ (on));
    still.look();
    now += 4 * 60_000;
    talk.rows.push(said("carla", "2026-11-25T12:04:00.000Z"));
    still.look();
    now += 4 * 60_000;
    still.look();
    assert.equal(asked, 0, `${wrong} minutes off`);
    now += 60_000;
    still.look();
    assert.equal(asked, 1, `${wrong} minutes off`);
  }
});
