import assert from "node:assert/strict";
import test from "node:test";
import "../fakes/page-languages.js";
import { Checklists } from "../../../frontend/practice/console/checklists.js";
import { Practised } from "../../../frontend/practice/console/practised.js";
import { ALLOWED, FakeStorage, ok, player, Stage, until } from "../fakes/console-stage.js";
import { says } from "../fakes/page-languages.js";

const SAFE = { sees: "", says: says("Vroeg of iemand veilig is.", "Asked whether they are safe.") };
const seen = (/** @type {string} */ sees) => ({ sees, says: {} });
const POINTS = [
  SAFE,
  seen("acute"),
  seen("step"),
  seen("handoff"),
  seen("referral"),
  seen("unserious"),
  seen("wrapup"),
];
const LINE = {
  line: "helpwanted",
  practice_for: "helpwanted",
  name: "Helpwanted",
  callers: [{ code: "risk", title: says("Een"), points: POINTS }],
};
const STEP = { label: {}, do: {}, say: {}, numbers: [], tells: false, outside: false };

/** Seats somebody with a made-up caller. @param {import("../../../frontend/shared/sealing.js").Role} [role] */
async function setUp(role = "counsellor") {
  const stage = await Stage.make(async (made) => {
    made.own = { ...(await player(role, "Carla")), pair: made.own.pair, key: made.own.key };
    made.allowed = [...ALLOWED, "note", "unserious"];
    made.codes = { weight: ["light", "heavy"] };
    await made.talk();
  });
  const [talk] = stage.held;
  const desk = /** @type {import("../../../frontend/console/console.js").Console} */ (stage.console);
  stage.answers.practicelines = () => ok({ lines: [LINE] });
  const practised = new Practised(new FakeStorage());
  const state = { practises: true };
  const checklists = new Checklists(desk, practised, () => state.practises);
  desk.addEventListener("change", () => checklists.look());
  await checklists.ask();
  await talk.says({ age: "12-15", made_up: "risk" }, { kind: "intake" });
  const seat = stage.seat(talk);
  await until(() => checklists.callerOf(seat));
  const ticked = () =>
    checklists.rows(seat).flatMap(({ sees, by }) => (by === undefined ? [] : [sees || "safe"]));
  return { stage, talk, desk, seat, checklists, practised, ticked, state };
}

/** @param {Awaited<ReturnType<typeof setUp>>} of */
async function trainerComes({ talk, seat, checklists }) {
  const floor = await player("colleague", "Floor");
  talk.joins(floor);
  await talk.grants();
  await until(() => checklists.watchers(seat).length === 1);
  return floor;
}

test("before anything was done nothing is ticked", async () => {
  const { ticked } = await setUp();
  assert.deepEqual(ticked(), []);
});

test("an acute flag and a step on record tick themselves, and a step that somebody's coming ticked does not", async () => {
  const { stage, talk, seat, ticked } = await setUp();
  const steps = [
    { ...STEP, code: "together", calls_in: true },
    { ...STEP, code: "ask", calls_in: false },
  ];
  stage.answers.lineprotocol = () => ok({ steps });
  const took = (/** @type {string[]} */ ...codes) =>
    stage.deliver({
      ...{ type: "flagged", conversation: talk.id, risk: 2, known: false },
      steps: codes.map((step) => ({ step, how: "done", at: "2026-11-26T21:04:00Z", by: "Carla" })),
    });
  took("together");
  await until(() => seat.acute.steps.length === 2);
  assert.deepEqual(ticked(), ["acute"]);
  took("together", "ask");
  await until(() => ticked().length === 2);
  assert.deepEqual(ticked(), ["acute", "step"]);
});

test("a referral, and a handoff once the other service is let in, tick themselves", async () => {
  const { talk, ticked } = await setUp();
  talk.add("referred", { service: "csg" }, talk.own.member);
  await until(() => ticked().includes("referral"));
  talk.joins(await player("partner", "CSG"), null, "csg");
  assert.deepEqual(ticked(), ["referral"]);
  await talk.grants();
  await until(() => ticked().includes("handoff"));
});

test("closed as not serious and the form filled in stay ticked once the conversation is gone; skipped it is not", async () => {
  const { stage, talk, seat, ticked } = await setUp();
  seat.unserious();
  stage.pass(1000);
  seat.unserious();
  await until(() => seat.unseriously);
  talk.add("ended", { reason: "counsellor" }, talk.own.member);
  await until(() => seat.wrapup.stage === "due");
  assert.deepEqual(ticked(), ["unserious"]);
  seat.wrapup.choose("weight", "light");
  await seat.wrapup.send();
  seat.empty("left");
  assert.deepEqual(ticked(), ["unserious", "wrapup"]);
});

test("a form that was skipped is not ticked", async () => {
  const { talk, seat, ticked } = await setUp();
  talk.add("ended", { reason: "counsellor" }, talk.own.member);
  await until(() => seat.wrapup.stage === "due");
  seat.wrapup.finish();
  assert.deepEqual(ticked(), []);
});

test("what somebody ticks by hand goes nowhere while nobody looks on", async () => {
  const { stage, seat, checklists, ticked } = await setUp();
  checklists.tick(seat, 0, true);
  assert.deepEqual([ticked(), stage.sentOf("note").length], [["safe"], 0]);
  checklists.tick(seat, 0, false);
  assert.deepEqual(ticked(), []);
});

test("a trainer who looks on is told of it by a sealed note", async () => {
  const of = await setUp();
  await trainerComes(of);
  of.checklists.tick(of.seat, 0, true);
  await until(() => of.stage.sentOf("note").length === 1);
  assert.deepEqual(JSON.parse(await of.talk.read(of.stage.sentOf("note")[0])), {
    text: "✓ Vroeg of iemand veilig is.",
  });
});

test("a trainer's tick has their name, in whichever language they have the list, and can be taken back", async () => {
  const of = await setUp();
  const floor = await trainerComes(of);
  await of.talk.says({ text: "✓ Asked whether they are safe." }, { kind: "note", by: floor.member });
  await until(() => of.ticked().length === 1);
  assert.equal(of.checklists.rows(of.seat)[0].by, "Floor");
  await of.talk.says({ text: "○ Asked whether they are safe." }, { kind: "note", by: floor.member });
  await until(() => of.ticked().length === 0);
});

test("a trainer's note that ticks nothing stands below the list", async () => {
  const of = await setUp();
  const floor = await trainerComes(of);
  await of.talk.says({ text: "Mooi rustig." }, { kind: "note", by: floor.member });
  await until(() => of.checklists.remarks(of.seat).length === 1);
  const [{ by, text }] = of.checklists.remarks(of.seat);
  assert.deepEqual([by, text, of.ticked()], ["Floor", "Mooi rustig.", []]);
});

test("a trainer's own browser keeps nothing of it: the list follows the notes", async () => {
  const of = await setUp("colleague");
  assert.equal(of.checklists.isOwn(of.seat), false);
  of.checklists.tick(of.seat, 0, true);
  await until(() => of.ticked().length === 1);
  assert.deepEqual([of.checklists.rows(of.seat)[0].by, of.practised.isEmpty], ["Carla", true]);
});

test("of all made-up callers it says how much is done", async () => {
  const { seat, checklists } = await setUp();
  assert.deepEqual(
    checklists.summary("helpwanted").map(({ caller, done }) => [caller.code, done]),
    [["risk", 0]],
  );
  checklists.tick(seat, 0, true);
  assert.equal(checklists.summary("helpwanted")[0].done, 1);
});

test("what still stands on the screen after the end of practice ticks nothing", async () => {
  const { talk, desk, practised, state } = await setUp();
  talk.add("referred", { service: "csg" }, talk.own.member);
  await until(() => !practised.isEmpty);
  practised.clear();
  state.practises = false;
  desk.changed();
  assert.equal(practised.isEmpty, true);
});
