import assert from "node:assert/strict";
import test from "node:test";
import { losesSecrets, page, settle, shown, talking, until, untilLater } from "../fakes/caller-server.js";

test("what was written before anybody came is stored once, and read by the counsellor who joins", async () => {
  const { server, conversation } = page();
  await conversation.outbox.add("intake", { for: "me" });
  await conversation.outbox.add("message", "hello");
  await until(() => shown(conversation).length === 2, "both are stored");
  assert.deepEqual(conversation.outbox.items, []);
  const carla = await server.joins();
  await until(() => conversation.company.length === 1, "Carla is let in");
  await conversation.outbox.add("message", "now to you");
  await until(() => shown(conversation).length === 3, "it is stored");
  assert.deepEqual(await server.reads(carla), ['{"for":"me"}', "hello", "now to you"]);
});

test("what was written before the server replied survives a reload while its turn to be sent has not come", async () => {
  const first = page();
  first.conversation.outbox.add("intake", { for: "me" });
  first.conversation.outbox.add("message", "one");
  first.conversation.outbox.add("message", "two");
  first.server.faults.post = "request";
  await until(() => first.conversation.connection === "waiting", "the line is down");
  await first.memory.settled();
  assert.ok(!first.storage.text.includes("two"), "it is not there in clear");
  const second = first.reload();
  await until(() => shown(second.conversation).length === 3, "all three are stored");
  assert.deepEqual(shown(second.conversation), ['{"for":"me"}', "one", "two"]);
  assert.deepEqual(second.conversation.outbox.items, []);
});

test("who forgets the conversation while somebody is being let in breaks nothing", async () => {
  const { server, conversation, memory } = page();
  await until(() => conversation.rows.length === 1, "open");
  const { grant } = server.answers;
  server.answers.grant = (frame) => {
    memory.forget();
    return grant(frame);
  };
  await server.joins();
  await until(() => server.epoch === 1, "granted");
  await settle();
  assert.deepEqual([memory.state, conversation.broken], [null, false]);
});

test("a newcomer is named on the page before the grant is sent", async () => {
  const { server, named, conversation } = page();
  await until(() => conversation.rows.length === 1, "open");
  let atGrant = /** @type {string[]} */ ([]);
  const grant = server.answers.grant;
  server.answers.grant = (frame) => {
    atGrant = named.at(-1) ?? [];
    return grant(frame);
  };
  const carla = await server.joins();
  await until(() => server.epoch === 1, "granted");
  assert.deepEqual(atGrant, [carla.member]);
});

test("a grant whose reply was lost counts when resume names its epoch", async () => {
  const { server, conversation, world } = page();
  await until(() => conversation.rows.length === 1, "open");
  server.faults.grant = "reply";
  const carla = await server.joins();
  await until(
    () => server.epoch === 1 && conversation.connection === "waiting",
    "stored, and the line is down",
  );
  await world.pass(1000);
  await until(() => conversation.company.length === 1, "let in");
  await conversation.outbox.add("message", "in the same epoch");
  await until(() => shown(conversation).length === 1, "stored");
  assert.equal(server.sent("grant").length, 1);
  assert.deepEqual(await server.reads(carla), ["in the same epoch"]);
});

test("a grant that never arrived is thrown away after resume, and a fresh secret takes its number", async () => {
  const { server, conversation, world, memory } = page();
  await until(() => conversation.rows.length === 1, "open");
  server.faults.grant = "request";
  const carla = await server.joins();
  await until(() => conversation.connection === "waiting", "the line is down");
  assert.equal(memory.state?.flight?.epoch, 1, "its secret was kept before it was sent");
  const thrown = memory.state?.flight?.sealed;
  await world.pass(1000);
  await until(() => conversation.company.length === 1, "let in");
  assert.equal(server.epoch, 1);
  assert.notEqual(memory.state?.secrets, thrown);
  await conversation.outbox.add("message", "read by Carla");
  await until(() => shown(conversation).length === 1, "stored");
  assert.deepEqual(await server.reads(carla), ["read by Carla"]);
});

for (const lost of /** @type {const} */ (["request", "reply"]))
  test(`two reloads while a grant is under way lose nothing when its ${lost} was lost`, async () => {
    const first = page();
    await until(() => first.conversation.rows.length === 1, "open");
    await first.conversation.outbox.add("message", "before");
    await until(() => first.conversation.outbox.items.length === 0, "stored");
    first.server.faults.grant = lost;
    const carla = await first.server.joins();
    await until(() => first.conversation.connection === "waiting", "the line is down");
    first.server.faults.resume = "request";
    const second = first.reload();
    await settle();
    const third = second.reload();
    await until(() => third.conversation.company.length === 1, "let in");
    await third.conversation.outbox.add("message", "after");
    await until(() => shown(third.conversation).length === 2, "stored");
    assert.deepEqual(shown(third.conversation), ["before", "after"]);
    assert.deepEqual(await third.server.reads(carla), ["before", "after"]);
    const reply = await third.server.says(carla, "hello");
    await until(() => shown(third.conversation).length === 3, "her words open");
    assert.equal(third.conversation.rows.at(-1)?.seq, reply.seq);
  });

test("a text refused as stale is sealed again under the same id, and shown once", async () => {
  const { server, conversation, world, carla } = await talking();
  server.faults.post = "request";
  await conversation.outbox.add("message", "hello");
  await until(() => conversation.connection === "waiting", "the line is down");
  const daan = await server.joins({ alias: "Daan" });
  const { post } = server.answers;
  server.answers.post = (request) =>
    server.epoch === 2 ? post(request) : { type: "error", code: "stale_epoch", detail: "", epoch: 2 };
  await world.pass(1000);
  await until(() => conversation.company.length === 2, "Daan is let in");
  await world.pass(1000);
  await until(() => shown(conversation).length === 1, "stored");
  assert.equal(server.sent("post").at(-1)?.epoch, 2);
  assert.equal(new Set(server.sent("post").map(({ id }) => id)).size, 1);
  assert.equal(new Set(server.sent("post").map(({ box }) => box)).size, 2);
  assert.deepEqual([await server.reads(carla), await server.reads(daan)], [["hello"], ["hello"]]);
});

test("a frozen text is sent again as the same bytes first", async () => {
  const { server, conversation, world } = await talking();
  server.faults.post = "reply";
  await conversation.outbox.add("message", "once");
  await until(() => conversation.connection === "waiting", "the line is down");
  await world.pass(1000);
  await until(() => conversation.outbox.items.length === 0, "stored");
  assert.deepEqual(shown(conversation), ["once"]);
  const boxes = new Set(server.sent("post").map(({ box }) => box));
  assert.equal(boxes.size, 1);
});

test("also after a new epoch a frozen text is first tried as the bytes that were sent", async () => {
  const { server, conversation, world, memory, carla } = await talking();
  server.faults.post = "request";
  await conversation.outbox.add("message", "once");
  await until(() => conversation.connection === "waiting", "the line is down");
  const [frozen] = (memory.state?.unsent ?? []).map((unsent) => "box" in unsent && unsent.box);
  server.leaves(carla);
  await world.pass(1000);
  await until(() => shown(conversation).length === 1, "stored");
  assert.deepEqual(
    server.sent("post").map(({ epoch, box }) => [epoch, box === frozen]),
    [
      [1, true],
      [2, false],
    ],
  );
});

test("an unsent text survives two reloads and is stored once", async () => {
  const first = await talking();
  first.server.faults.post = "request";
  await first.conversation.outbox.add("message", "do not lose me");
  await until(() => first.conversation.connection === "waiting", "the line is down");
  assert.ok(!first.storage.text.includes("do not lose me"));
  first.server.faults.resume = "request";
  const second = first.reload();
  await settle();
  const third = second.reload();
  await until(() => shown(third.conversation).length === 1, "stored");
  assert.deepEqual(shown(third.conversation), ["do not lose me"]);
  assert.equal(first.server.log.filter(({ kind }) => kind === "message").length, 1);
  assert.deepEqual(third.conversation.outbox.items, []);
});

test("an entry that comes twice is shown once", async () => {
  const { server, conversation, carla } = await talking();
  const entry = await server.says(carla, "hello");
  server.deliver(entry);
  server.deliver(server.log[0]);
  await until(() => shown(conversation).length > 0, "shown");
  await settle();
  assert.deepEqual(shown(conversation), ["hello"]);
});

test("a message that the server repeats under a new number is not believed", async () => {
  const { server, conversation, carla } = await talking();
  const { by, id, epoch, box } = await server.says(carla, "hello");
  server.append("message", { by, id, epoch, box });
  await until(() => shown(conversation).length === 2, "both came");
  assert.deepEqual(shown(conversation), ["hello", "unverified"]);
});

test("after a gap the page asks sync and shows everything in order", async () => {
  const { server, conversation, carla } = await talking();
  const { deliver } = server;
  server.deliver = () => {};
  await server.says(carla, "one");
  server.deliver = deliver;
  await server.says(carla, "two");
  await until(() => shown(conversation).length === 2, "both came");
  assert.deepEqual(shown(conversation), ["one", "two"]);
  assert.equal(server.sent("sync").length, 1);
});

test("a beat that names a higher number makes the page ask sync", async () => {
  const { server, conversation, carla } = await talking();
  const { deliver } = server;
  server.deliver = () => {};
  const { seq } = await server.says(carla, "unheard");
  server.deliver = deliver;
  server.deliver({ type: "beat", at: "", seqs: { [server.conversation]: seq } });
  await until(() => shown(conversation).length === 1, "it came");
});

test("after a left nothing is posted until the own grant is ok, and the leaver cannot read what follows", async () => {
  const { server, conversation, world, carla } = await talking();
  const { grant } = server.answers;
  server.answers.grant = () => ({ type: "error", code: "try_again", detail: "" });
  server.leaves(carla);
  await conversation.outbox.add("message", "not for Carla");
  await untilLater(world, () => server.sent("grant").length > 1, "tried again");
  assert.equal(server.sent("post").length, 0);
  server.answers.grant = grant;
  await untilLater(world, () => shown(conversation).length === 1, "stored");
  assert.equal(server.sent("post")[0].epoch, 2);
  await assert.rejects(server.secretOf(carla, 2), /not granted/);
});

test("a grant that was stored, although the server said try_again, keeps its secret", async () => {
  const { server, conversation, world } = await talking();
  const { deliver } = server;
  const { grant } = server.answers;
  server.answers.grant = (request) => {
    server.answers.grant = grant;
    const { cause } = grant(request);
    server.deliver = () => {}; // its entry is late
    cause();
    server.deliver = deliver;
    return { type: "error", code: "try_again", detail: "" };
  };
  await server.joins({ alias: "Daan" });
  await untilLater(world, () => conversation.company.length === 2, "epoch 2 counts");
  await conversation.outbox.add("message", "to both");
  await untilLater(world, () => shown(conversation).length === 1, "stored");
  assert.equal(server.sent("post")[0].epoch, 2);
  assert.equal(server.sent("grant").length, 2, "the second grant was not made anew");
});

test("no text goes into an epoch below one that counted", async () => {
  const { server, conversation, world } = await talking();
  await server.joins({ alias: "Daan" });
  await until(() => conversation.company.length === 2, "epoch 2 counts");
  server.epoch = 0; // as after a restored backup, or by a lie
  server.drop();
  await conversation.outbox.add("message", "not below");
  await untilLater(world, () => server.sent("post").length === 1, "posted");
  assert.equal(server.sent("post")[0].epoch, 3);
  assert.deepEqual(
    server.grants.slice(2).map(({ epoch }) => epoch),
    [1, 2, 3],
  );
});

test("a stale_epoch that names a lower epoch does not draw the page down", async () => {
  const { server, conversation, world } = await talking();
  await server.joins({ alias: "Daan" });
  await until(() => conversation.company.length === 2, "epoch 2 counts");
  server.faults.post = { code: "stale_epoch", epoch: 0 };
  await conversation.outbox.add("message", "not below");
  await untilLater(world, () => shown(conversation).length === 1, "stored in the end");
  for (const { epoch } of server.sent("post")) assert.ok(epoch >= 2);
});

test("a page that lost its secrets grants a new epoch at once and says what it cannot open", async () => {
  const first = await talking();
  await first.server.says(first.carla, "gone");
  await until(() => shown(first.conversation).length === 1, "it came");
  await losesSecrets(first);
  const second = first.reload();
  await until(() => first.server.epoch === 2, "granted anew");
  await second.conversation.outbox.add("message", "here again");
  await until(() => shown(second.conversation).length === 2, "stored");
  assert.deepEqual(shown(second.conversation), ["before", "here again"]);
});

test("a stranger is not let in and named on the page, and the talk goes on in the old epoch", async () => {
  const { server, conversation } = await talking();
  await server.joins({ alias: "Eve", role: "partner", service: "csg", invitation: "never-asked" });
  await until(() => conversation.turnedAway.length === 1, "named");
  assert.equal(conversation.turnedAway[0].alias, "Eve");
  await conversation.outbox.add("message", "hello");
  await until(() => shown(conversation).length === 1, "stored");
  await settle();
  assert.deepEqual(
    server.sent("grant").map(({ epoch }) => epoch),
    [1],
  );
});

test("what waits when the conversation ends is not sent any more, and says so", async () => {
  const { server, conversation } = await talking();
  server.faults.post = { code: "slow_down" };
  for (const text of ["one", "two"]) await conversation.outbox.add("message", text);
  server.append("ended", { reason: "closed" });
  await until(() => conversation.ended !== null, "ended");
  await settle();
  assert.deepEqual(
    conversation.outbox.items.map(({ state }) => state),
    ["never", "never"],
  );
});

for (const how of ["try_again", "dropped"])
  test(`what was on its way when the conversation ended is said to be unsent (${how})`, async () => {
    const { server, conversation, world } = await talking();
    let held = { ref: "" };
    server.answers.post = (request) => {
      held = request;
      return { ref: "held back" };
    };
    conversation.outbox.add("message", "the last one");
    await until(() => held.ref !== "", "on its way");
    server.append("ended", { reason: "closed" });
    await until(() => conversation.ended !== null, "ended");
    if (how === "dropped") server.drop();
    else server.deliver({ type: "error", ref: held.ref, code: how, detail: "" });
    await untilLater(world, () => conversation.outbox.items[0]?.state === "never", "unsent");
  });

test("what was being sealed when the conversation ended is said to be unsent", async () => {
  const { conversation } = await talking();
  const adding = conversation.outbox.add("message", "thank you");
  conversation.outbox.over();
  await adding;
  assert.deepEqual(
    conversation.outbox.items.map(({ state }) => state),
    ["never"],
  );
});

test("a message that cannot be opened is not reported as read", async () => {
  const first = await talking();
  await first.server.says(first.carla, "gone");
  await until(() => shown(first.conversation).length === 1, "it came");
  await losesSecrets(first);
  const { conversation } = first.reload();
  await until(() => first.server.epoch === 2, "granted anew");
  conversation.see();
  assert.deepEqual(first.server.sent("seen"), []);
  await first.server.says(first.carla, "can be read");
  await until(() => shown(conversation).length === 2, "it came");
  conversation.see();
  await until(() => first.server.sent("seen").length === 1, "read");
});

test("too many messages at once wait and arrive in order", async () => {
  const { server, conversation, world } = await talking();
  server.faults.post = { code: "slow_down" };
  for (const text of ["one", "two", "three"]) await conversation.outbox.add("message", text);
  await settle();
  assert.deepEqual(shown(conversation), []);
  await untilLater(world, () => shown(conversation).length === 3, "all stored");
  assert.deepEqual(shown(conversation), ["one", "two", "three"]);
});

test("a conversation that holds no more says so, instead of trying for ever", async () => {
  const { server, conversation, world } = await talking();
  server.faults = Object.create({ post: { code: "slow_down" } }); // also after it was used
  await conversation.outbox.add("message", "one too many");
  const [item] = conversation.outbox.items;
  for (let times = 0; times < 2000 && item?.state !== "never"; times++) {
    await settle();
    await world.pass(1200);
  }
  assert.deepEqual([item?.state, shown(conversation)], ["never", []]);
});

test("a message that the server cannot store now is shown as not sent, and goes with the next try", async () => {
  const { server, conversation } = await talking();
  server.faults.post = { code: "try_again" };
  await conversation.outbox.add("message", "hello");
  await until(() => conversation.outbox.items[0]?.state === "failed", "not sent");
  conversation.outbox.tryAgain(conversation.outbox.items[0]);
  await until(() => shown(conversation).length === 1, "stored");
});

for (const [here, home] of [
  ["/nl/gesprek/", "/nl/praat/"],
  ["/en/praat/", "/en/praat/"],
  ["/en/", "/en/"],
]) {
  test(`a tab whose key has ended learns at ${here} that its line's page is ${home}`, async () => {
    const first = page(undefined, undefined, undefined, { page: "/nl/praat/" });
    await until(() => first.conversation.rows.length === 1, "open");
    await first.memory.settled();
    first.conversation.stop();
    first.server.ended = true;
    const { memory } = page(first.server, first.storage, first.world, { page: here });
    await until(() => memory.state?.page === home, "it knows its page");
  });
}

test("a tab whose key lives goes by what it kept, whatever page it stands on", async () => {
  const first = page(undefined, undefined, undefined, { page: "/en/praat/" });
  await until(() => first.conversation.rows.length === 1, "open");
  await first.memory.settled();
  first.conversation.stop();
  const { memory } = page(first.server, first.storage, first.world, { page: "/nl/gesprek/" });
  await until(() => memory.state?.page === "/en/praat/", "it knows its page");
});
