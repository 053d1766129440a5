import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import {
  closingInWords,
  placeInWords,
  SIGN_MS,
  signOfLife,
  waitInWords,
} from "../../../frontend/caller/waiting/waiting.js";
import { use } from "../../../frontend/shared/text.js";

const texts = JSON.parse(
  readFileSync(new URL("../../../helpline/locale/nl/caller.json", import.meta.url), "utf8"),
);
use(texts, "nl");
const NOON = new Date(2026, 10, 28, 12, 0).getTime();
const queue = /** @type {const} */ ({
  ahead: 3,
  minutes: null,
  long: false,
  served: 0,
  closed: false,
  until: null,
  staffed: true,
});

for (const served of [0, 1, 12])
  test(`within thirty seconds whoever waits reads something new, with ${served} who had their turn`, () => {
    assert.ok(SIGN_MS <= 30_000);
    for (let round = 0; round < 9; round++) {
      const [told, next] = [round, round + 1].map((one) => signOfLife(one, served, NOON + one * SIGN_MS));
      assert.notEqual(told, next);
      assert.ok(!told.includes("caller."), "every sentence is there");
    }
  });

test("who came to their turn is told, and nobody where there was nobody", () => {
  const said = (/** @type {number} */ served) =>
    [0, 1, 2].map((round) => signOfLife(round, served, NOON)).join();
  assert.ok(said(0).includes("12:00"));
  assert.ok(said(4).includes("kwamen er 4 anderen aan de beurt"));
  assert.ok(!said(0).includes("aan de beurt"));
});

test("where nobody is on duty it is said, and nobody is said to be there", () => {
  assert.match(waitInWords({ ...queue, long: true, staffed: false }), /nog geen hulpverlener/);
  assert.match(signOfLife(0, 0, NOON, false), /Het is 12:00. Je staat nog in de rij/);
  assert.notEqual(signOfLife(0, 0, NOON, false), signOfLife(1, 0, NOON, false));
});

test("a wait that may pass an hour is said outright, also where no range can be given", () => {
  assert.match(waitInWords({ ...queue, long: true }), /langer dan een uur/);
  assert.match(waitInWords({ ...queue, minutes: [50, 75], long: true }), /langer dan een uur/);
  assert.equal(waitInWords(queue), texts["caller.waiting.unknown"]);
  assert.match(waitInWords({ ...queue, minutes: [5, 10] }), /5 tot 10 minuten/);
});

test("of a closed line whoever waits reads what will happen, and no turn where nobody is there", () => {
  const inWords = (
    /** @type {Partial<import("../../../frontend/caller/waiting/waiting.js").Queue>} */ how,
  ) => {
    const one = { ...queue, ...how };
    return [placeInWords(one), waitInWords(one), closingInWords(one)];
  };
  assert.equal(inWords({})[2], "");
  assert.match(inWords({ closed: true })[2], /dicht voor nieuwe mensen. Jij wordt nog geholpen/);
  const alone = inWords({ ahead: 0, closed: true, long: true, until: "2026-11-28T21:10:00Z" });
  assert.match(alone[0], /er is nu niemand/);
  assert.match(alone[1], /Komt er voor \d\d:10 niemand, dan stopt het wachten/);
  assert.doesNotMatch(alone.join(" "), /aan de beurt/);
});
