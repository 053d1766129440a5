import assert from "node:assert/strict";
import test from "node:test";
import { TabMemory } from "../../../frontend/caller/coming-back/tab-memory.js";
import * as sealing from "../../../frontend/shared/sealing.js";
import { Storage, talking, until, whatIsKept } from "../fakes/caller-server.js";

const shelf = sealing.toBase64url(crypto.getRandomValues(new Uint8Array(32)));
const started = {
  conversation: "c",
  member: "m",
  token: "t",
  line: "helpwanted",
  page: "/nl/praat/",
  review: null,
};

test("what is kept is there again after a reload, once the shelf key has come", async () => {
  const storage = new Storage();
  const memory = new TabMemory(storage);
  memory.begin(started, shelf);
  const secrets = new Map([[0, sealing.freshSecret()]]);
  await memory.shelve(secrets, { m2: [0] });
  await memory.takeOff(1, sealing.freshSecret(), {});
  await memory.consent("i1", { service: "csg", history: true, guest: false });
  await memory.keepTone(false);
  const again = new TabMemory(storage);
  assert.equal(again.state?.token, "t");
  assert.deepEqual(again.state?.yes, {}, "not yet");
  await again.unlock(shelf, 3);
  assert.deepEqual(again.state, memory.state);
  const found = await again.fetchSecrets();
  assert.deepEqual([...found.secrets.keys()], [0]);
  assert.equal(found.flight?.epoch, 1);
});

test("in clear lie the conversation, its token, when a page was here and how it left; nothing else", async () => {
  const storage = new Storage();
  const memory = new TabMemory(storage);
  memory.begin(started, shelf);
  await memory.consent("invitation-one", { service: "veilig-thuis", history: true, guest: false });
  await memory.keepDraft("my half sentence");
  const { sealed, ...clear } = JSON.parse(storage.text);
  assert.deepEqual(Object.keys(clear).sort(), ["conversation", "seen", "token"]);
  memory.moves();
  if (memory.state) memory.state.erasing = "sure";
  await memory.save();
  const { sealed: later, ...then } = JSON.parse(storage.text);
  assert.deepEqual(Object.keys(then).sort(), ["conversation", "erasing", "moved", "seen", "token"]);
  for (const readable of ["veilig-thuis", "invitation", "sentence", "/praat/", "member"])
    for (const one of [sealed, later]) assert.ok(!one.includes(readable));
});

test("a page that has not heard the shelf key yet writes over nothing", async () => {
  const storage = new Storage();
  const memory = new TabMemory(storage);
  memory.begin(started, shelf);
  await memory.consent("i1", { service: "csg", history: true, guest: false });
  const again = new TabMemory(storage);
  again.trusts(70_000);
  await again.keepDraft("typed while the network was away");
  const third = new TabMemory(storage);
  await third.unlock(shelf, 3);
  assert.deepEqual(Object.keys(third.state?.yes ?? {}), ["i1"]);
  await again.unlock(shelf, 3);
  assert.equal(again.state?.draft, "typed while the network was away", "and keeps its own");
  assert.equal(again.earlier, "");
  assert.deepEqual(Object.keys(again.state?.yes ?? {}), ["i1"]);
});

test("where the shelf key has ended the log says who was let in; where it does not fit nobody is", async () => {
  const storage = new Storage();
  const memory = new TabMemory(storage);
  memory.begin(started, shelf);
  await memory.settled();
  const ended = new TabMemory(storage);
  assert.equal(await ended.unlock(null, 7), false, "nobody is let in any more");
  assert.equal(ended.state?.believed, 7);
  const foreign = new TabMemory(storage);
  assert.equal(await foreign.unlock(sealing.toBase64url(new Uint8Array(32)), 7), false);
  assert.equal(foreign.state?.believed, undefined);
  assert.equal(await new TabMemory(storage).unlock(shelf, 7), true);
});

test("a page that was gone before it could seal a word believes the log of that time", async () => {
  const storage = new Storage();
  new TabMemory(storage).begin(started, shelf);
  const next = new TabMemory(storage);
  assert.equal(await next.unlock(shelf, 2), true);
  assert.equal(next.state?.believed, 2);
});

test("a reload within ten seconds goes on; what comes back in any other way is asked", () => {
  const storage = new Storage();
  const first = new TabMemory(storage);
  first.begin(started, shelf);
  first.sees(50_000);
  const again = () => new TabMemory(storage);
  assert.equal(again().goesOn("reload", 59_999), true);
  assert.equal(again().goesOn("reload", 60_000), false, "too long ago");
  for (const how of ["navigate", "back_forward", undefined])
    assert.equal(again().goesOn(how, 50_001), false, `restored, copied or come back to: ${how}`);
  const asking = again();
  asking.moves();
  asking.sees(59_999);
  assert.equal(again().goesOn("reload", 60_001), false, "a page that asks is loaded anew, and asks again");
  assert.equal(again().goesOn("navigate", 50_001), false, "nor does a step from it answer the question");
  const leaving = again();
  leaving.trusts(50_000);
  leaving.moves();
  leaving.sees(50_000);
  assert.equal(again().goesOn("navigate", 50_001), true, "from one page of ours to the next");
  leaving.doubts();
  leaving.sees(50_000);
  assert.equal(again().goesOn("reload", 50_001), false, "a doubt stays until it is answered");
  leaving.trusts(50_000);
  assert.equal(again().goesOn("reload", 50_001), true);
  assert.equal(again().goesOn("navigate", 50_001), false);
});

test("what was not sent yet is sealed, and there again once the shelf key has come", async () => {
  const storage = new Storage();
  const memory = new TabMemory(storage);
  memory.keepDraft("before there is a key");
  memory.begin(started, shelf);
  await memory.settled();
  const early = new TabMemory(storage);
  await early.unlock(shelf, 1);
  assert.equal(early.state?.draft, "before there is a key");
  memory.keepDraft("my half");
  await memory.keepDraft("my half sentence");
  assert.ok(!storage.text.includes("half"));
  const again = new TabMemory(storage);
  assert.equal(again.state?.draft, "");
  await again.unlock(shelf, 1);
  assert.equal(again.state?.draft, "my half sentence");
  await again.keepDraft("");
  const last = new TabMemory(storage);
  await last.unlock(shelf, 1);
  assert.equal(last.state?.draft, "");
});

test("what was typed after a reload, before the key came, hides no earlier draft: each is there, apart", async () => {
  const { memory, storage, reload } = await talking();
  await memory.keepDraft("before the reload");
  const again = reload();
  await again.memory.keepDraft("after it");
  await until(() => again.conversation.draft !== "", "the key has come");
  assert.equal(again.conversation.draft, "before the reload");
  assert.equal(again.memory.state?.draft, "after it");
  assert.ok(!storage.text.includes("reload"));
});

test("a draft that is being sealed while all is forgotten comes to nothing", async () => {
  const storage = new Storage();
  const memory = new TabMemory(storage);
  memory.begin(started, shelf);
  const keeping = memory.keepDraft("nobody may read this");
  memory.forget();
  await keeping;
  assert.equal(storage.items.size, 0);
});

test("what is kept names no line", () => {
  const storage = new Storage();
  new TabMemory(storage).begin(started, shelf);
  assert.ok(!storage.text.includes("helpwanted"));
});

test("without the shelf key, or with another one, no secret opens", async () => {
  const storage = new Storage();
  const memory = new TabMemory(storage);
  memory.begin(started, shelf);
  await memory.shelve(new Map([[0, sealing.freshSecret()]]), {});
  for (const key of [null, sealing.toBase64url(new Uint8Array(32))]) {
    const again = new TabMemory(storage);
    await again.unlock(key, 1);
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
  assert.equal((await whatIsKept(storage.text, server.shelf)).unsent.length, 2);
  for (const readable of ["my secret words", "Sam", "her words", "Carla", server.shelf, server.caller])
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
  for (const text of writes) {
    const kept = await whatIsKept(text, shelf);
    const known = await sealing.openFromShelf(shelf, kept.secrets);
    assert.notEqual(known.has(1), kept.flight !== null, "one or the other");
  }
  assert.equal((await whatIsKept(writes.at(-1) ?? "", shelf)).flight, null);
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

test("a conversation that begins after one without a shelf key can be opened again", async () => {
  const storage = new Storage();
  new TabMemory(storage).begin(started, shelf);
  const memory = new TabMemory(storage);
  assert.equal(await memory.unlock(null, 7), false);
  memory.forget();
  memory.begin(started, shelf);
  assert.equal(await memory.unlock(shelf, 2), true, "after a lost connection");
});
