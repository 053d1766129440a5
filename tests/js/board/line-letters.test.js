// Who gets the key that opens a line's letters: whoever's words were compared, and nobody whom only a row names.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LineLetters } from "../../../frontend/board/letters/model/line-letters.js";
import * as sealing from "../../../frontend/shared/sealing.js";
import { shareKeys } from "../../../frontend/staff/key-shares.js";

const LINE = "helpwanted";
const AT = "2026-11-25T14:00:00Z";
const USE = /** @type {const} */ ("letters");

/** Makes a board of Helpwanted with two generations that it can open, and one of a colleague that it cannot. */
async function stage() {
  const pair = await sealing.makeDeviceKey();
  const carla = await sealing.makeDeviceKey();
  const keys = [];
  for (const generation of [3, 2, 1]) {
    const { key, share } = await sealing.makeLineKey(LINE, generation, pair, USE);
    const own = generation === 3 ? null : share;
    const row = { generation, public: key, made: AT, confirmed: AT, retired: generation === 3 ? null : AT };
    keys.push({ ...row, share: own, devices: ["mine"] });
  }
  const device = { id: "carla-1", person: "carla", alias: "Carla", label: "Firefox" };
  const devices = [{ ...device, key: await sealing.pointOf(carla) }];
  const line = {
    line: LINE,
    name: "Helpwanted",
    hours: 24,
    two: false,
    cases: true,
    stale: false,
    keys,
    devices,
  };
  /** @type {any[]} */
  const sent = [];
  const request = /** @type {any} */ (
    async (/** @type {string} */ type, /** @type {object} */ fields) => {
      sent.push({ type, ...fields });
      return { lines: [line] };
    }
  );
  const revoked = new Set();
  const letters = new LineLetters({
    ...{ request, act: (action) => action(), own: () => ({ line: LINE, pair }) },
    ...{ noteKey: () => {}, tell: () => {}, isRevoked: (key) => revoked.has(key) },
  });
  Object.assign(letters, await letters.look(LINE));
  const shares = () => sent.filter(({ type }) => type === "sharekey");
  return { letters, line, carla, pair, request, shares, revoked };
}

test("a device gets every generation that this browser can open and the device cannot", async () => {
  const { letters, line, carla, shares } = await stage();
  line.keys[1].devices.push("carla-1");
  await letters.keys.give(line.devices[0]);
  assert.deepEqual(
    shares().map(({ generation, device }) => [generation, device]),
    [[1, "carla-1"]],
  );
  const shared = { line: LINE, generation: 1, key: line.keys[2].public, use: USE };
  const opened = await sealing.openLineKey(shares()[0].sealed, carla, shared);
  assert.equal(await sealing.pointOf(opened), line.keys[2].public);
});

test("what is approved is given to the key whose words were compared, not to that of a row", async () => {
  const { line, carla, pair, request, shares } = await stage();
  const compared = { id: "carla-1", key: line.devices[0].key };
  const thief = await sealing.makeDeviceKey();
  line.devices[0].key = await sealing.pointOf(thief);
  await shareKeys(request, pair, USE, compared);
  assert.equal(shares().length, 2);
  for (const { sealed, generation } of shares()) {
    const { public: key } = line.keys.find((one) => one.generation === generation) ?? { public: "" };
    const shared = { line: LINE, generation, key, use: USE };
    await sealing.openLineKey(sealed, carla, shared);
    await assert.rejects(sealing.openLineKey(sealed, thief, shared), sealing.Refused);
  }
});

test("a device that somebody wrote into the database is listed with its words and gets nothing by itself", async () => {
  const { letters, line, shares } = await stage();
  const key = await sealing.pointOf(await sealing.makeDeviceKey());
  line.devices.push({ id: "planted", person: "daan", alias: "Daan", label: "Edge", key });
  Object.assign(letters, await letters.look(LINE));
  assert.deepEqual(
    letters.without.map(({ id }) => id),
    ["carla-1", "planted"],
  );
  assert.deepEqual(shares(), []);
});

test("a key that this browser saw revoked is not offered again, whatever a row says", async () => {
  const { letters, line, revoked } = await stage();
  revoked.add(line.devices[0].key);
  assert.deepEqual(letters.without, []);
});

test("who is of no line of this board gets nothing, and a browser without a device gives nothing", async () => {
  const { pair, request, shares, line } = await stage();
  await shareKeys(request, pair, USE, { id: "somebody", key: line.devices[0].key });
  await shareKeys(request, null, USE, { id: "carla-1", key: line.devices[0].key });
  assert.deepEqual(shares(), []);
});
