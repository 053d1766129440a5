// What happened in the last day, in sentences.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { factsOf, graveOf } from "../../../frontend/board/supervision/model/last-day.js";
import { use } from "../../../frontend/shared/text.js";

use(
  JSON.parse(readFileSync(new URL("../../../helpline/locale/nl/board.json", import.meta.url), "utf8")),
  "nl",
);

/** @type {("call" | "left" | "lost")[]} */
const KINDS = ["call", "left", "lost"];
const QUIET = {
  line: "helpwanted",
  came: 0,
  acute: 0,
  answered: 0,
  gave_up: 0,
  refused: 0,
  missed: 0,
  longest: 0,
  alone: 0,
};

test("on a day on which nobody came only that is said", () => {
  assert.equal(factsOf({ ...QUIET, grave: [] }).length, 1);
  assert.deepEqual(graveOf({ grave: [] }), []);
});

test("what went wrong for an acute caller is said with its time, each kind in its own words", () => {
  const at = new Date().toISOString();
  const said = graveOf({ grave: KINDS.map((kind) => ({ kind, at })) });
  assert.equal(new Set(said).size, 3);
  for (const sentence of said) assert.match(sentence, /\d\d:\d\d/);
});
