import assert from "node:assert/strict";
import test from "node:test";
import { Alarm } from "../../../frontend/board/supervision/model/alarm-sound.js";
import { BoardStage, NOON } from "../fakes/board-stage.js";
import { FakeStorage, until } from "../fakes/browser.js";
import { BEHIND, SUMS } from "../fakes/line-rows.js";
import { error, ok } from "../fakes/staff-server.js";

const CALLER = "A".repeat(22);

class Desk extends BoardStage {
  static async make() {
    const desk = new Desk(await BoardStage.player());
    await desk.board.start();
    await until(() => desk.board.hindrance === "" && desk.sentOf("today").length > 0);
    return desk;
  }

  /** @param {object} [changes] */
  floorIs(changes = {}) {
    this.deliver({ type: "floor", at: new Date(this.now).toISOString(), lines: [{ ...BEHIND, ...changes }] });
  }
}

/** @param {object} [changes] */
const ring = (changes = {}) => ({
  type: "invitation",
  invitation: "ring-1",
  conversation: null,
  how: "consult",
  from: "Carla",
  line: "helpwanted",
  locale: "nl",
  urgency: 0,
  risk: 0,
  state: "ringing",
  expires: "2026-11-25T12:01:00Z",
  ...changes,
});

test("the page looks at the board, the floor and the day of each line, and again when it comes back", async () => {
  const desk = await Desk.make();
  assert.deepEqual(desk.sentOf("watch")[0].board, true);
  assert.deepEqual(desk.sentOf("floor")[0].look, true);
  await until(() => desk.floor.curves.size > 0);
  assert.equal(desk.floor.curves.get("helpwanted")?.[0].waiting, 1);
  desk.deliver({ type: "board", at: "2026-11-25T12:00:00Z", lines: [SUMS] });
  assert.equal(desk.floor.lines[0].waiting, 3);
  desk.line.onclose({ code: 1012 });
  desk.timers.at(-1)?.();
  await until(() => desk.sentOf("floor").length === 2);
});

test("while the server cannot fetch anything the live view is not current, and is asked for again once it can", async () => {
  const desk = await Desk.make();
  desk.deliver({ type: "board", at: "2026-11-25T12:00:00Z", lines: [SUMS] });
  desk.floorIs();
  assert.equal(desk.floor.isKnown, true);
  desk.answers.overdue = () => error("try_again");
  await desk.board.refresh();
  assert.deepEqual([desk.floor.isKnown, desk.board.problem], [false, "try_again"]);
  delete desk.answers.overdue;
  const asked = desk.sentOf("floor").length;
  desk.timers.at(-1)?.();
  await until(() => desk.sentOf("floor").length > asked);
  assert.equal(desk.board.problem, "");
  desk.deliver({ type: "board", at: "2026-11-25T12:00:10Z", lines: [SUMS] });
  desk.floorIs();
  assert.equal(desk.floor.isKnown, true);
});

test("the board says within one beat that it may be late, also if nobody has asked it anything", async () => {
  const desk = await Desk.make();
  desk.deliver({ type: "board", at: "2026-11-25T12:00:00Z", lines: [SUMS] });
  desk.floorIs();
  desk.answers.beat = () => error("try_again");
  desk.deliver({ type: "beat", at: "2026-11-25T12:00:20Z", seqs: {} });
  await until(() => !desk.floor.isKnown);
  assert.equal(desk.board.problem, "try_again");
  const asked = desk.sentOf("floor").length;
  desk.timers.at(-1)?.();
  await until(() => desk.sentOf("floor").length > asked);
  assert.equal(desk.board.problem, "");
});

test("however often the page looks while the server cannot fetch anything, one look at a time is waited for", async () => {
  const desk = await Desk.make();
  desk.answers.overdue = () => error("try_again");
  await desk.board.refresh();
  const waits = desk.timers.length;
  for (const _ of "ab") await desk.board.refresh();
  assert.equal(desk.timers.length, waits);
});

test("the curve runs up to now: behind the samples stands what the board says", async () => {
  const desk = await Desk.make();
  const sample = { at: "2026-11-25T11:59:00Z", waiting: 1, active: 2, on: 3, longest: 4 };
  desk.floor.curves.set("helpwanted", [sample]);
  assert.deepEqual(desk.floor.dayOf("helpwanted"), [sample]);
  desk.deliver({ type: "board", at: "2026-11-25T12:00:00Z", lines: [SUMS] });
  const now = { at: "2026-11-25T12:00:00.000Z", waiting: 3, active: 6, on: 2, longest: 600 };
  assert.deepEqual(desk.floor.dayOf("helpwanted"), [sample, now]);
  assert.deepEqual(desk.floor.dayOf("stopitnow"), []);
});

test("waits are counted on the server's clock, whatever this computer's says", async () => {
  const desk = await Desk.make();
  desk.deliver({ type: "board", at: "2026-11-25T13:00:00Z", lines: [SUMS] });
  assert.equal(desk.floor.now(), NOON + 3_600_000);
  desk.now += 5_000;
  assert.equal(desk.floor.now(), NOON + 3_605_000);
});

test("an alert sounds when it begins, not while it lasts, and not while the sound is off", async () => {
  const desk = await Desk.make();
  let sounds = 0;
  const alarm = new Alarm(new FakeStorage(), () => sounds++);
  desk.floor.addEventListener("alarm", alarm.sound);
  desk.floorIs({ alerts: ["waiting"] });
  desk.floorIs({ alerts: ["waiting"], flagged: 3 });
  assert.deepEqual([sounds, desk.floor.alerts], [1, ["helpwanted waiting"]]);
  desk.floorIs({ alerts: ["waiting", "nobody"] });
  assert.equal(sounds, 2);
  desk.floorIs();
  assert.deepEqual([sounds, desk.floor.alerts], [2, []]);
  alarm.set(false);
  desk.floorIs({ alerts: ["waiting"] });
  assert.equal(sounds, 2);
  alarm.test();
  assert.equal(sounds, 3);
});

test("what nobody answered sounds once, when it comes", async () => {
  const desk = await Desk.make();
  let sounds = 0;
  desk.floor.addEventListener("alarm", () => sounds++);
  const one = { missed: "m", kind: "call", acute: false, since: SUMS.oldest, at: SUMS.oldest, by: "Carla" };
  desk.floorIs({ missed: [one], missed_in_all: 1 });
  desk.floorIs({ missed: [one], missed_in_all: 1, flagged: 3 });
  assert.equal(sounds, 1);
});

test("the switch of the sound is remembered", () => {
  const memory = new FakeStorage();
  assert.equal(new Alarm(memory).on, true);
  new Alarm(memory).set(false);
  assert.equal(new Alarm(memory).on, false);
});

test("a colleague's call sounds and stands until it is over; own invitations are not shown", async () => {
  const desk = await Desk.make();
  let sounds = 0;
  desk.floor.addEventListener("alarm", () => sounds++);
  desk.deliver(ring());
  desk.deliver(ring());
  desk.deliver(ring({ invitation: "own", conversation: CALLER }));
  assert.deepEqual([sounds, [...desk.floor.rings.keys()]], [1, ["ring-1"]]);
  desk.deliver(ring({ risk: 2 }));
  desk.deliver(ring({ risk: 2 }));
  assert.deepEqual(
    [sounds, desk.floor.rings.get("ring-1")?.risk],
    [2, 2],
    "flagged while it rings: once more",
  );
  desk.deliver(ring({ state: "expired" }));
  assert.equal(desk.floor.rings.size, 0);
});

test("what rang before the line dropped, and no longer does, is gone when it is back", async () => {
  const desk = await Desk.make();
  desk.deliver(ring());
  desk.invitations = [ring({ invitation: "ring-2" })];
  desk.line.onclose({ code: 1012 });
  desk.timers.at(-1)?.();
  await until(() => desk.sentOf("floor").length === 2);
  assert.deepEqual([...desk.floor.rings.keys()], ["ring-2"]);
});

test("pressing twice does it once", async () => {
  const desk = await Desk.make();
  await Promise.all([desk.floor.end(CALLER), desk.floor.end(CALLER)]);
  assert.equal(desk.sentOf("end").length, 1);
});

test("what is confirmed while another deed is under way is done after it", async () => {
  const desk = await Desk.make();
  let goOn = () => {};
  desk.answers.end = () => new Promise((done) => (goOn = () => done(ok())));
  const ending = desk.floor.end(CALLER);
  const closing = desk.floor.steer(
    "helpwanted",
    { state: "closed", most: 10, reason: "x" },
    "board.done.closed",
  );
  await until(() => desk.sentOf("end").length);
  assert.equal(desk.sentOf("line").length, 0);
  goOn();
  await Promise.all([ending, closing]);
  assert.deepEqual([desk.sentOf("line").length, desk.floor.told], [1, "board.done.closed"]);
});

test("each acute conversation and each acute caller who waits sounds, also while another one stands there", async () => {
  const desk = await Desk.make();
  let sounds = 0;
  desk.floor.addEventListener("alarm", () => sounds++);
  const talk = (/** @type {string} */ conversation) => ({ conversation, risk: 2, known: false, steps: [] });
  const waits = (/** @type {string} */ conversation) => ({ conversation, urgency: 2, here: true });
  desk.floorIs({ elsewhere: [talk("a")] });
  desk.floorIs({ elsewhere: [talk("a")] });
  assert.equal(sounds, 1);
  desk.floorIs({ elsewhere: [talk("a"), talk("b")] });
  assert.equal(sounds, 2);
  desk.floorIs({ elsewhere: [talk("a"), talk("b")], waiting: [waits("c")], alerts: ["urgent"] });
  assert.equal(sounds, 3);
  desk.floorIs({ elsewhere: [talk("a"), talk("b")], waiting: [waits("c"), waits("d")], alerts: ["urgent"] });
  assert.equal(sounds, 4);
});

test("an older missed call that is listed because a newer one was seen makes no sound", async () => {
  const desk = await Desk.make();
  let sounds = 0;
  desk.floor.addEventListener("alarm", () => sounds++);
  const rows = (/** @type {number[]} */ ...minutes) =>
    minutes.map((minute) => ({ missed: `m${minute}`, kind: "call", at: `2026-11-25T11:0${minute}:00Z` }));
  desk.floorIs({ missed: rows(8, 7, 6, 5, 4) });
  assert.equal(sounds, 1);
  desk.floorIs({ missed: rows(7, 6, 5, 4, 3) });
  assert.equal(sounds, 1, "the eighth was seen, and the third is old");
  desk.floorIs({ missed: rows(9, 7, 6, 5, 4) });
  assert.equal(sounds, 2);
});

test("an action sends its frame and says that it was done", async () => {
  const desk = await Desk.make();
  await desk.floor.steer("helpwanted", { state: "closed", most: 10, reason: "Storing" }, "board.done.closed");
  const [{ ref: _, ...line }] = desk.sentOf("line");
  assert.deepEqual(line, { type: "line", line: "helpwanted", state: "closed", most: 10, reason: "Storing" });
  assert.equal(desk.floor.told, "board.done.closed");
  await desk.floor.front(CALLER, "risk");
  assert.deepEqual(desk.sentOf("front")[0].reason, "risk");
  await desk.floor.end(CALLER);
  assert.deepEqual([desk.sentOf("end").length, desk.floor.told], [1, "board.done.end"]);
});

for (const { action, code, problem } of [
  { action: "front", code: "conflict", problem: "no_longer_waits" },
  { action: "front", code: "not_found", problem: "no_longer_waits" },
  { action: "rest", code: "conflict", problem: "not_on_duty" },
  { action: "listen", code: "conflict", problem: "nobody_in_charge" },
  { action: "listen", code: "ended", problem: "has_ended" },
  { action: "end", code: "conflict", problem: "still_alive" },
  { action: "end", code: "forbidden", problem: "forbidden" },
])
  test(`${action} that is answered with ${code} says ${problem}, and nothing is said to be done`, async () => {
    const desk = await Desk.make();
    desk.answers[action] = () => error(code);
    await /** @type {any} */ (desk.floor)[action](CALLER, "risk");
    assert.deepEqual([desk.board.problem, desk.floor.told], [problem, ""]);
    assert.equal(desk.floor.wasAsked(CALLER), false);
  });

test("who was asked is not asked again within a minute", async () => {
  const desk = await Desk.make();
  await desk.floor.listen(CALLER);
  await desk.floor.listen(CALLER);
  assert.deepEqual([desk.sentOf("listen").length, desk.floor.wasAsked(CALLER)], [1, true]);
  desk.now += 60_000;
  await desk.floor.listen(CALLER);
  assert.equal(desk.sentOf("listen").length, 2);
});

test("who says no to listening in is named, and may be asked anew at once", async () => {
  const desk = await Desk.make();
  await desk.floor.listen(CALLER);
  desk.deliver({ type: "nolisten", conversation: CALLER, alias: "Carla" });
  assert.deepEqual(
    [desk.floor.refusals.get(CALLER), desk.floor.wasAsked(CALLER), desk.floor.told],
    ["Carla", false, "board.done.no_listen"],
  );
  await desk.floor.listen(CALLER);
  assert.deepEqual([desk.sentOf("listen").length, desk.floor.refusals.has(CALLER)], [2, false]);
});

test("a socket that was withdrawn shows nothing of the floor any more", async () => {
  const desk = await Desk.make();
  desk.deliver({ type: "board", at: "2026-11-25T12:00:00Z", lines: [SUMS] });
  desk.floorIs({ alerts: ["waiting"] });
  desk.deliver(ring());
  desk.line.onclose({ code: 4403 });
  assert.deepEqual([desk.floor.lines, desk.floor.alerts, desk.floor.rings.size], [[], [], 0]);
});

test("an acute conversation that nobody has seen is an alert, above the server's own, until it is seen", async () => {
  const desk = await Desk.make();
  const talk = (/** @type {boolean} */ known) => ({
    ...{ conversation: CALLER, initial: "B", since: "2026-11-25T11:50:00Z", last: null },
    ...{ risk: 2, known, steps: [], here: true, dead: false },
  });
  const people = (/** @type {boolean} */ known) => [
    { id: "carla", alias: "Carla", duty: "on", slots: 2, conversations: [talk(known)] },
  ];
  let sounds = 0;
  desk.floor.addEventListener("alarm", () => sounds++);
  desk.floorIs({ alerts: ["waiting"], people: people(false) });
  assert.deepEqual([desk.floor.alerts, sounds], [["helpwanted acute", "helpwanted waiting"], 1]);
  desk.floorIs({ alerts: ["waiting"], people: people(true) });
  assert.deepEqual(desk.floor.alerts, ["helpwanted waiting"]);
});

test("without a connection the clocks stand still, until both frames have come anew", async () => {
  const desk = await Desk.make();
  const board = () => desk.deliver({ type: "board", at: new Date(desk.now).toISOString(), lines: [SUMS] });
  board();
  desk.floorIs();
  assert.deepEqual([desk.floor.isKnown, desk.floor.now()], [true, NOON]);
  desk.line.onclose({ code: 1012 });
  desk.now += 90_000;
  assert.deepEqual([desk.floor.isKnown, desk.floor.now()], [false, NOON]);
  desk.timers.at(-1)?.();
  await until(() => desk.sentOf("floor").length === 2);
  board();
  assert.equal(desk.floor.isKnown, false, "the sums alone are half of it");
  desk.floorIs();
  assert.deepEqual([desk.floor.isKnown, desk.floor.now()], [true, NOON + 90_000]);
});

test("what nobody answered is acknowledged by its line and name, and a colleague may have been faster", async () => {
  const desk = await Desk.make();
  await desk.floor.seeMissed("helpwanted", "m");
  const [{ ref: _, ...sent }] = desk.sentOf("seenmissed");
  assert.deepEqual(sent, { type: "seenmissed", line: "helpwanted", missed: "m" });
  assert.equal(desk.floor.told, "board.done.seen");
  desk.answers.seenmissed = () => error("conflict");
  await desk.floor.seeMissed("helpwanted", "m");
  assert.deepEqual([desk.board.problem, desk.floor.told], ["seen_already", ""]);
});

test("who of the colleagues has a page open follows what the server tells of their line", async () => {
  const desk = await Desk.make();
  const one = { id: "hanna", alias: "Hanna", line: "helpwanted", duty: "there" };
  desk.deliver({ type: "colleagues", line: "helpwanted", open: true, colleagues: [one], desks: [] });
  assert.deepEqual(desk.floor.colleagues, [one]);
  desk.deliver({ type: "colleagues", line: "stopitnow", open: true, colleagues: [], desks: [] });
  assert.deepEqual(desk.floor.colleagues, [one]);
});

test("that everybody was asked to hand over is said for an hour: a board stays open for days", async () => {
  const desk = await Desk.make();
  await desk.floor.handOver("helpwanted");
  assert.equal(desk.floor.handsOver("helpwanted"), true);
  desk.now += 3_600_000;
  assert.equal(desk.floor.handsOver("helpwanted"), false);
});
