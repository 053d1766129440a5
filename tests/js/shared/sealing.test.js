import assert from "node:assert/strict";
import { createCipheriv, hkdfSync } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as sealing from "../../../frontend/shared/sealing.js";
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "../../../frontend/vendor/hpke.js";

/** @typedef {import("../../../frontend/shared/sealing.js").Bytes} Bytes */
/** @typedef {import("../../../frontend/shared/sealing.js").Entry} Entry */
/** @typedef {import("../../../frontend/shared/sealing.js").Kind} Kind */
/** @typedef {import("../../../frontend/shared/sealing.js").Log} Log */
/** @typedef {import("../../../frontend/shared/sealing.js").Role} Role */
/** @typedef {"counsellor" | "colleague" | "partner" | "review"} Name */
/**
 * @type {{
 *   conversation: string, caller: string, epochs: Record<string, string>,
 *   members: Record<Name, {role: Role, member: string, private: string, key: string}>,
 *   rosters: {epoch: number, members: Name[], roster_hash: string, wraps: Record<Name, string>}[],
 *   history: {epoch: number, to: Name, wrap: string}[],
 *   boxes: {kind: Kind, epoch: number, sender: string, id: string, text: string, length: number, box: string}[],
 *   refuse: {why: string, epoch: number, box: string}[],
 *   refuse_wraps: {why: string, epoch: number, to: Name, members: Name[], wrap: string}[],
 *   prove: {device: string, key: string, private: string, box: string, secret: string},
 * }}
 */
const vectors = JSON.parse(readFileSync(new URL("../../vectors/sealing-v1.json", import.meta.url), "utf8"));

/** @param {string} hex @returns {Bytes} */
const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
/** @param {string} hex */
const wire = (hex) => Buffer.from(hex, "hex").toString("base64url");
/** @param {string} text */
const hex = (text) => Buffer.from(text, "base64url").toString("hex");
/** @param {number} epoch */
const secret = (epoch) => new sealing.Secret(bytes(vectors.epochs[epoch]));

const conversation = wire(vectors.conversation);
const caller = wire(vectors.caller);
const counsellor = wire(vectors.members.counsellor.member);
const place = { conversation, epoch: 1, sender: counsellor, secret: secret(1) };

/** @param {Name} name */
const seat = (name) => {
  const { member, role, key } = vectors.members[name];
  return { member: wire(member), role, key: wire(key) };
};

/** @param {number} epoch @param {Name[]} names */
const roster = (epoch, names) => ({ conversation, epoch, seats: names.map(seat) });

/** @param {Name} name */
const pairOf = (name) => asPair(vectors.members[name]);

/** A key pair as a browser holds it. @param {{key: string, private: string}} half @returns {Promise<CryptoKeyPair>} */
async function asPair(half) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const key = bytes(half.key);
  const [x, y] = [key.slice(1, 33), key.slice(33)].map(sealing.toBase64url);
  const jwk = { kty: "EC", crv: "P-256", x, y, d: wire(half.private) };
  return {
    privateKey: await crypto.subtle.importKey("jwk", jwk, curve, false, ["deriveBits"]),
    publicKey: await crypto.subtle.importKey("raw", key, curve, true, []),
  };
}

/** Returns the entry that has a box and agrees with its header. @param {string} box  hex @returns {Entry} */
const entryOf = (box) => ({
  conversation,
  seq: 7,
  kind: box.slice(4, 6) === "03" ? "note" : "message",
  epoch: Number.parseInt(box.slice(40, 48), 16),
  by: wire(box.slice(48, 64)),
  id: wire(box.slice(64, 96)),
  box: wire(box),
});

/** Makes a log that accepts everything. @param {Entry} entry @returns {Log} */
const logOf = (entry) => ({
  conversation,
  caller,
  granted: entry.epoch,
  named: new Set([counsellor]),
  present: new Set([counsellor]),
  seqOf: () => undefined,
  secretOf: secret,
});

for (const vector of vectors.boxes) {
  const title = `${vector.kind} of ${Buffer.byteLength(vector.text)} bytes in epoch ${vector.epoch}`;
  test(`a ${title} is sealed to the fixed bytes and opens`, async () => {
    const { kind, epoch, text } = vector;
    const where = { conversation, epoch, sender: wire(vector.sender), secret: secret(epoch) };
    const item = await sealing.reseal({ id: wire(vector.id), kind, text }, where);
    assert.equal(hex(item.box), vector.box);
    const entry = entryOf(vector.box);
    assert.deepEqual(await sealing.open(entry, logOf(entry)), { kind, text });
  });
}

for (const { why, box } of vectors.refuse) {
  test(`a box is refused by the log: ${why}`, async () => {
    const entry = { ...entryOf(vectors.boxes[1].box), box: wire(box) };
    await assert.rejects(sealing.open(entry, logOf(entry)), sealing.Refused);
  });

  test(`a box is refused when the server's entry agrees with it: ${why}`, async () => {
    const entry = entryOf(box);
    const log = { ...logOf(entry), named: new Set([entry.by ?? ""]), present: new Set([entry.by ?? ""]) };
    await assert.rejects(sealing.open(entry, log), sealing.Refused);
  });
}

for (const { epoch, members, roster_hash, wraps } of vectors.rosters) {
  test(`the roster of epoch ${epoch} has the fixed hash in whatever order its members come`, async () => {
    for (const names of [members, members.toReversed()]) {
      const hash = await sealing.rosterHash(roster(epoch, names));
      assert.equal(Buffer.from(hash).toString("hex"), roster_hash);
    }
  });

  for (const name of members) {
    test(`the ${name}'s wrap of epoch ${epoch} opens to the secret`, async () => {
      const opened = await sealing.openWrap(
        wire(wraps[name]),
        await pairOf(name),
        seat(name).member,
        roster(epoch, members),
      );
      await assertSame(opened, epoch);
    });
  }
}

test("history opens to the earlier epoch's secret", async () => {
  for (const { epoch, to, wrap } of vectors.history) {
    const opened = await sealing.openHistory(
      wire(wrap),
      await pairOf(to),
      seat(to).member,
      conversation,
      epoch,
    );
    await assertSame(opened, epoch);
  }
});

for (const { why, epoch, to, members, wrap } of vectors.refuse_wraps) {
  test(`a wrap is refused: ${why}`, async () => {
    const opening = sealing.openWrap(wire(wrap), await pairOf(to), seat(to).member, roster(epoch, members));
    await assert.rejects(opening, sealing.Refused);
  });
}

/** Secrets show no bytes: two are the same when they seal alike. @param {sealing.Secret} one @param {number} epoch */
async function assertSame(one, epoch) {
  const draft = { id: wire("00".repeat(16)), kind: /** @type {Kind} */ ("message"), text: "" };
  const [a, b] = await Promise.all(
    [one, secret(epoch)].map((each) => sealing.reseal(draft, { ...place, secret: each })),
  );
  assert.equal(a.box, b.box);
}

for (const [name, text] of /** @type {[string, string][]} */ ([
  ["no text", ""],
  ["8,190 bytes", "b".repeat(8190)],
  ["emoji", "👩🏽‍❤️‍👩🏽".repeat(50)],
  ["a byte order mark", "\ufeffhoi\ufeff"],
  ["markup", "<img src=x onerror=alert(1)>"],
  ["a zero byte at the end", "hoi\0"],
])) {
  test(`${name} comes back as it was sealed`, async () => {
    const item = await sealing.seal("message", text, place);
    const entry = entryOf(hex(item.box));
    assert.equal((await sealing.open(entry, logOf(entry))).text, text);
    assert.deepEqual(await sealing.openOwn(item.box, place), item);
  });
}

test("8,191 bytes are too long, counted in UTF-8", async () => {
  await assert.rejects(sealing.seal("message", "b".repeat(8191), place), sealing.TooLong);
  await assert.rejects(sealing.seal("message", `${"é".repeat(4095)}b`, place), sealing.TooLong);
});

test("one and 200 characters make boxes of one length", async () => {
  const boxes = await Promise.all(["x", "x".repeat(200)].map((text) => sealing.seal("message", text, place)));
  assert.deepEqual(
    boxes.map(({ box }) => hex(box).length / 2),
    [352, 352],
  );
});

test("a note is sealed as JSON", async () => {
  const { text } = await sealing.seal("note", { text: "let op" }, place);
  assert.deepEqual(JSON.parse(text), { text: "let op" });
});

test("each sealing draws its own id", async () => {
  const items = await Promise.all(Array.from({ length: 20 }, () => sealing.seal("message", "hoi", place)));
  assert.equal(new Set(items.map(({ id }) => id)).size, 20);
});

test("an item is frozen and keeps its box in its own epoch, whatever text is put under its id", async () => {
  const item = await sealing.seal("message", "hoi", place);
  assert.ok(Object.isFrozen(item));
  assert.equal((await sealing.reseal({ ...item, text: "an edited text" }, place)).box, item.box);
});

test("resealing for another epoch keeps id and text and makes another box", async () => {
  const item = await sealing.seal("message", "hoi", place);
  const again = await sealing.reseal(item, { ...place, epoch: 2, secret: secret(2) });
  assert.deepEqual([again.id, again.text, again.epoch], [item.id, "hoi", 2]);
  assert.notEqual(again.box, item.box);
});

/** @param {Kind} [kind] @param {string} [sender] */
async function sealed(kind = "message", sender = counsellor) {
  const { box } = await sealing.seal(kind, "hoi", { ...place, sender });
  const entry = entryOf(hex(box));
  return { entry, log: logOf(entry) };
}

for (const [why, lie] of /** @type {[string, (entry: Entry, log: Log) => object][]} */ ([
  ["the entry names another conversation", (entry) => Object.assign(entry, { conversation: counsellor })],
  [
    "the log is of another conversation",
    (_, log) => Object.assign(log, { conversation: wire("00".repeat(16)) }),
  ],
  ["the entry names another epoch", (entry) => Object.assign(entry, { epoch: 2 })],
  ["the entry names another id", (entry) => Object.assign(entry, { id: wire("00".repeat(16)) })],
  ["the entry names another author", (entry) => Object.assign(entry, { by: caller })],
  ["the entry names no author", (entry) => Object.assign(entry, { by: null })],
  ["a later epoch was granted before it", (_, log) => Object.assign(log, { granted: 2 })],
  ["its sender is not named in the last granted", (_, log) => Object.assign(log, { named: new Set() })],
  ["its sender has left", (_, log) => Object.assign(log, { present: new Set() })],
  ["its id was used at another seq", (_, log) => Object.assign(log, { seqOf: () => 3 })],
  ["the entry is a note and the box a message", (entry) => Object.assign(entry, { kind: "note" })],
  ["the entry holds no box at all", (entry) => Object.assign(entry, { kind: "joined" })],
  ["it was sealed with another secret", (_, log) => Object.assign(log, { secretOf: () => secret(2) })],
  ["it has padding in its base64url", (entry) => Object.assign(entry, { box: `${entry.box}=` })],
  ["it is not a string", (entry) => Object.assign(entry, { box: null })],
])) {
  test(`a box is refused when ${why}`, async () => {
    const { entry, log } = await sealed();
    await sealing.open(entry, log);
    lie(entry, log);
    await assert.rejects(sealing.open(entry, log), sealing.Refused);
  });
}

test("a well-sealed box of a size between the buckets is refused", async () => {
  const header = bytes(vectors.boxes[1].box).slice(0, 48);
  const info = Buffer.concat([Buffer.from("hl1 msg"), header]);
  const okm = Buffer.from(hkdfSync("sha256", bytes(vectors.epochs[1]), new Uint8Array(32), info, 76));
  for (const [size, refused] of /** @type {[number, boolean][]} */ ([
    [256, false],
    [300, true],
    [2, true],
    [16_384, true],
  ])) {
    const cipher = createCipheriv("aes-256-gcm", okm.subarray(0, 32), okm.subarray(32, 44)).setAAD(header);
    const ciphertext = [cipher.update(new Uint8Array(size)), cipher.final(), cipher.getAuthTag()];
    const entry = entryOf(Buffer.concat([header, okm.subarray(44), ...ciphertext]).toString("hex"));
    const opening = sealing.open(entry, logOf(entry));
    if (refused) await assert.rejects(opening, sealing.Refused);
    else assert.equal((await opening).text, "");
  }
});

test("the same entry may be opened again", async () => {
  const { entry, log } = await sealed();
  await sealing.open(entry, { ...log, seqOf: () => entry.seq });
});

for (const [kind, from, sender] of /** @type {[Kind, string, string][]} */ ([
  ["intake", "staff", counsellor],
  ["brief", "the caller", caller],
  ["note", "the caller", caller],
])) {
  test(`a box is refused when it is ${kind} from ${from}`, async () => {
    const { entry, log } = await sealed(kind, sender);
    await assert.rejects(sealing.open(entry, log), sealing.Refused);
  });
}

test("a note's box in a message entry is refused", async () => {
  const { entry, log } = await sealed("note");
  await assert.rejects(sealing.open({ ...entry, kind: "message" }, log), sealing.Refused);
});

test("a box of an epoch without a secret is from before one could read, and no refusal", async () => {
  const { entry, log } = await sealed();
  await assert.rejects(sealing.open(entry, { ...log, secretOf: () => undefined }), sealing.NoSecret);
});

test("a non-extractable device key opens what is wrapped for it, and cannot be exported", async () => {
  const pair = await sealing.makeDeviceKey();
  const mine = { ...seat("counsellor"), key: await sealing.pointOf(pair) };
  const all = { conversation, epoch: 1, seats: [seat("review"), mine] };
  await assertSame(
    await sealing.openWrap(await sealing.wrapFor(secret(1), mine.member, all), pair, mine.member, all),
    1,
  );
  const history = await sealing.historyFor(secret(0), mine, conversation, 0);
  await assertSame(await sealing.openHistory(history, pair, mine.member, conversation, 0), 0);
  await assert.rejects(crypto.subtle.exportKey("jwk", pair.privateKey));
  await assert.rejects(crypto.subtle.exportKey("pkcs8", pair.privateKey));
});

test("a wrap has 113 bytes, differs each time and opens for nobody else", async () => {
  const all = roster(1, ["counsellor", "review"]);
  const [one, two] = await Promise.all([1, 2].map(() => sealing.wrapFor(secret(1), counsellor, all)));
  assert.equal(hex(one).length / 2, 113);
  assert.notEqual(one, two);
  await assert.rejects(sealing.openWrap(one, await pairOf("review"), counsellor, all), sealing.Refused);
});

test("nobody outside the roster gets a wrap", async () => {
  const member = seat("partner").member;
  await assert.rejects(sealing.wrapFor(secret(1), member, roster(1, ["counsellor"])), sealing.Refused);
});

test("the box that a device's key has to open gives the fixed secret, as it is sent back", async () => {
  const { prove } = vectors;
  assert.equal(prove.box.length / 2, 113);
  const secret = await sealing.openProof(wire(prove.box), await asPair(prove), prove.device);
  assert.equal(hex(secret), prove.secret);
});

test("a box to be opened for one device opens for no other id, and with no other key", async () => {
  const { prove } = vectors;
  const [pair, stranger] = [await asPair(prove), await sealing.makeDeviceKey()];
  await assert.rejects(sealing.openProof(wire(prove.box), pair, "d-7Qy"), sealing.Refused);
  await assert.rejects(sealing.openProof(wire(prove.box), stranger, prove.device), sealing.Refused);
});

test("a key is a point only when it is uncompressed, whole and on the curve", async () => {
  const { key } = vectors.members.counsellor;
  const compressed = `${Number.parseInt(key.slice(-1), 16) % 2 ? "03" : "02"}${key.slice(2, 66)}`;
  const offCurve = `${key.slice(0, -2)}${key.endsWith("14") ? "15" : "14"}`;
  for (const bad of [compressed, offCurve, key.slice(0, -2), `${key}00`, `06${key.slice(2)}`, ""])
    assert.equal(await sealing.isPoint(wire(bad)), false, bad);
  assert.equal(await sealing.isPoint(wire(key)), true);
});

test("a fingerprint is the first 88 bits of the labelled hash", async () => {
  const { key } = vectors.members.counsellor;
  const data = Buffer.concat([Buffer.from("hl1 device"), Buffer.from(key, "hex")]);
  const hash = Buffer.from(await crypto.subtle.digest("SHA-256", data)).toString("hex");
  assert.equal(Buffer.from(await sealing.fingerprint(wire(key))).toString("hex"), hash.slice(0, 22));
});

test("the shelf gives back each epoch's secret, to its own key only", async () => {
  const shelf = wire("5e".repeat(32));
  const sealed = await sealing.sealUnderShelf(
    shelf,
    new Map([0, 1, 2].map((epoch) => [epoch, secret(epoch)])),
  );
  const secrets = await sealing.openFromShelf(shelf, sealed);
  assert.deepEqual([...secrets.keys()], [0, 1, 2]);
  for (const [epoch, each] of secrets) await assertSame(each, epoch);
  await assert.rejects(sealing.openFromShelf(wire("5f".repeat(32)), sealed), sealing.Refused);
  assert.ok(!hex(sealed).includes(vectors.epochs[1]));
});

test("a secret shows nothing in JSON or in a dump", () => {
  const one = sealing.freshSecret();
  assert.equal(JSON.stringify(one), "{}");
  assert.deepEqual(Reflect.ownKeys(one), []);
});

test("base64url is taken in its one canonical spelling only", () => {
  for (const bad of ["A", "AB", "AA==", "AA=", "+A", "/w", "A A", "AA\n", "é"])
    assert.throws(() => sealing.fromBase64url(bad), sealing.Refused, bad);
  assert.throws(() => sealing.fromBase64url("AAA", 3), sealing.Refused);
  for (let size = 0; size < 70; size++) {
    const data = crypto.getRandomValues(new Uint8Array(size));
    assert.equal(sealing.toBase64url(data), Buffer.from(data).toString("base64url"));
    assert.deepEqual(sealing.fromBase64url(sealing.toBase64url(data), size), data);
  }
});

// The review key

const device = () => sealing.makeDeviceKey();

test("a review key opens for the device it was sealed for, and what it opens cannot be exported", async () => {
  const own = await device();
  const { share, ...review } = await sealing.makeLineKey("helpwanted", 3, own);
  assert.equal(hex(share).length / 2, 113);
  const pair = await sealing.openLineKey(share, own, review);
  assert.equal(pair.privateKey.extractable, false);
  assert.equal(await sealing.pointOf(pair), review.key);
  const seats = [{ member: counsellor, role: /** @type {const} */ ("review"), key: review.key }];
  const all = { conversation, epoch: 1, seats };
  const wrap = await sealing.wrapFor(secret(1), counsellor, all);
  await assertSame(await sealing.openWrap(wrap, pair, counsellor, all), 1);
});

test("a share is bound to its line, its generation and its public key, and to one device", async () => {
  const own = await device();
  const { share, ...review } = await sealing.makeLineKey("helpwanted", 1, own);
  const { key: other } = await sealing.makeLineKey("helpwanted", 1, own);
  for (const changed of [{ line: "stopitnow" }, { generation: 2 }, { key: other }])
    await assert.rejects(sealing.openLineKey(share, own, { ...review, ...changed }), sealing.Refused);
  await assert.rejects(sealing.openLineKey(share, await device(), review), sealing.Refused);
});

test("who has the review key gives it to another device, and only that one opens what was given", async () => {
  const [floor, hanna, stranger] = await Promise.all([device(), device(), device()]);
  const { share, ...review } = await sealing.makeLineKey("helpwanted", 1, floor);
  const given = await sealing.shareLineKey(share, floor, review, await sealing.pointOf(hanna));
  assert.equal(await sealing.pointOf(await sealing.openLineKey(given, hanna, review)), review.key);
  for (const not of [floor, stranger])
    await assert.rejects(sealing.openLineKey(given, not, review), sealing.Refused);
  await assert.rejects(sealing.shareLineKey(share, stranger, review, review.key), sealing.Refused);
});

test("the bytes of a share are HPKE of the scalar with the label, the line's hash, the generation and the point", async () => {
  const own = await device();
  const { share, ...review } = await sealing.makeLineKey("helpwanted", 7, own);
  const hash = await crypto.subtle.digest("SHA-256", Buffer.from("helpwanted"));
  const generation = Buffer.from([0, 0, 0, 7]);
  const point = Buffer.from(review.key, "base64url");
  const info = Buffer.concat([Buffer.from("hl1 review"), Buffer.from(hash), generation, point]);
  const suite = new CipherSuite({
    kem: new DhkemP256HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  const bytes = new Uint8Array(Buffer.from(share, "base64url"));
  const params = { recipientKey: own, enc: bytes.slice(0, 65), info: new Uint8Array(info) };
  const scalar = new Uint8Array(await suite.open(params, bytes.slice(65)));
  assert.equal(scalar.length, 32);
});
