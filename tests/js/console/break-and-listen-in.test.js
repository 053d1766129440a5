import assert from "node:assert/strict";
import test from "node:test";
import { error, Stage, until } from "../fakes/console-stage.js";

/** Makes a conversation in which the person is in charge. */
async function setUp() {
  const stage = await Stage.make(async (made) => {
    made.allowed = [...made.allowed, "invite"];
    await made.talk();
  });
  const [talk] = stage.held;
  await until(() => stage.seat(talk).hindrance === "");
  const desk = /** @type {import("../../../frontend/console/console.js").Console} */ (stage.console);
  const floorAsks = () =>
    stage.deliver({ type: "listen", conversation: talk.id, id: "floor", alias: "Floor" });
  return { stage, talk, desk, floorAsks };
}

test("a supervisor's request for a break is heard, and a no sends nothing", async () => {
  const { stage, desk } = await setUp();
  stage.deliver({ type: "rest", by: "Floor" });
  assert.deepEqual([desk.asked.rest, stage.rings], ["Floor", 1]);
  desk.asked.notNow();
  assert.deepEqual([desk.asked.rest, stage.sentOf("duty").length], ["", 0]);
});

test("a yes is a break with the same slots, and whoever goes on a break by themselves is no longer asked", async () => {
  const { stage, desk } = await setUp();
  stage.deliver({ type: "rest", by: "Floor" });
  await desk.asked.takeBreak();
  const [{ state, slots }] = stage.sentOf("duty");
  assert.deepEqual([state, slots, desk.asked.rest], ["break", 4, ""]);
  await desk.setDuty("on", 4);
  stage.deliver({ type: "rest", by: "Floor" });
  await desk.setDuty("break", 4);
  assert.equal(desk.asked.rest, "");
});

test("whoever asks to listen in is let in by a consult, so that the caller sees it", async () => {
  const { stage, talk, desk, floorAsks } = await setUp();
  floorAsks();
  assert.deepEqual(desk.asked.listener(talk.id), { id: "floor", alias: "Floor" });
  await desk.asked.letListen(talk.id);
  const [{ ref: _, ...sent }] = stage.sentOf("invite");
  const to = { staff: "floor" };
  assert.deepEqual(sent, { type: "invite", conversation: talk.id, how: "consult", to, brief: null });
  assert.equal(desk.asked.listener(talk.id), undefined);
});

test("a yes that the server could not carry out can be given again", async () => {
  const { stage, talk, desk, floorAsks } = await setUp();
  floorAsks();
  stage.answers.invite = () => error("try_again");
  await desk.asked.letListen(talk.id);
  assert.ok(desk.asked.listener(talk.id));
  delete stage.answers.invite;
  await desk.asked.letListen(talk.id);
  assert.equal(desk.asked.listener(talk.id), undefined);
  assert.equal(stage.sentOf("invite").length, 2);
});

test("a no to listening in invites nobody, and is told to who asked", async () => {
  const { stage, talk, desk, floorAsks } = await setUp();
  floorAsks();
  await desk.asked.refuse(talk.id);
  assert.deepEqual([desk.asked.listener(talk.id), stage.sentOf("invite").length], [undefined, 0]);
  const [{ ref: _, ...sent }] = stage.sentOf("nolisten");
  assert.deepEqual(sent, { type: "nolisten", conversation: talk.id, supervisor: "floor" });
});

test("a yes withdraws a service that still rings, and then lets the supervisor in", async () => {
  const { stage, talk, desk, floorAsks } = await setUp();
  floorAsks();
  talk.invited("ringing", { how: "handoff" });
  await until(() => stage.seat(talk).inviting.hindrance === "open");
  const open = stage.seat(talk).inviting.open?.invitation;
  await desk.asked.letListen(talk.id);
  assert.deepEqual([stage.sentOf("withdraw")[0].invitation, stage.sentOf("invite").length], [open, 1]);
  const ref = (/** @type {string} */ type) => Number(stage.sentOf(type)[0].ref);
  assert.ok(ref("withdraw") < ref("invite"), "only one can be open");
  assert.equal(desk.asked.listener(talk.id), undefined);
});

test("who is not in charge any more lets nobody in, and the request stays", async () => {
  const { stage, talk, desk, floorAsks } = await setUp();
  floorAsks();
  stage.seat(talk).allowed = new Set();
  await desk.asked.letListen(talk.id);
  assert.equal(stage.sentOf("invite").length, 0);
  assert.equal(desk.asked.listener(talk.id)?.alias, "Floor");
});

test("a request to listen in ends with the conversation", async () => {
  const { stage, talk, desk, floorAsks } = await setUp();
  floorAsks();
  talk.add("ended", { reason: "caller" }, talk.caller);
  await until(() => stage.seat(talk).state === "ended");
  assert.equal(desk.asked.listener(talk.id), undefined);
});

test("a supervisor only joins: no next, and a page that says so", async () => {
  const { desk } = await setUp();
  assert.equal(desk.onlyJoins, false);
  desk.me = { id: "floor", alias: "Floor", roles: ["supervisor"], lines: ["helpwanted"], service: null };
  assert.deepEqual([desk.onlyJoins, desk.takesCallers], [true, false]);
});

test("who changes their mind at once is not put back by the answer to what they chose first", async () => {
  const { desk } = await setUp();
  const [first, second] = [desk.setDuty("break", 4), desk.setDuty("on", 4)];
  await first;
  assert.equal(desk.duty.state, "on");
  await second;
  assert.equal(desk.duty.state, "on");
});

test("of two choices that were both refused the switch shows neither", async () => {
  const { stage, desk } = await setUp();
  const before = desk.duty.state;
  stage.answers.duty = () => error("try_again");
  await Promise.all([desk.setDuty("break", 4), desk.setDuty("off", 4)]);
  assert.equal(desk.duty.state, before);
});
