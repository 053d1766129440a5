import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as sealing from "../../../frontend/shared/sealing.js";
import { trustOfPage } from "../../../frontend/shared/text.js";

/** @typedef {{why: string, use: "device" | "review", kind: "line" | "service", slug: string, key: string, cert: any}} Row */
/** @type {{now: number, roots: string[], lowest: number, accept: Row[], refuse: Row[], clocks: {why: string, of: string, at: number, clock: number, accept: boolean}[]}} */
const vectors = JSON.parse(
  readFileSync(new URL("../../vectors/sealing-v1.json", import.meta.url), "utf8"),
).certificates;

/** @param {string} hex */
const wire = (hex) => Buffer.from(hex, "hex").toString("base64url");
const trust = { roots: vectors.roots.map(wire), serial: vectors.lowest };
/** @param {Row} row */
const wanted = ({ use, kind, slug, key }) => ({ use, kind, slug, key: wire(key) });
const counsellor = /** @type {Row} */ (vectors.accept[0]);

for (const row of vectors.accept)
  test(`good: ${row.why}`, async () => {
    assert.equal(await sealing.isCertified(row.cert, wanted(row), trust, vectors.now), true);
  });

for (const row of vectors.refuse)
  test(`refused: ${row.why}`, async () => {
    assert.equal(await sealing.isCertified(row.cert, wanted(row), trust, vectors.now), false);
  });

for (const { why, of, at, clock, accept } of vectors.clocks)
  test(`a clock: ${why}`, async () => {
    const row = /** @type {Row} */ (vectors.accept.find((one) => one.why === of));
    const then = sealing.atTheClock(at, clock);
    assert.equal(await sealing.isCertified(row.cert, wanted(row), trust, then), accept);
  });

test("whichever bit of a scope or a certificate flips, it is refused", async () => {
  const { cert } = counsellor;
  /** @type {[object, string | number][]} */
  const places = [
    [cert.scope, "root"],
    [cert.scope, "sig"],
    [cert.scope.signers, 0],
    [cert.scope.signers, 1],
    [cert.sigs[0], "signer"],
    [cert.sigs[0], "sig"],
  ];
  for (const [holder, name] of places) {
    const row = /** @type {Record<string | number, string>} */ (holder);
    const kept = row[name];
    const bytes = Buffer.from(kept, "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const other = Buffer.from(bytes);
      other[bit >> 3] ^= 1 << (bit & 7);
      row[name] = other.toString("base64url");
      assert.equal(
        await sealing.isCertified(cert, wanted(counsellor), trust, vectors.now),
        false,
        `${name} ${bit}`,
      );
    }
    row[name] = kept;
  }
  assert.equal(await sealing.isCertified(cert, wanted(counsellor), trust, vectors.now), true);
});

test("whatever stands in its place is refused and no exception", async () => {
  const anything = [null, undefined, 1, "x", [], {}, { scope: null }, { scope: {}, sigs: 3 }, [[[]]], true];
  for (const cert of anything)
    assert.equal(await sealing.isCertified(cert, wanted(counsellor), trust, vectors.now), false);
  for (const name of ["scope", "not_before", "not_after", "sigs"])
    for (const value of anything) {
      const cert = { ...counsellor.cert, [name]: value };
      if (name === "not_before" && value === 1) continue; // long ago, but valid for too long
      assert.equal(await sealing.isCertified(cert, wanted(counsellor), trust, vectors.now), false);
    }
});

test("what a supervisor's browser signs is good", async () => {
  const signer = await sealing.makeSignerKey();
  const key = await sealing.pointOf(signer);
  const [from, until] = [vectors.now, vectors.now + 90 * 86_400];
  const sig = await sealing.certify(signer, wanted(counsellor), from, until);
  const cert = structuredClone(counsellor.cert);
  Object.assign(cert, { not_before: from, not_after: until, sigs: [{ signer: key, sig }] });
  assert.equal(
    await sealing.isCertified(cert, wanted(counsellor), trust, vectors.now),
    false,
    "a foreign one",
  );
  assert.equal(signer.privateKey.extractable, false);
  assert.equal((await sealing.fingerprint(key, "signer")).length, 11);
});

/** @param {Record<string, string>} metas */
const page = (metas) => ({
  querySelector: (/** @type {string} */ name) => {
    const content = metas[/"(.*)"/.exec(name)?.[1] ?? ""];
    return content === undefined ? null : { content };
  },
});

test("a page without the line is uncertified; one that names nothing, or nonsense, trusts nobody", () => {
  const roots = trust.roots.join(" ");
  assert.equal(trustOfPage(page({})), null);
  assert.deepEqual(trustOfPage(page({ "helpline-roots": roots, "helpline-serial": "7" })), trust);
  for (const [named, serial] of [
    ["", "7"],
    [roots, ""],
    [roots, "7.5"],
    [roots, "-1"],
    [`${roots} x`, "7"],
  ])
    assert.deepEqual(trustOfPage(page({ "helpline-roots": named, "helpline-serial": serial }))?.roots, []);
});
