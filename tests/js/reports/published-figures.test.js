import assert from "node:assert/strict";
import test from "node:test";
import { Figures, mostOf, shadeOf } from "../../../frontend/reports/model/published-figures.js";

/** Makes figures of a line whose addresses the test answers. @param {Record<string, any>} held */
function setUp(held) {
  /** @type {string[]} */
  const asked = [];
  const figures = new Figures("helpwanted", {
    fetch: async (address) => {
      asked.push(address);
      const found = await held[address];
      if (!found) throw new Error("404");
      return found;
    },
    changed: () => {},
  });
  return { asked, figures };
}

const LIST = "/board/figures/helpwanted/";
const periodOf = (/** @type {string} */ period) => ({ line: "helpwanted", period, total: 31, tables: [] });

test("the newest month is shown first", async () => {
  const { asked, figures } = setUp({
    [LIST]: { months: ["2026-09", "2026-10"], quarters: ["2026-Q2", "2026-Q3"] },
    [`${LIST}2026-10.json`]: periodOf("2026-10"),
  });
  await figures.load();
  assert.deepEqual([figures.state, figures.period?.period], ["shown", "2026-10"]);
  assert.deepEqual(figures.periods, { months: ["2026-10", "2026-09"], quarters: ["2026-Q3", "2026-Q2"] });
  assert.deepEqual(asked, [LIST, `${LIST}2026-10.json`]); // the audit records each look at a period, so there are no more than needed
});

test("without a complete month there is nothing to fetch", async () => {
  const { asked, figures } = setUp({ [LIST]: { months: [], quarters: [] } });
  await figures.load();
  assert.deepEqual([figures.state, asked], ["none", [LIST]]);
});

test("another period is shown when it is chosen, and both kinds of file are of that one", async () => {
  const { figures } = setUp({
    [LIST]: { months: ["2026-10"], quarters: ["2026-Q3"] },
    [`${LIST}2026-10.json`]: periodOf("2026-10"),
    [`${LIST}2026-Q3.json`]: periodOf("2026-Q3"),
  });
  await figures.load();
  await figures.choose("2026-Q3");
  assert.equal(figures.period?.period, "2026-Q3");
  const addresses = [figures.address("csv"), figures.address("json")];
  assert.deepEqual(addresses, [`${LIST}2026-Q3.csv`, `${LIST}2026-Q3.json`]);
});

test("of two periods chosen in a hurry the later one is shown", async () => {
  /** @type {(found: any) => void} */
  let slow = () => {};
  const { figures } = setUp({
    [`${LIST}2026-09.json`]: new Promise((done) => {
      slow = done;
    }),
    [`${LIST}2026-10.json`]: periodOf("2026-10"),
  });
  const first = figures.choose("2026-09");
  await figures.choose("2026-10");
  slow(periodOf("2026-09"));
  await first;
  assert.deepEqual([figures.state, figures.period?.period], ["shown", "2026-10"]);
});

test("what cannot be fetched is said, and another period can still be chosen", async () => {
  const { figures } = setUp({
    [LIST]: { months: ["2026-10", "2026-09"], quarters: [] },
    [`${LIST}2026-09.json`]: periodOf("2026-09"),
  });
  await figures.load();
  assert.equal(figures.state, "failed");
  await figures.choose("2026-09");
  assert.equal(figures.state, "shown");
});

test("the darkest cell is the one with the most; what is hidden counts for nothing", () => {
  const row = (/** @type {number | null} */ value) => ({ key: "", value });
  assert.equal(mostOf([row(null), row(12), row(40)]), 40);
  assert.equal(mostOf([row(null)]), 1);
  assert.deepEqual(
    [0, 12, 40].map((one) => shadeOf(one, 40)),
    [0, 2, 5],
  );
});
