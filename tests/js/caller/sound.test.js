import assert from "node:assert/strict";
import test from "node:test";
import { TabMemory } from "../../../frontend/caller/coming-back/tab-memory.js";
import { Sound } from "../../../frontend/caller/waiting/sound.js";
import { Storage, World } from "../fakes/caller-world.js";

const started = { conversation: "c", member: "m", token: "t", line: "l", page: "/nl/praat/", review: null };
const node = { connect: (/** @type {unknown} */ next) => next, start() {}, stop() {} };

/** Makes a page's sound in a browser that was tapped, and records sounds and vibrations. */
function heard({ touch = false, storage = new Storage(), running = true } = {}) {
  const memory = new TabMemory(storage);
  if (!memory.state) memory.begin(started, null);
  const [felt, tones, world] = [/** @type {number[][]} */ ([]), /** @type {number[]} */ ([]), new World()];
  const ramp = { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} };
  class Context {
    state = running ? "running" : "suspended";
    currentTime = 0;
    destination = {};
    resume = async () => {
      this.state = "running";
    };
    createOscillator = () => ({
      ...node,
      frequency: {},
      start: (/** @type {number} */ at) => tones.push(at),
    });
    createGain = () => ({ ...node, gain: ramp });
  }
  Object.assign(globalThis, { AudioContext: Context });
  const context = /** @type {AudioContext | null} */ (/** @type {unknown} */ (touch ? null : new Context()));
  const sound = new Sound({
    ...{ memory, context, touch },
    after: (act, ms) => world.after(ms, act),
    vibrate: (pattern) => felt.push(pattern),
  });
  return { sound, memory, storage, world, felt, tones };
}

test("nobody hears a tone or feels anything who was not told of it for some seconds", async () => {
  const { sound, world, felt, tones } = heard();
  sound.play();
  sound.tell();
  sound.play();
  assert.deepEqual([tones, felt], [[], []]);
  await world.pass(5000);
  sound.play();
  assert.deepEqual([tones.length, felt.length], [2, 1]);
});

test("on a touch screen it is off until somebody taps the switch, and is heard with that tap", async () => {
  const { sound, world, felt, tones } = heard({ touch: true });
  sound.tell();
  await world.pass(60_000);
  sound.play();
  assert.deepEqual([sound.on, sound.words, tones, felt], [false, ["off", "try"], [], []]);
  await sound.turn(true);
  assert.deepEqual([sound.on, tones.length, felt.length], [true, 2, 1]);
  sound.play();
  assert.equal(tones.length, 4);
});

test("whoever says no while they are told hears nothing, and the tab remembers it", async () => {
  const { sound, memory, world, felt, tones } = heard();
  sound.tell();
  await sound.turn(false);
  await world.pass(60_000);
  sound.play();
  assert.deepEqual([sound.on, memory.state?.tone, tones, felt], [false, false, [], []]);
});

test("where the browser has not let the page sound yet, a tap does, and no tap sounds by itself", async () => {
  const { sound, world, tones } = heard({ running: false });
  sound.tell();
  await world.pass(5000);
  sound.play();
  assert.deepEqual(tones, []);
  await sound.prepare();
  assert.deepEqual(tones, []);
  sound.play();
  assert.equal(tones.length, 2);
});

test("the two switches of a page turn together", async () => {
  const { sound } = heard({ touch: true });
  let turned = 0;
  for (let n = 0; n < 2; n++) sound.watch(() => turned++);
  await sound.turn(true);
  assert.equal(turned, 2);
});
