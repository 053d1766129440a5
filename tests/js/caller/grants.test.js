import assert from "node:assert/strict";
import test from "node:test";
import { whyNot } from "../../../frontend/caller/conversation/grants.js";
import * as sealing from "../../../frontend/shared/sealing.js";
import { page, Server, Storage, settle, until, untilLater, World } from "../fakes/caller-server.js";

/** @typedef {import("../../../frontend/caller/conversation/grants.js").Newcomer} Newcomer */

const newKey = async () => sealing.pointOf(await sealing.makeDeviceKey());
const reviewKey = await newKey();
let members = 0;

/** @param {Partial<Newcomer>} [what] @returns {Promise<Newcomer>} */
const newcomer = async (what = {}) => ({
  ...{ member: `member${++members}`, role: "counsellor", alias: "Carla", key: await newKey() },
  ...{ service: null, invitation: null, ...what },
});

/** @param {Newcomer} who @param {Newcomer[]} before @param {Partial<Parameters<typeof whyNot>[1]>} [known] */
const judge = (who, before = [], known = {}) =>
  whyNot(who, {
    ...{ review: reviewKey, yes: {}, seats: {}, before },
    present: new Set(before.map(({ member }) => member)),
    ...known,
  });

const review = () => newcomer({ role: "review", key: reviewKey });
const partner = () => newcomer({ role: "partner", service: "csg", invitation: "i1" });
const yes = { i1: { service: "csg", history: false, guest: false } };

test("a counsellor and a colleague of the line are let in", async () => {
  const carla = await newcomer();
  assert.equal(await judge(carla), null);
  assert.equal(await judge(await newcomer({ role: "colleague" }), [carla]), null);
});

test("somebody of the line who comes with a service is not let in", async () => {
  for (const role of /** @type {const} */ (["counsellor", "colleague"]))
    assert.equal(await judge(await newcomer({ role, service: "csg" })), "service");
});

test("a member id that has joined before is not let in again, also after it left", async () => {
  const carla = await newcomer();
  assert.equal(await judge(await newcomer({ member: carla.member }), [carla]), "seat");
  assert.equal(await judge(carla, [carla], { present: new Set() }), "seat");
});

test("a member keeps one role and one key for good, also over a reload", async () => {
  const carla = await newcomer();
  const seats = { [carla.member]: `counsellor ${carla.key}` };
  assert.equal(await judge(carla, [], { seats }), null);
  assert.equal(await judge({ ...carla, key: await newKey() }, [], { seats }), "seat");
  assert.equal(await judge({ ...carla, role: "colleague" }, [], { seats }), "seat");
});

test("a key that another present member has is not let in", async () => {
  const carla = await newcomer();
  const twin = await newcomer({ key: carla.key });
  assert.equal(await judge(twin, [carla]), "key");
  assert.equal(await judge(twin, [carla], { present: new Set() }), null);
});

test("a key that is not a point on the curve is not let in", async () => {
  const offTheCurve = sealing.toBase64url(new Uint8Array(65).fill(4));
  for (const key of ["", "not base64url", offTheCurve, reviewKey.slice(0, 40)])
    assert.equal(await judge(await newcomer({ key })), "key");
});

test("review is let in only with the key named in start", async () => {
  assert.equal(await judge(await review()), null);
  assert.equal(await judge(await newcomer({ role: "review" })), "review");
  assert.equal(await judge(await review(), [], { review: null }), "review");
});

test("review is let in one at a time, and anew only after its own left", async () => {
  const first = await review();
  const other = await newcomer({ role: "review" });
  assert.equal(await judge(await review(), [first]), "key");
  assert.equal(await judge(await review(), [other]), "review");
  assert.equal(await judge(await review(), [first], { present: new Set() }), null);
});

test("a partner is let in only for an invitation that was said yes to", async () => {
  assert.equal(await judge(await partner()), "partner");
  assert.equal(await judge(await newcomer({ role: "partner", service: "csg" }), [], { yes }), "partner");
  assert.equal(await judge(await partner(), [], { yes }), null);
});

test("a partner of another service than the one on the card is not let in", async () => {
  assert.equal(await judge({ ...(await partner()), service: "113" }, [], { yes }), "partner");
  assert.equal(await judge({ ...(await partner()), service: null }, [], { yes }), "partner");
});

test("one yes lets in one seat", async () => {
  const first = await partner();
  assert.equal(await judge(await partner(), [first], { yes }), "partner");
  assert.equal(await judge(await partner(), [first], { yes, present: new Set() }), "partner");
});

test("a role that is not known is not let in", async () => {
  const odd = /** @type {any} */ (await newcomer());
  assert.equal(await judge({ ...odd, role: "observer" }), "role");
});

test("a counsellor who joins a long conversation gets all earlier epochs, in as many grants as their frames need", async () => {
  const { server, conversation, world } = page();
  await until(() => conversation.rows.length === 1, "open");
  for (let i = 0; i < 45; i++) {
    const one = await server.joins();
    await until(() => conversation.company.length === 1, "let in");
    server.leaves(one);
    await untilLater(
      world,
      () => conversation.company.length + Number(server.grants.at(-1)?.wraps.length) === 0,
      "left out",
    );
  }
  const earlier = Array.from({ length: server.epoch + 1 }, (_, epoch) => epoch);
  const daan = await server.joins({ alias: "Daan" });
  const given = () =>
    server.grants.flatMap(({ history }) => history.filter(({ member }) => member === daan.member));
  await untilLater(world, () => given().length >= earlier.length, "all of them");
  assert.deepEqual(
    given().map(({ epoch }) => epoch),
    earlier.reverse(),
  );
  for (const grant of server.sent("grant")) assert.ok(JSON.stringify(grant).length < 16_384);
});

test("where HPKE does not come again, as in most browsers, the page says that it has to be loaded again", async () => {
  const fetchHpke = async () => {
    throw new TypeError("Failed to fetch dynamically imported module");
  };
  const { conversation, world } = page(new Server(), new Storage(), new World(), { fetchHpke });
  await until(() => conversation.rows.length === 1, "the conversation is open");
  assert.equal(conversation.broken, false, "the first time");
  await world.pass(2000);
  await until(() => conversation.broken, "broken");
});

test("while HPKE cannot be fetched nobody is let in, and it is fetched again", async () => {
  let tries = 0;
  const fetchHpke = async () => {
    if (tries++ === 0) throw new TypeError("Failed to fetch dynamically imported module");
    return sealing.hpke();
  };
  const { server, conversation, world } = page(new Server(), new Storage(), new World(), { fetchHpke });
  await until(() => conversation.rows.length === 1, "the conversation is open");
  const carla = await server.joins();
  await until(() => conversation.people.has(carla.member), "Carla is named");
  await settle();
  assert.deepEqual([server.sent("grant").length, conversation.company.length], [0, 0]);
  await world.pass(2000);
  await until(() => conversation.company.length === 1, "Carla is let in");
  assert.equal(tries, 2);
});
