import assert from "node:assert/strict";
import test from "node:test";
import { GuestDesk } from "../../../frontend/console/handoff/model/guest-desk.js";
import { GuestKeys } from "../../../frontend/console/handoff/model/guest-keys.js";
import { pointOf } from "../../../frontend/shared/sealing.js";
import { error, FakeStorage, ok, player, quiet, Stage, Talk, until } from "../fakes/console-stage.js";
import { holdNext } from "../fakes/proof.js";

/** @typedef {import("../../../frontend/shared/socket.js").Frame} Frame */

/** Makes a guest's page, and a server that gave out one link with the PIN 123456. */
class GuestStage extends Stage {
  link = "link";
  used = false;
  browser = new FakeStorage();
  /** @type {Talk} */
  talk1 = new Talk(this.own);

  get database() {
    return {
      load: async (/** @type {string} */ name) => this.keys.get(name),
      store: async (/** @type {string} */ name, /** @type {CryptoKeyPair} */ pair) =>
        this.keys.set(name, pair),
      forget: async (/** @type {string} */ name) => this.keys.delete(name),
    };
  }

  static async open() {
    const stage = new GuestStage(await player("partner", "Veilig Thuis"));
    stage.talks.set(stage.talk1.id, stage.talk1);
    stage.answers.desk = (frame) => stage.#seat(frame);
    stage.answers.prove = (frame) => stage.#prove(frame);
    await stage.load();
    return stage;
  }

  /** Loads the page, or loads it again without what was after `#`. */
  async load(link = this.link) {
    const keys = new GuestKeys(this.browser, /** @type {any} */ (this.database));
    this.desk = new GuestDesk({
      url: "wss://example.org/ws/desk/",
      world: this.world,
      store: this.store,
      link,
      keys,
    });
    this.console = /** @type {any} */ (this.desk);
    await this.desk.start();
  }

  /** @param {any} frame @returns {Promise<Frame>} */
  async #seat({ token, pin, key }) {
    const { talk1, own } = this;
    if (token === "resume") return key === own.key && this.isSeated ? this.#back() : error("not_found");
    if (this.used || token !== "link" || pin !== "123456") return error("not_found");
    this.used = true;
    const pair = /** @type {CryptoKeyPair} */ (this.keys.values().next().value);
    Object.assign(own, { pair, key: await pointOf(pair) });
    assert.equal(own.key, key);
    talk1.joins(own);
    await talk1.grants();
    this.proven = true;
    return this.#seated(null);
  }

  /** Checks that somebody who comes back has the seat's key. */
  async #back() {
    const { member: id, key } = this.own;
    return this.#seated(await this.demand({ id, key, person: "", state: "approved" }));
  }

  /** @param {any} frame */
  #prove({ secret }) {
    this.proven = this.meets(secret) !== null;
    return this.proven ? ok() : error("forbidden");
  }

  get isSeated() {
    return this.talk1.present.includes(this.own);
  }

  /** @param {string | null} prove */
  #seated(prove) {
    return ok({ conversation: this.talk1.id, member: this.own.member, resume: "resume", prove });
  }

  get page() {
    return /** @type {GuestDesk} */ (this.desk);
  }
}

/** @param {{sent: {type: string}[]}} stage */
const typesOf = ({ sent }) => sent.map(({ type }) => type);

/** Makes a guest who has joined. */
async function inside() {
  const stage = await GuestStage.open();
  await stage.page.join("123 456");
  await until(() => stage.page.current?.hindrance === "");
  return stage;
}

test("without a link there is nothing to ask, and nothing is sent", async () => {
  const stage = new GuestStage(await player("partner", "Veilig Thuis"));
  await stage.load("");
  assert.deepEqual([stage.page.step, stage.sent.length, stage.keys.size], ["no_link", 0, 0]);
});

test("the PIN opens the desk with a key that cannot leave this browser, and only then", async () => {
  const stage = await GuestStage.open();
  assert.deepEqual([stage.page.step, stage.sent.length], ["pin", 0]);
  await stage.page.join("123 456");
  await until(() => stage.page.step === "talking");
  const [{ token, pin }] = stage.sentOf("desk");
  assert.deepEqual([token, pin], ["link", "123456"]);
  assert.equal([...stage.keys.values()][0].privateKey.extractable, false);
});

test("a guest reads and writes as a partner", async () => {
  const stage = await inside();
  await stage.talk1.says("hello from the caller");
  await until(() => stage.texts(stage.talk1).length === 1);
  stage.seat(stage.talk1).writing.post("hello, I am of Veilig Thuis");
  await until(() => stage.texts(stage.talk1).length === 2);
  assert.equal(await stage.talk1.read(stage.sentOf("post")[0]), "hello, I am of Veilig Thuis");
  assert.equal(stage.seat(stage.talk1).role, "partner");
});

test("a wrong PIN, a late or a used link: plain words, the same form, and no key stays but the link", async () => {
  const stage = await GuestStage.open();
  await stage.page.join("000000");
  await until(() => stage.page.step === "pin");
  assert.deepEqual([stage.page.why, stage.keys.size], ["wrong", 0]);
  assert.deepEqual([...stage.store.held], [["helpline-guest-link", "link"]]);
  await stage.page.join("123456");
  await until(() => stage.page.step === "talking");
});

test("where the reply to the link was lost the page says that it may be used up, and blames no PIN", async () => {
  const stage = await GuestStage.open();
  stage.answers.desk = () => null;
  await stage.page.join("123456");
  await until(() => stage.sentOf("desk").length === 1);
  stage.answers.desk = () => error("not_found"); // the first one was seated
  stage.drop();
  stage.pass(500);
  await until(() => stage.page.step === "pin");
  assert.equal(stage.page.why, "used");
});

test("after a drop and after a reload the desk is opened by the resume token with the same key", async () => {
  const stage = await inside();
  stage.drop();
  stage.pass(0);
  await until(() => stage.sentOf("desk").length === 2 && stage.page.current?.hindrance === "");
  await stage.load("");
  await until(() => stage.page.current?.hindrance === "");
  const [first, second, third] = stage.sentOf("desk");
  assert.deepEqual([second.token, second.pin, third.token, third.pin], ["resume", null, "resume", null]);
  assert.deepEqual([second.key, third.key], [first.key, first.key]);
});

test("who comes back proves the seat's key before the conversation is opened; who came by the link and PIN need not", async () => {
  const stage = await inside();
  assert.deepEqual(typesOf(stage).slice(0, 2), ["desk", "open"]);
  await stage.talk1.says("still here");
  await until(() => stage.texts(stage.talk1).length === 1);
  const before = stage.sent.length;
  let goOn = () => {};
  const { prove } = stage.answers;
  stage.answers.prove = (frame) => new Promise((done) => (goOn = () => done(prove(frame))));
  stage.drop();
  stage.pass(0);
  await until(() => stage.sentOf("prove").length === 1);
  await stage.page.current?.leave();
  await quiet();
  assert.deepEqual(typesOf(stage).slice(before), ["desk", "prove"]);
  assert.deepEqual(stage.texts(stage.talk1), ["still here"]);
  goOn();
  await until(() => stage.page.current?.hindrance === "");
  assert.deepEqual([typesOf(stage).slice(before, before + 3), stage.early], [["desk", "prove", "open"], []]);
});

test("a proof that fails is tried on one more connection, and then said; the key and the texts stay", async () => {
  const stage = await inside();
  await stage.talk1.says("still here");
  await until(() => stage.texts(stage.talk1).length === 1);
  stage.answers.prove = () => error("forbidden");
  stage.drop();
  stage.pass(0);
  await until(() => stage.page.stopped === "unproven");
  stage.pass(600_000);
  await quiet();
  assert.deepEqual([stage.sentOf("prove").length, stage.connections], [2, 3]);
  assert.deepEqual(
    [stage.page.step, stage.texts(stage.talk1), stage.keys.size],
    ["talking", ["still here"], 1],
  );
});

test("a secret that arrives wrong once costs a guest the connection, not the seat", async () => {
  const stage = await inside();
  const { prove } = stage.answers;
  stage.answers.prove = () => {
    stage.answers.prove = prove;
    return error("forbidden");
  };
  stage.drop();
  stage.pass(0);
  await until(() => stage.sentOf("prove").length === 2 && stage.page.current?.hindrance === "");
  assert.deepEqual([stage.page.stopped, stage.connections], ["", 3]);
  stage.answers.prove = () => {
    stage.answers.prove = prove;
    return error("forbidden");
  };
  stage.drop();
  stage.pass(0);
  await until(() => stage.sentOf("prove").length === 4 && stage.page.current?.hindrance === "");
  assert.deepEqual([stage.page.stopped, stage.connections], ["", 5]);
});

test("a guest's box that opens, or does not, when its connection has gone is void on the next one", async () => {
  for (const opens of [true, false]) {
    const stage = await inside();
    const { desk, prove } = stage.answers;
    /** @type {ReturnType<typeof holdNext> | undefined} */
    let held;
    stage.answers.desk = async (frame) => {
      const reply = /** @type {any} */ (await desk(frame));
      stage.answers.desk = desk;
      held = holdNext("deriveBits");
      return opens ? reply : { ...reply, prove: reply.prove.replace(/.{8}$/, "AAAAAAAA") };
    };
    stage.drop();
    stage.pass(0);
    await until(() => held?.isHeld);
    stage.drop();
    let finish = () => {};
    stage.answers.prove = (frame) => new Promise((done) => (finish = () => done(prove(frame))));
    stage.pass(0);
    await until(() => stage.sentOf("prove").length === 1);
    held?.goOn();
    await quiet();
    finish();
    await until(() => stage.page.current?.hindrance === "");
    assert.deepEqual([stage.sentOf("prove").length, stage.connections], [1, 3]);
  }
});

test("the link opened again in the same tab goes on with the same seat", async () => {
  const stage = await inside();
  await stage.load("link");
  await until(() => stage.page.step === "talking");
  assert.equal(stage.sentOf("desk").at(-1)?.token, "resume");
});

for (const reason of ["left", "lost", "released"]) {
  test(`at its own left (${reason}) the key and the resume token are deleted, and nothing comes back`, async () => {
    const stage = await inside();
    stage.talk1.leaves(stage.own, reason);
    await until(() => stage.page.step === "over");
    assert.deepEqual([stage.page.why, stage.keys.size, stage.store.held.size], [reason, 0, 0]);
    assert.equal(stage.browser.getItem("helpline-guest-keys"), "{}");
    stage.pass(600_000);
    await quiet();
    assert.deepEqual([stage.sentOf("desk").length, stage.page.connection], [1, "stopped"]);
  });
}

test("at the end the key is deleted, and what was said stays on the screen until the tab is closed", async () => {
  const stage = await inside();
  await stage.talk1.says("thank you");
  await until(() => stage.texts(stage.talk1).length === 1);
  stage.talk1.add("ended", { reason: "caller" }, stage.talk1.caller);
  await until(() => stage.keys.size === 0);
  assert.deepEqual(
    [stage.page.step, stage.texts(stage.talk1), stage.store.held.size],
    ["talking", ["thank you"], 0],
  );
  await stage.load("");
  assert.equal(stage.page.step, "no_link");
});

test("a seat that was lost while the connection was away is over, in words", async () => {
  const stage = await inside();
  stage.talk1.present = [];
  stage.drop();
  stage.pass(0);
  await until(() => stage.page.step === "over");
  assert.deepEqual([stage.page.why, stage.keys.size], ["lost", 0]);
});

test("a seat that the purge removed after the end is said to be erased, and not to have been lost", async () => {
  const stage = await inside();
  stage.talk1.add("ended", { reason: "caller" }, stage.talk1.caller);
  await until(() => stage.page.current?.state === "ended");
  stage.talk1.present = [];
  stage.drop();
  stage.pass(0);
  await until(() => stage.page.step === "over");
  assert.equal(stage.page.why, "gone");
});

test("a seat that was lost before a reload is over too, and a new link in the address asks its PIN", async () => {
  for (const [link, step] of [
    ["", "over"],
    ["another link", "pin"],
  ]) {
    const stage = await inside();
    stage.talk1.present = [];
    await stage.load(link);
    await until(() => stage.page.step === step);
    assert.deepEqual([stage.keys.size, [...stage.store.held.values()]], [0, link ? [link] : []]);
  }
});

test("a conversation that was erased closes the desk for good", async () => {
  const stage = await inside();
  stage.drop(4410);
  await until(() => stage.page.step === "over");
  assert.deepEqual([stage.page.why, stage.keys.size], ["gone", 0]);
});

test("a browser that cannot keep a key says so before the link is used", async () => {
  const stage = await GuestStage.open();
  stage.keys.set = () => {
    throw new Error("no space");
  };
  await stage.page.join("123456");
  assert.deepEqual([stage.page.step, stage.page.why, stage.sent.length], ["pin", "broken", 0]);
});

test("the key of a tab that was closed without leaving is deleted half a day later", async () => {
  const stage = await inside();
  stage.store.held.clear();
  await stage.load("");
  assert.equal(stage.keys.size, 1);
  stage.pass(14 * 3_600_000);
  await stage.load("");
  assert.equal(stage.keys.size, 0);
});

test("before the PIN nobody waits for a connection, and a reload keeps the link until it is used up", async () => {
  const stage = await GuestStage.open();
  assert.deepEqual([stage.page.step, stage.page.wantsConnection], ["pin", false]);
  await stage.load("");
  assert.equal(stage.page.step, "pin");
  await stage.page.join("000 000");
  await until(() => stage.page.step === "pin" && stage.page.why === "wrong");
  await stage.load("");
  await stage.page.join("123 456");
  await until(() => stage.page.current?.hindrance === "");
  assert.ok(stage.page.wantsConnection);
  assert.ok(![...stage.store.held.values()].includes("link"), "a used link is not kept");
});

test("a new link in the address counts, not the one that this tab kept", async () => {
  const stage = await GuestStage.open();
  await stage.load("another");
  await stage.page.join("123 456");
  await until(() => stage.page.why === "wrong");
  assert.equal(stage.sentOf("desk").at(-1)?.token, "another");
});
