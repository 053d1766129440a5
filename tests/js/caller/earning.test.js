import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { earn } from "../../../frontend/caller/waiting/earning.js";
import { World } from "../fakes/caller-world.js";

const vector = JSON.parse(readFileSync(new URL("../../vectors/earned-place.json", import.meta.url), "utf8"));
const challenge = JSON.stringify(vector.challenge);

/** The worker's own file, run in this thread. */
async function worker() {
  /** @type {(event: {data: object}) => void} */
  let told = () => {};
  /** @type {(solution: object | null) => void} */
  let answer = () => {};
  Object.assign(globalThis, {
    addEventListener: (/** @type {string} */ _name, /** @type {typeof told} */ hear) => {
      told = hear;
    },
    postMessage: (/** @type {object | null} */ solution) => answer(solution),
  });
  await import(`../../../frontend/caller/waiting/solver.js?${Math.random()}`);
  return (/** @type {object} */ parameters) =>
    new Promise((done) => {
      answer = done;
      told({ data: parameters });
    });
}

/** A worker that does what the test says. @param {(solver: any, parameters: object) => void} works */
function hired(works) {
  const solver = {
    fired: 0,
    terminate: () => void solver.fired++,
    postMessage: (/** @type {object} */ it) => works(solver, it),
  };
  return { solver, hire: () => /** @type {any} */ (solver) };
}

const read = (/** @type {string} */ work) => JSON.parse(atob(work));

test("the worker finds the number that the server hid in a challenge", async () => {
  const solve = await worker();
  assert.deepEqual(await solve(vector.challenge.parameters), vector.solution);
});

test("a challenge that cannot be solved is given back unsolved, not for ever tried", async () => {
  const solve = await worker();
  assert.equal(await solve({ ...vector.challenge.parameters, cost: -1 }), null);
});

test("what goes back is the challenge as it came and the solution, and the worker is let go", async () => {
  const { solver, hire } = hired((it) => it.onmessage({ data: vector.solution }));
  const world = new World();
  const work = await earn(challenge, new AbortController().signal, { after: world.after, hire });
  assert.deepEqual(read(work), { challenge: vector.challenge, solution: vector.solution });
  assert.deepEqual([solver.fired, world.timers.size], [1, 0]);
});

test("the length of what is sent does not tell which line was asked", async () => {
  const lengths = await Promise.all(
    ["x", "a-line-with-the-longest-of-names"].map(async (line) => {
      const { parameters } = vector.challenge;
      const named = JSON.stringify({ ...vector.challenge, parameters: { ...parameters, data: { line } } });
      const { hire } = hired((it) => it.onmessage({ data: vector.solution }));
      const work = await earn(named, new AbortController().signal, { after: new World().after, hire });
      return work.length;
    }),
  );
  assert.equal(lengths[0], lengths[1]);
  assert.ok(lengths[0] <= 4096);
});

test("who leaves takes the worker along at once", async () => {
  const { solver, hire } = hired(() => {});
  const leaves = new AbortController();
  const world = new World();
  const work = earn(challenge, leaves.signal, { after: world.after, hire });
  leaves.abort();
  await assert.rejects(work);
  assert.deepEqual([solver.fired, world.timers.size], [1, 0]);
});

test("a worker that cannot run, finds nothing or takes too long is let go", async () => {
  const { signal } = new AbortController();
  const world = new World();
  for (const works of [
    (/** @type {any} */ it) => it.onerror(),
    (/** @type {any} */ it) => it.onmessage({ data: null }),
    () => void setTimeout(() => world.pass(110_000), 1),
  ]) {
    const { solver, hire } = hired(works);
    await assert.rejects(earn(challenge, signal, { after: world.after, hire }));
    assert.equal(solver.fired, 1);
  }
});

test("a browser without workers is told so, and nothing hangs", async () => {
  await assert.rejects(earn(challenge, new AbortController().signal, { after: new World().after }));
});
