import assert from "node:assert/strict";
import test from "node:test";
import * as sealing from "../../../frontend/shared/sealing.js";
import { page, Server, Storage, until } from "../fakes/caller-server.js";
import { Certifier } from "../fakes/certifying.js";

const people = await new Certifier().prepare();
const trust = await people.trust();

/** Makes a conversation on a page that names a root. @param {Server} [server] */
async function begun(server = new Server()) {
  const all = page(server, new Storage(), undefined, { trust });
  await until(() => all.conversation.begun && all.conversation.settled, "begun");
  return all;
}

/** Seats somebody with a fresh key. @param {Server} server @param {any} [what] @param {any} [how] how the certificate differs; null: there is none */
async function joins(server, what = {}, how = {}) {
  const key = what.key ?? (await sealing.pointOf(await sealing.makeDeviceKey()));
  const cert = how === null ? null : await people.certify(how.key ?? key, how);
  return server.joins({ ...what, key, cert });
}

test("whoever people certified is let in, and bears the mark", async () => {
  const { server, conversation } = await begun();
  const carla = await server.joins({ certify: people });
  await until(() => server.epoch === 1, "granted");
  assert.deepEqual(
    conversation.company.map((one) => conversation.isVerified(one)),
    [true],
  );
  assert.equal(carla.role, "counsellor");
});

const planted = {
  "a key without a certificate": null,
  "a certificate of another key": { key: await sealing.pointOf(await sealing.makeDeviceKey()) },
  "a certificate of another line": { slug: "stopitnow" },
  "a certificate of a service": { kind: "service" },
  "a review key's certificate": { use: "review" },
  "a scope of an older serial": { serial: 2 },
  "a certificate that ended": { until: 20 * 86_400 },
};
for (const [name, how] of Object.entries(planted))
  test(`nobody is let in with ${name}, and the page names whom it could not verify`, async () => {
    const { server, conversation } = await begun();
    await joins(server, {}, how);
    await until(() => conversation.turnedAway.length === 1, "turned away");
    assert.equal(conversation.turnedAway[0].why, "certificate");
    assert.equal(server.epoch, 0);
    assert.equal(server.sent("grant").length, 0);
    assert.equal(conversation.isVerified(conversation.turnedAway[0]), false);
  });

test("a page that names a root, and nothing that can be read, lets nobody in", async () => {
  const server = new Server();
  const all = page(server, new Storage(), undefined, { trust: { roots: [], serial: 0 } });
  await until(() => all.conversation.settled, "begun");
  await server.joins({ certify: people });
  await until(() => all.conversation.turnedAway.length === 1, "turned away");
});

test("an uncertified installation checks nothing, and shows no mark", async () => {
  const server = new Server();
  const { conversation } = page(server);
  await until(() => conversation.settled, "begun");
  await server.joins();
  await until(() => conversation.company.length === 1, "let in");
  assert.equal(conversation.isVerified(conversation.company[0]), false);
});

test("the line's key for reading afterwards is certified too, or stays outside", async () => {
  for (const certified of [true, false]) {
    const server = new Server();
    const key = await sealing.pointOf(await sealing.makeDeviceKey());
    const cert = certified ? await people.certify(key, { use: "review" }) : null;
    server.review = { member: "AAAAAAAAAAA", key, cert };
    const { conversation, memory } = await begun(server);
    await server.joins({ role: "review", member: "AAAAAAAAAAA", key, cert });
    await until(() => (certified ? server.epoch === 1 : conversation.turnedAway.length === 1), "judged");
    assert.equal(memory.state?.review, certified ? key : null);
  }
});

test("it is judged once: a page that is loaded later under another root lets the same people stay", async () => {
  const { server, storage, world, conversation } = await begun();
  await server.joins({ certify: people });
  await until(() => server.epoch === 1, "granted");
  conversation.stop();
  const other = await (await new Certifier().prepare()).trust();
  const later = page(server, storage, world, { trust: other });
  await until(() => later.conversation.settled && later.conversation.company.length === 1, "there again");
  assert.equal(later.conversation.turnedAway.length, 0);
  await server.joins({ alias: "Daan", certify: people });
  await until(() => later.conversation.turnedAway.length === 1, "whom only the old root knows");
});

test("who was in before keys were certified stays, and bears no mark", async () => {
  const server = new Server();
  const { conversation, storage, world } = page(server);
  await until(() => conversation.settled, "begun");
  await server.joins();
  await until(() => server.epoch === 1, "granted");
  conversation.stop();
  const later = page(server, storage, world, { trust });
  await until(() => later.conversation.settled && later.conversation.company.length === 1, "there again");
  assert.equal(later.conversation.isVerified(later.conversation.company[0]), false);
  assert.equal(later.conversation.turnedAway.length, 0);
});

test("a partner is certified for the service on the card; a guest by link never bears the mark", async () => {
  for (const guest of [false, true]) {
    const { server, conversation } = await begun();
    const carla = await server.joins({ certify: people });
    await until(() => server.epoch === 1, "granted");
    const to = { name: "Centrum Seksueel Geweld", service: "csg", guest };
    const card = { invitation: "i1", how: "handoff", to, brief: null, history: null };
    server.append("invited", { by: carla.member, ...card, state: "asked" });
    await until(() => conversation.rows.at(-1)?.kind === "invited" && conversation.settled, "asked");
    await conversation.consent("i1", { service: "csg", history: false, guest });
    const partner = { role: "partner", service: "csg", invitation: "i1" };
    const gijs = guest
      ? await joins(server, partner, null)
      : await joins(server, partner, { kind: "service", slug: "csg" });
    await until(() => server.epoch === 2, "let in");
    const there = conversation.company.find(({ member }) => member === gijs.member);
    assert.ok(there);
    assert.equal(conversation.isVerified(there), !guest);
  }
});

test("who was refused for another reason first is no less in need of a certificate after a reload", async () => {
  const { server, conversation, storage, world } = await begun();
  const carla = await server.joins({ certify: people });
  await until(() => server.epoch === 1, "granted");
  const to = { name: "Centrum Seksueel Geweld", service: "csg", guest: false };
  const card = { by: carla.member, invitation: "i1", how: "handoff", to, brief: null, history: null };
  server.append("invited", { ...card, state: "asked" });
  await joins(server, { role: "partner", service: "csg", invitation: "i1" }, null);
  await until(() => conversation.turnedAway.length === 1, "before any yes");
  await until(() => conversation.settled, "settled");
  await conversation.consent("i1", { service: "csg", history: false, guest: false });
  conversation.stop();
  const later = page(server, storage, world, { trust });
  await until(
    () => later.conversation.settled && later.conversation.turnedAway.length === 1,
    "still outside",
  );
  assert.equal(later.conversation.turnedAway[0].why, "certificate");
});

test("a row that was refused, and then changed to look right, is let in by no later page", async () => {
  const { server, conversation, storage, world } = await begun();
  await joins(server, { service: "csg" }, null);
  await until(() => conversation.turnedAway.length === 1, "a counsellor with a service");
  conversation.stop();
  const entry = server.log.find(({ kind }) => kind === "joined");
  Object.assign(entry ?? {}, { service: null });
  const later = page(server, storage, world, { trust });
  await until(
    () => later.conversation.settled && later.conversation.turnedAway.length === 1,
    "still outside",
  );
  assert.equal(server.epoch, 0);
});

test("a partner without a certificate is let in for no yes but one to a card that says so", async () => {
  const { server, conversation } = await begun();
  const carla = await server.joins({ certify: people });
  await until(() => server.epoch === 1, "granted");
  const to = { name: "Centrum Seksueel Geweld", service: "csg", guest: false };
  server.append("invited", {
    ...{ by: carla.member, invitation: "i1", how: "handoff", to, brief: null, history: null, state: "asked" },
  });
  await until(() => conversation.rows.at(-1)?.kind === "invited" && conversation.settled, "asked");
  await conversation.consent("i1", { service: "csg", history: false, guest: false });
  await joins(server, { role: "partner", service: "csg", invitation: "i1" }, null);
  await until(() => conversation.turnedAway.length === 1, "turned away");
});
