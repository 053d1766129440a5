import assert from "node:assert/strict";
import test from "node:test";
import { apart, waysOf } from "../../../frontend/console/conversation/model/acute.js";
import { error, ok, Stage, until } from "../fakes/console-stage.js";

const STEP = {
  label: {},
  do: {},
  say: {},
  numbers: [],
};
const PLAIN = { calls_in: false, tells: false, outside: false };
const STEPS = [
  { ...STEP, ...PLAIN, code: "ask" },
  { ...STEP, ...PLAIN, code: "tell", tells: true },
  { ...STEP, ...PLAIN, code: "call", outside: true },
];

/** Makes a conversation in which Carla is in charge. */
async function setUp() {
  const stage = await Stage.make((made) => made.talk());
  const [talk] = stage.held;
  await until(() => stage.seat(talk).hindrance === "");
  stage.answers.lineprotocol = () => ok({ steps: STEPS, urgent: ["112", "113"] });
  return { stage, talk, seat: stage.seat(talk) };
}

const taken = (/** @type {string} */ step, how = "done") => ({
  step,
  how,
  at: "2026-11-26T21:04:00Z",
  by: "Carla",
});

test("a flag of acute brings the line's steps, asked for once", async () => {
  const { stage, talk, seat } = await setUp();
  stage.deliver({ type: "flagged", conversation: talk.id, risk: 1, known: false, steps: [] });
  assert.deepEqual([seat.acute.applies, stage.sentOf("lineprotocol").length], [false, 0]);
  for (const known of [false, true])
    stage.deliver({ type: "flagged", conversation: talk.id, risk: 2, known, steps: [] });
  await until(() => seat.acute.steps.length === 3);
  assert.deepEqual(
    stage.sentOf("lineprotocol").map(({ line }) => line),
    ["helpwanted"],
  );
});

test("steps that could not be fetched for a moment are fetched again by themselves", async () => {
  const { stage, talk, seat } = await setUp();
  const { lineprotocol } = stage.answers;
  stage.answers.lineprotocol = () => error("try_again");
  stage.deliver({ type: "flagged", conversation: talk.id, risk: 2, known: false, steps: [] });
  await until(() => stage.waitsFor(3000));
  stage.answers.lineprotocol = lineprotocol;
  stage.pass(3000);
  await until(() => seat.acute.steps.length === 3);
});

test("what is acute is so no longer only after a second press, and what is not is flagged at once", async () => {
  const { stage, talk, seat } = await setUp();
  const sent = () => stage.sentOf("flag").map(({ risk }) => risk);
  seat.flag(1);
  seat.flag(2);
  assert.deepEqual(sent(), [1, 2]);
  stage.deliver({ type: "flagged", conversation: talk.id, risk: 2, known: false, steps: [] });
  seat.flag(0);
  assert.deepEqual([sent(), seat.asked.what], [[1, 2], "flag.0"]);
  stage.pass(500);
  seat.flag(1);
  assert.deepEqual([sent(), seat.asked.what], [[1, 2], "flag.1"], "another choice asks anew");
  stage.pass(500);
  seat.asked.again();
  assert.deepEqual(sent(), [1, 2, 1]);
});

test("nobody is called before the caller was told, or it is on record why not", async () => {
  const { stage, talk, seat } = await setUp();
  stage.deliver({ type: "flagged", conversation: talk.id, risk: 2, known: false, steps: [] });
  await until(() => seat.acute.steps.length === 3);
  const [, tell, call] = seat.acute.steps;
  assert.deepEqual(
    [seat.acute.hindrance(call, "done"), seat.acute.hindrance(call, "not_needed")],
    ["tell_first", ""],
  );
  seat.acute.take(call, "done");
  assert.equal(stage.sentOf("step").length, 0);
  await seat.acute.take(tell, "danger");
  const steps = [taken("tell", "danger")];
  stage.deliver({ type: "flagged", conversation: talk.id, risk: 2, known: false, steps });
  await seat.acute.take(call, "done");
  assert.deepEqual(
    stage.sentOf("step").map(({ step, how }) => `${step} ${how}`),
    ["tell danger", "call done"],
  );
});

test("the step that was recorded makes way for the next open one, and another one's record does not", async () => {
  const { stage, talk, seat } = await setUp();
  const hear = (/** @type {any[]} */ ...steps) =>
    stage.deliver({ type: "flagged", conversation: talk.id, risk: 2, known: false, steps });
  hear();
  await until(() => seat.acute.steps.length === 3);
  const shown = () => seat.acute.current?.code ?? "";
  assert.equal(shown(), "ask");
  hear(taken("tell")); // by a colleague
  assert.equal(shown(), "ask");
  hear(taken("tell"), taken("ask"));
  assert.equal(shown(), "call");
  seat.acute.choose("tell");
  assert.equal(shown(), "tell");
  hear(taken("ask"), taken("tell", "danger"));
  assert.equal(shown(), "call", "a change counts as well");
  hear(taken("ask"), taken("tell", "danger"), taken("call"));
  assert.equal(shown(), "");
});

test("that the caller is gone is put on record of nobody who is still here", async () => {
  const { stage, talk, seat } = await setUp();
  stage.deliver({ type: "flagged", conversation: talk.id, risk: 2, known: false, steps: [] });
  await until(() => seat.acute.steps.length === 3);
  const [, tell] = seat.acute.steps;
  const here = (/** @type {boolean} */ is) =>
    stage.deliver({ type: "presence", conversation: talk.id, member: talk.caller, here: is, code: false });
  here(true);
  await until(() => seat.log.callerHere);
  assert.equal(seat.acute.hindrance(tell, "caller_gone"), "caller_here");
  await seat.acute.take(tell, "caller_gone");
  assert.equal(stage.sentOf("step").length, 0);
  here(false);
  await until(() => !seat.log.callerHere);
  await seat.acute.take(tell, "caller_gone");
  assert.equal(stage.sentOf("step").length, 1);
});

test("a step is sent once however often it is pressed", async () => {
  const { stage, talk, seat } = await setUp();
  stage.deliver({ type: "flagged", conversation: talk.id, risk: 2, known: false, steps: [] });
  await until(() => seat.acute.steps.length === 3);
  const [ask] = seat.acute.steps;
  await Promise.all([seat.acute.take(ask, "done"), seat.acute.take(ask, "done")]);
  assert.equal(stage.sentOf("step").length, 1);
});

test("telling is never `not needed`, and another step has no excuse of its own", () => {
  assert.deepEqual(
    STEPS.map((step) => waysOf(step)),
    [
      ["done", "not_needed"],
      ["done", "caller_gone", "danger"],
      ["done", "not_needed"],
    ],
  );
});

test("once a step was taken the steps stay beside the conversation, also when the worry is less", async () => {
  const { stage, talk, seat } = await setUp();
  stage.deliver({ type: "flagged", conversation: talk.id, risk: 1, known: false, steps: [taken("ask")] });
  assert.equal(seat.acute.applies, true);
});

test("an acute conversation is closed after a question only, and no time passes over it", async () => {
  const { stage, seat } = await setUp();
  stage.deliver({ type: "flagged", conversation: seat.id, risk: 2, known: false, steps: [] });
  await until(() => seat.acute.open.length === STEPS.length);
  seat.close();
  stage.pass(20_000);
  assert.deepEqual([seat.closing.asked, seat.closing.at, stage.sentOf("close").length], [true, 0, 0]);
  seat.closing.undo();
  assert.equal(seat.closing.asked, false);
  seat.close();
  seat.closing.confirm();
  assert.equal(stage.sentOf("close").length, 1);
});

test("words of a step stand apart from what was typed, with one empty line", () => {
  assert.equal(apart("", "Zeg dit", ""), "Zeg dit");
  assert.equal(apart("ik ben er", "Zeg dit", ""), "\n\nZeg dit");
  assert.equal(apart("ik ben er\n", "Zeg dit", "\nnog"), "\nZeg dit\n");
});
