import assert from "node:assert/strict";
import test from "node:test";
import { Place } from "../../../frontend/console/staff/model/place.js";
import { Stage, until } from "../fakes/console-stage.js";

test("a new caller opens on the first panel, and what was chosen for another stays with it, also after a reload", async () => {
  const stage = await Stage.make(async (made) => {
    await made.talk();
    await made.talk();
  });
  const [one, other] = stage.held.map(({ id }) => id);
  const { console: desk } = stage;
  assert.ok(desk);
  await until(() => desk.selected !== "");
  desk.place.open(one, "notes");
  assert.deepEqual(
    [one, other].map((id) => desk.place.panelOf(id)),
    ["notes", "about"],
  );
  desk.select(other);
  assert.deepEqual(
    [one, other].map((id) => new Place(stage.store).panelOf(id)),
    ["notes", "about"],
  );
});

test("of a conversation that is over nothing is kept", async () => {
  const stage = await Stage.make((made) => made.talk());
  const { console: desk } = stage;
  assert.ok(desk);
  await until(() => desk.selected !== "");
  desk.place.open("gone", "notes");
  desk.changed();
  assert.equal(new Place(stage.store).panelOf("gone"), "about");
});

test("a console that is told that a line has ended connects anew, and is greeted without it", async () => {
  const stage = await Stage.make((made) => made.talk());
  const before = stage.connections;
  const line = { type: "colleagues", line: "helpwanted", colleagues: [], desks: [], on_call: "" };
  stage.deliver({ ...line, open: false, ended: false });
  assert.equal(stage.connections, before);
  stage.deliver({ ...line, open: false, ended: true });
  await until(() => stage.connections === before + 1);
});

test("of the callers somebody is with, the tab keeps the letter and the line alone, to offer to take one back", async () => {
  const stage = await Stage.make((made) => made.talk());
  const { console: desk } = stage;
  const [talk] = stage.held;
  await until(() => stage.seat(talk).hindrance === "");
  const kept = () => new Place(stage.store).where.seats;
  const { conversation, line, initial } = stage.seat(talk).seat;
  desk?.changed();
  assert.deepEqual(kept(), [{ conversation, line, ...(initial === undefined ? {} : { initial }) }]);
  talk.state = "ended";
  talk.add("ended", { reason: "caller" }, talk.caller);
  await until(() => stage.seat(talk).state === "ended");
  assert.deepEqual(kept(), []);
});
