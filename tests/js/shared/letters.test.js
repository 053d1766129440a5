// The vectors of letters: seats of role 5, certificates of use 3, shares, and the return box's extra row.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as sealing from "../../../frontend/shared/sealing.js";

const file = new URL("../../vectors/sealing-v1.json", import.meta.url);
const { letters, members } = JSON.parse(readFileSync(file, "utf8"));

/** @param {string} hex */
const wire = (hex) => Buffer.from(hex, "hex").toString("base64url");
/** @param {string} hex */
const secret = (hex) => new sealing.Secret(new Uint8Array(Buffer.from(hex, "hex")));

/** A pair as a browser holds it. @param {{key: string, private: string}} half @returns {Promise<CryptoKeyPair>} */
async function pairOf({ key, private: d }) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const [x, y] = [key.slice(2, 66), key.slice(66)].map(wire);
  const jwk = { kty: "EC", crv: "P-256", x, y, d: wire(d) };
  return {
    privateKey: await crypto.subtle.importKey("jwk", jwk, curve, false, ["deriveBits"]),
    publicKey: await crypto.subtle.importKey("raw", Buffer.from(key, "hex"), curve, true, []),
  };
}

const conversation = wire(letters.conversation);
const { seat, review, share, returned } = letters;
/** @type {sealing.Roster} */
const roster = {
  conversation,
  epoch: 1,
  seats: [
    { member: wire(seat.member), role: "letters", key: wire(seat.key) },
    { member: wire(review.member), role: "review", key: wire(review.key) },
  ],
};

test("the roster of a letter names the letters seat with role 5", async () => {
  assert.equal(Buffer.from(await sealing.rosterHash(roster)).toString("hex"), letters.roster_hash);
});

test("a wrap for the letters seat opens with the line's key", async () => {
  const opened = await sealing.openWrap(
    wire(letters.wraps.letters),
    await pairOf(seat),
    wire(seat.member),
    roster,
  );
  assert.ok(sealing.isSame(opened, secret(letters.epochs[1])));
});

test("a counsellor's share of the letters key opens, and not as one of another line, generation or use", async () => {
  const own = await pairOf(members[share.device]);
  const key = { line: share.slug, generation: share.generation, key: wire(seat.key) };
  const pair = await sealing.openLineKey(wire(share.sealed), own, { ...key, use: "letters" });
  assert.equal(await sealing.pointOf(pair), wire(seat.key));
  const others = [
    { ...key, use: /** @type {const} */ ("review") },
    { ...key, use: /** @type {const} */ ("letters"), generation: share.generation + 1 },
    { ...key, use: /** @type {const} */ ("letters"), line: "stopitnow" },
  ];
  for (const other of others)
    await assert.rejects(sealing.openLineKey(wire(share.sealed), own, other), sealing.Refused);
});

for (const [verdict, cases] of /** @type {const} */ ([
  [true, letters.accept],
  [false, letters.refuse],
]))
  for (const { why, use, kind, slug, key, cert } of cases)
    test(`${verdict ? "certified" : "not certified"}: ${why}`, async () => {
      const trust = { roots: letters.roots.map(wire), serial: 0 };
      const wanted = { use, kind, slug, key: wire(key) };
      assert.equal(await sealing.isCertified(cert, wanted, trust, letters.now), verdict);
    });

test("the return box of a letter says which keys sit in it", async () => {
  const opened = await sealing.openReturn(returned.code, conversation, wire(returned.box));
  const row = opened.get(sealing.SEATS);
  assert.ok(row && sealing.isSame(row, secret(returned.seats)));
  assert.ok(sealing.isSame(row, await sealing.seatsRow(wire(seat.key), wire(review.key))));
  assert.deepEqual([...opened.keys()], [0, 1, sealing.SEATS]);
});
