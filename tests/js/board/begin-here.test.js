import assert from "node:assert/strict";
import test from "node:test";
import { stateOf } from "../../../frontend/board/supervision/model/begin-here.js";
import { BoardStage } from "../fakes/board-stage.js";
import { until } from "../fakes/browser.js";
import { ok } from "../fakes/staff-server.js";

class Desk extends BoardStage {
  steps = [
    { what: "supervisors", lines: [], waits: /** @type {string[]} */ ([]) },
    { what: "signing", lines: ["helpwanted"], waits: ["helpwanted"] },
    { what: "numbers", lines: ["helpwanted"], waits: /** @type {string[]} */ ([]) },
  ];
  /** @type {any[]} */
  asked = [];

  static async make() {
    const desk = new Desk(await BoardStage.player());
    await desk.board.start();
    await until(() => desk.board.begin.steps.length === 3);
    return desk;
  }

  /** @param {any} frame */
  answer(frame) {
    this.asked.push(frame);
    if (frame.type === "beginning") return ok({ steps: this.steps });
    return super.answer(frame);
  }
}

test("the list counts what is done, stands open while callers would lack something, and is gone when all is done", async () => {
  const { board } = await Desk.make();
  assert.deepEqual([board.begin.done, board.begin.isUrgent, board.begin.isOver], [1, true, false]);
  assert.deepEqual(
    [board.begin.isOpen(false), board.begin.isOpen(true)],
    [true, false],
    "folded while somebody waits",
  );
  board.begin.steps = [{ what: "numbers", lines: ["helpwanted"], waits: [] }];
  assert.deepEqual([board.begin.isUrgent, board.begin.isOpen(false)], [false, false]);
  board.begin.unfolded = true;
  assert.equal(board.begin.isOpen(true), true, "as whoever looks left it");
  board.begin.steps = [{ what: "numbers", lines: [], waits: [] }];
  assert.equal(board.begin.isOver, true);
});

test("while the root has not signed each beat looks again, as a command on the server rings no bell", async () => {
  const desk = await Desk.make();
  const [supervisors, signing, numbers] = desk.steps;
  desk.steps = [supervisors, { ...signing, lines: [] }, numbers];
  desk.deliver({ type: "beat", at: "2026-11-25T12:00:20Z" });
  await until(() => desk.board.begin.waitsForRoot === false);
  const looks = () => desk.asked.filter(({ type }) => type === "beginning").length;
  const before = looks();
  desk.deliver({ type: "beat", at: "2026-11-25T12:00:40Z" });
  await desk.board.begin.readNumbers(["helpwanted"]);
  assert.equal(looks(), before + 1, "the action's own look, and none for the beat");
  assert.equal(desk.asked.find(({ type }) => type === "numbersread").line, "helpwanted");
});

test("a step waits for somebody where each line that lacks it does, and else is not done yet", () => {
  const step = { what: /** @type {const} */ ("signing"), lines: ["helpwanted", "stopitnow"] };
  assert.equal(stateOf({ ...step, waits: ["helpwanted"] }), "open");
  assert.equal(stateOf({ ...step, waits: ["helpwanted", "stopitnow"] }), "waits");
  assert.equal(stateOf({ ...step, lines: [], waits: [] }), "done");
});

test("a browser that would sign looks at each beat until a root says that it may", async () => {
  const desk = await Desk.make();
  desk.steps = [];
  await desk.board.refresh();
  const looks = () => desk.asked.filter(({ type }) => type === "signing").length;
  const beat = { type: "beat", at: "2026-11-25T12:00:20Z" };
  const before = looks();
  desk.deliver(beat);
  assert.equal(looks(), before, "no signer here, and nothing lacks");
  desk.board.certifying.holds = true;
  desk.deliver(beat);
  await until(() => looks() === before + 1);
  Object.assign(desk.board.certifying, { holds: true, told: { scopes: [{ mine: true }] } });
  assert.equal(desk.board.certifying.waitsForRoot, false);
});

test("what was read is told for each line that lacked it", async () => {
  const desk = await Desk.make();
  await desk.board.begin.readWords(["helpwanted"]);
  assert.deepEqual(
    desk.asked.filter(({ type }) => type === "wordsread").map(({ line }) => line),
    ["helpwanted"],
  );
});
