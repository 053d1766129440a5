import assert from "node:assert/strict";
import test from "node:test";
import * as sealing from "../../../frontend/shared/sealing.js";
import { page, Storage, shown, talking, until } from "../fakes/caller-server.js";

/** Makes a page on another device, with the code from the paper. @param {import("../fakes/caller-server.js").Server} server @param {string} code */
const elsewhere = (server, code) => page(server, new Storage(), undefined, { code });

test("who types the code on another device reads the whole conversation and goes on in it", async () => {
  const { server, conversation, carla } = await talking();
  await conversation.outbox.add("message", "from my phone");
  await server.says(carla, "I am here");
  await until(() => shown(conversation).length === 2, "both are shown");
  const code = sealing.freshCode();
  await conversation.keepCode(code);
  conversation.stop();
  const back = elsewhere(server, code);
  await until(() => shown(back.conversation).length === 2, "both are shown again");
  assert.deepEqual(shown(back.conversation), ["from my phone", "I am here"]);
  await back.conversation.outbox.add("message", "from the library");
  await until(() => shown(back.conversation).length === 3, "stored");
  assert.deepEqual(await server.reads(carla), ["from my phone", "from the library"]);
  const reloaded = back.reload();
  await until(() => shown(reloaded.conversation).length === 3, "a reload needs no code");
});

test("who said that it is urgent is told so when another device, or a reload, comes back", async () => {
  const { server, conversation } = await talking();
  server.urgency = 2; // as the first page had posted
  const code = sealing.freshCode();
  await conversation.keepCode(code);
  conversation.stop();
  const back = elsewhere(server, code);
  await until(() => back.conversation.urgency === 2, "told with the return");
  const reloaded = back.reload();
  await until(() => reloaded.conversation.urgency === 2, "told with the resume");
});

test("what was said after the code was made is behind it, too", async () => {
  const { server, conversation, carla } = await talking();
  const code = sealing.freshCode();
  await conversation.keepCode(code);
  const daan = await server.joins({ alias: "Daan" });
  await until(() => server.epoch === 2 && server.sent("keepcode").length === 2, "kept anew after the grant");
  await server.says(daan, "I am here as well");
  await until(() => shown(conversation).length === 1, "shown");
  conversation.stop();
  const back = elsewhere(server, code);
  await until(() => shown(back.conversation).length === 1, "shown again");
  assert.deepEqual(shown(back.conversation), ["I am here as well"]);
  assert.deepEqual(back.conversation.turnedAway, []);
  assert.equal(carla.role, "counsellor");
});

test("a browser that was told of an older epoch only lets everybody in anew and shows what it cannot open", async () => {
  const { server, conversation, carla } = await talking();
  const code = sealing.freshCode();
  await conversation.keepCode(code);
  server.faults.keepcode = { code: "try_again" };
  conversation.stop();
  const { code: kept } = server;
  const other = page(server, new Storage());
  other.conversation.stop();
  server.code = kept;
  server.epoch = 2; // a grant of the first page after the code was made
  server.append("granted", { by: server.caller, epoch: 2, members: [carla.member] });
  const back = elsewhere(server, code);
  await until(() => server.epoch === 3, "a new epoch");
  await back.conversation.outbox.add("message", "again");
  await until(() => shown(back.conversation).length === 1, "stored");
  assert.deepEqual((await server.reads(carla)).slice(-1), ["again"]);
});

test("the key of the line and a partner the caller said yes to are known again from the log", async () => {
  const { server, conversation, memory } = await talking();
  const invited = { invitation: "i1", how: "handoff", to: { name: "CSG", service: "csg", guest: false } };
  server.append("invited", { ...invited, brief: null, history: null, state: "asked" });
  await until(() => conversation.rows.some(({ kind }) => kind === "invited"), "asked");
  await conversation.consent("i1", { service: "csg", history: false, guest: false });
  server.append("invited", { ...invited, brief: null, history: false, state: "joined" });
  const partner = await server.joins({ role: "partner", alias: "Noor", service: "csg", invitation: "i1" });
  await until(() => conversation.company.length === 2, "she is let in");
  const code = sealing.freshCode();
  await conversation.keepCode(code);
  conversation.stop();
  const back = elsewhere(server, code);
  await until(() => back.conversation.company.length === 2, "both are known again");
  assert.deepEqual(back.conversation.turnedAway, []);
  assert.equal(back.memory.state?.yes.i1.service, "csg");
  const slipped = await server.joins({ role: "partner", alias: "?", service: "csg", invitation: "i2" });
  await until(() => back.conversation.turnedAway.length === 1, "who comes later without a yes is not");
  assert.deepEqual(
    back.conversation.turnedAway.map(({ member }) => member),
    [slipped.member],
  );
  assert.ok(memory.state);
  assert.ok(partner);
});

test("nothing is kept before the code was said to be on paper, and forgetting it keeps nothing", async () => {
  const { server, conversation } = await talking();
  assert.equal(server.code, null);
  await conversation.keepCode(sealing.freshCode());
  await conversation.keepCode(null);
  assert.deepEqual(server.code, { hash: null, box: null });
  await server.joins({ alias: "Daan" });
  await until(() => server.epoch === 2, "granted");
  assert.equal(server.sent("keepcode").length, 2, "a grant brings it back no more");
});

test("a code is read as it was meant, whatever a hand made of it", () => {
  const code = "0123456789ABCDEFGHJK";
  for (const typed of [code, "01234 56789 abcde fghjk", "oI234-56789-ABCDE-FGHJK ", "0l2345 6789ABCDEFGHJK"])
    assert.equal(sealing.readCode(typed), code);
  for (const typed of [
    "",
    "0123456789ABCDEFGHJ",
    "0123456789ABCDEFGHJKM",
    "0123456789ABCDEFGHJU",
    "é123456789ABCDEFGHJK",
  ])
    assert.equal(sealing.readCode(typed), null);
  const drawn = Array.from({ length: 50 }, sealing.freshCode);
  assert.equal(new Set(drawn).size, 50);
  for (const one of drawn) assert.equal(sealing.readCode(one), one);
});

test("a box opens with its own code and in its own conversation only", async () => {
  const [code, other] = [sealing.freshCode(), sealing.freshCode()];
  const id = () => sealing.toBase64url(crypto.getRandomValues(new Uint8Array(16)));
  const [conversation, elsewhere] = [id(), id()];
  const secrets = new Map([
    [0, sealing.freshSecret()],
    [7, sealing.freshSecret()],
  ]);
  const { box, hash } = await sealing.sealForReturn(code, conversation, secrets);
  assert.deepEqual([...(await sealing.openReturn(code, conversation, box)).keys()], [0, 7]);
  assert.notEqual(hash, await sealing.serverHalf(code), "the server keeps a hash of what it is shown");
  await assert.rejects(sealing.openReturn(other, conversation, box), sealing.Refused);
  await assert.rejects(sealing.openReturn(code, elsewhere, box), sealing.Refused);
});

test("of very many secrets the newest fit into a frame", async () => {
  const secrets = new Map(Array.from({ length: 500 }, (_, epoch) => [epoch, sealing.freshSecret()]));
  const conversation = sealing.toBase64url(new Uint8Array(16));
  const code = sealing.freshCode();
  const { box } = await sealing.sealForReturn(code, conversation, /** @type {any} */ (secrets));
  assert.ok(box.length < 16_000);
  assert.equal(Math.max(...(await sealing.openReturn(code, conversation, box)).keys()), 499);
});

test("a return whose answer was lost is asked again by the same page, and is in", async () => {
  const { server, conversation } = await talking();
  const code = sealing.freshCode();
  await conversation.keepCode(code);
  conversation.stop();
  server.faults.return = "reply";
  const back = elsewhere(server, code);
  await until(() => back.conversation.connection === "waiting", "the answer is lost");
  await back.world.pass(1000);
  await until(() => back.conversation.begun, "in");
  assert.equal(back.conversation.turnedDown, false);
  const stranger = elsewhere(server, code);
  await until(() => stranger.conversation.stopped !== null, "refused");
  assert.equal(stranger.conversation.turnedDown, true);
});

test("a code that is thrown away while a grant comes is not brought back by it", async () => {
  const { server, conversation } = await talking();
  await conversation.keepCode(sealing.freshCode());
  const forgetting = conversation.keepCode(null);
  await server.joins({ alias: "Daan" });
  await forgetting;
  await until(() => server.epoch === 2, "granted");
  await until(() => conversation.company.length === 2, "let in");
  assert.deepEqual(server.code, { hash: null, box: null });
});

test("a page that cannot open what its tab kept lets nobody in", async () => {
  const { server, conversation, reload, memory } = await talking();
  await memory.settled();
  server.shelf = sealing.toBase64url(crypto.getRandomValues(new Uint8Array(32)));
  conversation.stop();
  const before = server.epoch;
  const again = reload();
  await until(() => again.conversation.settled, "the log is complete");
  await server.joins({ alias: "?" });
  await until(() => again.conversation.people.size === 2, "somebody comes");
  assert.equal(server.epoch, before);
  assert.equal(again.conversation.broken, true);
});
