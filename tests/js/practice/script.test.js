import assert from "node:assert/strict";
import test from "node:test";
import { Script } from "../../../frontend/practice/script.js";
import { World } from "../fakes/caller-world.js";
import { says } from "../fakes/page-languages.js";

const turn = (/** @type {string} */ nl, pause = 1, after = false, away = 0) => ({
  says: says(nl, `${nl} in English`),
  pause,
  after_answer: after,
  away,
});

/** @param {ReturnType<typeof turn>[]} turns @param {string} [language] @param {{next: number, heard: number}} [where] */
function play(turns, language = "nl", where) {
  const world = new World();
  /** @type {string[]} */
  const said = [];
  const staff = { answers: 0, typed: 0 };
  const stage = {
    say: (/** @type {string} */ text) => said.push(text),
    type: () => staff.typed++,
    answers: () => staff.answers,
    away: () => said.push("(away)"),
    back: () => said.push("(back)"),
    after: world.after,
  };
  const script = new Script(turns, language, stage, where);
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

test("who leaves and comes back says the next words once they are back", async () => {
  const { world, said } = play([turn("hoi"), turn("ben je er nog?", 2, false, 25)]);
  await world.pass(3000);
  assert.deepEqual(said, ["hoi", "(away)"]);
  await world.pass(24_000);
  assert.deepEqual(said, ["hoi", "(away)"]);
  await world.pass(1000);
  assert.deepEqual(said, ["hoi", "(away)", "(back)", "ben je er nog?"]);
});

test("after a reload it goes on where it was, and an answer of before counts once", async () => {
  const turns = [turn("hoi"), turn("help", 1, true), turn("dank", 1, true)];
  const { world, said, staff, script } = play(turns, "nl", { next: 1, heard: 1 });
  staff.answers = 1;
  script.look();
  await world.pass(60_000);
  assert.deepEqual(said, []);
  staff.answers = 2;
  script.look();
  await world.pass(1000);
  assert.deepEqual([said, script.where], [["help"], { next: 2, heard: 2 }]);
});
