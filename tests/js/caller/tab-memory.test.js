import assert from "node:assert/strict";
import test from "node:test";
import { TabMemory } from "../../../frontend/caller/tab-memory.js";
import * as sealing from "../../../frontend/shared/sealing.js";
import { Storage, talking, until } from "../fakes/caller-server.js";

const shelf = sealing.toBase64url(crypto.getRandomValues(new Uint8Array(32)));
const started = { conversation: "c", member: "m", token: "t", line: "helpwanted", review: null };

test("what is kept is there again after a reload, once the shelf key has come", async () => {
  const storage = new Storage();
  const memory = new TabMemory(storage);
  memory.begin(started, shelf);
  const secrets = new Map([[0, sealing.freshSecret()]]);
  await memory.shelve(secrets, { m2: [0] });
  await memory.takeOff(1, sealing.freshSecret(), {});
  const again = new TabMemory(storage);
  assert.deepEqual(again.state, memory.state);
  again.unlock(shelf);
  const found = await again.fetchSecrets();
  assert.deepEqual([...found.secrets.keys()], [0]);
  assert.equal(found.flight?.epoch, 1);
});

test("without the shelf key, or with another one, no secret opens", async () => {
  const storage = new Storage();
  const memory = new TabMemory(storage);
  memory.begin(started, shelf);
  await memory.shelve(new Map([[0, sealing.freshSecret()]]), {});
  for (const key of [null, sealing.toBase64url(new Uint8Array(32))]) {
    const again = new TabMemory(storage);
    again.unlock(key);
    assert.equal((await again.fetchSecrets()).secrets.size, 0);
  }
});

test("the storage of a talk holds no text, no name and no shelf key", async () => {
  const { server, conversation, storage, carla } = await talking();
  server.faults.post = { code: "try_again" };
  await conversation.outbox.add("message", "my secret words");
  await conversation.outbox.add("intake", { nickname: "Sam" });
  await server.says(carla, "her words");
  await until(() => conversation.rows.some(({ words }) => words?.text === "her words"), "she was heard");
  assert.equal(JSON.parse(storage.text).unsent.length, 2);
  for (const readable of ["my secret words", "Sam", "her words", "Carla", server.shelf])
    assert.ok(!storage.text.includes(readable), readable);
});

test("forgetting leaves nothing, also when a write is under way", async () => {
  const storage = new Storage();
  const memory = new TabMemory(storage);
  memory.begin(started, shelf);
  const writing = memory.shelve(new Map([[0, sealing.freshSecret()]]), {});
  const leaving = memory.takeOff(1, sealing.freshSecret(), {});
  memory.forget();
  await Promise.all([writing, leaving]);
  assert.equal(storage.items.size, 0);
  assert.equal(memory.state, null);
});

test("a flight leaves the storage in the same write in which its secret arrives", async () => {
  const storage = new Storage();
  const memory = new TabMemory(storage);
  memory.begin(started, shelf);
  const secrets = new Map([[0, sealing.freshSecret()]]);
  await memory.shelve(secrets, {});
  const secret = sealing.freshSecret();
  await memory.takeOff(1, secret, {});
  /** @type {string[]} */
  const writes = [];
  const { setItem } = storage;
  storage.setItem = (name, text) => {
    writes.push(text);
    setItem(name, text);
  };
  await memory.shelve(secrets.set(1, secret), {}, 1);
  assert.equal(writes.length, 1);
  assert.equal(JSON.parse(writes[0]).flight, null);
});

test("a browser that refuses storage still lets the conversation go on", () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
    removeItem: () => {},
  };
  const memory = new TabMemory(full);
  memory.begin(started, shelf);
  assert.equal(memory.state?.token, "t");
});

test("a storage that holds something else is taken as empty", () => {
  const storage = new Storage();
  storage.setItem("tab", "{");
  assert.equal(new TabMemory(storage).state, null);
});
