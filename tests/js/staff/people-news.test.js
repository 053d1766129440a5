// A supervisor is alerted to a colleague's new device and to a second factor that was replaced.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PeopleNews } from "../../../frontend/staff/people-news.js";
import { player } from "../fakes/conversation.js";

/** @param {Record<string, object>} answers */
function stage(answers) {
  /** @type {[string, object | undefined][]} */
  const asked = [];
  let rings = 0;
  const act = async (/** @type {() => Promise<unknown>} */ action) => {
    await action();
    news.show(await news.look());
  };
  const news = new PeopleNews({
    request: /** @type {any} */ (
      async (/** @type {string} */ type, /** @type {object} */ fields) => {
        asked.push([type, fields]);
        return answers[type];
      }
    ),
    act,
    approve: ({ id }) => act(async () => asked.push(["approve", { device: id }])),
    rings: () => rings++,
  });
  return { news, asked, rings: () => rings };
}

const { key } = await player("counsellor", "Carla");
const device = { id: "words", state: "pending", person: "carla", alias: "Carla", label: "Firefox", key };
const replaced = { replacement: "r", alias: "Carla", by: "Hanna", at: "2026-11-26T22:00:00Z" };
const quiet = { devices: { devices: [{ ...device, state: "approved" }] }, replacements: { rows: [] } };

test("a device that waits is shown with eight words and rings once", async () => {
  const { news, rings } = stage({ ...quiet, devices: { devices: [device] } });
  news.show(await news.look());
  news.show(await news.look());
  assert.equal(news.waiting[0]?.words.split(" ").length, 8);
  assert.equal(rings(), 1);
});

test("an approved device neither shows nor rings", async () => {
  const { news, rings } = stage(quiet);
  news.show(await news.look());
  assert.deepEqual(news.waiting, []);
  assert.equal(rings(), 0);
});

test("one click approves the device, and it is gone from the screen", async () => {
  /** @type {Record<string, object>} */
  const answers = { ...quiet, devices: { devices: [device] } };
  const { news, asked } = stage(answers);
  news.show(await news.look());
  Object.assign(answers, quiet);
  await news.approve(news.waiting[0]);
  assert.deepEqual(
    asked.find(([type]) => type === "approve"),
    ["approve", { device: "words" }],
  );
  assert.deepEqual(news.waiting, []);
});

test("a second factor that a colleague replaced rings, and is undone with one click", async () => {
  /** @type {Record<string, object>} */
  const answers = { ...quiet, replacements: { rows: [replaced] } };
  const { news, asked, rings } = stage(answers);
  news.show(await news.look());
  assert.equal(rings(), 1);
  Object.assign(answers, quiet);
  await news.undo("r");
  assert.deepEqual(
    asked.find(([type]) => type === "undoreplacement"),
    ["undoreplacement", { replacement: "r" }],
  );
  assert.deepEqual(news.replaced, []);
});

test("a device whose words differ is revoked; a supervisor's waits for a second one, and is told so", async () => {
  /** @type {Record<string, object>} */
  const answers = { ...quiet, devices: { devices: [device] }, revoke: { waits: true } };
  const { news, asked } = stage(answers);
  news.show(await news.look());
  await news.refuse(news.waiting[0]);
  assert.deepEqual(
    asked.find(([type]) => type === "revoke"),
    ["revoke", { device: "words", differ: true }],
  );
  assert.deepEqual([...news.refused], ["words"]);
  Object.assign(answers, quiet, { revoke: { waits: false } });
  await news.refuse(news.waiting[0]);
  assert.deepEqual(news.waiting, []);
});

test("after a request that was refused the buttons can be pressed again", async () => {
  /** @type {Record<string, object>} */
  const answers = { ...quiet, devices: { devices: [device] } };
  const { news } = stage(answers);
  news.show(await news.look());
  Object.defineProperty(answers, "devices", {
    get: () => {
      throw new Error("try_again");
    },
  });
  await assert.rejects(news.approve(news.waiting[0]));
  assert.equal(news.acting, false);
});
