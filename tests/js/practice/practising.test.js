import assert from "node:assert/strict";
import test from "node:test";
import { Practising } from "../../../frontend/practice/console/practising.js";
import { makeDeviceKey, openLineKey, pointOf } from "../../../frontend/shared/sealing.js";
import { ErrorReply } from "../../../frontend/shared/socket.js";

const ON = {
  line: "practice-1",
  practice_for: "helpwanted",
  name: "Helpwanted",
  formal: false,
  generation: 3,
  letters: 0,
  trainers: [{ id: "floor", alias: "Floor" }],
};
const pair = await makeDeviceKey();

/** @param {Record<string, () => unknown>} answers  by request */
function setUp(answers) {
  /** @type {object[]} */
  const asked = [];
  /** @type {string[]} */
  const problems = [];
  /** @type {string[]} */
  const heard = [];
  /** @type {(() => unknown)[]} */
  const later = [];
  const practising = new Practising({
    request: /** @type {any} */ (
      async (/** @type {string} */ type, /** @type {object} */ fields) => {
        asked.push({ type, ...fields });
        return answers[type]?.();
      }
    ),
    problem: (code) => problems.push(code),
    pair: () => pair,
    changed: () => {},
    solved: () => {},
    sit: () => {},
    after: (_ms, act) => later.push(act),
    began: () => heard.push("began"),
    ended: () => heard.push("ended"),
  });
  return { practising, asked, problems, heard, later };
}

const refused = () => {
  throw new ErrorReply({ type: "error", ref: "1", code: "not_found", detail: "" });
};

test("after a reload it is asked where somebody practises already", async () => {
  const { practising } = setUp({ practising: () => ({ practising: ON }) });
  await practising.look();
  assert.deepEqual(practising.on, ON);
});

test("where that is refused, nobody practises", async () => {
  const { practising } = setUp({ practising: refused });
  await practising.look();
  assert.equal(practising.on, null);
});

test("beginning names the line, stopping names none", async () => {
  const { practising, asked } = setUp({ practise: () => ({ practising: null }) });
  await practising.begin("helpwanted");
  await practising.stop();
  assert.deepEqual(asked, [
    { type: "practise", line: "helpwanted" },
    { type: "practise", line: null },
  ]);
});

test("that nobody waits yet has words of its own", async () => {
  const { practising, problems } = setUp({ takepractice: refused });
  await practising.takeNext();
  assert.deepEqual(problems, ["takepractice_not_found"]);
});

test("who begins makes a key for practice letters, sealed for this browser", async () => {
  const { practising, asked } = setUp({ practise: () => ({ practising: ON }) });
  await practising.begin("helpwanted");
  const { type, generation, public: key, sealed } = /** @type {any} */ (asked[1]);
  assert.deepEqual([type, generation], ["practisekey", 3]);
  const opened = await openLineKey(sealed, pair, { line: "practice-1", generation, key, use: "letters" });
  assert.equal(await pointOf(opened), key);
});

test("where no made-up caller waits, a practice letter is taken", async () => {
  const { practising, asked, problems } = setUp({
    practise: () => ({ practising: ON }),
    takepractice: refused,
    take: () => ({ conversation: "letter" }),
  });
  await practising.begin("helpwanted");
  await practising.takeNext();
  assert.deepEqual(asked.at(-1), { type: "take", line: "practice-1" });
  assert.deepEqual(problems, []);
});

test("every few seconds it is looked whether a practice letter waits, until practice ends", async () => {
  let letters = 0;
  const { practising, later, asked } = setUp({
    practising: () => ({ practising: { ...ON, letters } }),
    practise: () => ({ practising: null }),
  });
  await practising.look();
  letters = 1;
  await later.shift()?.();
  assert.equal(practising.on?.letters, 1);
  await practising.stop();
  const before = asked.length;
  await later.shift()?.();
  assert.deepEqual([asked.length, later.length, practising.on], [before, 0, null]);
});

test("an answer that comes after somebody stopped does not begin practice again", async () => {
  let answers = () => {};
  const { practising, later } = setUp({
    practising: () => new Promise((resolve) => (answers = () => resolve({ practising: ON }))),
    practise: () => ({ practising: null }),
  });
  const first = practising.look();
  answers();
  await first;
  const again = later.shift()?.();
  await practising.stop();
  answers();
  await again;
  assert.equal(practising.on, null);
});

test("that it began and that it ended is told, also where it ended elsewhere", async () => {
  const { practising, heard } = setUp({
    practising: () => ({ practising: null }),
    practise: () => ({ practising: ON }),
  });
  await practising.begin("helpwanted");
  await practising.look();
  assert.deepEqual(heard, ["began", "ended"]);
});
