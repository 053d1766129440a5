import assert from "node:assert/strict";
import test from "node:test";
import { TeamCare } from "../../../frontend/board/care/model/team-care.js";

const CARLA = {
  person: "carla",
  alias: "Carla",
  talks_today: 1,
  heavy_today: 0,
  talks: 1,
  heavy: 0,
  wants: "asked",
};

test("who talked about it wants to no longer, in the table too, without another tab first", async () => {
  let wants = "asked";
  const asked = /** @type {string[]} */ ([]);
  /** @type {any} */
  const request = async (/** @type {string} */ type, /** @type {{line?: string}} */ fields = {}) => {
    asked.push(`${type} ${fields.line ?? ""}`.trim());
    if (type === "debriefed") wants = "";
    if (type === "carried") return { people: [{ ...CARLA, wants }], most_talks: null, most_heavy: null };
    return { debriefs: wants ? [{ debrief: "d1" }] : [] };
  };
  const care = new TeamCare({
    request,
    changed: () => {},
    act: async (action) => {
      await action();
      Object.assign(care, await care.look());
    },
  });
  await care.lookAt("helpwanted");
  assert.equal(care.carried.get("helpwanted")?.people[0]?.wants, "asked");
  await care.held("d1");
  assert.equal(care.carried.get("helpwanted")?.people[0]?.wants, "");
  assert.deepEqual(asked, ["carried helpwanted", "debriefed", "debriefs", "carried helpwanted"]);
});

test("a line that was looked at while everything was asked anew stays in sight", async () => {
  /** @type {(found: object) => void} */
  let answer = () => {};
  const slow = new Promise((done) => {
    answer = done;
  });
  /** @type {any} */
  const request = async (/** @type {string} */ type, /** @type {{line?: string}} */ { line } = {}) =>
    type === "debriefs" ? slow : { people: [], most_talks: line === "helpwanted" ? 5 : 7, most_heavy: null };
  const care = new TeamCare({ request, changed: () => {}, act: (action) => action() });
  await care.lookAt("helpwanted");
  const asked = care.look();
  await care.lookAt("stopitnow");
  answer({ debriefs: [] });
  Object.assign(care, await asked);
  assert.equal(care.carried.get("stopitnow")?.most_talks, 7);
  assert.equal(care.carried.get("helpwanted")?.most_talks, 5);
});
