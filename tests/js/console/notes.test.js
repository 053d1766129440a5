import assert from "node:assert/strict";
import test from "node:test";
import { hasNotes, notesOf, shown } from "../../../frontend/console/conversation/model/notes-apart.js";
import { ALLOWED, player, Stage, until } from "../fakes/console-stage.js";

/** @param {import("../../../frontend/shared/sealing.js").Role} role */
async function setUp(role) {
  const stage = await Stage.make(async (made) => {
    made.own = { ...(await player(role, "Carla")), pair: made.own.pair, key: made.own.key };
    made.allowed = role === "partner" ? ALLOWED : [...ALLOWED, "note"];
    await made.talk();
  });
  const [talk] = stage.held;
  await until(() => stage.seat(talk).hindrance === "");
  return { stage, talk, seat: stage.seat(talk) };
}

test("a note goes as a note, sealed, and stands apart from the conversation", async () => {
  const { stage, talk, seat } = await setUp("counsellor");
  seat.writing.drafts.note.set("keep an eye on this");
  seat.writing.note("keep an eye on this");
  await until(() => notesOf(seat).stored.length === 1);
  assert.deepEqual(
    [notesOf(seat).stored[0].text, shown(seat).said.map(({ kind }) => kind)],
    ["keep an eye on this", ["opened", "joined", "granted"]],
  );
  const [note] = stage.sentOf("note");
  assert.deepEqual(JSON.parse(await talk.read(note)), { text: "keep an eye on this" });
  assert.deepEqual([stage.sentOf("post").length, seat.writing.drafts.note.text, seat.unread], [0, "", 0]);
});

test("a note of a colleague is no message of the caller: no sound, no badge", async () => {
  const { stage, talk, seat } = await setUp("counsellor");
  const colleague = await player("colleague", "Daan");
  talk.joins(colleague);
  await talk.grants();
  await until(() => seat.log.granted === 2);
  await talk.says({ text: "from Daan" }, { kind: "note", by: colleague.member });
  await until(() => notesOf(seat).stored.length === 1);
  assert.deepEqual([stage.heard, seat.unread], [0, 0]);
});

test("an unsent note survives a reload as the same box, and its draft too", async () => {
  const { stage, talk, seat } = await setUp("counsellor");
  stage.answers.note = () => null;
  seat.writing.note("on its way");
  seat.writing.drafts.note.set("half a no");
  await until(() => stage.sentOf("note").length === 1);
  stage.pass(1000);
  await until(() => stage.kept.size === 2);
  delete stage.answers.note;
  await stage.load();
  await until(() => notesOf(stage.seat(talk)).stored.length === 1);
  const [first, second] = stage.sentOf("note");
  assert.deepEqual([first.id, first.box], [second.id, second.box]);
  assert.equal(stage.seat(talk).writing.drafts.note.text, "half a no");
});

for (const [role, may] of /** @type {const} */ ([
  ["counsellor", true],
  ["colleague", true],
  ["partner", false],
])) {
  test(`a ${role} ${may ? "has" : "never has"} notes`, async () => {
    const { seat } = await setUp(role);
    assert.equal(hasNotes(seat), may);
  });
}
