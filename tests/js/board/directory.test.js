import assert from "node:assert/strict";
import test from "node:test";
import { Directory, emptyDayOf } from "../../../frontend/board/handoff/model/directory.js";
import { ErrorReply } from "../../../frontend/shared/socket.js";

/** @param {object} more */
const row = (more) => ({
  ...{
    service: "csg",
    version: 0,
    name: "CSG",
    purpose: { nl: "Na geweld" },
    for_callers: {},
    needs: "aanranding",
  },
  ...{ phone: "0800-0188", chat: true, site: "", free: null, languages: "nl", age_from: null, age_to: null },
  ...{ always_open: true, webhook: "", source: "", verified: null, desk: false, stale: false, in_use: 0 },
  ...{ ended: null, waits: {}, lines: [], other_lines: 0, ...more },
});

/** @param {object[]} rows @param {(type: string, fields: any) => object | undefined} [answers] */
async function directory(rows, answers = () => undefined, isAlone = false) {
  /** @type {any[]} */
  const sent = [];
  const server = { rows };
  const request = async (/** @type {string} */ type, /** @type {object} */ fields) => {
    sent.push({ type, ...fields });
    if (type === "directory") return { entries: server.rows };
    return answers(type, fields) ?? { service: "csg", asked: [], waits: true };
  };
  const made = new Directory(/** @type {any} */ ({ request, changed: () => {}, isAlone: () => isAlone }));
  await made.load();
  return { made, sent, server };
}

/** @param {string} code @param {string} [field] */
const refuse = (code, field) => {
  throw new ErrorReply(/** @type {any} */ ({ type: "error", ref: "1", code, detail: "", field }));
};

test("services are found by name, number, purpose and search words, accents or not", async () => {
  const { made } = await directory([
    row({}),
    row({ service: "x", name: "Fíer", needs: "", phone: "", ended: "2026-11-01" }),
  ]);
  assert.deepEqual([made.offered.length, made.past.length], [1, 1]);
  for (const [words, found] of /** @type {[string, number][]} */ ([
    ["AANRANDING", 1],
    ["0188", 1],
    ["fier", 1],
    ["x?", 0],
  ])) {
    made.sought = words;
    assert.equal(made.offered.length + made.past.length, found, words);
  }
});

test("a supervisor whom nobody checks saves a new number only after calling it", async () => {
  const { made, sent } = await directory([row({})], undefined, true);
  made.choose("csg");
  made.write({ phone: "0800-018" });
  assert.equal(await made.save(), false);
  assert.equal(made.problems.get("phone"), "uncalled");
  made.call(true);
  made.write({ phone: "0800-0199" }); // the tick was for another number
  assert.equal(await made.save(), false);
  made.call(true);
  assert.equal(await made.save(), true);
  assert.equal(sent.filter(({ type }) => type === "changeservice").length, 1);
  assert.equal((await directory([row({})])).made.uncheckedNumber, "");
});

test("what is typed stays while another service is looked at, and goes with the press that saved it", async () => {
  const { made, sent } = await directory([row({}), row({ service: "fier", name: "Fier" })]);
  made.choose("csg");
  made.write({ needs: "iets" });
  made.choose("fier");
  assert.equal(made.dirty, false);
  made.choose("csg");
  assert.deepEqual([made.typed.needs, made.isUnsaved("csg")], ["iets", true]);
  assert.equal(await made.save(), true);
  const { type, service, version, entry } = sent.at(-2);
  assert.deepEqual(
    [type, service, version, entry.needs, entry.free],
    ["changeservice", "csg", 0, "iets", null],
  );
  assert.deepEqual([made.dirty, made.told], [false, "board.directory.saved"]);
});

test("what is wrong is said by its field, only after a press, and nothing is sent", async () => {
  const { made, sent } = await directory([]);
  made.choose("");
  made.write({ phone: "bel ons", site: "csg.nl", age_from: "18", age_to: "8" });
  assert.equal(made.tried, false);
  assert.equal(await made.save(), false);
  assert.deepEqual([...made.problems.keys()].sort(), ["age_to", "name", "phone", "site"]);
  assert.deepEqual([made.tried, sent.length], [true, 1]);
});

test("what the server finds wrong stands beside its field until that is typed anew; the rest stays typed", async () => {
  const { made } = await directory([row({})], () => refuse("bad_frame", "verified_on"));
  made.choose("csg");
  made.write({ verified: "2090-01-01", needs: "iets" });
  assert.equal(await made.save(), false);
  assert.deepEqual([made.wrong, made.typed.needs], ["verified", "iets"]);
  made.write({ verified: "2026-01-01" });
  assert.equal(made.problems.size, 0);
});

test("of a colleague's change only what both typed is asked about; the rest is taken over", async () => {
  const { made, server, sent } = await directory([row({})], (_, { version }) =>
    version ? undefined : refuse("conflict"),
  );
  made.choose("csg");
  made.write({ needs: "van mij", source: "van mij" });
  server.rows = [row({ version: 1, needs: "van hem", name: "CSG Nederland" })];
  assert.equal(await made.save(), false);
  assert.deepEqual(
    [made.typed.needs, made.typed.name, made.typed.source],
    ["van mij", "CSG Nederland", "van mij"],
  );
  assert.deepEqual([made.refused, [...made.moved]], ["conflict", ["needs"]]);
  assert.equal(await made.save(), true);
  assert.deepEqual([sent.at(-2).version, sent.at(-2).entry.needs], [1, "van mij"]);
});

test("a field that a colleague asked for is named, and what waits is told", async () => {
  const { made } = await directory([row({})], () => refuse("conflict", "phone"));
  made.choose("csg");
  made.write({ phone: "0900-1" });
  await made.save();
  assert.deepEqual([made.refused, made.wrong], ["asked_already", "phone"]);
  const asks = await directory([row({})], () => ({ service: "csg", asked: ["phone"] }));
  asks.made.choose("csg");
  asks.made.write({ phone: "0900-1" });
  await asks.made.save();
  assert.equal(asks.made.told, "board.directory.saved_asked");
});

test("a weekday without hours is shut only if other days have hours", () => {
  const some = [[{ opens: "09:00", closes: "17:00" }], []];
  assert.equal(emptyDayOf({ always_open: true }, [[], []]), "always");
  assert.equal(emptyDayOf({ always_open: false }, [[], []]), "unknown");
  assert.equal(emptyDayOf({ always_open: false }, some), "");
});

test("a service that several lines show says so before it is changed, with the names that one may know", async () => {
  const { made } = await directory([
    row({ lines: ["Helpwanted"] }),
    row({ service: "x", lines: ["Helpwanted"], other_lines: 1 }),
    row({ service: "y", other_lines: 2 }),
  ]);
  made.choose("csg");
  assert.equal(made.sharedBy, null, "one line only");
  made.choose("x");
  assert.deepEqual(made.sharedBy, { names: ["Helpwanted"], others: 1 });
  made.choose("y");
  assert.deepEqual(made.sharedBy, { names: [], others: 2 });
  made.choose("");
  assert.equal(made.sharedBy, null, "a new service");
});
