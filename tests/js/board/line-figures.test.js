import assert from "node:assert/strict";
import test from "node:test";
import {
  behindTogether,
  busiest,
  isPressed,
  occupancy,
  quarters,
  together,
  tone,
  within,
} from "../../../frontend/board/supervision/model/line-figures.js";
import { stopwatch } from "../../../frontend/staff/durations.js";
import { BEHIND, SUMS } from "../fakes/line-rows.js";

test("shares are of those answered and of the slots, and nothing is said before there is any", () => {
  assert.deepEqual([within(SUMS), occupancy(SUMS)], [75, 75]);
  assert.deepEqual(
    [within({ ...SUMS, answered: 0 }), occupancy({ ...SUMS, slots: 0, free: 0 })],
    [null, null],
  );
});

test("lines together add up, wait since the first, and are open while one is", () => {
  const other = {
    ...SUMS,
    state: /** @type {const} */ ("closed"),
    waiting: 1,
    oldest: "2026-11-25T11:40:00Z",
  };
  const sum = together([SUMS, other]);
  assert.deepEqual([sum.waiting, sum.oldest, sum.state, sum.answered], [4, other.oldest, "open", 80]);
  assert.equal(together([{ ...SUMS, oldest: null }]).oldest, null);
  const behind = behindTogether([BEHIND, { ...BEHIND, alerts: ["urgent"] }]);
  assert.deepEqual(behind, { ringing: 2, flagged: 4, inside: 16, foretold: 20, alerts: ["urgent"] });
});

test("letters of lines together add up, and the smallest promise is that of all", () => {
  const letters = { line: "stop", new: 2, acute: 1, taken: 3, overdue: 1, due: "2026-11-25T11:40:00Z" };
  const quiet = { ...letters, due: null };
  const sum = together([
    { ...SUMS, letters: quiet },
    { ...SUMS, letters },
  ]).letters;
  assert.deepEqual(sum, { line: "", new: 4, acute: 2, taken: 6, overdue: 2, due: letters.due });
  assert.equal(together([{ ...SUMS, letters: quiet }]).letters.due, null);
});

test("lines together are as pressed as the hardest pressed of them, and a quiet day has nothing to say", () => {
  const pressed = { level: /** @type {const} */ (2), asked: 9, earned: 4, refused: 1 };
  const sum = together([
    { ...SUMS, away: 1, pressure: { ...pressed, level: 1 } },
    { ...SUMS, away: 2, oldest_here: "2026-11-25T11:45:00Z", pressure: pressed },
  ]);
  assert.deepEqual(sum.pressure, { level: 2, asked: 18, earned: 8, refused: 2 });
  assert.deepEqual([sum.away, sum.oldest_here], [3, "2026-11-25T11:45:00Z"]);
  assert.ok(!isPressed(SUMS.pressure));
  for (const one of [{ level: /** @type {const} */ (1) }, { asked: 1 }, { earned: 1 }, { refused: 1 }])
    assert.ok(isPressed({ ...SUMS.pressure, ...one }));
});

test("lengths of time are read at a glance, and silence turns amber and red", () => {
  assert.deepEqual(
    [stopwatch(-1), stopwatch(59_999), stopwatch(754_000), stopwatch(3_754_000)],
    ["0:00", "0:59", "12:34", "1:02:34"],
  );
  assert.deepEqual([tone(299_999), tone(300_000), tone(600_000)], ["", "amber", "red"]);
});

test("a day's table has the most of each quarter, newest first", () => {
  const points = [
    { at: "2026-11-25T12:00:00Z", waiting: 1, active: 5, on: 2, longest: 10 },
    { at: "2026-11-25T12:14:59Z", waiting: 4, active: 3, on: 2, longest: 90 },
    { at: "2026-11-25T12:15:00Z", waiting: 0, active: 1, on: 1, longest: 0 },
  ];
  assert.deepEqual(quarters(points), [
    { at: "2026-11-25T12:15:00.000Z", waiting: 0, active: 1, on: 1, longest: 0 },
    { at: "2026-11-25T12:00:00.000Z", waiting: 4, active: 5, on: 2, longest: 90 },
  ]);
  assert.equal(busiest(points)?.at, points[1].at);
  assert.equal(busiest([]), null);
});

test("somebody who works on two lines is counted once in the sums of both", () => {
  const carla = { id: "c", alias: "Carla", duty: "on", slots: 2, conversations: [] };
  const daan = { ...carla, id: "d", alias: "Daan", duty: "break", slots: 1 };
  const talk = /** @type {any} */ ({ conversation: "one" });
  const lines = [SUMS, { ...SUMS, line: "nightletter" }];
  const both = [
    { ...BEHIND, people: [{ ...carla, conversations: [talk] }, daan] },
    { ...BEHIND, line: "nightletter", people: [carla] },
  ];
  const { on, break: rest, slots, free } = together(lines, /** @type {any} */ (both));
  assert.deepEqual([on, rest, slots, free], [1, 1, 2, 1]);
  assert.equal(together(lines).on, 2 * SUMS.on, "who they are is not known yet");
});
