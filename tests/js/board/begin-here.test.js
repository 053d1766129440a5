import assert from "node:assert/strict";
import test from "node:test";
import { BoardStage } from "../fakes/board-stage.js";
import { until } from "../fakes/browser.js";
import { ok } from "../fakes/staff-server.js";

class Desk extends BoardStage {
  steps = [
    { what: "supervisors", lines: [] },
    { what: "signing", lines: ["helpwanted"] },
    { what: "numbers", lines: ["helpwanted"] },
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
  board.begin.steps = [{ what: "numbers", lines: ["helpwanted"] }];
  assert.equal(board.begin.isUrgent, false);
  board.begin.steps = [{ what: "numbers", lines: [] }];
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
