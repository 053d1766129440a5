import assert from "node:assert/strict";
import test from "node:test";
import { error, ok, Stage, until } from "../fakes/console-stage.js";

const NOW = 1_000_000;

/** Makes the card that an invited person is shown. @param {object} [more] */
const card = (more = {}) => ({
  invitation: "invitation-7",
  conversation: null,
  how: "consult",
  from: "Daan",
  line: "helpwanted",
  locale: "en",
  urgency: 1,
  risk: 0,
  state: "ringing",
  expires: new Date(NOW + 60_000).toISOString(),
  ...more,
});

/** @param {(stage: Stage) => unknown} [prepare] */
async function setUp(prepare) {
  const stage = await Stage.make(prepare);
  const desk = /** @type {import("../../../frontend/console/console.js").Console} */ (stage.console);
  const ring = (/** @type {object} */ more = {}) => stage.deliver({ type: "invitation", ...card(more) });
  return { stage, desk, ring, shown: () => desk.invitations.incoming.map(({ invitation }) => invitation) };
}

test("a no to an invitation that its caller has erased puts the card away", async () => {
  const { stage, desk, ring, shown } = await setUp();
  ring({ how: "handoff" });
  stage.answers.answer = () => error("not_found");
  await desk.invitations.answer("invitation-7", false);
  assert.deepEqual([shown(), desk.problems.at(-1)], [[], "answer_over"]);
});

test("an invitation rings once and is shown until its time is over", async () => {
  const { stage, ring, shown } = await setUp();
  ring();
  ring();
  assert.deepEqual([shown(), stage.rings], [["invitation-7"], 1]);
  stage.pass(59_000);
  assert.deepEqual(shown(), ["invitation-7"]);
  stage.pass(1000);
  assert.deepEqual([shown(), stage.rings], [[], 1]);
});

test("on a laptop whose clock is fast an invitation rings that was there when the page was loaded", async () => {
  const { stage, shown } = await setUp((made) => {
    made.serverTime = NOW - 120_000;
    made.cards = [card({ expires: new Date(NOW - 60_000).toISOString() })];
  });
  assert.deepEqual([shown(), stage.rings], [["invitation-7"], 1]);
});

test("a handoff rings again every fifteen seconds, and no longer than it is open", async () => {
  const { stage, ring } = await setUp();
  ring({ how: "handoff" });
  stage.pass(46_000);
  assert.equal(stage.rings, 4);
  ring({ how: "handoff", state: "withdrawn", expires: null });
  stage.pass(60_000);
  assert.equal(stage.rings, 4);
});

test("where a life may be at stake it rings as that, and again; also when that is flagged while it rings", async () => {
  const { stage, ring } = await setUp();
  /** @type {boolean[]} */
  const acute = [];
  stage.console?.addEventListener("rings", (event) =>
    acute.push(/** @type {CustomEvent} */ (event).detail.acute),
  );
  ring();
  ring({ risk: 2 });
  ring({ risk: 2 });
  stage.pass(16_000);
  assert.deepEqual(acute, [false, true, true]);
  ring({ invitation: "invitation-8", urgency: 2 });
  assert.equal(acute.at(-1), true, "the caller's own word counts, too");
});

for (const state of ["joined", "declined", "expired", "withdrawn"]) {
  test(`a card is gone when somebody else's answer makes it ${state}`, async () => {
    const { ring, shown } = await setUp();
    ring();
    ring({ state, expires: null });
    assert.deepEqual(shown(), []);
  });
}

test("what another tab has answered is shown here as well: that tab may close", async () => {
  const { stage, desk, ring } = await setUp();
  ring();
  const talk = await stage.talk();
  ring({ state: "joined", conversation: talk.id, expires: null });
  await until(() => desk.conversations.has(talk.id));
  const hellos = stage.sentOf("hello").length;
  ring({ state: "joined", conversation: talk.id, expires: null });
  assert.equal(stage.sentOf("hello").length, hellos, "once is enough");
});

test("a call in an acute conversation to which nobody came does not go without a word", async () => {
  const { desk, ring } = await setUp();
  ring();
  ring({ state: "expired", expires: null });
  assert.deepEqual(desk.problems, [], "not acute");
  const acute = { invitation: "invitation-8", risk: 2 };
  ring(acute);
  ring({ ...acute, state: "joined", expires: null });
  assert.deepEqual(desk.problems, [], "somebody came");
  ring({ ...acute, invitation: "invitation-9" });
  ring({ ...acute, invitation: "invitation-9", state: "expired", expires: null });
  assert.deepEqual(desk.problems, ["ring_expired"]);
  const service = { ...acute, invitation: "invitation-10", how: "handoff" };
  ring(service);
  ring({ ...service, state: "expired", expires: null });
  assert.deepEqual(
    desk.problems,
    ["ring_expired", "ring_expired_service"],
    "another service is no colleague",
  );
});

test("invitations that hello names are shown, and ring when they are new here", async () => {
  const { stage, shown } = await setUp((made) => {
    made.cards = [card()];
  });
  await until(() => shown().length === 1);
  const before = stage.rings;
  stage.drop();
  stage.pass(0);
  await until(() => stage.sentOf("hello").length === 2 && stage.console?.connection === "open");
  assert.deepEqual([shown().length, stage.rings], [1, before]);
});

test("yes takes the seat and opens the conversation", async () => {
  const { stage, desk, ring, shown } = await setUp();
  const talk = await stage.talk();
  stage.answers.answer = () => ok({ conversation: talk.id, member: talk.own.member });
  ring();
  await desk.invitations.answer("invitation-7", true);
  await until(() => desk.current?.id === talk.id && desk.current.hindrance === "");
  assert.deepEqual(shown(), []);
  assert.deepEqual(desk.current?.seat.member, talk.own.member);
});

test("no takes the card away at once, and a later frame does not bring it back", async () => {
  const { stage, desk, ring, shown } = await setUp();
  ring();
  await desk.invitations.answer("invitation-7", false);
  ring();
  assert.deepEqual([shown(), stage.sentOf("answer")[0].yes], [[], false]);
});

test("a yes that came second says so, and one without a reply may be given again", async () => {
  const { stage, desk, ring, shown } = await setUp();
  stage.answers.answer = () => error("conflict", { state: "joined" });
  ring();
  await desk.invitations.answer("invitation-7", true);
  assert.deepEqual([desk.problems, shown()], [["answer_joined"], []]);
  stage.answers.answer = () => {
    stage.drop();
    return null;
  };
  ring({ invitation: "invitation-8" });
  await desk.invitations.answer("invitation-8", true);
  assert.deepEqual([desk.problems.at(-1), shown()], ["dropped", ["invitation-8"]]);
});

test("own invitations are no cards, and a partner's desk takes nobody from a queue", async () => {
  const { stage, desk, ring, shown } = await setUp((made) => {
    made.mode = "partner";
    made.me = { ...made.me, roles: ["partner"], lines: [], service: /** @type {any} */ ("csg") };
  });
  ring({ conversation: "of my own" });
  assert.deepEqual([shown(), stage.rings], [[], 0]);
  await desk.next();
  assert.equal(stage.sentOf("next").length, 0);
});

test("a conversation on another device is fetched to here: a new seat, and nothing of the old one", async () => {
  const { stage, desk } = await setUp(async (made) => {
    await made.talk();
    made.answers.open = () => error("conflict");
  });
  const [talk] = stage.held;
  await until(() => stage.seat(talk).refused === "conflict");
  const before = stage.seat(talk);
  delete stage.answers.open;
  stage.answers.takeover = async () => {
    talk.leaves(talk.own, "lost");
    talk.own = { ...talk.own, member: "AAAAAAAAAAA" };
    talk.joins(talk.own);
    await talk.grants();
    return ok(talk.seat);
  };
  await desk.takeOver(talk.id);
  await until(() => stage.seat(talk).hindrance === "");
  assert.notEqual(stage.seat(talk), before);
  assert.deepEqual([desk.selected, stage.seat(talk).seat.member], [talk.id, "AAAAAAAAAAA"]);
});

test("a conversation that cannot be fetched is said in words", async () => {
  const { stage, desk } = await setUp((made) => made.talk());
  stage.answers.takeover = () => error("conflict");
  await desk.takeOver(stage.held[0].id);
  assert.deepEqual(desk.problems, ["takeover_conflict"]);
});

test("a browser that got its key later is told of what is held elsewhere, and asks for it", async () => {
  const { stage, desk } = await setUp(async (made) => {
    await made.talk();
    made.keys.clear();
    made.memory.held.clear();
  });
  assert.equal(desk.conversations.size, 0);
  await desk.device.make();
  await until(() => stage.sentOf("open").length === 1);
});

test("in practice nobody is rung as if a life were at stake", async () => {
  const { stage, ring } = await setUp();
  ring({ line: "practice-1", risk: 2, urgency: 2 });
  stage.pass(16_000);
  assert.equal(stage.rings, 1);
});
