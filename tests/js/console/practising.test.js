import assert from "node:assert/strict";
import test from "node:test";
import { error, ok, Stage } from "../fakes/console-stage.js";

const ON = { line: "practice-1", practice_for: "helpwanted", name: "Helpwanted", formal: false };

async function setUp() {
  const stage = await Stage.make((made) => {
    made.duty = { state: "off", slots: 1 };
  });
  const desk = /** @type {import("../../../frontend/console/console.js").Console} */ (stage.console);
  return { stage, desk };
}

test("who practises takes the made-up caller by the same key, and asks the queue for nobody", async () => {
  const { stage, desk } = await setUp();
  stage.answers.practise = () => ok({ practising: ON });
  await desk.practising.begin("helpwanted");
  assert.deepEqual([desk.practising.on, desk.problems], [ON, []]);
  stage.answers.takepractice = () => error("not_found");
  await desk.next();
  assert.deepEqual([desk.problems, stage.sentOf("next").length], [["takepractice_not_found"], 0]);
});

test("ready sentences are those of the line that is practised for", async () => {
  const { stage, desk } = await setUp();
  stage.answers.practise = () => ok({ practising: ON });
  await desk.practising.begin("helpwanted");
  stage.answers.practise = () => ok({ practising: null });
  await desk.practising.stop();
  assert.equal(desk.practising.on, null);
  assert.deepEqual(
    stage.sentOf("practise").map(({ line }) => line),
    ["helpwanted", null],
  );
});
