import assert from "node:assert/strict";
import test from "node:test";
import { page, settle, shown, talking, until } from "./fakes/server.js";

test("what was written before anybody came is stored once, and read by the counsellor who joins", async () => {
  const { server, talk } = page();
  await talk.outbox.add("intake", { for: "me" });
  await talk.outbox.add("message", "hello");
  await until(() => shown(talk).length === 2, "both are stored");
  assert.deepEqual(talk.outbox.items, []);
  const carla = await server.joins();
  await until(() => talk.company.length === 1, "Carla is let in");
  await talk.outbox.add("message", "now to you");
  await until(() => shown(talk).length === 3, "it is stored");
  assert.deepEqual(await server.reads(carla), ['{"for":"me"}', "hello", "now to you"]);
});

test("a newcomer is named on the page before the grant is sent", async () => {
  const { server, named, talk } = page();
  await until(() => talk.rows.length === 1, "open");
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
  const { server, talk, world } = page();
  await until(() => talk.rows.length === 1, "open");
  server.faults.grant = "reply";
  const carla = await server.joins();
  await until(() => server.epoch === 1 && talk.connection === "waiting", "stored, and the line is down");
  await world.pass(1000);
  await until(() => talk.company.length === 1, "let in");
  await talk.outbox.add("message", "in the same epoch");
  await until(() => shown(talk).length === 1, "stored");
  assert.equal(server.sent("grant").length, 1);
  assert.deepEqual(await server.reads(carla), ["in the same epoch"]);
});

test("a grant that never arrived is thrown away after resume, and a fresh secret takes its number", async () => {
  const { server, talk, world, keep } = page();
  await until(() => talk.rows.length === 1, "open");
  server.faults.grant = "request";
  const carla = await server.joins();
  await until(() => talk.connection === "waiting", "the line is down");
  assert.equal(keep.state?.flight?.epoch, 1, "its secret was kept before it was sent");
  const thrown = keep.state?.flight?.sealed;
  await world.pass(1000);
  await until(() => talk.company.length === 1, "let in");
  assert.equal(server.epoch, 1);
  assert.notEqual(keep.state?.secrets, thrown);
  await talk.outbox.add("message", "read by Carla");
  await until(() => shown(talk).length === 1, "stored");
  assert.deepEqual(await server.reads(carla), ["read by Carla"]);
});

for (const lost of /** @type {const} */ (["request", "reply"]))
  test(`two reloads while a grant is under way lose nothing when its ${lost} was lost`, async () => {
    const first = page();
    await until(() => first.talk.rows.length === 1, "open");
    await first.talk.outbox.add("message", "before");
    await until(() => first.talk.outbox.items.length === 0, "stored");
    first.server.faults.grant = lost;
    const carla = await first.server.joins();
    await until(() => first.talk.connection === "waiting", "the line is down");
    first.server.faults.resume = "request";
    const second = first.reload();
    await settle();
    const third = second.reload();
    await until(() => third.talk.company.length === 1, "let in");
    await third.talk.outbox.add("message", "after");
    await until(() => shown(third.talk).length === 2, "stored");
    assert.deepEqual(shown(third.talk), ["before", "after"]);
    assert.deepEqual(await third.server.reads(carla), ["before", "after"]);
    const reply = await third.server.says(carla, "hello");
    await until(() => shown(third.talk).length === 3, "her words open");
    assert.equal(third.talk.rows.at(-1)?.seq, reply.seq);
  });

test("a text refused as stale is sealed again under the same id, and shown once", async () => {
  const { server, talk, world, carla } = await talking();
  server.faults.post = "request";
  await talk.outbox.add("message", "hello");
  await until(() => talk.connection === "waiting", "the line is down");
  const daan = await server.joins({ alias: "Daan" });
  const { post } = server.answers;
  server.answers.post = (request) =>
    server.epoch === 2 ? post(request) : { type: "error", code: "stale_epoch", detail: "", epoch: 2 };
  await world.pass(1000);
  await until(() => talk.company.length === 2, "Daan is let in");
  await world.pass(1000);
  await until(() => shown(talk).length === 1, "stored");
  assert.equal(server.sent("post").at(-1)?.epoch, 2);
  assert.equal(new Set(server.sent("post").map(({ id }) => id)).size, 1);
  assert.equal(new Set(server.sent("post").map(({ box }) => box)).size, 2);
  assert.deepEqual([await server.reads(carla), await server.reads(daan)], [["hello"], ["hello"]]);
});

test("a frozen text is sent again as the same bytes first", async () => {
  const { server, talk, world } = await talking();
  server.faults.post = "reply";
  await talk.outbox.add("message", "once");
  await until(() => talk.connection === "waiting", "the line is down");
  await world.pass(1000);
  await until(() => talk.outbox.items.length === 0, "stored");
  assert.deepEqual(shown(talk), ["once"]);
  const boxes = new Set(server.sent("post").map(({ box }) => box));
  assert.equal(boxes.size, 1);
});

test("also after a new epoch a frozen text is first tried as the bytes that were sent", async () => {
  const { server, talk, world, keep, carla } = await talking();
  server.faults.post = "request";
  await talk.outbox.add("message", "once");
  await until(() => talk.connection === "waiting", "the line is down");
  const frozen = keep.state?.unsent[0].box;
  server.leaves(carla);
  await world.pass(1000);
  await until(() => shown(talk).length === 1, "stored");
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
  await first.talk.outbox.add("message", "do not lose me");
  await until(() => first.talk.connection === "waiting", "the line is down");
  assert.ok(!first.storage.text.includes("do not lose me"));
  first.server.faults.resume = "request";
  const second = first.reload();
  await settle();
  const third = second.reload();
  await until(() => shown(third.talk).length === 1, "stored");
  assert.deepEqual(shown(third.talk), ["do not lose me"]);
  assert.equal(first.server.log.filter(({ kind }) => kind === "message").length, 1);
  assert.deepEqual(third.talk.outbox.items, []);
});

test("an entry that comes twice is shown once", async () => {
  const { server, talk, carla } = await talking();
  const entry = await server.says(carla, "hello");
  server.deliver(entry);
  server.deliver(server.log[0]);
  await settle();
  assert.deepEqual(shown(talk), ["hello"]);
});

test("a message that the server repeats under a new number is not believed", async () => {
  const { server, talk, carla } = await talking();
  const { by, id, epoch, box } = await server.says(carla, "hello");
  server.append("message", { by, id, epoch, box });
  await until(() => shown(talk).length === 2, "both came");
  assert.deepEqual(shown(talk), ["hello", "unverified"]);
});

test("after a gap the page asks sync and shows everything in order", async () => {
  const { server, talk, carla } = await talking();
  const { deliver } = server;
  server.deliver = () => {};
  await server.says(carla, "one");
  server.deliver = deliver;
  await server.says(carla, "two");
  await until(() => shown(talk).length === 2, "both came");
  assert.deepEqual(shown(talk), ["one", "two"]);
  assert.equal(server.sent("sync").length, 1);
});

test("a beat that names a higher number makes the page ask sync", async () => {
  const { server, talk, carla } = await talking();
  const { deliver } = server;
  server.deliver = () => {};
  const { seq } = await server.says(carla, "unheard");
  server.deliver = deliver;
  server.deliver({ type: "beat", at: "", seqs: { [server.conversation]: seq } });
  await until(() => shown(talk).length === 1, "it came");
});

test("after a left nothing is posted until the own grant is ok, and the leaver cannot read what follows", async () => {
  const { server, talk, world, carla } = await talking();
  const { grant } = server.answers;
  server.answers.grant = () => ({ type: "error", code: "try_again", detail: "" });
  server.leaves(carla);
  await talk.outbox.add("message", "not for Carla");
  await world.pass(300);
  assert.ok(server.sent("grant").length > 1);
  assert.equal(server.sent("post").length, 0);
  server.answers.grant = grant;
  await world.pass(5000);
  await until(() => shown(talk).length === 1, "stored");
  assert.equal(server.sent("post")[0].epoch, 2);
  await assert.rejects(server.secretOf(carla, 2), /not granted/);
});

test("no text goes into an epoch below one that counted", async () => {
  const { server, talk, world } = await talking();
  await server.joins({ alias: "Daan" });
  await until(() => talk.company.length === 2, "epoch 2 counts");
  server.epoch = 0; // as a restored backup, or a lie, would have it
  server.drop();
  await talk.outbox.add("message", "not below");
  await world.pass(1000);
  await until(() => server.sent("post").length === 1, "posted");
  assert.equal(server.sent("post")[0].epoch, 3);
  assert.deepEqual(
    server.grants.slice(2).map(({ epoch }) => epoch),
    [1, 2, 3],
  );
});

test("a stale_epoch that names a lower epoch does not draw the page down", async () => {
  const { server, talk, world } = await talking();
  await server.joins({ alias: "Daan" });
  await until(() => talk.company.length === 2, "epoch 2 counts");
  server.faults.post = { code: "stale_epoch", epoch: 0 };
  await talk.outbox.add("message", "not below");
  await settle();
  await world.pass(2000);
  await until(() => shown(talk).length === 1, "stored in the end");
  for (const { epoch } of server.sent("post")) assert.ok(epoch >= 2);
});

test("a page that lost its secrets grants a new epoch at once and says what it cannot open", async () => {
  const first = await talking();
  await first.server.says(first.carla, "gone");
  await until(() => shown(first.talk).length === 1, "it came");
  const state = JSON.parse(first.storage.items.get("tab") ?? "");
  first.storage.items.set("tab", JSON.stringify({ ...state, secrets: null }));
  const second = first.reload();
  await until(() => first.server.epoch === 2, "granted anew");
  await second.talk.outbox.add("message", "here again");
  await until(() => shown(second.talk).length === 2, "stored");
  assert.deepEqual(shown(second.talk), ["before", "here again"]);
});

test("a stranger is not let in and named on the page, and the talk goes on in the old epoch", async () => {
  const { server, talk } = await talking();
  await server.joins({ alias: "Eve", role: "partner", service: "csg", invitation: "never-asked" });
  await until(() => talk.turnedAway.length === 1, "named");
  assert.equal(talk.turnedAway[0].alias, "Eve");
  await talk.outbox.add("message", "hello");
  await until(() => shown(talk).length === 1, "stored");
  await settle();
  assert.deepEqual(
    server.sent("grant").map(({ epoch }) => epoch),
    [1],
  );
});

test("too many messages at once wait and arrive in order", async () => {
  const { server, talk, world } = await talking();
  server.faults.post = { code: "slow_down" };
  for (const text of ["one", "two", "three"]) await talk.outbox.add("message", text);
  await settle();
  assert.deepEqual(shown(talk), []);
  await world.pass(1200);
  await until(() => shown(talk).length === 3, "all stored");
  assert.deepEqual(shown(talk), ["one", "two", "three"]);
});

test("a message that the server cannot store now is shown as not sent, and goes with the next try", async () => {
  const { server, talk } = await talking();
  server.faults.post = { code: "try_again" };
  await talk.outbox.add("message", "hello");
  await until(() => talk.outbox.items[0]?.state === "failed", "not sent");
  talk.outbox.tryAgain(talk.outbox.items[0]);
  await until(() => shown(talk).length === 1, "stored");
});
