import assert from "node:assert/strict";
import test from "node:test";
import { REFER_UNDO_MS } from "../../../frontend/console/handoff/model/referring.js";
import { isDeskEmpty, reachOf } from "../../../frontend/console/handoff/model/service-search.js";
import { ALLOWED, error, ok, player, quiet, Stage, until } from "../fakes/console-stage.js";

const LEADS = [...ALLOWED, "invite", "refer"];
const CSG = { service: "csg" };
const VEILIG_THUIS = { name: "Veilig Thuis", service: "veilig-thuis", guest: true };

/** Makes a conversation that a caller has begun and Carla is in charge of. */
async function setUp() {
  const stage = await Stage.make(async (made) => {
    made.allowed = LEADS;
    await made.talk();
  });
  const [talk] = stage.held;
  await until(() => stage.seat(talk).hindrance === "");
  return { stage, talk, seat: stage.seat(talk) };
}

/** A handoff with a brief, up to the caller's yes and the partner's. @param {Awaited<ReturnType<typeof setUp>>} playing */
async function partnerComes({ stage, talk, seat }, { history = false } = {}) {
  await seat.inviting.ask("handoff", CSG, "What happened so far");
  await until(() => stage.sentOf("invite").length === 1);
  const { brief } = stage.sentOf("invite")[0];
  for (const state of ["asked", "ringing", "joined"])
    talk.invited(state, { brief, history: state === "asked" ? null : history });
  const gijs = await player("partner", "Gijs");
  talk.joins(gijs, "invitation-1", "csg");
  return { gijs, brief };
}

/** @param {Stage} stage @param {import("../fakes/console-stage.js").Talk} talk */
const briefs = (stage, talk) =>
  stage
    .seat(talk)
    .log.lines.filter(({ kind }) => kind === "brief")
    .map(({ text }) => text);

test("the brief is stored before the invitation that names it", async () => {
  const { stage, talk, seat } = await setUp();
  seat.writing.drafts.brief.set("What happened so far");
  await seat.inviting.ask("handoff", CSG, "What happened so far");
  await until(() => stage.sentOf("invite").length === 1);
  const [post] = stage.sentOf("post");
  const [invite] = stage.sentOf("invite");
  assert.equal(await talk.read(post), "What happened so far");
  assert.deepEqual({ ...invite, ref: 0 }, {
    type: "invite", ref: 0, conversation: talk.id, how: "handoff", to: CSG, brief: post.id,
  }); // biome-ignore format: one frame
  await until(() => !seat.inviting.busy);
  assert.equal(seat.writing.drafts.brief.text, "");
});

test("a refused invitation keeps the brief, and asking again with the same words posts it once", async () => {
  const { stage, talk, seat } = await setUp();
  stage.answers.invite = () => error("conflict");
  seat.writing.drafts.brief.set("What happened");
  await seat.inviting.ask("handoff", CSG, "What happened");
  await until(() => stage.console?.problems.includes("invite_conflict"));
  assert.deepEqual([seat.inviting.busy, seat.writing.drafts.brief.text], [false, "What happened"]);
  delete stage.answers.invite;
  await seat.inviting.ask("handoff", CSG, "What happened");
  await until(() => stage.sentOf("invite").length === 2);
  assert.deepEqual(briefs(stage, talk), ["What happened"]);
});

test("a brief that was not sent invites nobody until it is, and taken back it invites nobody at all", async () => {
  const { stage, seat } = await setUp();
  stage.answers.post = () => error("forbidden");
  await seat.inviting.ask("handoff", CSG, "What happened");
  await until(() => seat.writing.outbox.unsent[0]?.state === "failed");
  assert.equal(seat.inviting.busy, true);
  seat.writing.takeBack(seat.writing.outbox.unsent[0].key);
  assert.deepEqual([seat.inviting.busy, seat.writing.drafts.brief.text], [false, "What happened"]);
  assert.equal(stage.sentOf("invite").length, 0);
});

test("where a life is at stake a call for help withdraws a question to anybody else first, and no other call", async () => {
  const { stage, talk, seat } = await setUp();
  await seat.inviting.ask("handoff", CSG, "What happened");
  await until(() => stage.sentOf("invite").length === 1 && !seat.inviting.busy);
  talk.invited("asked");
  await until(() => seat.inviting.hindrance === "open");
  await seat.inviting.needSomebody();
  assert.equal(stage.sentOf("invite").length, 1, "otherwise it waits for an answer");
  stage.deliver({ type: "flagged", conversation: talk.id, risk: 2, known: false, steps: [] });
  assert.equal(seat.inviting.callHindrance, "");
  await seat.inviting.needSomebody();
  assert.deepEqual(
    stage.sent
      .filter(({ type }) => type === "withdraw" || type === "invite")
      .map(({ type, to }) => [type, to]),
    [
      ["invite", CSG],
      ["withdraw", undefined],
      ["invite", { line: "helpwanted" }],
    ],
  );
  assert.equal(seat.inviting.callHindrance, "open", "it rings already");
});

test("a call for help does not wait for a summary that is on its way, and survives an answer at the same moment", async () => {
  const { stage, talk, seat } = await setUp();
  stage.deliver({ type: "flagged", conversation: talk.id, risk: 2, known: false, steps: [] });
  stage.answers.post = () => null; // no answer yet
  seat.inviting.ask("handoff", CSG, "What happened");
  assert.equal(seat.inviting.callHindrance, "");
  await seat.inviting.needSomebody();
  assert.deepEqual(
    stage.sentOf("invite").map(({ to }) => to),
    [{ line: "helpwanted" }],
  );
  talk.invited("withdrawn");
  talk.invited("ringing", { invitation: "invitation-2", to: { name: "CSG", service: "csg", guest: false } });
  await until(() => seat.inviting.hindrance === "open");
  stage.answers.withdraw = () => error("conflict");
  await seat.inviting.needSomebody();
  assert.deepEqual([stage.sentOf("invite").length, stage.console?.problems], [2, []]);
});

test("consult and transfer carry no brief", async () => {
  const { stage, seat } = await setUp();
  await seat.inviting.ask("consult", { line: "helpwanted" });
  await seat.inviting.ask("transfer", { staff: "daan" });
  assert.deepEqual(
    stage.sentOf("invite").map(({ how, brief }) => [how, brief]),
    [
      ["consult", null],
      ["transfer", null],
    ],
  );
});

test("once the partner is granted the brief is posted again in that epoch, once", async () => {
  const playing = await setUp();
  const { stage, talk, seat } = playing;
  await partnerComes(playing);
  await quiet();
  assert.equal(seat.inviting.stage, "joining");
  assert.equal(stage.sentOf("post").length, 1);
  await talk.grants();
  await until(() => briefs(stage, talk).length === 2);
  const [first, second] = stage.sentOf("post");
  assert.deepEqual([first.epoch, second.epoch], [1, 2]);
  assert.notEqual(first.id, second.id);
  assert.equal(seat.inviting.stage, "arrived");
  await talk.grants();
  await quiet();
  assert.equal(stage.sentOf("post").length, 2);
});

test("the partner is said to have the summary only once it can be read in their epoch", async () => {
  const { stage, talk, seat } = await setUp();
  const { brief } = await partnerComes({ stage, talk, seat });
  await stage.load();
  const again = stage.seat(talk);
  await talk.grants();
  await until(() => [...again.log.people.values()].some(({ role, letIn }) => role === "partner" && letIn));
  assert.equal(again.inviting.stage, "joining", brief);
  stage.pass(3000);
  await until(() => again.inviting.stage === "arrived");
  await until(() => briefs(stage, talk).length === 2);
});

test("a reload between the grant and the brief still posts it, and a reload after it posts nothing", async () => {
  const playing = await setUp();
  const { stage, talk } = playing;
  await partnerComes(playing);
  stage.answers.post = () => null; // the connection goes before the repeated brief is stored
  await talk.grants();
  await until(() => stage.sentOf("post").length === 2);
  stage.store.held.clear();
  delete stage.answers.post;
  await stage.load();
  await until(() => stage.waitsFor(3000));
  stage.pass(3000);
  await until(() => briefs(stage, talk).length === 2);
  await stage.load();
  await until(() => briefs(stage, talk).length === 2);
  stage.pass(10_000);
  await quiet();
  assert.equal(stage.sentOf("post").length, 3);
});

test("after that reload nobody leaves before the partner has the brief", async () => {
  const playing = await setUp();
  const { stage, talk } = playing;
  await partnerComes(playing);
  stage.answers.post = () => null;
  await talk.grants();
  await until(() => stage.sentOf("post").length === 2);
  stage.store.held.clear();
  delete stage.answers.post;
  await stage.load();
  await until(() => stage.waitsFor(3000));
  await stage.seat(talk).leave();
  assert.deepEqual([stage.sentOf("leave").length, stage.console?.problems], [0, ["leave_unsent"]]);
  stage.pass(3000);
  await until(() => briefs(stage, talk).length === 2);
  await stage.seat(talk).leave();
  assert.equal(stage.sentOf("leave").length, 1);
});

test("who went on on another device meanwhile still gives the partner the brief", async () => {
  const playing = await setUp();
  const { stage, talk } = playing;
  const earlier = await player("counsellor", "Carla");
  talk.joins(earlier);
  await talk.grants();
  const { id: brief } = await talk.says("What happened so far", { kind: "brief", by: earlier.member });
  for (const state of ["asked", "ringing", "joined"])
    talk.invited(state, { by: earlier.member, brief, history: state === "asked" ? null : false });
  talk.leaves(earlier, "left");
  const gijs = await player("partner", "Gijs");
  talk.joins(gijs, "invitation-1", "csg");
  await talk.grants();
  await until(() => stage.waitsFor(3000));
  stage.pass(3000);
  await until(() => briefs(stage, talk).length === 2);
  assert.equal(await talk.read(stage.sentOf("post")[0]), "What happened so far");
});

test("a partner whose connection is gone is not said to be here, and whoever leaves then is asked once more", async () => {
  const playing = await setUp();
  const { stage, talk, seat } = playing;
  const { gijs } = await partnerComes(playing);
  await talk.grants();
  await until(() => seat.inviting.stage === "arrived");
  const presence = (/** @type {boolean} */ here) =>
    stage.deliver({ type: "presence", conversation: talk.id, member: gijs.member, here, code: false });
  presence(false);
  await until(() => seat.inviting.stage === "away");
  seat.leave();
  assert.deepEqual([seat.asked.what, stage.sentOf("leave").length], ["leave", 0]);
  stage.pass(1000);
  seat.asked.again();
  await until(() => stage.sentOf("leave").length === 1);
  presence(true);
  await until(() => seat.inviting.stage === "arrived");
});

test("an invitation whose time is over without a word in the log counts as expired, and somebody else can be asked", async () => {
  const { stage, talk, seat } = await setUp();
  talk.invited("ringing", { how: "consult", to: { name: "Daan", service: null } });
  await until(() => seat.inviting.hindrance === "open");
  stage.answers.withdraw = () => error("conflict", { state: "expired" });
  await seat.inviting.withdraw("invitation-1");
  assert.deepEqual([seat.inviting.stage, seat.inviting.hindrance], ["expired", ""]);
  assert.deepEqual(stage.console?.problems, []);
});

test("a partner who has left before the repeated brief gets none", async () => {
  const playing = await setUp();
  const { stage, talk, seat } = playing;
  const { gijs } = await partnerComes(playing);
  talk.leaves(gijs, "released");
  await talk.grants();
  await until(() => seat.inviting.stage === "dropped");
  stage.pass(10_000);
  await quiet();
  assert.equal(stage.sentOf("post").length, 1);
});

test("a colleague who came and left by choice leaves no word about a failure", async () => {
  const { talk, seat } = await setUp();
  const daan = await player("colleague", "Daan");
  talk.invited("joined", { how: "consult", to: { name: "Daan", service: null } });
  talk.joins(daan, "invitation-1");
  await talk.grants();
  talk.leaves(daan);
  await until(() => seat.log.awaitsGrant);
  assert.equal(seat.inviting.stage, "");
});

for (const [state, more, stage] of /** @type {const} */ ([
  ["refused", {}, "refused"],
  ["declined", { history: false }, "declined"],
  ["expired", { history: false }, "expired"],
  ["expired", { history: null }, "unanswered"],
  ["withdrawn", {}, "withdrawn"],
])) {
  test(`a handoff that ended as ${state} is told as ${stage} until it was read, and not again after a reload`, async () => {
    const playing = await setUp();
    playing.talk.invited("asked");
    playing.talk.invited(state, more);
    await until(() => playing.seat.inviting.stage === stage);
    assert.equal(playing.seat.inviting.rangInVain, ["declined", "expired"].includes(stage));
    playing.seat.inviting.dismiss();
    assert.equal(playing.seat.inviting.stage, "");
    await playing.stage.load();
    await until(() => playing.stage.seat(playing.talk).hindrance === "");
    assert.equal(playing.stage.seat(playing.talk).inviting.stage, "");
  });
}

test("a guest's inviter is shown the PIN, for how long, and whether the link was taken, but no link", async () => {
  const { stage, talk, seat } = await setUp();
  talk.invited("ringing", { history: false, to: { ...VEILIG_THUIS } });
  const expires = new Date(1_000_000 + 900_000).toISOString();
  const card = {
    type: "invitation", invitation: "invitation-1", conversation: talk.id, how: "handoff", from: "Carla",
    line: "helpwanted", locale: "nl", urgency: 0, state: "ringing", expires, link: null, pin: "123456",
  }; // biome-ignore format: one frame
  const shown = () => stage.console?.invitations.of("invitation-1");
  stage.deliver({ ...card, contact: "sending" });
  await until(() => seat.inviting.stage === "ringing");
  assert.deepEqual([shown()?.contact, shown()?.pin, shown()?.link], ["sending", "123456", null]);
  stage.deliver({ ...card, contact: "taken" });
  await until(() => shown()?.contact === "taken");
  assert.equal(stage.console?.invitations.left(shown()), 900_000);
  assert.deepEqual([stage.console?.invitations.incoming, stage.rings], [[], 0]);
});

test("a service that can only be referred to is told as such, and not as a question that is open already", async () => {
  const { stage, seat } = await setUp();
  stage.answers.invite = () => error("conflict", { refer: true });
  await seat.inviting.ask("handoff", CSG);
  await until(() => stage.console?.problems.includes("invite_only_refer"));
});

test("what a service can be asked by is known before somebody tries: its desk, a link, or nothing", () => {
  const one = (/** @type {boolean} */ desk, /** @type {boolean} */ guest) => ({
    ...{ service: "x", name: "X", open: null },
    ...{ desk, guest },
  });
  const reaches = [one(true, false), one(false, true), one(false, false)];
  assert.deepEqual(
    reaches.map((service) => reachOf(service, false)),
    ["desk", "link", "refer"],
  );
  assert.deepEqual(
    reaches.map((service) => reachOf(service, true)),
    ["desk", "refer", "refer"],
    "a partner brings in services with a desk only",
  );
});

test("that nobody is at a service's desk is known before somebody asks, and only of a desk", () => {
  const csg = { service: "csg", desk: true };
  assert.equal(isDeskEmpty(csg, []), true);
  assert.equal(isDeskEmpty(csg, ["csg"]), false);
  assert.equal(isDeskEmpty({ ...csg, desk: false }, []), false, "it is asked by a link");
  assert.equal(isDeskEmpty(csg, null), false, "not known");
});

test("a call to the whole line is a call for help also where nothing is acute, and a question to one colleague is not", async () => {
  const { stage, talk, seat } = await setUp();
  stage.answers.invite = () => ok({ invitation: "invitation-1" });
  await seat.inviting.needSomebody();
  talk.invited("ringing", { how: "consult", to: { name: "Helpwanted", service: null, guest: false } });
  await until(() => seat.inviting.stage === "ringing");
  assert.equal(seat.inviting.callsForHelp, true);
  talk.invited("ringing", {
    invitation: "invitation-2",
    how: "consult",
    to: { name: "Daan", service: null, guest: false },
  });
  await until(() => seat.inviting.latest?.invitation === "invitation-2");
  assert.equal(seat.inviting.callsForHelp, false);
});

test("who came by a link is known as a guest, and who came by a desk is not", async () => {
  const { talk, seat } = await setUp();
  talk.invited("joined", { to: { ...VEILIG_THUIS }, history: false });
  const guest = await player("partner", "Veilig Thuis");
  talk.joins(guest, "invitation-1", "veilig-thuis");
  talk.invited("joined", { invitation: "invitation-2", history: false });
  const gijs = await player("partner", "Gijs");
  talk.joins(gijs, "invitation-2", "csg");
  await until(() => seat.log.people.has(gijs.member));
  assert.deepEqual(
    [guest, gijs].map(({ member }) => seat.log.people.get(member)?.guest),
    [true, false],
  );
});

test("withdraw names the invitation only, and refer the service, once it can be taken back no more", async () => {
  const { stage, talk, seat } = await setUp();
  await seat.inviting.withdraw("invitation-1");
  seat.referring.refer("csg");
  assert.equal(stage.sentOf("refer").length, 0);
  stage.pass(REFER_UNDO_MS);
  assert.deepEqual(Object.keys(stage.sentOf("withdraw")[0]).sort(), ["invitation", "ref", "type"]);
  const [{ conversation, service }] = stage.sentOf("refer");
  assert.deepEqual([conversation, service], [talk.id, "csg"]);
});

test("one invitation at a time: what may be asked follows from the log, without a new `allowed`", async () => {
  const { talk, seat } = await setUp();
  assert.deepEqual([seat.inviting.hindrance, seat.inviting.mayWithdraw], ["", false]);
  talk.invited("asked");
  await until(() => seat.inviting.hindrance === "open");
  assert.equal(seat.inviting.mayWithdraw, true);
  talk.invited("refused");
  await until(() => seat.inviting.hindrance === "");
  assert.equal(seat.inviting.mayWithdraw, false);
});

test("who is not in charge asks nobody and withdraws nothing", async () => {
  const { stage, talk, seat } = await setUp();
  stage.deliver({ type: "allowed", conversation: talk.id, allowed: ALLOWED });
  assert.equal(seat.inviting.hindrance, "not_in_charge");
  talk.invited("asked");
  await until(() => seat.inviting.stage === "asked");
  assert.equal(seat.inviting.mayWithdraw, false);
});

test("one key asks everybody of the line to come in, once", async () => {
  const { stage, talk, seat } = await setUp();
  await seat.inviting.needSomebody();
  await until(() => stage.sentOf("invite").length === 1);
  const [{ how, to, brief }] = stage.sentOf("invite");
  assert.deepEqual([how, to, brief], ["consult", { line: talk.seat.line }, null]);
  talk.invited("ringing", { how: "consult", brief: null, history: null });
  await until(() => seat.inviting.hindrance === "open");
  await seat.inviting.needSomebody();
  assert.equal(stage.sentOf("invite").length, 1);
});

test("a referral can be taken back until it is sent, and then nothing was sent", async () => {
  const { stage, seat } = await setUp();
  seat.referring.refer("csg");
  stage.pass(REFER_UNDO_MS - 1);
  seat.referring.undo();
  stage.pass(REFER_UNDO_MS);
  assert.deepEqual([stage.sentOf("refer").length, seat.referring.service], [0, ""]);
});

test("a second referral sends the first, and closing sends what waits", async () => {
  const { stage, seat } = await setUp();
  seat.referring.refer("csg");
  seat.referring.refer("fier");
  assert.deepEqual(
    stage.sentOf("refer").map(({ service }) => service),
    ["csg"],
  );
  seat.close();
  assert.deepEqual(
    stage.sentOf("refer").map(({ service }) => service),
    ["csg", "fier"],
  );
});
