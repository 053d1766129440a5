import assert from "node:assert/strict";
import test from "node:test";
import { Stage } from "../fakes/console-stage.js";

const LOAD = { line: "helpwanted", talks: 0, heavy: 0, most_talks: null, most_heavy: null, wants: "" };

/** @param {{talks?: number, heavy?: number, most_talks?: number, most_heavy?: number}} load */
async function setUp(load = {}) {
  const stage = await Stage.make((made) => {
    made.loads = [{ ...LOAD, ...load }];
  });
  const desk = /** @type {import("../../../frontend/console/console.js").Console} */ (stage.console);
  const now = (/** @type {object} */ change) =>
    stage.deliver({ type: "care", loads: [{ ...LOAD, ...load, ...change }] });
  return { stage, desk, now };
}

test("without an agreement nothing is ever enough", async () => {
  const { desk, now } = await setUp();
  now({ talks: 99, heavy: 99 });
  assert.deepEqual(desk.care.enough, []);
});

test("at the agreed number it is said once, and after `I go on` again only with the next one", async () => {
  const { desk, now } = await setUp({ talks: 4, most_talks: 5 });
  assert.deepEqual(desk.care.enough, []);
  now({ talks: 5 });
  assert.equal(desk.care.enough.length, 1);
  desk.care.goOn(desk.care.loads[0]);
  now({ talks: 5, heavy: 1 });
  assert.deepEqual(desk.care.enough, []);
  now({ talks: 6 });
  assert.equal(desk.care.enough.length, 1);
});

test("what was enough yesterday is told again today", async () => {
  const { desk, now } = await setUp({ talks: 8, most_talks: 5 });
  desk.care.goOn(desk.care.loads[0]);
  now({ talks: 0 });
  now({ talks: 5 });
  assert.equal(desk.care.enough.length, 1);
});

test("a heavy evening is enough after fewer", async () => {
  const { desk } = await setUp({ talks: 2, heavy: 2, most_talks: 9, most_heavy: 2 });
  assert.equal(desk.care.enough.length, 1);
});

test("who wants to talk says so once, and reads that it is known", async () => {
  const { stage, desk } = await setUp();
  await desk.care.wantToTalk("helpwanted");
  assert.deepEqual(
    [stage.sentOf("debrief")[0].line, desk.care.of("helpwanted")?.wants],
    ["helpwanted", "asked"],
  );
});

test("the whole shift is asked to hand over, until somebody goes off duty or says not now", async () => {
  const { stage, desk } = await setUp();
  stage.deliver({ type: "handover", line: "helpwanted", by: "Floor" });
  assert.deepEqual([desk.asked.handover, stage.rings], ["Floor", 1]);
  desk.asked.stayOn();
  assert.equal(desk.asked.handover, "");
  stage.deliver({ type: "handover", line: "helpwanted", by: "Floor" });
  await desk.setDuty("off", 4);
  assert.equal(desk.asked.handover, "");
});
