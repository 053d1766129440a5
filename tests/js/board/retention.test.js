import assert from "node:assert/strict";
import test from "node:test";
import { daysOf } from "../../../frontend/board/retention/model/hold-days.js";
import { openTranscript } from "../../../frontend/board/retention/model/transcript.js";
import * as sealing from "../../../frontend/shared/sealing.js";
import { eightWords } from "../../../frontend/staff/eight-words.js";
import { BoardStage } from "../fakes/board-stage.js";
import { until } from "../fakes/browser.js";
import { player, Talk } from "../fakes/conversation.js";
import { error, ok } from "../fakes/staff-server.js";

const LINE = "helpwanted";
const AT = "2026-11-25T14:00:00Z";

/** Plays a server that stores review keys and their shares, and serves readings. */
class Desk extends BoardStage {
  /** @type {any[]} */
  keys = [];
  /** @type {object[]} */
  devices = [];
  two = false;

  static async make(prepare = (/** @type {Desk} */ _desk) => {}) {
    const desk = new Desk(await BoardStage.player());
    desk.devices.push({ id: "mine", person: "floor", alias: "Floor", label: "Firefox", key: desk.own.key });
    prepare(desk);
    await desk.board.start();
    await until(() => desk.board.line !== undefined);
    return desk;
  }

  /** @param {any} frame */
  answer(frame) {
    const { devices, two } = this;
    if (frame.type === "phones") return ok({ phones: [] });
    if (frame.type === "keys") return ok({ lines: [this.#line()] });
    if (frame.type === "devices")
      return ok({ devices: devices.map((device) => ({ ...device, state: "approved" })) });
    if (frame.type === "makekey") return this.#made(frame);
    if (frame.type === "read") return ok({ reading: "reading-1", open: !two });
    if (frame.type === "transcript") return error("conflict");
    return super.answer(frame);
  }

  /** @param {any} frame */
  #made({ generation, public: key, sealed }) {
    for (const row of this.keys) row.retired ??= AT;
    const row = { generation, public: key, made: AT, confirmed: AT, retired: null };
    this.keys.unshift({ ...row, share: sealed, devices: ["mine"] });
    return ok();
  }

  #line() {
    const { keys, two, devices } = this;
    return { line: LINE, name: "Helpwanted", hours: 24, two, cases: true, stale: false, keys, devices };
  }
}

/** Makes a conversation whose review seat was let in. @param {CryptoKeyPair} pair */
async function aTalk(pair) {
  const review = { ...(await player("review", "Helpwanted")), pair, key: await sealing.pointOf(pair) };
  const carla = await player("counsellor", "Carla");
  const talk = new Talk(review);
  talk.joins(review);
  await talk.says({ nickname: "Anna", topic: "sextortion" }, { kind: "intake" });
  talk.joins(carla);
  await talk.grants({ history: [0] });
  await talk.says("Hij dreigt");
  await talk.says("Je bent hier goed", { by: carla.member });
  await talk.says({ text: "kijkt mee" }, { kind: "note", by: carla.member });
  return { talk, review, carla };
}

/** Returns what the server serves: entries without wraps, and the wraps beside them. @param {Talk} talk */
function served(talk) {
  const wraps = talk.entries.flatMap((/** @type {any} */ { epoch: grant, wrap, history = [] }) => {
    const rows = wrap ? [{ epoch: grant, wrap }, ...history] : [];
    return rows.map((row) => ({ ...row, member: talk.own.member, grant }));
  });
  const entries = talk.entries.map((/** @type {any} */ { wrap: _, history: __, ...entry }) => entry);
  return { entries: /** @type {any[]} */ (entries), wraps };
}

/** @param {{text: string, fault: string, kind: string}[]} lines */
const said = (lines) =>
  lines
    .filter(({ kind }) => ["message", "intake", "note"].includes(kind))
    .map(({ text, fault }) => fault || text);

test("a device's fingerprint is eight words of the list, the same each time", async () => {
  const { key } = await player("counsellor", "Carla");
  const words = await eightWords(key);
  assert.equal(words.length, 8);
  assert.ok(words.every((word) => /^[a-z]+$/.test(word)));
  assert.deepEqual(await eightWords(key), words);
});

test("the review key opens intake, messages and notes, history included", async () => {
  const { talk, review } = await aTalk(await sealing.makeDeviceKey());
  const { entries, wraps } = served(talk);
  const lines = await openTranscript(talk.id, entries, wraps, review.pair);
  assert.deepEqual(said(lines), ["Anna · sextortion", "Hij dreigt", "Je bent hier goed", "kijkt mee"]);
  assert.deepEqual(
    lines.map(({ who }) => who?.role ?? "").filter((role) => role === "review"),
    [],
  );
});

test("an epoch without a wrap stays shut, and another key opens nothing", async () => {
  const { talk, review } = await aTalk(await sealing.makeDeviceKey());
  const { entries, wraps } = served(talk);
  const withoutHistory = wraps.filter(({ epoch, grant }) => epoch === grant);
  assert.equal(said(await openTranscript(talk.id, entries, withoutHistory, review.pair))[0], "closed");
  const other = await sealing.makeDeviceKey();
  assert.deepEqual(said(await openTranscript(talk.id, entries, wraps, other)), Array(4).fill("closed"));
});

test("a member hidden from the log makes the wrap fail, and a box moved elsewhere is not shown as said", async () => {
  const { talk, review, carla } = await aTalk(await sealing.makeDeviceKey());
  const { entries, wraps } = served(talk);
  const hidden = entries.map((entry) =>
    entry.kind === "granted" ? { ...entry, members: [review.member] } : entry,
  );
  assert.ok(said(await openTranscript(talk.id, hidden, wraps, review.pair)).includes("closed"));
  const moved = entries.map((entry) => (entry.by === carla.member ? { ...entry, by: talk.caller } : entry));
  const lines = said(await openTranscript(talk.id, moved, wraps, review.pair));
  assert.deepEqual(lines.slice(2), ["unverified", "unverified"]);
});

test("a text that came twice under one id is shown once", async () => {
  const { talk, review } = await aTalk(await sealing.makeDeviceKey());
  const { entries, wraps } = served(talk);
  const message = entries.find(({ kind, epoch }) => kind === "message" && epoch === 1);
  const again = [...entries, { ...message, seq: entries.length + 1 }];
  assert.equal(said(await openTranscript(talk.id, again, wraps, review.pair)).at(-1), "unverified");
});

test("the first key is made here, for this device, and only its sealed half leaves", async () => {
  const desk = await Desk.make();
  await desk.board.keys.make();
  const [{ line, generation, public: key, sealed }] = desk.sentOf("makekey");
  assert.deepEqual([line, generation], [LINE, 1]);
  const pair = await sealing.openLineKey(sealed, desk.own.pair, { line, generation, key });
  assert.equal(await sealing.pointOf(pair), key);
  assert.equal(desk.board.keys.present?.generation, 1);
});

test("a new key is the next generation, and a colleague is given every one that this browser can open", async () => {
  const hanna = await player("counsellor", "Hanna");
  const desk = await Desk.make();
  await desk.board.keys.make();
  await desk.board.keys.make();
  desk.keys.push({ ...desk.keys[0], generation: 99, share: null });
  const theirs = { id: "hanna-1", person: "hanna", alias: "Hanna", label: "Edge", key: hanna.key };
  desk.devices.push(theirs);
  await desk.board.refresh();
  await desk.board.keys.give(theirs);
  const given = desk.sentOf("sharekey");
  assert.deepEqual(
    given.map(({ generation, device }) => [generation, device]),
    [
      [2, "hanna-1"],
      [1, "hanna-1"],
    ],
  );
  const { public: key } = desk.keys.find(({ generation }) => generation === 1);
  const review = { line: LINE, generation: 1, key };
  assert.equal(await sealing.pointOf(await sealing.openLineKey(given[1].sealed, hanna.pair, review)), key);
});

test("reading asks with a reason, fetches all parts, and shows the words", async () => {
  const desk = await Desk.make();
  const { key, share } = await sealing.makeLineKey(LINE, 1, desk.own.pair);
  const review = await sealing.openLineKey(share, desk.own.pair, { line: LINE, generation: 1, key });
  const { talk } = await aTalk(review);
  const { entries, wraps } = served(talk);
  const page = { line: LINE, generation: 1, public: key, share };
  const parts = [entries.slice(0, 3), entries.slice(3)];
  desk.answers.transcript = ({ since }) => {
    const [first, rest] = parts;
    const part = since === 0 ? first : rest;
    const upto = part.at(-1)?.seq;
    return ok({ ...page, entries: part, wraps: since === 0 ? [] : wraps, upto, more: since === 0 });
  };
  await desk.board.retention.read(talk.id, "quality");
  assert.deepEqual(desk.sentOf("read")[0].reason, "quality");
  assert.equal(desk.sentOf("transcript").length, 2);
  assert.deepEqual(said(desk.board.retention.shown?.lines ?? []).slice(1, 3), [
    "Hij dreigt",
    "Je bent hier goed",
  ]);
  desk.board.retention.closeReading();
  assert.equal(desk.board.retention.shown, null);
});

/** Makes a board with an open transcript, which the server lists until an hour from now. */
async function anOpenReading() {
  const desk = await Desk.make();
  const { key, share } = await sealing.makeLineKey(LINE, 1, desk.own.pair);
  const review = await sealing.openLineKey(share, desk.own.pair, { line: LINE, generation: 1, key });
  const { talk } = await aTalk(review);
  const page = { line: LINE, generation: 1, public: key, share, ...served(talk) };
  desk.answers.transcript = () => ok({ ...page, upto: 9, more: false });
  const until = new Date(desk.now + 3_600_000).toISOString();
  const readings = [{ reading: "reading-1", conversation: talk.id, own: true, open: true, until }];
  desk.answers.reviews = () => ok({ conversations: [], readings });
  await desk.board.retention.read(talk.id, "quality");
  await desk.board.refresh();
  assert.ok(desk.board.retention.shown?.lines?.length);
  return { desk, readings, retention: desk.board.retention };
}

test("a transcript that stays open is closed when the conversation is gone, or the reading is over", async () => {
  const { desk, readings, retention } = await anOpenReading();
  await desk.board.refresh();
  assert.ok(retention.shown, "it is still listed");
  readings.pop();
  await desk.board.refresh();
  assert.equal(retention.shown, null);
});

test("a board without a connection closes a transcript when its hour is over", async () => {
  const { desk, retention } = await anOpenReading();
  desk.line.onclose({ code: 1006 });
  for (const act of desk.timers.splice(0)) act();
  assert.equal(retention.shown, null);
});

test("a transcript that was closed while it opened does not appear by itself", async () => {
  const { desk, retention } = await anOpenReading();
  const answer = desk.answers.transcript;
  let goOn = () => {};
  desk.answers.transcript = (frame) => new Promise((done) => (goOn = () => done(answer?.(frame))));
  const reading = retention.read("x", "quality");
  await until(() => desk.sentOf("transcript").length === 2);
  retention.closeReading();
  goOn();
  await reading;
  assert.equal(retention.shown, null);
});

test("where two are needed nothing is fetched before the second says yes", async () => {
  const desk = await Desk.make((desk) => {
    desk.two = true;
  });
  await desk.board.retention.read("A".repeat(22), "complaint");
  assert.equal(desk.sentOf("transcript").length, 0);
  assert.equal(desk.board.retention.shown, null);
});

test("a device without the key says so, and a hold that cannot be says why", async () => {
  const desk = await Desk.make();
  await desk.board.retention.read("A".repeat(22), "quality");
  assert.deepEqual([desk.board.problem, desk.board.retention.shown], ["no_share", null]);
  desk.answers.hold = () => error("conflict");
  await desk.board.retention.askHold("A".repeat(22), "legal", "2027-01-01T00:00:00Z");
  assert.equal(desk.board.problem, "hold_conflict");
});

test("a request to hold is taken back, or refused, by one frame", async () => {
  const desk = await Desk.make();
  await desk.board.retention.dropHold("hold-1");
  assert.deepEqual(
    desk.sentOf("drop").map(({ hold }) => hold),
    ["hold-1"],
  );
});

test("news of the line is asked for again, and a socket that was withdrawn shows nothing any more", async () => {
  const desk = await Desk.make();
  const before = desk.sentOf("keys").length;
  desk.deliver({ type: "review", line: LINE });
  await until(() => desk.sentOf("keys").length > before);
  desk.board.retention.shown = { reading: "r", conversation: "x", lines: [], until: "" };
  desk.line.onclose({ code: 4403 });
  assert.deepEqual([desk.board.stopped, desk.board.retention.shown], ["4403", null]);
});

test("a hold ends at the begin of a day after now and after the end there is, within its ninety days", () => {
  const noon = new Date(2026, 9, 20, 12).getTime();
  assert.deepEqual(daysOf(noon), { first: "2026-10-21", latest: "2027-01-18", chosen: "2026-10-27" });
  // The night in which the clock goes back has one hour more.
  const [until, latest] = [new Date(2026, 9, 25), new Date(2026, 9, 28, 15)].map((at) => at.toISOString());
  const held = { first: "2026-10-26", latest: "2026-10-28", chosen: "2026-10-28" };
  assert.deepEqual(daysOf(noon, { until: until ?? "", latest: latest ?? "" }), held);
});

test("of what rings again within a second one more look is enough", async () => {
  const desk = await Desk.make();
  const looks = () => desk.sentOf("overdue").length;
  const before = looks();
  desk.deliver({ type: "review", line: LINE });
  const over = desk.timers.at(-1);
  for (let rings = 0; rings < 4; rings++) desk.deliver({ type: "review", line: LINE });
  assert.equal(looks(), before + 1);
  over?.();
  assert.equal(looks(), before + 2);
  desk.timers.at(-1)?.();
  assert.equal(looks(), before + 2);
});

test("earlier conversations that somebody asked for stay while the newest ones are fetched again", async () => {
  const row = (/** @type {number} */ n) => ({
    conversation: `c${n}`,
    opened: new Date(Date.parse(AT) - n * 60_000).toISOString(),
  });
  const rows = Array.from({ length: 150 }, (_, n) => row(n));
  const desk = await Desk.make((made) => {
    made.answers.reviews = ({ before }) =>
      ok({
        conversations: rows.filter(({ opened }) => !before || opened < before).slice(0, 100),
        readings: [],
      });
  });
  const { retention } = desk.board;
  await until(() => retention.more);
  await retention.older();
  assert.deepEqual([retention.reviews.length, retention.more], [150, false]);
  rows.unshift(row(-1));
  await desk.board.refresh();
  assert.deepEqual([retention.reviews.length, retention.reviews[0].conversation], [151, "c-1"]);
  retention.leaveLine();
  await desk.board.refresh();
  assert.equal(retention.reviews.length, 100);
});
