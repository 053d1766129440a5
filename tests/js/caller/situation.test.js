import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { isSlow } from "../../../frontend/caller/waiting/waiting.js";
import { use } from "../../../frontend/shared/text.js";
import { fakePage } from "../fakes/browser.js";

const CATALOGUE = new URL("../../../helpline/locale/nl/caller.json", import.meta.url);
use(JSON.parse(readFileSync(CATALOGUE, "utf8")), "nl");
fakePage();
Object.assign(document, { querySelector: () => null });
const { fitting, inWords } = await import("../../../frontend/caller/start/situation.js");

const QUESTIONS = [
  { asks: "Geld?", tips: [0, 1], danger: false },
  { asks: "Online?", tips: [1, 3], danger: false },
  { asks: "Gevaar?", tips: [], danger: true },
];

test("what fits any yes is shown, and everything where nothing was answered", () => {
  assert.deepEqual(fitting(QUESTIONS, [true, true], 5), { tips: new Set([0, 1, 3]), danger: false });
  assert.deepEqual(fitting(QUESTIONS, [], 5), { tips: null, danger: false });
});

test("without a yes, what leads from a no alone is not shown, unless nothing else were left", () => {
  assert.deepEqual(fitting(QUESTIONS, [false, undefined, false], 5).tips, new Set([1, 2, 3, 4]));
  assert.deepEqual(fitting(QUESTIONS, [false, false, false], 5).tips, new Set([2, 4]));
  assert.equal(fitting(QUESTIONS.slice(0, 1), [false], 2).tips, null);
});

test("a yes to danger shows whom to call, also where nothing else fits it", () => {
  assert.deepEqual(fitting(QUESTIONS, [undefined, undefined, true], 5), { tips: new Set(), danger: true });
});

test("only what was answered is told, a line each", () => {
  assert.equal(inWords(QUESTIONS, []), "");
  assert.equal(inWords(QUESTIONS, [true, undefined, false]), "Dit koos ik:\nGeld? Ja\nGevaar? Nee");
});

test("a letter is offered to whoever waits long or for nobody", () => {
  const queue = { ahead: 1, served: 0, closed: false, staffed: true, until: null, long: false };
  const minutes = (/** @type {[number, number] | null} */ range) => isSlow({ ...queue, minutes: range });
  assert.deepEqual([minutes(null), minutes([10, 20]), minutes([15, 25])], [false, false, true]);
  const nobody = { ...queue, minutes: null };
  for (const slow of [{ until: "2026-11-29T12:00:00Z" }, { staffed: false }, { long: true }])
    assert.ok(isSlow({ ...nobody, ...slow }));
});
