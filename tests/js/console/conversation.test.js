import assert from "node:assert/strict";
import test from "node:test";
import { Draft } from "../../../frontend/console/conversation/model/draft.js";
import { Outbox } from "../../../frontend/console/conversation/model/outbox.js";
import * as sealing from "../../../frontend/shared/sealing.js";
import { ErrorReply } from "../../../frontend/shared/socket.js";
import { ALLOWED, error, ok, player, quiet, Stage, until } from "../fakes/console-stage.js";

/** Makes a console whose person was let in by one caller, and sees everything. @param {(talk: import("../fakes/console-stage.js").Talk) => unknown} [before] */
async function setUp(before) {
  /** @type {any} */
  let talk;
  const stage = await Stage.make(async (made) => {
    talk = await made.talk(before);
  });
  await until(() => stage.seat(talk).hindrance === "");
  return {
    stage,
    talk: /** @type {import("../fakes/console-stage.js").Talk} */ (talk),
    seat: stage.seat(talk),
  };
}

test("after a reload everything is read again from the wraps, and nothing readable was kept", async () => {
  const { stage, talk } = await setUp();
  await talk.says("hello");
  await talk.grants();
  await talk.says("still there");
  await until(() => stage.texts(talk).length === 2);
  assert.deepEqual([...stage.kept], []);
  await stage.load();
  await until(() => stage.texts(talk).length === 2);
  assert.deepEqual(stage.texts(talk), ["hello", "still there"]);
  assert.deepEqual(
    stage.sentOf("open").map(({ since }) => since),
    [0, 0],
  );
});

test("what was written before this seat joined is read with the history that the caller gives", async () => {
  const other = await player("counsellor", "Daan");
  const { stage, talk } = await setUp(async (made) => {
    made.joins(other);
    await made.grants();
    await made.says("told to somebody else");
    made.leaves(other, "lost");
    made.add("requeued", {}, null);
  });
  await until(() => stage.texts(talk).length === 1);
  assert.deepEqual(stage.texts(talk), ["before"]);
  await talk.grants({ history: [1] });
  await until(() => stage.texts(talk)[0] !== "before");
  assert.deepEqual(stage.texts(talk), ["told to somebody else"]);
});

test("who listens in is told that the counsellor fell away, until somebody else is there", async () => {
  const [daan, carla] = [await player("counsellor", "Daan"), await player("counsellor", "Carla")];
  const { talk, seat } = await setUp();
  await talk.joins(daan);
  await talk.grants();
  assert.equal(seat.log.fellAway, undefined);
  talk.leaves(daan, "lost");
  await until(() => seat.log.fellAway?.alias === "Daan");
  await talk.joins(carla);
  await until(() => seat.log.fellAway === undefined);
});

test("an entry whose prev is not the newest one here asks sync, and a second copy is dropped", async () => {
  const { stage, talk } = await setUp();
  talk.onEntry = () => {};
  await talk.says("lost on the way");
  stage.deliver(await talk.says("this one comes"));
  await until(() => stage.texts(talk).length === 2);
  assert.deepEqual(stage.texts(talk), ["lost on the way", "this one comes"]);
  assert.deepEqual(
    stage.sentOf("sync").map(({ since }) => since),
    [3],
  );
  stage.deliver(talk.entries[4]);
  await quiet();
  assert.equal(stage.texts(talk).length, 2);
});

test("a beat that names a newer entry asks sync", async () => {
  const { stage, talk } = await setUp();
  talk.onEntry = () => {};
  await talk.says("lost on the way");
  stage.deliver({ type: "beat", at: "2026-01-01T00:00:00Z", seqs: { [talk.id]: 4 } });
  await until(() => stage.texts(talk).length === 1);
});

test("a gap that sync does not close is asked for once, until the next beat", async () => {
  const { stage, talk } = await setUp();
  stage.answers.sync = () => ok({ seq: 9 });
  const entry = await talk.says("a");
  for (const seq of [8, 9, 10]) stage.deliver({ ...entry, seq, prev: 7 });
  await quiet();
  assert.equal(stage.sentOf("sync").length, 1);
});

test("a message is sealed for the newest epoch, has one tick when stored and two when the caller read it", async () => {
  const { stage, talk, seat } = await setUp();
  seat.writing.post("hi Anna");
  assert.deepEqual(
    seat.writing.outbox.unsent.map(({ text }) => text),
    ["hi Anna"],
  );
  await until(() => stage.texts(talk).length === 1);
  assert.deepEqual(seat.writing.outbox.unsent, []);
  assert.equal(await talk.read(stage.sentOf("post")[0]), "hi Anna");
  stage.deliver({ type: "seen", conversation: talk.id, by: talk.caller, seq: 4 });
  await until(() => seat.log.people.get(talk.caller)?.seen === 4);
});

test("stale_epoch seals the same text again under the same id, once the new epoch is here, and it is shown once", async () => {
  const { stage, talk, seat } = await setUp();
  const { onEntry } = talk;
  talk.onEntry = () => {};
  await talk.grants();
  seat.writing.post("do you hear me");
  await until(() => seat.writing.outbox.unsent[0]?.problem === "stale_epoch");
  await quiet();
  assert.equal(stage.sentOf("post").length, 1);
  talk.onEntry = onEntry;
  stage.deliver(talk.entries[3]);
  await until(() => seat.writing.outbox.unsent.length === 0);
  const [first, second] = stage.sentOf("post");
  assert.deepEqual([first.epoch, second.epoch], [1, 2]);
  assert.equal(first.id, second.id);
  assert.notEqual(first.box, second.box);
  assert.deepEqual(stage.texts(talk), ["do you hear me"]);
});

test("after a drop the same bytes are sent again, and a message that had been stored is shown once", async () => {
  const { stage, talk, seat } = await setUp();
  stage.answers.post = (frame) => {
    talk.add("message", { id: frame.id, epoch: frame.epoch, box: frame.box }, talk.own.member);
    return null;
  };
  talk.onEntry = () => {};
  seat.writing.post("stored, but the ok was lost");
  await until(() => stage.sentOf("post").length === 1);
  await quiet();
  stage.drop();
  await until(() => seat.writing.outbox.unsent[0].problem === "dropped");
  assert.equal(seat.hindrance, "offline");
  delete stage.answers.post;
  stage.pass(0);
  await until(() => stage.texts(talk).length === 1);
  await until(() => seat.writing.outbox.unsent.length === 0);
  const boxes = new Set(stage.sentOf("post").map(({ box }) => box));
  assert.equal(boxes.size, 1);
});

test("a message on its way survives a reload as the same box", async () => {
  const { stage, talk, seat } = await setUp();
  stage.answers.post = () => null;
  seat.writing.post("on its way");
  await until(() => stage.sentOf("post").length === 1);
  delete stage.answers.post;
  await stage.load();
  await until(() => stage.texts(talk).length === 1);
  const [first, second] = stage.sentOf("post");
  assert.deepEqual([first.id, first.box], [second.id, second.box]);
  await until(() => stage.kept.size === 0);
});

test("nothing is sent into an epoch whose wrap names another roster, and the screen says so", async () => {
  const { stage, talk, seat } = await setUp();
  const hidden = await player("colleague", "hidden");
  talk.joins(hidden);
  await talk.grants({ hiding: hidden });
  await until(() => seat.hindrance === "unverified");
  assert.equal(seat.log.lines.at(-1)?.fault, "unverified");
  seat.writing.post("nobody must read this");
  await quiet();
  assert.equal(stage.sentOf("post").length, 0);
  talk.leaves(hidden);
  await talk.grants();
  await until(() => seat.writing.outbox.unsent.length === 0);
  assert.equal(stage.sentOf("post")[0].epoch, 3);
});

test("an epoch with a number that does not grow is not believed", async () => {
  const { stage, talk, seat } = await setUp();
  talk.epoch = 0;
  await talk.grants();
  await until(() => seat.hindrance === "unverified");
  seat.writing.post("not into a secret of before");
  await quiet();
  assert.equal(stage.sentOf("post").length, 0);
});

test("after somebody left, nothing is posted until the caller's next grant while the caller is here", async () => {
  const other = await player("colleague", "Daan");
  const { stage, talk, seat } = await setUp((made) => made.joins(other));
  talk.leaves(other);
  await until(() => seat.hindrance === "awaiting");
  seat.writing.post("not for Daan");
  await quiet();
  assert.equal(stage.sentOf("post").length, 0);
  await talk.grants();
  await until(() => seat.writing.outbox.unsent.length === 0);
  assert.equal(stage.sentOf("post")[0].epoch, 2);
});

test("after somebody left, a caller who is away is still written to", async () => {
  const other = await player("colleague", "Daan");
  const { stage, talk, seat } = await setUp((made) => made.joins(other));
  talk.leaves(other);
  await until(() => seat.hindrance === "awaiting");
  seat.writing.post("for when you are back");
  stage.presence(talk, false);
  await until(() => seat.writing.outbox.unsent.length === 0);
  assert.equal(stage.sentOf("post")[0].epoch, 1);
});

test("a caller who can come back by code only is told apart from one who is away, until they are back", async () => {
  const { stage, talk, seat } = await setUp();
  for (const [here, code] of [
    [false, false],
    [false, true],
    [true, false],
  ]) {
    stage.presence(talk, here, code);
    await until(() => seat.log.callerHere === here && seat.log.callerNeedsCode === code);
  }
});

test("a box that does not open stands alone: what comes after it is read", async () => {
  const { stage, talk, seat } = await setUp();
  const { id, epoch, box } = await talk.says("good");
  const flipped = String(box).slice(0, -2) + (String(box).endsWith("AA") ? "BA" : "AA");
  talk.add("message", { id, epoch, box: flipped }, talk.caller);
  await talk.says("good again");
  await until(() => stage.texts(talk).length === 3);
  assert.deepEqual(stage.texts(talk), ["good", "unverified", "good again"]);
  assert.equal(seat.hindrance, "");
});

/** Carla's machine slept: her seat was lost, and the server put her off duty. */
async function losesTheSeat() {
  const { stage, talk, seat } = await setUp();
  const desk = /** @type {import("../../../frontend/console/console.js").Console} */ (stage.console);
  seat.writing.outbox.add("on its way");
  stage.answers.post = () => error("try_again");
  seat.writing.setDraft("half a sentence");
  seat.writing.drafts.note.set("half a note");
  talk.leaves(talk.own, "lost");
  stage.deliver({ type: "duty", state: "off", slots: 2 });
  await until(() => seat.emptied === "lost");
  return { stage, talk, seat, desk };
}

test("who slept takes the caller back by name, on duty again, and goes on with what they were writing", async () => {
  const { stage, talk, seat, desk } = await losesTheSeat();
  assert.deepEqual(seat.unsaid, { draft: "on its way\n\nhalf a sentence", note: "half a note" });
  assert.ok(desk.takingBack.mayAsk(seat));
  assert.equal(seat.wrapup.stage, "", "no form of somebody who waits");
  const again = await player("counsellor", "Carla");
  stage.answers.next = () => ok({ ...talk.seat, member: again.member });
  await Promise.all([desk.takingBack.ask(talk.id), desk.takingBack.ask(talk.id)]);
  assert.deepEqual(
    stage.sentOf("next").map(({ line, conversation }) => [line, conversation]),
    [[null, talk.id]],
  );
  assert.deepEqual([desk.duty.state, desk.duty.slots, desk.problems], ["on", 2, []]);
  const fresh = stage.seat(talk);
  assert.equal(fresh.seat.member, again.member);
  assert.equal(fresh.writing.draft, "on its way\n\nhalf a sentence");
  assert.equal(fresh.writing.drafts.note.text, "half a note");
});

test("who finishes the last conversations and lost one takes it back, and still takes no new caller", async () => {
  const { stage, talk, desk } = await losesTheSeat();
  stage.deliver({ type: "duty", state: "on", slots: 0 });
  await until(() => desk.isLast);
  talk.own = { ...talk.own, member: (await player("counsellor", "Carla")).member };
  stage.answers.next = () => ok(talk.seat);
  await desk.takingBack.ask(talk.id);
  assert.equal(stage.seat(talk).seat.member, talk.own.member);
  assert.deepEqual([desk.nextHindrance, stage.sentOf("duty").length], ["last", 0]);
});

test("who took the conversation over on another browser and comes back to the first one finds what was half written there", async () => {
  const { stage, talk, seat } = await setUp();
  seat.writing.setDraft("half a sentence");
  stage.drop();
  talk.own = { ...talk.own, member: (await player("counsellor", "Carla")).member };
  stage.pass(0);
  await until(() => stage.seat(talk) !== seat);
  assert.equal(stage.seat(talk).writing.draft, "half a sentence");
});

test("a seat that was lost during a reload shows the same as without one, and what was written is there when the caller is taken back", async () => {
  const { stage, talk, seat } = await setUp();
  seat.writing.post("said before");
  await until(() => stage.texts(talk).includes("said before"));
  stage.answers.post = () => error("try_again");
  seat.writing.outbox.add("on its way");
  seat.writing.setDraft("half a sentence");
  seat.writing.drafts.note.set("half a note");
  stage.pass(1000);
  await until(() => stage.kept.size === 3);
  talk.onEntry = () => {};
  talk.leaves(talk.own, "lost");
  talk.add("requeued", {}, null);
  Object.assign(stage, { held: [], duty: { state: "off", slots: 2 } });
  for (const _ of "ab") {
    await stage.load();
    assert.equal(stage.console?.current, stage.seat(talk));
    assert.equal(stage.seat(talk).emptied, "lost");
    assert.equal(stage.kept.size, 3, "sealed, until the caller is taken back");
  }
  const desk = /** @type {import("../../../frontend/console/console.js").Console} */ (stage.console);
  assert.ok(desk.takingBack.mayAsk(stage.seat(talk)));
  delete stage.answers.post;
  talk.own = { ...talk.own, member: (await player("counsellor", "Carla")).member };
  stage.answers.next = () => ok(talk.seat);
  await desk.takingBack.ask(talk.id);
  talk.joins(talk.own);
  await talk.grants({ history: [1] });
  await until(() => stage.seat(talk).writing.draft === "on its way\n\nhalf a sentence");
  const again = stage.seat(talk);
  assert.equal(again.writing.drafts.note.text, "half a note");
  const own = again.log.lines.find(({ text }) => text === "said before");
  assert.ok(
    own && own.by !== again.seat.member && again.log.isOwn(own.by),
    "an earlier seat's words are one's own",
  );
  assert.equal(again.unread, 0);
});

test("what a lost seat had stored goes when it is put away, and is shown to no other person of the tab", async () => {
  const { stage, talk, seat } = await setUp();
  seat.writing.setDraft("half a sentence");
  stage.pass(1000);
  await until(() => stage.kept.size === 1);
  talk.onEntry = () => {};
  stage.held = [];
  await stage.load();
  stage.console?.dismiss(talk.id);
  assert.equal(stage.kept.size, 0);
  await stage.load();
  assert.equal(stage.console?.conversations.size, 0);
});

test("a caller who does not wait any more is told so, and what was written stays to be read", async () => {
  const { stage, talk, seat, desk } = await losesTheSeat();
  stage.answers.next = () => error("not_found");
  await desk.takingBack.ask(talk.id);
  assert.deepEqual(desk.problems, ["duty_lapsed", "back_not_found"]);
  assert.equal(stage.seat(talk).unsaid.draft, seat.unsaid.draft);
  stage.answers.duty = () => error("try_again");
  stage.deliver({ type: "duty", state: "off", slots: 2 });
  await desk.takingBack.ask(talk.id);
  assert.equal(stage.sentOf("next").length, 1, "off duty nobody is asked for");
});

test("a conversation that the server could not open for a moment is opened again by itself", async () => {
  const { stage, talk, seat } = await setUp();
  stage.drop();
  stage.answers.open = () => error("try_again");
  stage.pass(0);
  await until(() => stage.sentOf("open").length === 2);
  delete stage.answers.open;
  stage.pass(3000);
  await until(() => seat.hindrance === "");
  assert.deepEqual([seat.refused, stage.seat(talk)], ["", seat]);
});

test("what was on its way when the caller was handed over is shown, and nobody leaves while it may still be sent", async () => {
  const { stage, talk, seat } = await setUp();
  stage.answers.post = () => null;
  seat.writing.post("Daan takes over, good luck");
  await until(() => stage.sentOf("post").length === 1);
  await seat.leave();
  assert.deepEqual([stage.sentOf("leave").length, stage.console?.problems], [0, ["leave_unsent"]]);
  seat.writing.setDraft("and this");
  talk.leaves(talk.own, "transferred");
  await until(() => seat.emptied === "transferred");
  assert.equal(seat.unsaid.draft, "Daan takes over, good luck\n\nand this");
});

test("nobody is taken back who was handed over, or in whose conversation one only helped", async () => {
  const { stage, talk, seat } = await setUp();
  talk.leaves(talk.own, "transferred");
  await until(() => seat.emptied === "transferred");
  assert.deepEqual(seat.unsaid, { draft: "", note: "" });
  assert.equal(stage.console?.takingBack.mayAsk(seat), false);
  seat.emptied = "lost";
  seat.lostAs = "colleague";
  assert.equal(stage.console?.takingBack.mayAsk(seat), false);
});

for (const reason of ["left", "released", "lost"]) {
  test(`on its own left (${reason}) the view, the draft and what this tab kept are emptied`, async () => {
    const { stage, talk, seat } = await setUp();
    await talk.says("a secret");
    seat.writing.setDraft("half a sentence");
    stage.pass(1000);
    await until(() => stage.kept.size === 1 && stage.texts(talk).length === 1);
    talk.leaves(talk.own, reason);
    await until(() => seat.emptied === reason);
    assert.deepEqual([seat.log.lines, seat.writing.draft, seat.log.people.size], [[], "", 0]);
    assert.equal(stage.kept.size, 0);
  });
}

test("on gone the view is emptied, and an entry that was just being opened does not come back", async () => {
  const { stage, talk, seat } = await setUp();
  await talk.says("a secret");
  stage.deliver({ type: "gone", conversation: talk.id });
  assert.equal(seat.emptied, "gone");
  await quiet();
  assert.deepEqual(seat.log.lines, []);
});

test("a seat that was lost while this browser was away is emptied by the next hello", async () => {
  const { stage, seat } = await setUp();
  stage.held = [];
  stage.drop();
  stage.pass(0);
  await until(() => seat.emptied === "lost");
});

test("a draft survives a reload, and is unreadable in the store", async () => {
  const { stage, talk, seat } = await setUp();
  seat.writing.setDraft("Do you want to");
  stage.pass(1000);
  await until(() => stage.kept.size === 1);
  const [kept] = stage.kept.values();
  for (const text of ["Do you want to", btoa("Do you want to").slice(0, 16)]) assert.ok(!kept.includes(text));
  await stage.load();
  await until(() => stage.seat(talk).writing.draft === "Do you want to");
});

test("what was sent without a network is back in the field after a reload, and is not readable in the store", async () => {
  const { stage, talk, seat } = await setUp();
  stage.drop();
  seat.writing.post("Can you go inside?");
  seat.writing.post("I am here.");
  await until(() => stage.kept.size === 1);
  await quiet();
  assert.ok(![...stage.kept.values()][0].includes("inside"));
  await stage.load();
  await until(() => stage.seat(talk).writing.draft === "Can you go inside?\n\nI am here.");
  assert.equal(stage.sentOf("post").length, 0);
});

test("what was sent without a network goes once it is back, and leaves nothing behind", async () => {
  const { stage, talk, seat } = await setUp();
  stage.drop();
  seat.writing.post("Can you go inside?");
  await until(() => stage.kept.size === 1);
  stage.pass(1000);
  await until(() => stage.texts(talk).length === 1);
  await until(() => stage.kept.size === 0);
  await stage.load();
  await until(() => stage.texts(talk).length === 1);
  await quiet();
  assert.equal(stage.seat(talk).writing.draft, "");
  assert.equal(stage.texts(talk).length, 1);
});

test("each save of a draft has a fresh id, and sending it leaves nothing behind", async () => {
  const { stage, talk, seat } = await setUp();
  const ids = new Set();
  for (const text of ["a", "ab"]) {
    seat.writing.setDraft(text);
    const [before] = stage.kept.values();
    stage.pass(1000);
    await until(() => stage.kept.size && [...stage.kept.values()][0] !== before);
    const [[, box]] = JSON.parse([...stage.kept.values()][0]);
    ids.add(sealing.fromBase64url(box).slice(32, 48).toString());
  }
  assert.equal(ids.size, 2);
  seat.writing.post("ab");
  await until(() => stage.texts(talk).length === 1);
  assert.equal(stage.kept.size, 0);
});

test("drafts of conversations that are no longer this person's are thrown away at hello", async () => {
  const { stage } = await setUp();
  stage.store.setItem("helpline-draft-another", '[[1,"AAAA"]]');
  await stage.load();
  await until(() => stage.kept.size === 0);
});

test("a clock that the server sets back meanwhile keeps no message from being tried again", async () => {
  const { stage, talk, seat } = await setUp();
  const desk = /** @type {import("../../../frontend/console/console.js").Console} */ (stage.console);
  stage.answers.post = () => error("try_again");
  seat.writing.post("are you there?");
  await until(() => seat.writing.outbox.unsent[0]?.problem === "try_again");
  delete stage.answers.post;
  stage.deliver({ type: "beat", at: new Date(desk.now() - 5_000).toISOString(), seqs: {} });
  stage.pass(3000);
  await until(() => stage.texts(talk).includes("are you there?"));
});

test("after the end, too, what was refused for a moment is not tried before that moment is over", async () => {
  let sent = 0;
  /** @type {() => void} */
  let later = () => {};
  const outbox = new Outbox({
    send: async () => {
      sent++;
      throw new ErrorReply(/** @type {any} */ ({ code: "try_again" }));
    },
    place: () => null,
    hindrance: () => "ended",
    changed: () => {},
    after: (_ms, act) => {
      later = act;
      return () => {};
    },
  });
  outbox.add("perhaps stored", { item: /** @type {any} */ ({ id: "i", epoch: 1, box: "b" }) });
  for (const times of [1, 2]) {
    await until(() => sent === times && outbox.unsent[0].state === "waiting");
    await quiet();
    assert.equal(sent, times);
    later();
  }
});

test("what is typed after a reload before the log is there stands behind what was written before, and nothing is lost", async () => {
  const { stage, talk, seat } = await setUp();
  stage.answers.post = () => error("try_again");
  seat.writing.setDraft("half a sentence");
  stage.pass(1000);
  await until(() => stage.kept.size > 0);
  const opens = stage.answers.open;
  stage.answers.open = () => error("try_again");
  await stage.load();
  stage.seat(talk).writing.setDraft("typed at once");
  stage.pass(1000);
  stage.answers.open = opens;
  stage.pass(5000);
  await until(() => stage.seat(talk).writing.restored);
  assert.equal(stage.seat(talk).writing.draft, "half a sentence\n\ntyped at once");
  stage.pass(1000);
  await stage.load();
  await until(() => stage.seat(talk).writing.draft === "half a sentence\n\ntyped at once");
});

test("a draft that is emptied while what was stored is being read stays empty, in the tab's memory too", async () => {
  /** @type {(text: string) => void} */
  let give = () => {};
  /** @type {unknown[]} */
  const saved = [];
  const memory = /** @type {any} */ ({
    draft: () =>
      new Promise((resolve) => {
        give = resolve;
      }),
    saveDraft: async (/** @type {unknown[]} */ ...what) => saved.push(what),
  });
  const draft = new Draft("draft", memory, {
    after: () => () => {},
    place: () => null,
    notStored: () => {},
  });
  draft.text = "typed";
  draft.keep();
  const restoring = draft.restore(() => null);
  draft.empty();
  give("stored before");
  await restoring;
  assert.deepEqual([draft.text, saved], ["", []]);
});

test("an own message that is stored late leaves a caller's message unread that nobody has looked at", async () => {
  const stage = await Stage.make(async (made) => {
    await made.talk();
    await made.talk();
  });
  const desk = /** @type {import("../../../frontend/console/console.js").Console} */ (stage.console);
  const [one, other] = stage.held;
  desk.select(one.id);
  await until(() => stage.seat(one).hindrance === "");
  stage.answers.post = () => error("try_again");
  stage.seat(one).writing.post("one moment");
  await until(() => stage.seat(one).writing.outbox.unsent[0]?.problem === "try_again");
  desk.select(other.id);
  await one.says("he is at the door");
  await until(() => stage.seat(one).unread === 1);
  delete stage.answers.post;
  stage.pass(3000);
  await until(() => stage.texts(one).includes("one moment"));
  assert.equal(stage.seat(one).unread, 1);
});

test("slow_down is said at the message and tried again by itself", async () => {
  const { stage, seat } = await setUp();
  stage.answers.post = () => error("slow_down");
  seat.writing.post("fast");
  await until(() => seat.writing.outbox.unsent[0]?.problem === "slow_down");
  delete stage.answers.post;
  stage.pass(3000);
  await until(() => seat.writing.outbox.unsent.length === 0);
  assert.equal(new Set(stage.sentOf("post").map(({ box }) => box)).size, 1);
});

for (const code of ["ended", "forbidden", "not_found", "bad_frame"]) {
  test(`a post refused with ${code} stays on the screen with its reason, and its text can be taken back`, async () => {
    const { stage, seat } = await setUp();
    stage.answers.post = () => error(code);
    seat.writing.post("kept");
    await until(() => seat.writing.outbox.unsent[0]?.state === "failed");
    const [{ problem, key }] = seat.writing.outbox.unsent;
    assert.equal(problem, code);
    seat.writing.takeBack(key);
    assert.deepEqual([seat.writing.draft, seat.writing.outbox.unsent], ["kept", []]);
  });
}

test("a later message does not pass one that waits", async () => {
  const { stage, talk, seat } = await setUp();
  stage.answers.post = () => error("try_again");
  seat.writing.post("first");
  seat.writing.post("second");
  await until(() => seat.writing.outbox.unsent[0].problem === "try_again");
  delete stage.answers.post;
  seat.writing.outbox.pump();
  stage.pass(3000);
  await until(() => stage.texts(talk).length === 2);
  assert.deepEqual(stage.texts(talk), ["first", "second"]);
});

test("seen is sent for what stands on a screen that somebody looks at, and for nothing else", async () => {
  const { stage, talk, seat } = await setUp();
  await talk.says("one");
  await until(() => seat.unread === 1);
  assert.equal(stage.sentOf("seen").length, 0);
  stage.console?.attend(true);
  assert.equal(stage.sentOf("seen")[0].seq, 4);
  assert.equal(seat.unread, 0);
  stage.console?.attend(false);
  await talk.says("two");
  await until(() => seat.unread === 1);
  assert.equal(stage.sentOf("seen").length, 1);
});

test("seen is not sent while somebody has scrolled back to older lines", async () => {
  const { stage, talk, seat } = await setUp();
  seat.inSight = false;
  stage.console?.attend(true);
  await talk.says("below the edge of the screen");
  await until(() => seat.unread === 1);
  assert.equal(stage.sentOf("seen").length, 0);
  seat.inSight = true;
  stage.console?.changed();
  assert.equal(stage.sentOf("seen").length, 1);
});

test("typing is told at most once in three seconds", async () => {
  const { stage, seat } = await setUp();
  for (const ms of [0, 1000, 1000, 1500]) {
    stage.pass(ms);
    seat.type();
  }
  assert.equal(stage.sentOf("typing").length, 2);
});

test("a caller is called not serious by two presses within seconds, which are no double click", async () => {
  const { stage, talk, seat } = await setUp();
  seat.unserious();
  stage.pass(1000);
  seat.unserious();
  assert.equal(stage.sentOf("unserious").length, 0, "not where the server does not allow it");
  seat.allowed = new Set([...seat.allowed, "unserious"]);
  seat.unserious();
  stage.pass(100);
  seat.unserious();
  assert.equal(stage.sentOf("unserious").length, 0, "a double click is one press");
  assert.equal(seat.doubting.ready, false, "the button that confirms cannot be pressed yet");
  stage.pass(400);
  assert.equal(seat.doubting.ready, true);
  stage.pass(8000);
  assert.equal(seat.doubting.asks, false, "forgotten after a while");
  seat.unserious();
  stage.pass(1000);
  seat.unserious();
  assert.deepEqual(
    stage.sentOf("unserious").map(({ conversation }) => conversation),
    [talk.id],
  );
});

test("what is asked once ends with the conversation, and can be taken back", async () => {
  const { stage, talk, seat } = await setUp();
  seat.allowed = new Set([...seat.allowed, "unserious"]);
  seat.unserious();
  seat.doubting.drop();
  stage.pass(1000);
  seat.unserious();
  assert.equal(stage.sentOf("unserious").length, 0);
  talk.add("ended", { reason: "caller" }, talk.caller);
  await until(() => seat.state === "ended");
  assert.equal(seat.doubting.asks, false);
});

/** Makes the conversation a letter that this person took. @param {import("../../../frontend/console/conversation/model/conversation.js").Conversation} seat */
const letter = (seat) => Object.assign(seat.seat, { share: { generation: 1, public: "", sealed: "" } });

test("a letter that nobody can answer is closed for its reason by two presses, and a chat is not", async () => {
  const { stage, seat } = await setUp();
  for (const _ of "12") {
    seat.closeAs("unreadable");
    stage.pass(1000);
  }
  assert.equal(stage.sentOf("close").length, 0, "a chat");
  letter(seat);
  seat.closeAs("unserious");
  stage.pass(1000);
  seat.closeAs("unreadable");
  assert.equal(stage.sentOf("close").length, 0, "another question is asked anew");
  assert.equal(seat.asked.what, "letter.unreadable");
  stage.pass(1000);
  seat.asked.again();
  assert.deepEqual(
    stage.sentOf("close").map(({ reason }) => reason),
    ["unreadable"],
  );
});

test("a letter is given back at once, but asked once more where an answer was begun", async () => {
  const { stage, seat } = await setUp();
  letter(seat);
  seat.writing.setDraft("half an answer");
  seat.giveBack();
  assert.equal(stage.sentOf("giveback").length, 0);
  assert.equal(seat.asked.what, "letter.giveback");
  seat.doubting.drop();
  seat.writing.setDraft(" ");
  seat.giveBack();
  assert.equal(stage.sentOf("giveback").length, 1);
});

test("close is sent ten seconds later, and not at all when it is undone", async () => {
  const { stage, seat } = await setUp();
  seat.close();
  stage.pass(9000);
  seat.closing.undo();
  stage.pass(5000);
  assert.equal(stage.sentOf("close").length, 0);
  seat.close();
  stage.pass(10_000);
  assert.equal(stage.sentOf("close").length, 1);
});

test("closing words stop the clock, survive a reload, go to the caller and then the conversation closes", async () => {
  const { stage, talk, seat } = await setUp();
  seat.close();
  seat.closing.writeWords();
  seat.writing.drafts.closing.set("we agreed");
  stage.pass(20_000);
  assert.equal(stage.sentOf("close").length, 0);
  await until(() => stage.kept.size === 1);
  await stage.load();
  await until(() => stage.seat(talk).writing.drafts.closing.text === "we agreed");
  stage.seat(talk).closing.sendWords();
  await until(() => stage.texts(talk).length === 1);
  assert.equal(await talk.read(stage.sentOf("post")[0]), "we agreed");
  assert.equal(stage.sentOf("close").length, 0);
  stage.pass(10_000);
  assert.equal(stage.sentOf("close").length, 1);
  assert.equal(stage.seat(talk).writing.drafts.closing.text, "");
});

test("a conversation with a message that is not sent yet is not closed over it", async () => {
  const { stage, seat } = await setUp();
  stage.answers.post = () => null;
  seat.writing.post("on its way");
  await until(() => stage.sentOf("post").length === 1);
  seat.close();
  stage.pass(10_000);
  assert.equal(stage.sentOf("close").length, 0);
  assert.deepEqual(stage.console?.problems, ["close_unsent"]);
});

test("while a message is not sent the page is not to be loaded anew", async () => {
  const { stage, seat } = await setUp();
  stage.answers.post = () => null;
  assert.equal(stage.console?.hasUnsent, false);
  seat.writing.post("on its way");
  await until(() => stage.sentOf("post").length === 1);
  assert.equal(stage.console?.hasUnsent, true);
});

test("what the caller writes while the seconds run is asked about, and closes nothing", async () => {
  const { stage, talk, seat } = await setUp();
  await talk.says("before");
  await until(() => stage.texts(talk).length === 1);
  seat.close();
  await talk.says("wait");
  await until(() => stage.texts(talk).length === 2);
  stage.pass(10_000);
  assert.deepEqual([stage.sentOf("close").length, seat.closing.asked, seat.closing.wrote], [0, true, true]);
  seat.closing.undo();
  seat.close();
  stage.pass(10_000);
  assert.equal(stage.sentOf("close").length, 1, "what was read before the seconds ran is no reason");
});

test("what closing would take away is named and asked about: an open question, and what was typed", async () => {
  const { stage, talk, seat } = await setUp();
  seat.writing.setDraft("half a sentence");
  seat.close();
  stage.pass(20_000);
  assert.deepEqual(
    [stage.sentOf("close").length, seat.closing.asked, seat.closing.typed],
    [0, true, ["draft"]],
  );
  seat.closing.undo();
  assert.equal(seat.writing.draft, "half a sentence");
  seat.writing.setDraft("");
  talk.invited("ringing", { how: "consult", to: { name: "Daan", service: null, guest: false } });
  await until(() => seat.closing.invited !== undefined);
  seat.close();
  assert.deepEqual([seat.closing.asked, seat.closing.invited?.to.name], [true, "Daan"]);
  seat.closing.undo();
  talk.invited("withdrawn", { how: "consult", to: { name: "Daan", service: null, guest: false } });
  await until(() => seat.closing.invited === undefined);
  seat.close();
  seat.writing.drafts.note.set("typed while the seconds run");
  stage.pass(10_000);
  assert.deepEqual([stage.sentOf("close").length, seat.closing.typed], [0, ["note"]]);
});

test("a last word of the caller is named while the seconds run, and is no reason to ask", async () => {
  const { stage, talk, seat } = await setUp();
  await talk.says("thank you, bye");
  await until(() => stage.texts(talk).length === 1);
  seat.close();
  assert.deepEqual([seat.closing.unanswered, seat.closing.asked], [true, false]);
  await talk.says("bye", { by: seat.seat.member });
  await until(() => stage.texts(talk).length === 2);
  assert.equal(seat.closing.unanswered, false);
});

test("where somebody else of the staff is here, closing names them and asks; also who comes while seconds run", async () => {
  const { stage, talk, seat } = await setUp();
  seat.close();
  const gijs = await player("partner", "Gijs");
  talk.joins(gijs);
  await until(() => seat.log.people.size === 3);
  stage.pass(10_000);
  assert.deepEqual([stage.sentOf("close").length, seat.closing.asked], [0, true]);
  assert.deepEqual(
    seat.closing.others.map(({ alias }) => alias),
    ["Gijs"],
  );
  seat.leave();
  assert.deepEqual([stage.sentOf("leave").length, stage.sentOf("close").length], [1, 0]);
  talk.leaves(gijs);
  await until(() => seat.closing.others.length === 0);
  seat.closing.undo();
  seat.close();
  assert.notEqual(seat.closing.at, 0, "alone again: it can be taken back for ten seconds");
});

test("the intake gives the caller's facts and no line of text", async () => {
  const { stage, talk, seat } = await setUp();
  await talk.says({ nickname: "Kat", for: "me", age: "12-15" }, { kind: "intake" });
  await until(() => seat.log.intake);
  assert.deepEqual(seat.log.intake, { nickname: "Kat", for: "me", age: "12-15" });
  assert.equal(seat.nickname, "Kat");
  assert.deepEqual(stage.texts(talk), []);
});

test("who goes on writing while the next caller is fetched stays where they are, and a sentence is not sent to another", async () => {
  const { stage, seat } = await setUp();
  const other = await stage.talk();
  stage.answers.next = () => {
    seat.writing.setDraft("to the first, while the network is slow");
    return ok(other.seat);
  };
  await stage.console?.next();
  assert.equal(stage.console?.current, seat);
  assert.ok(stage.console?.conversations.has(other.id), "in the list");
});

test("two conversations never share lines, drafts or people", async () => {
  const { stage, talk, seat } = await setUp();
  const other = await stage.talk();
  stage.answers.next = () => ok(other.seat);
  await stage.console?.next();
  await until(() => stage.seat(other).hindrance === "");
  await talk.says("of the first");
  await other.says("of the second");
  seat.writing.setDraft("to the first");
  await until(() => stage.texts(talk).length && stage.texts(other).length);
  assert.deepEqual([stage.texts(talk), stage.texts(other)], [["of the first"], ["of the second"]]);
  assert.equal(stage.console?.current, stage.seat(other));
  assert.equal(stage.seat(other).writing.draft, "");
});

test("a new message of the caller is heard once, and one from before the reload is not", async () => {
  const { stage, talk } = await setUp();
  await talk.says("new");
  await until(() => stage.heard === 1);
  await stage.load();
  await until(() => stage.texts(talk).length === 1);
  await quiet();
  assert.equal(stage.heard, 1);
});

test("a wrap that the server has deleted is no fault: its texts are said to be erased", async () => {
  const { stage, talk } = await setUp();
  await talk.says("long ago");
  await until(() => stage.texts(talk).length === 1);
  talk.add("ended", { reason: "counsellor" }, talk.own.member);
  talk.entries[2].wrap = null;
  await stage.load();
  await until(() => stage.texts(talk).length === 1);
  assert.deepEqual(stage.texts(talk), ["wiped"]);
});

test("a conversation that this person left on purpose is off the list at once", async () => {
  const { stage, talk } = await setUp();
  talk.add("ended", { reason: "caller" }, talk.caller);
  talk.leaves(talk.own);
  await until(() => stage.console?.conversations.size === 0);
  assert.equal(stage.console?.selected, "");
});

test("after a reload the conversation in which one was is shown, not the first one", async () => {
  const stage = await Stage.make(async (made) => {
    for (let number = 0; number < 3; number++) await made.talk();
  });
  stage.console?.select(stage.held[2].id);
  await stage.load();
  assert.equal(stage.console?.selected, stage.held[2].id);
  stage.held.pop();
  await stage.load();
  assert.equal(stage.console?.selected, stage.held[0].id, "it is no longer this person's");
});

test("a tab that was nowhere shows a conversation that goes on before one that has ended", async () => {
  const stage = await Stage.make(async (made) => {
    const over = await made.talk();
    Object.defineProperty(over, "seat", { value: { ...over.seat, state: "ended" } });
    await made.talk();
  });
  assert.equal(stage.console?.selected, stage.held[1].id);
});

test("what was read before a reload is not unread after it", async () => {
  const stage = await Stage.make((made) => made.talk());
  const [talk] = stage.held;
  const { seq } = await talk.says({ text: "lees dit" });
  await talk.says({ text: "en dit nog niet" });
  const { seat: told } = talk;
  stage.answers.open = () =>
    ok({ ...told, allowed: ALLOWED, initial: "B", risk: 2, known: true, steps: [], read: seq });
  await stage.load();
  await until(() => stage.texts(talk).length === 2);
  const seat = stage.seat(talk);
  assert.deepEqual([seat.unread, seat.initial, seat.risk], [1, "B", 2]);
  assert.equal(seat.flagKnown, true);
  stage.deliver({ type: "flagged", conversation: talk.id, risk: 1, known: false, steps: [] });
  assert.deepEqual([seat.risk, seat.flagKnown], [1, false]);
});

test("how far one had scrolled back is there again after a reload", async () => {
  const stage = await Stage.make((made) => made.talk());
  stage.seat(stage.held[0]).back = 420;
  stage.console?.changed();
  await stage.load();
  assert.equal(stage.seat(stage.held[0]).back, 420);
});

test("a colleague's duty and a line that closes are seen without a reload", async () => {
  const stage = await Stage.make((made) => made.talk());
  const daan = { id: "daan", alias: "Daan", line: "helpwanted", duty: "on" };
  stage.deliver({ type: "colleagues", line: "helpwanted", open: false, colleagues: [daan], desks: ["csg"] });
  assert.deepEqual(stage.console?.colleagues, [daan]);
  assert.equal(stage.console?.lines[0].open, false);
  assert.deepEqual(stage.console?.desksThere, ["csg"]);
  stage.deliver({
    type: "colleagues",
    line: "helpwanted",
    open: true,
    colleagues: [{ ...daan, duty: "off" }],
  });
  assert.deepEqual(stage.console?.colleagues, [{ ...daan, duty: "off" }]);
});

test("after the end what was sealed is sent once more as the same bytes, and what was not is given up", async () => {
  /** @type {any[]} */
  const sent = [];
  const outbox = new Outbox({
    send: async (_kind, box) => sent.push(box),
    place: () => null,
    hindrance: () => "ended",
    changed: () => {},
    after: () => () => {},
  });
  const item = /** @type {any} */ ({ id: "i", epoch: 1, box: "b" });
  outbox.add("perhaps stored", { item });
  await until(() => outbox.unsent[0].state === "stored");
  outbox.add("never sealed");
  await until(() => outbox.unsent[1].state === "failed");
  assert.deepEqual([sent, outbox.unsent[1].problem], [[item], "ended"]);
});
