import assert from "node:assert/strict";
import test from "node:test";
import { page, Server, Storage, settle, until, World } from "../fakes/caller-server.js";

const asks = (/** @type {string} */ challenge) => ({ code: "work", challenge });

/** Makes a page whose work is done at once, and records its challenges. @param {Server} server @param {object} [more] */
function diligent(server, more = {}) {
  /** @type {string[]} */
  const got = [];
  const earn = async (/** @type {string} */ challenge) => {
    got.push(challenge);
    return `done ${challenge}`;
  };
  return { got, ...page(server, new Storage(), new World(), { earn, ...more }) };
}

test("a line that asks for work is asked again with what was done for it, and what was written is sent", async () => {
  const server = new Server();
  server.faults.start = asks("one");
  const { conversation, got } = diligent(server);
  await conversation.outbox.add("message", "I waited for this");
  await until(() => conversation.begun && conversation.outbox.items.length === 0, "stored");
  const [first, second] = server.sent("start");
  assert.deepEqual([first.work, second.work, got], [undefined, "done one", ["one"]]);
  assert.deepEqual([conversation.earning, conversation.stopped], ["", null]);
});

test("who asks twice for a chat while it works for a place works once", async () => {
  const server = new Server();
  const { conversation, got } = diligent(server);
  await until(() => conversation.begun, "in");
  server.faults.chat = asks("one");
  await Promise.all([conversation.talkNow(), conversation.talkNow()]);
  assert.deepEqual(got, ["one"]);
  assert.deepEqual(
    server.sent("chat").map(({ work }) => work),
    [undefined, "done one"],
  );
});

test("while it works the line is hung up, and the page knows that it is being let in", async () => {
  const server = new Server();
  server.faults.start = asks("one");
  const forever = () => new Promise(() => {});
  const { conversation, world } = diligent(server, { earn: forever });
  await until(() => conversation.earning, "at work");
  assert.deepEqual(
    [conversation.connection, conversation.earning, conversation.stopped],
    ["stopped", "soon", null],
  );
  await world.pass(10_000);
  assert.equal(conversation.earning, "long");
});

test("a second challenge is worked off like the first", async () => {
  const server = new Server();
  const start = server.answers.start;
  let left = 2;
  server.answers.start = (frame) =>
    left-- ? { type: "error", detail: "", ...asks(`${left}`) } : start(frame);
  const { conversation, got } = diligent(server);
  await until(() => conversation.begun, "in");
  assert.deepEqual(got, ["1", "0"]);
  assert.equal(server.sent("start").at(-1)?.work, "done 0");
});

test("a line that asks for ever more work is a full line in the end", async () => {
  const server = new Server();
  server.answers.start = () => ({ type: "error", detail: "", ...asks("again") });
  const { conversation, got } = diligent(server);
  await until(() => conversation.stopped, "stopped");
  assert.deepEqual([conversation.stopped?.error?.code, got.length, conversation.earning], ["work", 4, ""]);
});

test("work that fails stops there, and the next try may succeed", async () => {
  const server = new Server();
  server.faults.start = asks("one");
  const earn = async () => {
    throw new Error("no worker");
  };
  const { conversation } = diligent(server, { earn });
  await conversation.outbox.add("message", "still here");
  await until(() => conversation.stopped, "stopped");
  assert.equal(conversation.earning, "");
  conversation.tryAgain();
  await until(
    () => conversation.begun && conversation.outbox.items.length === 0,
    "in, with what was written",
  );
  assert.equal(server.sent("start").at(-1)?.work, undefined);
});

test("who was turned away by a full line comes in by trying again", async () => {
  const server = new Server();
  server.faults.start = { code: "line_full", again: 40 };
  const { conversation } = diligent(server);
  await until(() => conversation.stopped, "full");
  assert.equal(conversation.stopped?.error?.frame.again, 40);
  conversation.tryAgain();
  await until(() => conversation.begun, "in");
  assert.equal(conversation.stopped, null);
});

test("who leaves while it works sends nothing more", async () => {
  const server = new Server();
  server.faults.start = asks("one");
  let asked = /** @type {AbortSignal | null} */ (null);
  let done = (/** @type {string} */ _work) => {};
  const earn = (/** @type {string} */ _challenge, /** @type {AbortSignal} */ signal) => {
    asked = signal;
    return new Promise((resolve) => {
      done = resolve;
    });
  };
  const { conversation } = diligent(server, { earn });
  await until(() => asked, "at work");
  conversation.stop();
  assert.ok(asked?.aborted);
  done("too late");
  await settle();
  assert.equal(server.sent("start").length, 1);
});

test("the first frames of all lines are equally long", async () => {
  const lengths = [];
  for (const line of ["x", "stopitnow", "a-line-with-the-longest-of-names"]) {
    const server = new Server();
    const { conversation } = diligent(server, { line });
    await until(() => conversation.begun, "in");
    lengths.push(JSON.stringify(server.sent("start")[0]).length);
  }
  assert.equal(new Set(lengths).size, 1);
});
