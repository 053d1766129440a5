import assert from "node:assert/strict";
import test from "node:test";
import { mayMove, mayStand } from "../../../frontend/planning/model/landing.js";
import { RotaWeek } from "../../../frontend/planning/model/rota-week.js";

const NOW = Date.parse("2026-11-27T12:00:00Z");

/** @param {string} shift @param {number} from  o'clock, on the next day @param {number} to @param {string[]} [people] */
const aShift = (shift, from, to, people = []) => ({
  ...{ shift, day: "2026-11-28", opens: `${from}:00`, closes: `${to}:00`, wanted: 1 },
  elsewhere: /** @type {string[]} */ ([]),
  ...{ starts: `2026-11-28T${from}:00:00Z`, ends: `2026-11-28T${to}:00:00Z` },
  places: people.map((person) => ({ person, alias: person, state: "planned", concerns: [] })),
});

const [early, over, late] = [
  aShift("early", 10, 14, ["carla"]),
  aShift("over", 13, 17),
  aShift("late", 17, 22, ["daan"]),
];
const week = [early, over, late];

/** @param {object} who @param {typeof week} [shifts] */
const landings = (who, shifts = week) =>
  shifts.filter((to) => mayStand(shifts, to, /** @type {any} */ (who), NOW)).map(({ shift }) => shift);

test("somebody lands on a shift that is full, but not where they are, nor on one at the same time", () => {
  assert.deepEqual(landings({ person: "carla" }), ["late"]);
  assert.deepEqual(landings({ person: "daan" }), ["early", "over"]);
  assert.deepEqual(landings({ person: "noa" }), ["early", "over", "late"]);
});

test("who is moved leaves the shift they come from, so that one at the same time takes them", () => {
  assert.deepEqual(landings({ person: "carla", from: "early" }), ["over", "late"]);
});

test("who is sick on a shift may be put on another at that time, but not on that one", () => {
  const sick = { ...early, places: early.places.map((place) => ({ ...place, state: "sick" })) };
  assert.deepEqual(landings({ person: "carla" }, [sick, over]), ["over"]);
});

test("a shift that is over takes nobody, nor does one at which they work for another line", () => {
  const gone = { ...late, ends: "2026-11-27T11:00:00Z", starts: "2026-11-27T09:00:00Z" };
  const busy = { ...over, elsewhere: ["noa"] };
  assert.deepEqual(landings({ person: "noa" }, [early, busy, gone]), ["early"]);
});

test("a shift lands on another day, unless that day has one of the same hours", () => {
  assert.equal(mayMove(week, early, "2026-11-28"), false);
  assert.equal(mayMove(week, early, "2026-11-29"), true);
  assert.equal(
    mayMove([...week, { ...early, shift: "twin", day: "2026-11-29" }], early, "2026-11-29"),
    false,
  );
});

test("while somebody is dragged shifts are targets and days are not; for a shift it is the other way", async () => {
  const answer = { days: [], shifts: week, people: [], usual: false };
  const request = /** @type {any} */ (async () => answer);
  const rota = new RotaWeek("helpwanted", { request, changed: () => {}, now: () => NOW });
  await rota.load();
  assert.equal(rota.landsOn(late), false, "nothing is dragged");
  rota.drag({ kind: "person", person: "carla" });
  assert.deepEqual(
    [rota.landsOn(late), rota.landsOn(early), rota.landsAt("2026-11-29")],
    [true, false, false],
  );
  rota.drag({ kind: "shift", shift: "early" });
  assert.deepEqual(
    [rota.landsOn(late), rota.landsAt("2026-11-29"), rota.landsAt("2026-11-28")],
    [false, true, false],
  );
});
