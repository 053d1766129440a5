// A supervisor's browser signs, renews what it compared itself, and never signs what it saw revoked.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as sealing from "../../../frontend/shared/sealing.js";
import { Certifying } from "../../../frontend/staff/certifying.js";
import { FakeStorage, keeping } from "../fakes/browser.js";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-11-28T12:00:00Z");

/** Makes a board on which Floor signs for Helpwanted. */
async function stage() {
  const pair = await sealing.makeSignerKey();
  /** @type {Map<string, CryptoKeyPair>} */
  const keys = new Map([["signer floor", pair]]);
  const key = await sealing.pointOf(await sealing.makeDeviceKey());
  const need = { kind: "line", slug: "helpwanted", name: "Helpwanted", mine: true, by_me: false };
  const device = { id: "words", state: "approved", person: "carla", alias: "Carla", label: "Firefox", key };
  const scope = {
    kind: "line",
    slug: "helpwanted",
    name: "Helpwanted",
    serial: 1,
    quorum: 1,
    signers: 1,
    gone: 0,
  };
  const told = {
    named: true,
    signer: { key: await sealing.pointOf(pair) },
    scopes: [{ ...scope, until: new Date(NOW + 300 * DAY_MS).toISOString(), mine: true }],
    devices: [{ ...device, needs: [{ ...need, until: /** @type {string | null} */ (null) }] }],
    keys: /** @type {any[]} */ ([]),
  };
  /** @type {[string, any][]} */
  const asked = [];
  const clock = { now: NOW };
  const certifying = new Certifying({
    request: /** @type {any} */ (
      async (/** @type {string} */ type, /** @type {object} */ fields) => {
        asked.push([type, fields]);
        return type === "signing" ? told : {};
      }
    ),
    act: (action) => action(),
    now: () => clock.now,
    person: () => "floor",
    approved: async (device) => void asked.push(["approved", device]),
    memory: new FakeStorage(),
    keys: {
      load: async (name) => keys.get(name),
      keep: keeping(keys),
    },
  });
  await certifying.look();
  const sent = (/** @type {string} */ type) => asked.filter(([name]) => name === type).map(([, one]) => one);
  return { certifying, told, clock, sent, keys, device, pair };
}

/** @param {Awaited<ReturnType<typeof stage>>} of @param {number} days */
async function certifiedFor({ certifying, told, clock }, days) {
  told.devices[0].needs[0].until = new Date(clock.now + days * DAY_MS).toISOString();
  told.devices[0].needs[0].by_me = true;
  await certifying.look();
}

test("one click approves, and signs for each line of the person", async () => {
  const { certifying, told, sent, device } = await stage();
  await certifying.approve({ ...device, state: "pending" });
  assert.deepEqual(sent("approve"), [{ device: "words" }]);
  const [{ device: whose, signed }] = sent("certify");
  assert.equal(whose, "words");
  assert.deepEqual([signed[0].kind, signed[0].slug], ["line", "helpwanted"]);
  assert.equal(signed[0].not_after - signed[0].not_before, 100 * 86_400);
  assert.equal(sealing.fromBase64url(signed[0].sig).length, 64);
  assert.equal(certifying.counts("helpwanted").unsigned, 1);
  assert.equal(told.named, true);
  assert.deepEqual(sent("approved"), [{ id: "words", key: device.key }]);
});

test("a key that was seen revoked is given nothing, also if a row says that it waits for approval", async () => {
  const { certifying, sent, device } = await stage();
  await certifying.approve(device);
  certifying.noteRevoked([{ ...device, state: "revoked" }]);
  assert.ok(certifying.isRevoked(device.key));
  await certifying.approve({ ...device, state: "pending" });
  assert.equal(sent("approved").length, 1);
  assert.equal(sent("certify").length, 1);
  assert.deepEqual([certifying.canSign("words"), certifying.canSignToo("words")], [false, false]);
});

test("from half way on it is renewed with one click, under the name of then", async () => {
  const all = await stage();
  const { certifying, told, clock, sent, device } = all;
  await certifying.approve(device);
  await certifiedFor(all, 100);
  assert.deepEqual(certifying.renewable, []);
  told.devices[0].alias = "Somebody else";
  clock.now += 51 * DAY_MS;
  assert.deepEqual(
    certifying.renewable.map(({ alias }) => alias),
    ["Carla"],
  );
  await certifying.renew();
  assert.equal(sent("certify").length, 2);
});

test("a line that somebody adds to the rows after the screen was drawn is signed for by nobody", async () => {
  const { certifying, told, sent, device } = await stage();
  const clicked = certifying.signsFor("words");
  assert.deepEqual(
    clicked.map(({ slug }) => slug),
    ["helpwanted"],
  );
  const approving = certifying.approve({ ...device, state: "pending" });
  told.devices[0].needs.push({ ...told.devices[0].needs[0], slug: "stopitnow", name: "Stop it Now" });
  await approving;
  assert.deepEqual(
    sent("certify")[0].signed.map((/** @type {any} */ { slug }) => slug),
    ["helpwanted"],
  );
});

test("renewing signs for the lines of the list, and not for one that is good for long", async () => {
  const all = await stage();
  const { certifying, told, sent, device } = all;
  await certifying.approve(device);
  const until = (/** @type {number} */ days) => new Date(NOW + days * DAY_MS).toISOString();
  const [need] = told.devices[0].needs;
  told.devices[0].needs = [
    { ...need, until: until(20), by_me: true },
    { ...need, slug: "stopitnow", name: "Stop it Now", until: until(90), by_me: false },
  ];
  await certifying.look();
  assert.deepEqual(
    certifying.renewable.map(({ names }) => names),
    ["Helpwanted"],
  );
  await certifying.renew();
  assert.deepEqual(
    sent("certify")[1].signed.map((/** @type {any} */ { slug }) => slug),
    ["helpwanted"],
  );
});

test("a key for reading afterwards that was made here is signed, and no other in its row", async () => {
  const { certifying, sent, device } = await stage();
  const row = { use: "review", line: "helpwanted", generation: 1, key: device.key, times: null };
  assert.equal(certifying.originOf(row), "unknown");
  certifying.noteKey("helpwanted", 1, device.key);
  assert.equal(certifying.originOf(row), "made");
  const planted = { ...row, key: await sealing.pointOf(await sealing.makeDeviceKey()) };
  assert.equal(certifying.originOf(planted), "other");
  assert.equal(certifying.originOf({ ...planted, generation: 2 }), "unknown");
  await assert.rejects(certifying.signKey(/** @type {any} */ (planted)));
  await certifying.signKey(/** @type {any} */ (row));
  assert.equal(sent("certifykey").length, 1);
});

test("a caller whose phone is days behind takes a key for reading afterwards that was signed today", async () => {
  const { certifying, sent, device } = await stage();
  await certifying.signKey(
    /** @type {any} */ ({ use: "review", line: "helpwanted", generation: 1, key: device.key, times: null }),
  );
  const [{ not_before, not_after }] = sent("certifykey");
  assert.ok(not_before * 1000 <= NOW - 8 * DAY_MS);
  assert.ok(not_after - not_before <= 400 * 86_400);
  assert.ok(not_after * 1000 >= NOW + 389 * DAY_MS);
});

test("what this browser never compared, it renews for nobody", async () => {
  const all = await stage();
  await certifiedFor(all, 20);
  assert.deepEqual(all.certifying.renewable, []);
  assert.equal(all.certifying.canSign("words"), true, "but it signs once the words are compared");
});

test("a key that was revoked once is renewed no more, whatever the server says", async () => {
  const all = await stage();
  const { certifying, device } = all;
  await certifying.approve(device);
  await certifiedFor(all, 20);
  assert.equal(certifying.renewable.length, 1);
  certifying.noteRevoked([{ key: device.key, state: "revoked" }]);
  certifying.noteRevoked([{ key: device.key, state: "approved" }]);
  assert.deepEqual(certifying.renewable, []);
});

test("after four hundred days the words are compared again", async () => {
  const all = await stage();
  await all.certifying.approve(all.device);
  all.clock.now += 401 * DAY_MS;
  await certifiedFor(all, 20);
  assert.deepEqual(all.certifying.renewable, []);
});

test("a signer whose key is gone from this browser signs nothing, and says so", async () => {
  const all = await stage();
  all.keys.clear();
  await all.certifying.look();
  assert.equal(all.certifying.holds, false);
  assert.equal(all.certifying.canSign("words"), false);
  await all.certifying.makeSigner();
  assert.equal(all.sent("makesigner").length, 1);
  assert.equal(all.keys.has("signer floor"), true);
});

test("after a restored backup the server is told of the signer that is here; it is not replaced", async () => {
  const all = await stage();
  const made = all.keys.get("signer floor");
  /** @type {any} */ (all.told).signer = null;
  await all.certifying.makeSigner();
  assert.deepEqual(all.sent("makesigner"), [{ key: await sealing.pointOf(all.pair) }]);
  assert.equal(all.keys.get("signer floor"), made);
});

test("a signer that another tab has made stays", async () => {
  const all = await stage();
  const made = all.keys.get("signer floor");
  all.certifying.holds = false; // as this tab last saw it
  await all.certifying.makeSigner();
  assert.deepEqual([all.sent("makesigner").length, all.keys.get("signer floor") === made], [0, true]);
});

test("what another one signed can be signed as well, before that one goes", async () => {
  const all = await stage();
  await certifiedFor(all, 90);
  all.told.devices[0].needs[0].by_me = false;
  await all.certifying.look();
  assert.equal(all.certifying.canSign("words"), false);
  assert.equal(all.certifying.canSignToo("words"), true);
  await all.certifying.approve(all.device);
  assert.equal(all.sent("certify").length, 1);
});

test("the second signer of a key for reading afterwards signs the same bytes as the first", async () => {
  const { certifying, sent, device } = await stage();
  const need = {
    kind: "line",
    slug: "helpwanted",
    name: "Helpwanted",
    until: null,
    mine: true,
    by_me: false,
  };
  const review = {
    line: "helpwanted",
    use: "review",
    generation: 2,
    key: device.key,
    need,
    signed: 1,
    quorum: 2,
    by_me: false,
  };
  await certifying.signKey(/** @type {any} */ ({ ...review, times: [5, 9] }));
  await certifying.signKey(/** @type {any} */ ({ ...review, times: null, signed: 0 }));
  const [second, first] = sent("certifykey");
  assert.deepEqual([second.not_before, second.not_after, second.generation], [5, 9, 2]);
  assert.ok(first.not_after - first.not_before <= 400 * 86_400);
});
