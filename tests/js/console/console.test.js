import assert from "node:assert/strict";
import test from "node:test";
import { error, ok, Stage, until } from "../fakes/console-stage.js";

/** @param {(stage: Stage) => unknown} [prepare] */
async function setUp(prepare) {
  const stage = await Stage.make(prepare);
  return {
    stage,
    desk: /** @type {import("../../../frontend/console/console.js").Console} */ (stage.console),
  };
}

for (const [state, slots, hindrance] of /** @type {const} */ ([
  ["off", 4, "off_duty"],
  ["break", 4, "off_duty"],
  ["on", 0, "last"],
  ["on", 1, ""],
])) {
  test(`on duty "${state}" with ${slots} slots, next is ${hindrance ? `held back: ${hindrance}` : "free"}`, async () => {
    const { desk } = await setUp((stage) => {
      stage.duty = { state, slots };
    });
    assert.equal(desk.nextHindrance, hindrance);
  });
}

test("next is not offered while nobody waits who is here and can be served", async () => {
  const { stage, desk } = await setUp((stage) => {
    stage.waits = { waiting: 2, here: 0 };
  });
  assert.equal(desk.nextHindrance, "nobody");
  await desk.next();
  assert.equal(stage.sentOf("next").length, 0);
  stage.deliver({ type: "queue", line: "helpwanted", waiting: 2, here: 1, oldest: null, urgent: 0 });
  await until(() => desk.nextHindrance === "");
});

test("until the queue has come it is loading, and not while a browser waits for its approval", async () => {
  const stage = await Stage.built();
  stage.answers.prove = () => null;
  await stage.begin();
  await until(() => stage.console?.device.state === "proving");
  assert.equal(stage.console?.loading, true);
  const { desk } = await setUp();
  assert.equal(desk.loading, false);
  const other = await Stage.built((made) => {
    made.rows[0].state = "pending";
  });
  await other.load();
  assert.deepEqual([other.console?.device.state, other.console?.loading], ["pending", false]);
});

test("conversations that have ended fill no slot", async () => {
  const { stage, desk } = await setUp(async (stage) => {
    stage.duty = { state: "on", slots: 1 };
    await stage.talk();
  });
  const [talk] = stage.held;
  await until(() => desk.nextHindrance === "full");
  await until(() => stage.seat(talk).log.granted === 1);
  talk.add("ended", { reason: "caller" }, talk.caller);
  await until(() => desk.nextHindrance === "");
});

for (const [code, problem] of [
  ["not_found", "next_not_found"],
  ["conflict", "next_conflict"],
  ["forbidden", "forbidden"],
  ["try_again", "try_again"],
]) {
  test(`a next that is answered with ${code} is said in words`, async () => {
    const { stage, desk } = await setUp();
    stage.answers.next = () => error(code);
    await desk.next();
    assert.deepEqual(desk.problems, [problem]);
    assert.equal(desk.taking, false);
  });
}

test("two quick presses ask next once", async () => {
  const { stage, desk } = await setUp();
  stage.answers.next = () => error("not_found");
  await Promise.all([desk.next(), desk.next()]);
  assert.equal(stage.sentOf("next").length, 1);
});

test("a caller handed out just as the connection went is on the screen after the next hello", async () => {
  const { stage, desk } = await setUp();
  stage.answers.next = async () => {
    await stage.talk();
    stage.drop();
    return null;
  };
  await desk.next();
  assert.deepEqual(desk.problems, ["dropped"]);
  stage.pass(0);
  await until(() => desk.conversations.size === 1 && desk.current?.hindrance === "");
});

test("duty that lapsed while this browser was away is said", async () => {
  const { stage, desk } = await setUp();
  stage.duty = { state: "off", slots: 4 };
  stage.drop();
  stage.pass(0);
  await until(() => desk.duty.state === "off");
  assert.deepEqual(desk.problems, ["duty_lapsed"]);
});

test("duty that lapses while the line is open is said, and only once", async () => {
  const { stage, desk } = await setUp();
  for (const state of ["on", "off", "off"]) stage.deliver({ type: "duty", state, slots: 4 });
  assert.deepEqual([desk.duty, desk.problems], [{ state: "off", slots: 4 }, ["duty_lapsed"]]);
  assert.equal(desk.nextHindrance, "off_duty");
});

test("going on duty asks for at least one slot and at most four", async () => {
  const { stage, desk } = await setUp();
  await desk.setDuty("on", 0);
  await desk.setDuty("on", 9);
  await desk.setDuty("break", 0);
  assert.deepEqual(
    stage.sentOf("duty").map(({ slots }) => slots),
    [1, 4, 0],
  );
});

test("who begins with a break takes callers after it", async () => {
  const { stage, desk } = await setUp();
  stage.deliver({ type: "duty", state: "off", slots: 0 });
  for (const state of /** @type {const} */ (["break", "on"])) await desk.setDuty(state, desk.duty.slots);
  assert.deepEqual(desk.duty, { state: "on", slots: 1 });
});

test("the queue follows its frames", async () => {
  const { stage, desk } = await setUp();
  stage.deliver({ type: "queue", line: "helpwanted", waiting: 3, oldest: "2026-01-01T00:00:00Z", urgent: 1 });
  assert.equal(desk.queues.get("helpwanted")?.waiting, 3);
});

for (const code of ["4400", "4403", "4408", "4409"]) {
  test(`a close with ${code} is kept for the screen, and it does not come back`, async () => {
    const { stage, desk } = await setUp();
    stage.drop(Number(code));
    stage.pass(600_000);
    assert.deepEqual([desk.stopped, desk.connection], [code, "stopped"]);
    assert.equal(stage.sentOf("hello").length, 1);
  });
}

test("access that was withdrawn takes every text off the screen, and no close is sent for it", async () => {
  const { stage, desk } = await setUp((stage) => stage.talk());
  const [talk] = stage.held;
  await talk.says("a secret");
  await until(() => stage.seat(talk).hindrance === "");
  stage.seat(talk).close();
  stage.drop(4403);
  assert.deepEqual([desk.conversations.size, desk.current], [0, undefined]);
  stage.pass(20_000);
  assert.equal(stage.sentOf("close").length, 0);
});

test("a session that ended while the laptop slept is said, and nothing stays on the screen", async () => {
  const { stage, desk } = await setUp((stage) => stage.talk());
  stage.drop();
  await until(() => desk.connection === "waiting");
  assert.equal(desk.stopped, "", "a connection that was lost is no sign-out");
  stage.signedOut = true;
  stage.pass(0);
  stage.drop();
  await until(() => desk.stopped === "4403");
  assert.deepEqual([desk.connection, desk.conversations.size], ["stopped", 0]);
  const { connections } = stage;
  stage.pass(600_000);
  assert.equal(stage.connections, connections);
});

test("a restart is announced calmly, and over with the next hello", async () => {
  const { stage, desk } = await setUp();
  stage.deliver({ type: "notice", code: "restarting" });
  assert.deepEqual([desk.restarting, desk.problems], [true, []]);
  stage.drop(1012);
  stage.pass(0);
  await until(() => desk.connection === "open" && !desk.restarting);
});

test("a restart that fails is told as a missing connection after a minute", async () => {
  const { stage, desk } = await setUp();
  stage.deliver({ type: "notice", code: "restarting" });
  stage.drop(1012);
  stage.pass(59_000);
  assert.equal(desk.restarting, true);
  stage.pass(2_000);
  assert.equal(desk.restarting, false);
});

test("a conversation that was opened on another device is said to be so", async () => {
  const { stage } = await setUp(async (stage) => {
    await stage.talk();
    stage.answers.open = () => error("conflict");
  });
  const [talk] = stage.held;
  await until(() => stage.seat(talk).refused === "conflict");
});

test("a conversation that ended while another device held it fills no slot here", async () => {
  const { stage, desk } = await setUp(async (stage) => {
    await stage.talk((talk) => {
      talk.state = "ended";
    });
    stage.answers.open = () => error("conflict");
  });
  const [talk] = stage.held;
  await until(() => stage.seat(talk).refused === "conflict");
  assert.equal(desk.busy, 0);
});

test("previous and next go round the list, and an emptied conversation can be taken off it", async () => {
  const { stage, desk } = await setUp(async (stage) => {
    await stage.talk();
    await stage.talk();
  });
  const [first, second] = stage.held;
  await until(() => desk.conversations.size === 2);
  assert.equal(desk.selected, first.id);
  desk.move(1);
  assert.equal(desk.selected, second.id);
  desk.move(1);
  assert.equal(desk.selected, first.id);
  desk.move(-1);
  assert.equal(desk.selected, second.id);
  desk.dismiss(second.id);
  assert.equal(desk.conversations.size, 2);
  stage.deliver({ type: "gone", conversation: second.id });
  desk.dismiss(second.id);
  assert.deepEqual([...desk.conversations.keys()], [first.id]);
  assert.equal(desk.selected, first.id);
});

test("a supervisor takes no callers", async () => {
  const { stage, desk } = await setUp((stage) => {
    stage.me = { ...stage.me, roles: ["supervisor"] };
  });
  stage.answers.next = () => ok();
  await desk.next();
  assert.equal(stage.sentOf("next").length, 0);
});

test("a duty that the server refused springs back, and says so", async () => {
  const { stage, desk } = await setUp();
  stage.answers.duty = () => error("forbidden");
  const asked = desk.setDuty("break", 2);
  assert.equal(desk.duty.state, "break");
  await asked;
  assert.deepEqual([desk.duty.state, desk.problems], ["on", ["forbidden"]]);
});

test("duty that another tab of one's own changed is seen here, but no frame undoes a choice under way", async () => {
  const { stage, desk } = await setUp();
  stage.answers.duty = () => null;
  desk.setDuty("break", 2);
  stage.deliver({ type: "duty", state: "on", slots: 4 });
  await until(() => stage.sentOf("duty").length === 1);
  assert.equal(desk.duty.state, "break");
  const other = (await setUp()).stage;
  other.deliver({ type: "duty", state: "break", slots: 2 });
  assert.equal(other.console?.duty.state, "break");
});

test("whose session ended in a conversation may take the caller back after signing in, with what they wrote", async () => {
  const { stage } = await setUp(async (stage) => {
    await stage.talk();
  });
  const [talk] = stage.held;
  await until(() => stage.seat(talk).hindrance === "");
  stage.seat(talk).writing.setDraft("half a sentence");
  stage.pass(1000);
  await until(() => stage.kept.size === 1);
  stage.drop(4403);
  await until(() => stage.console?.conversations.size === 0);
  stage.held = [];
  await stage.load();
  assert.deepEqual([stage.seat(talk).emptied, stage.kept.size], ["lost", 1]);
});

test("who takes the last conversations keeps them and is given nobody more, until they say otherwise", async () => {
  const stage = await Stage.make((made) => made.talk());
  const desk = stage.console;
  await desk?.lastChat(true);
  assert.deepEqual(
    [desk?.duty, desk?.nextHindrance, desk?.open.length],
    [{ state: "on", slots: 0 }, "last", 1],
  );
  await desk?.next();
  assert.equal(stage.sentOf("next").length, 0);
  for (const state of /** @type {const} */ (["break", "on"])) await desk?.setDuty(state, desk.duty.slots);
  assert.equal(desk?.nextHindrance, "last", "a break changes nothing about that");
  await desk?.lastChat(false);
  assert.deepEqual([desk?.duty, desk?.nextHindrance], [{ state: "on", slots: 4 }, ""]);
});

test("a page that is older than the server's says so after the deploy, and not before", async () => {
  const stage = await Stage.make((made) => made.talk());
  assert.equal(stage.console?.outdated, false);
  stage.release = "r2";
  stage.console?.again();
  await until(() => stage.console?.outdated);
  await until(() => stage.console?.connection === "open");
  assert.equal(stage.console?.conversations.size, 1);
});
