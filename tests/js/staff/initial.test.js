import assert from "node:assert/strict";
import test from "node:test";
import { toneOf } from "../../../frontend/staff/initial.js";

test("neighbours in the alphabet never have the same colour, across Z and AA too", () => {
  const initials = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA", "AB"];
  const tones = initials.map(toneOf);
  for (let at = 1; at < tones.length; at++) assert.notEqual(tones[at], tones[at - 1], initials[at]);
  assert.deepEqual(new Set(tones).size, 8);
});
