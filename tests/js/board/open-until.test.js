import assert from "node:assert/strict";
import test from "node:test";
import { nextAt, usualEnd } from "../../../frontend/board/lines/model/open-until.js";

const at = (/** @type {string} */ time, day = 25) => new Date(`2026-11-${day}T${time}:00`);
const iso = (/** @type {string} */ time, day = 25) => at(time, day).toISOString();
const NOW = at("20:05").getTime();
const BEHIND = { steered_until: null, changes: null };

test("the form suggests when the hours close the line, and outside them two hours, but not past their opening", () => {
  assert.equal(usualEnd({ ...BEHIND, changes: iso("22:00") }, true, NOW), "22:00");
  assert.equal(usualEnd({ ...BEHIND, changes: iso("14:00", 26) }, false, NOW), "22:15");
  assert.equal(usualEnd({ ...BEHIND, changes: iso("21:00") }, false, NOW), "21:00");
  assert.equal(usualEnd(BEHIND, true, NOW), "22:15", "day and night");
  assert.equal(usualEnd({ ...BEHIND, steered_until: iso("23:30") }, true, NOW), "23:30");
});

test("a time that has passed today is tomorrow's", () => {
  assert.equal(nextAt("23:00", NOW), iso("23:00"));
  assert.equal(nextAt("01:00", NOW), iso("01:00", 26));
  assert.equal(nextAt("20:05", NOW), iso("20:05", 26));
  assert.equal(nextAt("", NOW), null);
});

test("in the night in which the clock goes back, it is the next of both hours, and never more than a day ahead", () => {
  const zone = process.env.TZ;
  process.env.TZ = "Europe/Amsterdam";
  const second = Date.parse("2026-10-25T01:30:00Z"); // 02:30 for the second time
  assert.equal(nextAt("02:45", second), "2026-10-25T01:45:00.000Z");
  const first = Date.parse("2026-10-25T00:50:00Z"); // 02:50 for the first time
  assert.equal(nextAt("02:45", first), "2026-10-25T01:45:00.000Z");
  const before = Date.parse("2026-10-24T18:00:00Z");
  assert.equal(nextAt("19:50", before), "2026-10-25T18:00:00.000Z");
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});
