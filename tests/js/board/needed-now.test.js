import assert from "node:assert/strict";
import test from "node:test";
import {
  helpersOf,
  inConversation,
  missedCall,
  neededNow,
} from "../../../frontend/board/supervision/model/needed-now.js";
import { BoardStage } from "../fakes/board-stage.js";
import { BEHIND, SUMS } from "../fakes/line-rows.js";

const AT = "2026-11-25T11:50:00Z";
const LATER = "2026-11-25T11:55:00Z";

/** @param {object} sums @param {object} behind */
async function floorOf(sums, behind) {
  const stage = new BoardStage(await BoardStage.player());
  const { floor } = stage;
  floor.lines = [{ ...SUMS, urgent: 0, ...sums }];
  floor.behind.set("helpwanted", /** @type {any} */ ({ ...BEHIND, ...behind }));
  return floor;
}

/** @param {object} [sums] @param {object} [behind] */
const kinds = async (sums = {}, behind = {}) =>
  neededNow(await floorOf(sums, behind)).map(({ kind }) => kind);

const waits = (/** @type {string} */ id, /** @type {object} */ changes = {}) => ({
  ...{ conversation: id, since: AT, urgency: 0, locale: "nl", here: true, away: null },
  ...{ why: "waited", reason: "", boost: 0, minutes: null, ...changes },
});
const talk = (/** @type {object} */ changes = {}) => ({
  ...{ conversation: "talk", initial: "B", since: AT, last: null, risk: 2, urgency: 0, known: true },
  ...{ steps: [], here: true, away: null, alone: null, dead: false, ...changes },
});
const person = (/** @type {string} */ alias, /** @type {Record<string, any>} */ changes = {}) => ({
  ...{ id: alias.toLowerCase(), alias, duty: "on", slots: 2, conversations: [] },
  ...{ busy: changes.conversations?.length ?? 0, ...changes },
});
const missed = (/** @type {object} */ changes = {}) => ({
  ...{ missed: "m", kind: "call", acute: false, since: AT, at: AT, by: "Carla", ...changes },
});

test("a quiet evening needs nobody", async () => {
  assert.deepEqual(await kinds(), []);
  assert.deepEqual(
    await kinds({}, { people: [person("Carla", { conversations: [talk({ risk: 1 })] })] }),
    [],
  );
});

test("acute callers whose connection is gone do not wait in words, and where nobody is on duty nobody's language matters", async () => {
  const away = { urgencies: [{ urgency: 2, waiting: 2, away: 2, oldest: null }] };
  assert.deepEqual(await kinds({ on: 1 }, away), ["acute_away"]);
  const listed = [waits("a", { urgency: 2, here: false, away: LATER })];
  const [one] = neededNow(await floorOf({ on: 1 }, { ...away, waiting: listed }));
  assert.equal(one.since, LATER);
  const mixed = { urgencies: [{ urgency: 2, waiting: 3, away: 2, oldest: AT }] };
  assert.deepEqual(
    neededNow(await floorOf({ on: 1 }, mixed)).map(({ kind, n }) => [kind, n]),
    [["acute_waits", 1]],
  );
  assert.deepEqual(await kinds({ on: 0, state: "closed", waiting: 2 }, { alerts: ["nobody"] }), ["nobody"]);
});

test("a caller whose counsellor has been disconnected for ten seconds is alone, and whose it was stands there", async () => {
  const after = async (/** @type {number} */ ms, /** @type {object} */ changes = {}) => {
    const conversations = [talk({ risk: 0, alone: AT, ...changes })];
    const floor = await floorOf({ on: 1 }, { people: [person("Carla", { conversations })] });
    floor.now = () => Date.parse(AT) + ms;
    return neededNow(floor).map(({ kind, who, since, acute }) => [kind, who, since, acute]);
  };
  assert.deepEqual(await after(9_000), []);
  assert.deepEqual(await after(10_000), [["staff_gone", "Carla", AT, false]]);
  assert.deepEqual(await after(10_000, { risk: 2 }), [["staff_gone", "Carla", AT, true]]);
  assert.deepEqual(await after(10_000, { here: false, away: AT }), []);
});

test("who is on a break with every place taken is nobody who could", () => {
  const people = [person("Carla", { duty: "break", slots: 1, conversations: [talk()] })];
  assert.deepEqual(helpersOf(/** @type {any} */ ({ line: "helpwanted", people }), []), {
    how: "none",
    names: [],
  });
});

test("the most urgent stands first, and of one kind what lasts longest", async () => {
  const found = await kinds(
    { on: 0, letters: { ...SUMS.letters, overdue: 2 } },
    {
      alerts: ["waiting", "wait"],
      urgencies: [{ urgency: 2, waiting: 10, away: 0, oldest: AT }],
      waiting: [waits("a", { urgency: 2 })],
      missed: [missed({ kind: "left", by: "" }), missed()],
      people: [person("Carla", { duty: "off", conversations: [talk()] })],
    },
  );
  assert.deepEqual(found, [
    ...["acute_waits", "call_missed", "acute_left", "unstaffed", "crowded", "long_wait", "acute_alone"],
    "letters_late",
  ]);
  const two = await floorOf(
    {},
    { missed: [missed({ missed: "new", at: LATER }), missed({ missed: "old" })] },
  );
  assert.deepEqual(
    neededNow(two).map(({ id }) => id),
    ["old", "new"],
  );
});

test("acute callers who wait are one row of each line, also one whom the list does not hold", async () => {
  const urgencies = [{ urgency: 2, waiting: 10, away: 1, oldest: AT }];
  const [one, ...others] = neededNow(await floorOf({}, { urgencies, waiting: [waits("first")] }));
  assert.deepEqual([one.n, one.since, one.front, others], [9, AT, null, []]);
});

test("one who is acute and stands behind others can be moved to the front: who waits longest and is here", async () => {
  const urgencies = [{ urgency: 2, waiting: 3, away: 1, oldest: AT }];
  const rows = [
    waits("first"),
    waits("young", { urgency: 2, since: LATER }),
    waits("away", { urgency: 2, since: "2026-11-25T11:00:00Z", here: false }),
    waits("old", { urgency: 2 }),
  ];
  const [behind] = neededNow(await floorOf({}, { urgencies, waiting: rows }));
  assert.equal(behind.front?.conversation, "old");
  const [ahead] = neededNow(await floorOf({}, { urgencies, waiting: [rows[3], rows[0]] }));
  assert.equal(ahead.front, null);
});

test("nobody on duty counts on an open line only, since the last who was or since the one came who waits longest", async () => {
  const [one] = neededNow(
    await floorOf({ on: 0, oldest_here: AT }, { unstaffed: LATER, alerts: ["nobody"] }),
  );
  assert.deepEqual([one.kind, one.since, one.n], ["unstaffed", AT, 3]);
  const empty = { on: 0, waiting: 0, away: 0, oldest_here: null };
  const [quiet] = neededNow(await floorOf(empty, { unstaffed: LATER }));
  assert.deepEqual([quiet.kind, quiet.since, quiet.n], ["unstaffed", LATER, 0]);
  assert.deepEqual(await kinds({ on: 0, state: "closed" }), []);
  assert.deepEqual(await kinds({ on: 3 }, { alerts: ["nobody"] }), ["not_spoken"]);
});

test("callers who wait for minutes while everybody on duty is full need somebody, below every threshold, and a break could help", async () => {
  const full = person("Carla", { slots: 1, conversations: [talk({ risk: 0 })] });
  const sums = { on: 1, waiting: 2, oldest_here: AT };
  const floor = await floorOf(sums, { people: [full, person("Bo", { duty: "break" })] });
  const [one, ...others] = neededNow(floor);
  assert.deepEqual([one.kind, one.n, one.since, others], ["full", 2, AT, []]);
  assert.deepEqual(helpersOf(floor.behind.get("helpwanted"), []), { how: "break", names: ["Bo"] });
  assert.deepEqual(await kinds(sums, { people: [full], alerts: ["wait"] }), ["full"], "one row for one fact");
  assert.deepEqual(await kinds(sums, { people: [full, person("Daan")] }), [], "somebody can take them");
  const elsewhere = person("Carla", { busy: 2 });
  assert.deepEqual(await kinds(sums, { people: [elsewhere] }), ["full"], "with talks on another line");
  assert.deepEqual(await kinds({ ...sums, oldest_here: "2026-11-25T11:58:00Z" }, { people: [full] }), []);
  assert.deepEqual(
    await kinds({ ...sums, oldest_here: null }, { people: [full] }),
    [],
    "all of them are away",
  );
});

test("all rows about the callers who wait count from when the one came who waits longest, and not from the alert", async () => {
  const behind = {
    ...{ alerts: ["waiting", "wait", "nobody"], unspoken: LATER },
    urgencies: [{ urgency: 2, waiting: 1, away: 0, oldest: AT }],
  };
  const found = neededNow(await floorOf({ on: 1, oldest_here: AT }, behind));
  assert.deepEqual(
    found.map(({ kind, since }) => [kind, since]),
    [
      ["acute_waits", AT],
      ["not_spoken", LATER],
      ["crowded", AT],
      ["long_wait", AT],
    ],
  );
  const [nobody] = neededNow(
    await floorOf({ on: 0, state: "closed", waiting: 3, away: 1 }, { alerts: ["nobody"], unspoken: AT }),
  );
  assert.deepEqual([nobody.kind, nobody.since, nobody.n], ["nobody", AT, 2]);
});

test("an acute conversation needs somebody while one counsellor is alone with it or no supervisor saw it", async () => {
  const with_ = (/** @type {object[]} */ people, /** @type {object} */ more = {}) =>
    kinds({}, { people, ...more });
  const alone = [person("Carla", { conversations: [talk()] })];
  const two = [...alone, person("Daan", { conversations: [talk()] })];
  const unseen = two.map((one) => ({ ...one, conversations: [talk({ known: false })] }));
  assert.deepEqual(await with_(alone), ["acute_alone"]);
  assert.deepEqual(await with_(two), []);
  assert.deepEqual(await with_(unseen), ["acute_unseen"]);
  const gone = [person("Carla", { conversations: [talk({ here: false, away: LATER })] })];
  const [one] = neededNow(await floorOf({}, { people: gone }));
  assert.deepEqual([one.kind, one.since, one.who], ["acute_gone", LATER, "Carla"]);
  assert.deepEqual(await with_([], { elsewhere: [talk()] }), [], "a partner has it");
});

test("what a caller said at the start still counts while one counsellor is alone with them and has flagged nothing", async () => {
  const said = (/** @type {object} */ changes = {}) =>
    person("Carla", { conversations: [talk({ risk: 0, urgency: 2, known: false, ...changes })] });
  assert.deepEqual(await kinds({}, { people: [said()] }), ["acute_said"]);
  assert.deepEqual(await kinds({}, { people: [said({ here: false })] }), ["acute_gone"]);
  assert.deepEqual(await kinds({}, { people: [said({ risk: 1 })] }), [], "the counsellor judged it");
  assert.deepEqual(await kinds({}, { people: [said({ risk: 2 })] }), ["acute_unseen"]);
  const two = [said(), person("Daan", { conversations: [talk({ risk: 0, urgency: 2 })] })];
  assert.deepEqual(await kinds({}, { people: two }), []);
});

test("a call in an acute conversation to which nobody came is one row with that conversation", async () => {
  const people = [person("Carla", { conversations: [talk({ known: false })] })];
  const [one, ...others] = neededNow(await floorOf({}, { people, missed: [missed({ acute: true })] }));
  assert.deepEqual([one.kind, one.talk?.conversation, others], ["call_missed", "talk", []]);
  const two = { people, missed: [missed({ acute: true, by: "Daan" })] };
  assert.deepEqual(await kinds({}, two), ["call_missed", "acute_unseen"], "another counsellor's call");
  const plain = { people, missed: [missed()] };
  assert.deepEqual(await kinds({}, plain), ["call_missed", "acute_unseen"], "a call that was not acute");
});

test("a service that did not come is told apart from a colleague, and hides no acute conversation", async () => {
  const people = [person("Carla", { conversations: [talk({ known: false })] })];
  const asked = missed({ acute: true, service: "CSG", phone: "0800-0188", of: "" });
  const [one, other] = neededNow(await floorOf({}, { people, missed: [asked] }));
  assert.deepEqual([missedCall(one), other.kind], ["service_missed.acute", "acute_unseen"]);
  const [called] = neededNow(await floorOf({}, { missed: [missed({ by: "Gijs", service: "", of: "CSG" })] }));
  assert.equal(missedCall(called), "service_called");
  const [colleague] = neededNow(await floorOf({}, { missed: [missed({ service: "", of: "" })] }));
  assert.equal(missedCall(colleague), "call_missed");
});

test("of those with a free place, who is in no conversation comes first, and one on another line counts as busy", async () => {
  const people = [person("Carla", { conversations: [talk()] }), person("Daan"), person("Esra")];
  const floor = await floorOf({}, { people });
  const own = floor.behind.get("helpwanted");
  assert.deepEqual(helpersOf(own, []).names, ["Daan", "Esra", "Carla"]);
  const other = { ...BEHIND, line: "stopitnow", people: [person("Daan", { conversations: [talk()] })] };
  floor.behind.set("stopitnow", /** @type {any} */ (other));
  const busy = inConversation(floor.behind.values());
  assert.deepEqual([...busy], ["Carla", "Daan"]);
  assert.deepEqual(helpersOf(own, [], busy).names, ["Esra", "Carla", "Daan"]);
});

test("while its counsellor calls this supervisor, an acute conversation has no second block below the call", async () => {
  const people = [person("Carla", { conversations: [talk({ known: false })] })];
  const floor = await floorOf({}, { people });
  const ring = { invitation: "i", line: "helpwanted", from: "Carla", risk: 2, urgency: 0 };
  floor.rings.set("i", /** @type {any} */ (ring));
  assert.deepEqual(neededNow(floor), []);
  floor.rings.set("i", /** @type {any} */ ({ ...ring, from: "Daan" }));
  assert.equal(neededNow(floor).length, 1);
});

test("who could: a free place, or else a break, or else a supervisor whose page is open", () => {
  const line = (/** @type {object[]} */ ...people) => /** @type {any} */ ({ ...BEHIND, people });
  const full = person("Aïsha", { slots: 1, conversations: [talk()] });
  const rests = person("Bo", { duty: "break" });
  const there = { id: "hanna", alias: "Hanna", line: "helpwanted", duty: "there" };
  const off = { ...there, alias: "Ilse", duty: "off" };
  const elsewhere = { ...there, alias: "Otto", line: "stopitnow" };
  const colleagues = [there, off, elsewhere];
  assert.deepEqual(helpersOf(line(full, rests, person("Carla")), colleagues), {
    how: "free",
    names: ["Carla"],
  });
  assert.deepEqual(helpersOf(line(full, rests), colleagues), { how: "break", names: ["Bo"] });
  assert.deepEqual(helpersOf(line(full), colleagues), { how: "there", names: ["Hanna"] });
  assert.deepEqual(helpersOf(line(full), [off, elsewhere]), { how: "none", names: [] });
});
