import assert from "node:assert/strict";
import test from "node:test";
import { Practised } from "../../../frontend/practice/console/practised.js";
import { FakeStorage } from "../fakes/browser.js";

/** @param {FakeStorage} [store] */
function practisedBy(store = new FakeStorage()) {
  const practised = new Practised(store);
  practised.of("carla");
  return { practised, store };
}

test("what was ticked is there after a reload", () => {
  const { practised, store } = practisedBy();
  practised.tick("practice-1", "risk", 0, "");
  practised.tick("practice-1", "risk", 2, "Floor");
  const { practised: again } = practisedBy(store);
  assert.deepEqual(
    [0, 1, 2].map((n) => again.by("practice-1", "risk", n)),
    ["", undefined, "Floor"],
  );
});

test("a tick can be taken back", () => {
  const { practised } = practisedBy();
  practised.tick("practice-1", "risk", 0, "");
  practised.tick("practice-1", "risk", 0, null);
  assert.deepEqual([practised.by("practice-1", "risk", 0), practised.isEmpty], [undefined, true]);
});

test("it ends with practice, and nothing of it stays in the tab", () => {
  const { practised, store } = practisedBy();
  practised.tick("practice-1", "risk", 0, "");
  practised.clear();
  assert.deepEqual([practised.by("practice-1", "risk", 0), store.length], [undefined, 0]);
});

test("who signs in to the same tab sees nothing of somebody else's practice", () => {
  const { practised, store } = practisedBy();
  practised.tick("practice-1", "risk", 0, "");
  const next = new Practised(store);
  next.of("daan");
  assert.equal(next.by("practice-1", "risk", 0), undefined);
});

test("without storage it lasts as long as the page", () => {
  const practised = new Practised(null);
  practised.of("carla");
  practised.tick("practice-1", "risk", 0, "");
  assert.equal(practised.by("practice-1", "risk", 0), "");
});
