// Plays the world around a page under test: its tab's storage and its time. It lets a test wait.
import { setImmediate as turn } from "node:timers/promises";

/** A tab's sessionStorage. */
export class Storage {
  /** @type {Map<string, string>} */
  items = new Map();
  getItem = (/** @type {string} */ name) => this.items.get(name) ?? null;
  setItem = (/** @type {string} */ name, /** @type {string} */ text) => void this.items.set(name, text);
  removeItem = (/** @type {string} */ name) => void this.items.delete(name);
  get text() {
    return [...this.items.values()].join();
  }
}

/** Time passes only by `pass`. */
export class World {
  time = 0;
  /** @type {Set<{at: number, act: () => void}>} */
  timers = new Set();
  random = () => 1;
  now = () => this.time;
  after = (/** @type {number} */ ms, /** @type {() => void} */ act) => {
    const timer = { at: this.time + ms, act };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  };
  /** @param {number} ms */
  async pass(ms) {
    const end = this.time + ms;
    for (;;) {
      const [next] = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.timers.delete(next);
      this.time = next.at;
      next.act();
      await turn();
    }
    this.time = end;
    await settle();
  }
}

/** Waits until running work, cryptography included, is done. */
export async function settle() {
  for (let i = 0; i < 12; i++) await new Promise((done) => setTimeout(done, 1));
}

/** @param {() => unknown} holds @param {string} what */
export async function until(holds, what) {
  for (let i = 0; i < 10_000; i++) {
    if (holds()) return;
    await new Promise((done) => setTimeout(done, 1));
  }
  throw new Error(`never: ${what}`);
}

/** Does the same if something waits for time. @param {World} world @param {() => unknown} holds @param {string} what */
export async function untilLater(world, holds, what) {
  for (let i = 0; i < 200 && !holds(); i++) await world.pass(100);
  await until(holds, what);
}
