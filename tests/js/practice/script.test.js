import assert from "node:assert/strict";
import test from "node:test";
import { Script } from "../../../frontend/practice/script.js";
import { World } from "../fakes/caller-world.js";
import { says } from "../fakes/page-languages.js";

const turn = (/** @type {string} */ nl, pause = 1, after = false) => ({
  says: says(nl, `${nl} in English`),
  pause,
  after_answer: after,
});

/** @param {ReturnType<typeof turn>[]} turns @param {string} [language] */
function play(turns, language = "nl") {
  const world = new World();
  /** @type {string[]} */
  const said = [];
  const staff = { answers: 0, typed: 0 };
  const script = new Script(turns, language, {
    say: (text) => said.push(text),
    type: () => staff.typed++,
    answers: () => staff.answers,
    after: world.after,
  });
  script.look();
  return { world, said, staff, script };
}

test("a turn comes after its pause, and one that waits for an answer only after one", async () => {
  const { world, said, staff, script } = play([turn("hoi", 2), turn("help", 3, true)]);
  await world.pass(1999);
  assert.deepEqual(said, []);
  await world.pass(1);
  assert.deepEqual([said, staff.typed], [["hoi"], 1]);
  await world.pass(60_000);
  assert.deepEqual(said, ["hoi"]);
  staff.answers = 1;
  script.look();
  await world.pass(3000);
  assert.deepEqual([said, script.over], [["hoi", "help"], true]);
});

test("turns that wait for nothing follow each other by themselves", async () => {
  const { world, said } = play([turn("hoi"), turn("ben je er?")]);
  await world.pass(2000);
  assert.deepEqual(said, ["hoi", "ben je er?"]);
});

test("what was answered while the caller still wrote is no answer to what they were writing", async () => {
  const { world, said, staff, script } = play([turn("hoi", 5), turn("en nu?", 1, true)]);
  staff.answers = 1;
  script.look();
  await world.pass(5000);
  script.look();
  await world.pass(10_000);
  assert.deepEqual(said, ["hoi"]);
  staff.answers = 2;
  script.look();
  await world.pass(1000);
  assert.deepEqual(said, ["hoi", "en nu?"]);
});

test("in English it speaks English, and once stopped it says nothing more", async () => {
  const { world, said, script } = play([turn("hoi"), turn("daar")], "en");
  await world.pass(1000);
  script.stop();
  await world.pass(9000);
  assert.deepEqual(said, ["hoi in English"]);
});
