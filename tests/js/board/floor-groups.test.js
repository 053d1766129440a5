import assert from "node:assert/strict";
import test from "node:test";
import { peopleByState, waitingByUrgency } from "../../../frontend/board/supervision/model/floor-groups.js";
import { BEHIND } from "../fakes/line-rows.js";

const NOON = Date.parse("2026-11-25T12:00:00Z");

/** @param {number} minutes @param {number} urgency */
const waits = (minutes, urgency = 0) => ({
  ...{
    conversation: `${minutes}`,
    since: new Date(NOON - 60_000 * minutes).toISOString(),
    urgency,
    locale: "nl",
  },
  ...{ here: true, away: null, why: /** @type {const} */ ("waited"), reason: "", boost: 0, minutes: null },
});

test("who waits is counted by urgency and age, and who is not listed is the rest", () => {
  const behind = {
    ...BEHIND,
    urgencies: [
      { urgency: 2, waiting: 2, away: 0, oldest: "2026-11-25T11:55:00Z" },
      { urgency: 0, waiting: 60, away: 3, oldest: "2026-11-25T11:00:00Z" },
    ],
    waiting: [waits(5, 2), waits(4.9, 2), waits(-1), waits(9), waits(10), waits(20), waits(60)],
  };
  const [acute, others] = waitingByUrgency(behind, NOON);
  assert.deepEqual(
    [acute.urgency, acute.all, acute.rest, acute.ages.map(({ n }) => n)],
    [2, 2, 0, [1, 1, 0, 0]],
  );
  assert.deepEqual(
    [others.all, others.away, others.rest, others.ages.map(({ n }) => n)],
    [60, 3, 55, [1, 1, 1, 2]],
  );
  assert.deepEqual(others.ages.map(({ from, to }) => [from, to]).at(-1), [20, null]);
});

test("people stand under what they can do, by name, and an empty state is left out", () => {
  const person = (
    /** @type {string} */ alias,
    /** @type {string} */ duty,
    /** @type {number} */ slots,
    talks = 0,
  ) => ({
    ...{ id: alias, alias, duty, slots, busy: talks },
    conversations: /** @type {any[]} */ (Array(talks).fill({})),
  });
  const found = peopleByState([
    ...[person("Daan", "on", 2, 1), person("Bo", "on", 2), person("Eva", "on", 1, 1)],
    ...[person("Fay", "break", 2, 1), person("Gé", "off", 0, 1), person("Aad", "on", 0, 1)],
  ]);
  assert.deepEqual(
    found.map(({ state, people }) => [state, people.map(({ alias }) => alias)]),
    [
      ["free", ["Bo", "Daan"]],
      ["full", ["Eva"]],
      ["last", ["Aad"]],
      ["break", ["Fay"]],
      ["off", ["Gé"]],
    ],
  );
  assert.deepEqual(peopleByState([]), []);
});
