import assert from "node:assert/strict";
import test from "node:test";
import { lineName } from "../../../frontend/console/words.js";
import { Stage } from "../fakes/console-stage.js";

/** @typedef {import("../../../frontend/console/console.js").ConsoleApp} ConsoleApp */

/** Makes a console with one optional app. @param {ConsoleApp} app */
async function withApp(app) {
  const stage = await Stage.make((made) => {
    made.apps = [() => app];
  });
  return {
    stage,
    desk: /** @type {import("../../../frontend/console/console.js").Console} */ (stage.console),
  };
}

test("an optional app that has a caller of its own is asked before the queue", async () => {
  let taken = 0;
  const { stage, desk } = await withApp({ takeNext: async () => taken++ });
  await desk.next();
  assert.deepEqual([taken, stage.sentOf("next").length], [1, 0]);
});

test("where it has none the queue is asked", async () => {
  const { stage, desk } = await withApp({ takeNext: () => null });
  desk.duty = { state: "on", slots: 1 };
  desk.queues.set("helpwanted", /** @type {any} */ ({ here: 1 }));
  await desk.next();
  assert.equal(stage.sentOf("next").length, 1);
});

test("it names a line that nobody else knows, and is told of each greeting", async () => {
  let greeted = 0;
  const { desk } = await withApp({
    nameOf: (line) => (line === "practice-1" ? "Practice" : undefined),
    entered: () => greeted++,
  });
  assert.deepEqual([lineName(desk, "practice-1"), lineName(desk, "other")], ["Practice", "other"]);
  assert.equal(greeted, 1);
});
