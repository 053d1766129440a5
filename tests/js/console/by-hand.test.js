import assert from "node:assert/strict";
import test from "node:test";
import { ByHand } from "../../../frontend/console/figures/model/by-hand.js";
import { ErrorReply } from "../../../frontend/shared/socket.js";

function setUp() {
  /** @type {any[]} */
  const sent = [];
  /** @type {string[]} */
  const problems = [];
  const stage = { sent, problems, refuses: false };
  const byHand = new ByHand({
    request: /** @type {any} */ (
      async (/** @type {string} */ type, /** @type {object} */ fields) => {
        sent.push({ type, ...fields });
        if (stage.refuses)
          throw new ErrorReply(/** @type {any} */ ({ type: "error", code: "conflict", detail: "" }));
        return {};
      }
    ),
    changed: () => {},
    problem: (code) => problems.push(code),
  });
  return { ...stage, stage, byHand };
}

test("one tap counts, and the last one can be taken back once", async () => {
  const { byHand, sent } = setUp();
  await byHand.count("helpwanted", "telephone");
  assert.deepEqual(byHand.last, { line: "helpwanted", how: "telephone" });
  await byHand.undo();
  assert.equal(byHand.last, null);
  await byHand.undo();
  assert.deepEqual(
    sent.map(({ how, undo }) => [how, undo]),
    [
      ["telephone", false],
      ["telephone", true],
    ],
  );
});

test("the last one is taken back while another is on its way, and that one counts", async () => {
  const { byHand, sent } = setUp();
  await byHand.count("helpwanted", "telephone");
  await Promise.all([byHand.count("helpwanted", "mail"), byHand.undo()]);
  assert.deepEqual(
    sent.map(({ how, undo }) => [how, undo]),
    [
      ["telephone", false],
      ["mail", false],
      ["telephone", true],
    ],
  );
  assert.deepEqual(byHand.last, { line: "helpwanted", how: "mail" });
});

test("what could not be taken back still stands as counted", async () => {
  const { byHand, stage } = setUp();
  await byHand.count("helpwanted", "mail");
  stage.refuses = true;
  await byHand.undo();
  assert.deepEqual(byHand.last, { line: "helpwanted", how: "mail" });
});

test("what was refused is told and counted as nothing", async () => {
  const { byHand, problems, stage } = setUp();
  stage.refuses = true;
  await byHand.count("helpwanted", "mail");
  assert.deepEqual([byHand.last, problems, byHand.busy], [null, ["conflict"], false]);
});
