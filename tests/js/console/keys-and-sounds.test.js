import assert from "node:assert/strict";
import test from "node:test";
import { Preferences } from "../../../frontend/console/staff/model/preferences.js";
import { pressed, remapped, shortcutsIn } from "../../../frontend/console/staff/view/keyboard-shortcuts.js";
import { FakeStorage, Stage, until } from "../fakes/console-stage.js";

/** @param {Record<string, string>} keys @param {string} name */
const at = (keys, name) => shortcutsIn("console", keys).find((one) => one.name === name)?.keys;

test("no two actions lie on one key", () => {
  const codes = shortcutsIn("console", {}).map(({ code }) => code);
  assert.equal(new Set(codes).size, codes.length);
});

test("an action is moved to a free letter, and only what differs is kept", () => {
  const keys = remapped({}, "next", "X");
  assert.deepEqual([keys, at(keys, "next")], [{ next: "KeyX" }, "Alt+X"]);
  assert.deepEqual(remapped(keys, "next", "N"), {});
});

test("where another action lay the two change places", () => {
  const keys = remapped({}, "next", "E");
  assert.deepEqual([at(keys, "next"), at(keys, "close")], ["Alt+E", "Alt+N"]);
});

test("on a Mac what Alt and a letter write in a field stays text, and works as a key everywhere else", () => {
  const shortcuts = shortcutsIn("console", {});
  const press = (/** @type {object} */ more, /** @type {object} */ around = {}) =>
    pressed(
      {
        ...{ altKey: false, ctrlKey: false, metaKey: false, repeat: false, code: "KeyU", key: "Dead" },
        ...more,
      },
      { shortcuts, typing: true, mac: true, ...around },
    );
  for (const code of ["KeyU", "KeyE", "KeyN"]) assert.equal(press({ altKey: true, code }), "");
  assert.equal(press({ altKey: true, code: "KeyC", key: "ç" }), "");
  assert.equal(press({ altKey: true, code: "KeyS", key: "ß" }), "somebody", "help is called from anywhere");
  assert.equal(press({ altKey: true, code: "KeyT", key: "†" }), "transfer");
  assert.equal(press({ altKey: true, code: "KeyE" }, { typing: false }), "close");
  assert.equal(press({ altKey: true, code: "KeyE", key: "e" }, { mac: false }), "close");
  assert.equal(press({ key: "?" }), "");
  assert.deepEqual(
    ["?", "/"].map((key) => press({ key, code: "Slash" }, { typing: false })),
    ["help", "reply"],
  );
});

test("what was chosen stays in this browser", () => {
  const memory = new FakeStorage();
  const before = new Preferences(memory);
  before.set({ keys: { next: "KeyX" }, volumes: { ...before.choice.volumes, ring: 0 } });
  const { keys, volumes } = new Preferences(memory).choice;
  assert.deepEqual([keys, volumes.ring, volumes.message], [{ next: "KeyX" }, 0, 40]);
});

test("a sound says that somebody waits again, after nobody did", async () => {
  const stage = await Stage.make((made) => {
    made.waits = { waiting: 0, here: 0 };
  });
  let heard = 0;
  stage.console?.addEventListener("caller", () => heard++);
  const queue = { type: "queue", line: "helpwanted", oldest: null, urgent: 0 };
  for (const here of [1, 2, 0, 1]) stage.deliver({ ...queue, waiting: here, here });
  assert.equal(heard, 2);
});

test("who comes while the connection is away for a moment is heard when it is back", async () => {
  const stage = await Stage.make((made) => {
    made.waits = { waiting: 0, here: 0 };
  });
  let heard = 0;
  stage.console?.addEventListener("caller", () => heard++);
  stage.drop();
  stage.waits = { waiting: 1, here: 1 };
  stage.pass(0);
  await until(() => stage.console?.device.state === "approved" && !stage.console?.nextHindrance);
  assert.equal(heard, 1);
});
