import assert from "node:assert/strict";
import test from "node:test";
import { lacking, numberOf, RotaWeek } from "../../../frontend/planning/model/rota-week.js";
import { StaffingAdvice } from "../../../frontend/planning/model/staffing-advice.js";
import { WhoIsOn } from "../../../frontend/planning/model/who-is-on.js";
import { ErrorReply } from "../../../frontend/shared/socket.js";

const FRIDAY = Date.parse("2026-11-27T12:00:00Z");
const DAYS = ["2026-11-23", "2026-11-24"].map((day) => ({ day, closed: false, why: "" }));

/** @param {object} [facts] */
const aShift = (facts) => ({
  ...{
    shift: "s1",
    day: "2026-11-23",
    opens: "19:00",
    closes: "22:00",
    wanted: 2,
    places: [],
    elsewhere: [],
  },
  ...{ starts: "2026-11-27T11:00:00Z", ends: "2026-11-27T14:00:00Z" },
  ...facts,
});

/** @param {string} person @param {string} [state] */
const on = (person, state = "planned") => ({ person, alias: person.toUpperCase(), state, concerns: [] });

/** Plays a server that answers what the test says, and records the requests. @param {Record<string, (fields: any) => any>} answers */
function server(answers) {
  /** @type {any[]} */
  const sent = [];
  const request = /** @type {any} */ (
    async (/** @type {string} */ type, /** @type {object} */ fields) => {
      sent.push({ type, ...fields });
      return answers[type]?.(fields) ?? {};
    }
  );
  return { sent, around: { request, changed: () => {}, now: () => FRIDAY } };
}

async function aWeek() {
  const stage = server({
    rota: () => ({ days: DAYS, shifts: [aShift()], people: [], usual: true }),
    fillweek: () => ({ shifts: 3 }),
  });
  const week = new RotaWeek("helpwanted", stage.around);
  await week.load();
  stage.sent.length = 0;
  return { ...stage, week };
}

test("the week that is shown first is this one, from its Monday", async () => {
  const { week, sent } = await aWeek();
  assert.equal(week.monday, "2026-11-23");
  await week.go(1);
  await week.go(-2);
  assert.deepEqual(
    sent.map(({ type, monday }) => [type, monday]),
    [
      ["rota", "2026-11-30"],
      ["rota", "2026-11-16"],
    ],
  );
});

test("after an action the week is asked anew, and what a usual week made is told once", async () => {
  const { week, sent } = await aWeek();
  await week.fill();
  assert.deepEqual(week.done, { action: "filled", n: 3 });
  await week.putOn("s1", "carla");
  assert.equal(week.done, null);
  assert.deepEqual(
    sent.map(({ type }) => type),
    ["fillweek", "rota", "puton", "rota"],
  );
});

test("a shift that is moved keeps its times and how many are wanted; on its own day nothing is asked", async () => {
  const { week, sent } = await aWeek();
  await week.move("s1", "2026-11-23");
  await week.move("gone", "2026-11-24");
  assert.deepEqual(sent, []);
  await week.move("s1", "2026-11-24");
  const { opens, closes, wanted } = aShift();
  assert.deepEqual(sent[0], { type: "changeshift", shift: "s1", day: "2026-11-24", opens, closes, wanted });
});

test("what would be lost is asked twice: a shift, and a usual week that there is", async () => {
  const { week, sent } = await aWeek();
  await week.drop("s1");
  assert.deepEqual([sent.length, week.asking], [0, "s1"]);
  await week.keep();
  assert.equal(sent.length, 0);
  await week.drop("s1");
  await week.drop("s1");
  assert.deepEqual([sent[0].type, week.asking], ["dropshift", ""]);
});

test("of two actions that are asked at once none is lost, and they go in order", async () => {
  const { week, sent } = await aWeek();
  const both = [week.putOn("s1", "carla"), week.movePerson("s1", "daan", "s2")];
  assert.deepEqual(await Promise.all(both), [true, true]);
  assert.deepEqual(
    sent.map(({ type }) => type),
    ["puton", "rota", "moveperson", "rota"],
  );
  assert.deepEqual(sent[2], { type: "moveperson", shift: "s1", person: "daan", onto: "s2" });
});

test("what an action did is said by name, and another week says which one it is", async () => {
  const places = [on("carla")];
  const stage = server({
    rota: () => ({ days: DAYS, shifts: [aShift({ places })], people: [], usual: false }),
  });
  const week = new RotaWeek("helpwanted", stage.around);
  await week.load();
  await week.takeOff("s1", "carla");
  assert.deepEqual([week.said?.what, week.said?.name, week.said?.shift?.shift], ["taken_off", "CARLA", "s1"]);
  await week.go(1);
  assert.equal(week.said?.what, "week");
});

test("one place is open at a time, nobody is chosen in it, and another week has none", async () => {
  const { week } = await aWeek();
  week.unfold("add", "s1");
  week.choose("carla");
  week.unfold("place", "s1", "daan");
  assert.deepEqual(
    [week.isOpen("add", "s1"), week.isOpen("place", "s1", "daan"), week.open?.chosen],
    [false, true, ""],
  );
  await week.go(1);
  assert.equal(week.open, null);
});

test("six weeks are ahead, by their numbers also over the turn of a year", async () => {
  const { week } = await aWeek();
  assert.deepEqual(week.ahead.map(numberOf), [48, 49, 50, 51, 52, 53]);
  assert.deepEqual(["2025-12-29", "2026-01-05", "2027-01-04", "2024-12-30"].map(numberOf), [1, 2, 1, 1]);
});

test("shifts of the same hours are one row of the week, in the order of the day", async () => {
  const { week } = await aWeek();
  week.shifts = [
    aShift(),
    aShift({ shift: "s2", day: "2026-11-24" }),
    aShift({ shift: "s3", opens: "09:00", closes: "14:00" }),
  ];
  assert.deepEqual(week.rows, ["09:00–14:00", "19:00–22:00"]);
});

test("what is refused is told, and the week is still there", async () => {
  const { week, around } = await aWeek();
  const before = around.request;
  around.request = async (/** @type {string} */ type, /** @type {any} */ fields) => {
    if (type === "addshift")
      throw new ErrorReply(/** @type {any} */ ({ type: "error", code: "conflict", detail: "" }));
    return before(type, fields);
  };
  const refusing = new RotaWeek("helpwanted", around);
  await refusing.load();
  assert.equal(await refusing.add({ day: "2026-11-23", opens: "19:00", closes: "22:00", wanted: 2 }), false);
  assert.deepEqual([refusing.refused, refusing.shifts.length, week.busy], ["conflict", 1, false]);
});

test("who is sick is still wanted, and who offers their place still comes", () => {
  assert.equal(lacking(aShift({ places: [on("a"), on("b", "sick")] })), 1);
  assert.equal(lacking(aShift({ places: [on("a"), on("b", "offered")] })), 0);
  assert.equal(lacking(aShift({ wanted: 1, places: [on("a"), on("b")] })), 0);
});

/** @param {number} hour @param {string} verdict @param {number} planned @param {string} [day] */
const hour = (hour, verdict, planned, day = "2026-11-23") => ({
  ...{ day, hour, verdict, planned, expected: 3, low: 3, high: 4, helped: 0.5 },
});

async function advised(/** @type {any[]} */ hours) {
  /** @type {(() => void)[]} */
  const later = [];
  const stage = server({ advice: () => ({ hours, handling: 25, patience: 10, slots: 2, helped: 0.7 }) });
  const around = {
    ...stage.around,
    after: (/** @type {number} */ _ms, /** @type {() => void} */ act) => {
      later.splice(0, later.length, act);
      return () => later.splice(0);
    },
  };
  const advice = new StaffingAdvice("helpwanted", around);
  await advice.look("2026-11-23");
  return { ...stage, advice, later };
}

test("hours that follow each other are one stretch, with the most that lack in it", async () => {
  const { advice } = await advised([
    hour(18, "enough", 3),
    hour(19, "too_few", 2),
    hour(20, "too_few", 1),
    hour(21, "plenty", 6),
    hour(22, "too_few", 2),
    hour(23, "too_few", 2, "2026-11-24"),
  ]);
  assert.deepEqual(advice.stretches("too_few"), [
    { day: "2026-11-23", from: 19, to: 21, n: 2 },
    { day: "2026-11-23", from: 22, to: 23, n: 1 },
    { day: "2026-11-24", from: 23, to: 24, n: 1 },
  ]);
  assert.deepEqual(advice.stretches("plenty"), [{ day: "2026-11-23", from: 21, to: 22, n: 2 }]);
});

test("hours at which the line is never open have no row", async () => {
  const { advice } = await advised([
    hour(3, "closed", 0),
    hour(9, "enough", 3),
    hour(3, "closed", 0, "2026-11-24"),
    hour(9, "closed", 3, "2026-11-24"),
  ]);
  assert.deepEqual([...advice.rows.keys()], [9]);
});

test("where too little was counted that is what it says", async () => {
  const { advice } = await advised([hour(3, "closed", 0), hour(9, "unknown", 3)]);
  assert.equal(advice.knowsNothing, true);
  const known = await advised([hour(9, "enough", 3)]);
  assert.equal(known.advice.knowsNothing, false);
});

test("of a slider that moves the last place is asked, and the way back is one tap", async () => {
  const { advice, sent, later } = await advised([hour(9, "enough", 3)]);
  advice.ask({ people: 1 });
  advice.ask({ people: 2 });
  assert.equal(advice.isPlain, false);
  for (const act of later.splice(0)) act();
  await new Promise((done) => setTimeout(done, 0));
  assert.deepEqual(
    sent.map(({ people, slots, longer }) => [people, slots, longer]),
    [
      [0, null, 0],
      [2, null, 0],
    ],
  );
  advice.reset();
  assert.equal(advice.isPlain, true);
});

test("who should be here now is told apart from who is, and a sick one from who is late", async () => {
  const { around } = server({
    onshift: () => ({
      shifts: [
        aShift({ wanted: 3, places: [on("a"), on("b"), on("c", "sick")] }),
        aShift({ shift: "s2", starts: "2026-11-27T18:00:00Z", ends: "2026-11-27T21:00:00Z" }),
      ],
    }),
  });
  const who = new WhoIsOn(around);
  await who.look(["helpwanted"]);
  const behind = /** @type {any} */ ({
    people: [
      { id: "a", duty: "on" },
      { id: "b", duty: "off" },
    ],
  });
  const now = who.now("helpwanted", behind);
  assert.deepEqual([now?.here, now?.missing, now?.sick, now?.gap], [1, ["B"], ["C"], 2]);
  assert.equal(who.next("helpwanted")?.shift, "s2");
  assert.equal(who.now("other", behind), null);
});

test("where nobody is there, whom to call is who was to come now, or else who comes next", async () => {
  const { around } = server({
    onshift: () => ({
      shifts: [
        aShift({ places: [on("a"), on("c", "sick")] }),
        aShift({ shift: "s2", starts: "2026-11-27T18:00:00Z", places: [on("d"), on("e", "sick")] }),
      ],
    }),
  });
  const who = new WhoIsOn(around);
  await who.look(["helpwanted"]);
  const here = (/** @type {string[]} */ ...ids) =>
    /** @type {any} */ ({ people: ids.map((id) => ({ id, duty: "on" })) });
  assert.deepEqual(who.toCall("helpwanted", here()), { from: "", names: ["A"] });
  assert.deepEqual(who.toCall("helpwanted", here("a")), { from: "2026-11-27T18:00:00Z", names: ["D"] });
  assert.equal(who.toCall("other", here()), null);
});

test("who came unplanned counts as much as who was to come, and once for shifts that overlap", async () => {
  const { around } = server({
    onshift: () => ({
      shifts: [
        aShift({ places: [on("a"), on("b")] }),
        aShift({ shift: "s2", starts: "2026-11-27T11:30:00Z", places: [on("b")] }),
      ],
    }),
  });
  const who = new WhoIsOn(around);
  await who.look(["helpwanted"]);
  /** @param {number} on  duty, unplanned */
  const beside = (on) =>
    /** @type {any} */ ({
      people: [
        { id: "a", duty: "break" },
        ...Array.from({ length: on }, (_, n) => ({ id: `${n}`, duty: "on" })),
      ],
    });
  const few = who.now("helpwanted", beside(1));
  assert.deepEqual([few?.here, few?.wanted, few?.gap, few?.missing], [2, 4, 2, ["B"]]);
  const many = who.now("helpwanted", beside(20));
  assert.deepEqual([many?.here, many?.gap, many?.missing], [21, 0, ["B"]]);
});

test("a line whose shifts could not be fetched is asked for again at the next beat, and the others after an hour", async () => {
  let fails = true;
  const stage = server({
    onshift: ({ line }) => {
      if (line === "stopitnow" && fails) throw new Error("busy");
      return { shifts: [aShift()] };
    },
  });
  let now = FRIDAY;
  const who = new WhoIsOn({ ...stage.around, now: () => now });
  await who.enter(["helpwanted", "stopitnow"]);
  assert.equal(who.next("stopitnow") ?? null, null);
  fails = false;
  await who.refresh();
  await who.look(["helpwanted"]); // a shift of one line changed, which puts off no other line
  assert.ok(who.shifts.has("stopitnow"));
  const before = stage.sent.length;
  await who.refresh();
  assert.equal(stage.sent.length, before);
  now += 3_600_001;
  await who.refresh();
  assert.equal(stage.sent.length, before + 2);
});

test("on the night on which the clock goes back, the week still begins on its Monday", () => {
  const zone = process.env.TZ;
  process.env.TZ = "Europe/Amsterdam";
  try {
    const week = new RotaWeek("helpwanted", {
      ...server({}).around,
      now: () => Date.parse("2026-10-25T22:30Z"),
    });
    assert.equal(week.monday, "2026-10-19");
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});
