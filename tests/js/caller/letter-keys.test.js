import assert from "node:assert/strict";
import test from "node:test";
import * as sealing from "../../../frontend/shared/sealing.js";
import { page, Server, Storage, settle, until } from "../fakes/caller-server.js";
import { Certifier } from "../fakes/certifying.js";

const people = await new Certifier().prepare();
const trust = await people.trust();
const DAY = 86_400;
const DUE = "1970-01-31T12:00:00.000Z";
const freshKey = async () => sealing.pointOf(await sealing.makeDeviceKey());

/**
 * A letter that has just begun.
 * @param {any} how how the certificate of its key differs; null: it has none @param {string} [sits] the key that is seated, if it is another one
 * @param {(all: ReturnType<typeof page>) => unknown} [between]  runs after the review key was seated, before the other one
 */
async function aLetter(how = {}, sits = undefined, between = () => {}) {
  const server = new Server();
  const [letters, review] = [await freshKey(), await freshKey()];
  const cert =
    how === null
      ? null
      : await people.certify(
          how.key ?? letters,
          /** @type {any} */ ({ use: "letters", until: 34 * DAY, ...how }),
        );
  const reviewCert = await people.certify(review, { use: "review" });
  server.review = { member: "AAAAAAAAAAA", key: review, cert: reviewCert };
  server.letters = { member: "AAAAAAAAAAE", key: letters, cert, due: DUE };
  const all = page(server, new Storage(), undefined, { trust, letter: true });
  await until(() => all.conversation.begun && all.conversation.settled, "begun");
  await server.joins({ role: "review", member: "AAAAAAAAAAA", alias: "", key: review, cert: reviewCert });
  await between(all);
  const seat = { role: /** @type {const} */ ("letters"), member: "AAAAAAAAAAE", alias: "" };
  await server.joins({ ...seat, key: sits ?? letters, cert });
  return { ...all, letters, review };
}

test("the line's keys that people certified are let in, and the first word waits for that", async () => {
  const { server, conversation } = await aLetter();
  await until(() => server.epoch === 1, "granted");
  await conversation.outbox.add("message", "I write at night");
  await until(() => server.sent("post").length === 1, "sent");
  assert.equal(server.sent("post")[0].epoch, 1);
  assert.deepEqual(server.grants[0].wraps.map(({ member }) => member).sort(), ["AAAAAAAAAAA", "AAAAAAAAAAE"]);
});

test("while only the key for reading afterwards sits, nobody is let in and no word is sealed", async () => {
  /** @type {number[]} */
  let before = [];
  const { server, conversation } = await aLetter({}, undefined, async (all) => {
    all.conversation.outbox.add("message", "I write at night").catch(() => {});
    await settle();
    before = [all.server.sent("grant").length, all.server.sent("post").length];
  });
  assert.deepEqual(before, [0, 0]);
  await until(() => server.sent("post").length === 1, "sent");
  assert.deepEqual([conversation.turnedAway, server.grants.map(({ wraps }) => wraps.length)], [[], [2]]);
});

const planted = {
  "a key without a certificate": null,
  "a certificate of another key": { key: await freshKey() },
  "a device's certificate": { use: "device" },
  "a review key's certificate": { use: "review" },
  "a certificate of another line": { slug: "stopitnow" },
  "a certificate of a service": { kind: "service" },
  "a scope of an older serial": { serial: 2 },
  "a certificate for longer than 35 days": { until: 36 * DAY },
  "a certificate that ended": { until: 20 * DAY },
};
for (const [name, how] of Object.entries(planted))
  test(`a letters key with ${name} is not let in, and no word is sealed`, async () => {
    const { server, conversation } = await aLetter(how);
    await until(() => conversation.turnedAway.length === 1, "turned away");
    conversation.outbox.add("message", "I write at night").catch(() => {});
    await settle();
    assert.equal(conversation.turnedAway[0].role, "letters");
    assert.deepEqual([server.sent("grant").length, server.sent("post").length], [0, 0]);
  });

test("a certified key that sits down in the place of the one that was named is not let in", async () => {
  const other = await freshKey();
  const { server, conversation } = await aLetter({}, other);
  await until(() => conversation.turnedAway.length === 1, "turned away");
  assert.equal(conversation.turnedAway[0].why, "letters");
  assert.equal(server.sent("grant").length, 0);
});

/** The same letter by its code in another browser, where the log names these keys. @param {Server} server @param {string} code */
async function byCode(server, code, storage = new Storage(), named = trust) {
  const back = page(server, storage, undefined, { trust: named, code });
  await until(() => back.conversation.settled, "back");
  return back;
}

/** Makes a letter with a code, whose first browser is gone. */
async function aKeptLetter() {
  const all = await aLetter();
  await until(() => all.server.epoch === 1, "granted");
  const code = sealing.freshCode();
  await all.conversation.keepCode(code);
  all.conversation.stop();
  return { ...all, code };
}

test("who comes back by code lets in the keys that sat there at the start", async () => {
  const { server, code } = await aKeptLetter();
  const { conversation } = await byCode(server, code);
  assert.deepEqual(conversation.turnedAway, []);
  await conversation.outbox.add("message", "and another thing");
  await until(() => server.sent("post").length === 1, "sent");
});

test("who comes back by code after a signing session writes on: the keys were judged at the start", async () => {
  const { server, code } = await aKeptLetter();
  const { conversation } = await byCode(server, code, undefined, { ...trust, serial: trust.serial + 1 });
  assert.deepEqual(conversation.turnedAway, []);
  await conversation.outbox.add("message", "and another thing");
  await until(() => server.sent("post").length === 1, "sent");
});

test("after coming back by code another review key lets nobody in, however well it is certified", async () => {
  const { server, code } = await aKeptLetter();
  const key = await freshKey();
  const cert = await people.certify(key, /** @type {any} */ ({ use: "review", until: 300 * DAY }));
  const joined = server.log.find(({ kind, role }) => kind === "joined" && role === "review");
  Object.assign(/** @type {any} */ (joined), { key, cert });
  const grants = server.sent("grant").length;
  const { conversation } = await byCode(server, code);
  await until(() => conversation.turnedAway.length, "turned away");
  conversation.outbox.add("message", "and another thing").catch(() => {});
  await settle();
  assert.equal(server.sent("grant").length, grants);
  assert.equal(server.sent("post").length, 0);
});

test("after coming back by code no other letters key is let in, however well it is certified", async () => {
  const { server, code } = await aKeptLetter();
  const key = await freshKey();
  const cert = await people.certify(key, /** @type {any} */ ({ use: "letters", until: 34 * DAY }));
  const joined = server.log.find(({ kind, role }) => kind === "joined" && role === "letters");
  Object.assign(/** @type {any} */ (joined), { key, cert });
  const grants = server.sent("grant").length;
  const storage = new Storage();
  const { conversation } = await byCode(server, code, storage);
  await until(() => conversation.turnedAway.length === 1, "turned away");
  conversation.outbox.add("message", "and another thing").catch(() => {});
  await settle();
  assert.equal(conversation.turnedAway[0].role, "letters");
  assert.equal(server.sent("grant").length, grants);
  conversation.stop();
  const again = page(server, storage, undefined, { trust }).conversation;
  await until(() => again.turnedAway.length === 1, "turned away after a reload, too");
  await settle();
  assert.equal(server.sent("grant").length, grants);
});
