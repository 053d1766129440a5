// Plays what a page stores in its browser, and lets a test wait.
import { pointOf } from "../../../frontend/shared/sealing.js";

/** What a tab and a browser keep. */
export class FakeStorage {
  /** @type {Map<string, string>} */
  held = new Map();
  get length() {
    return this.held.size;
  }
  /** @param {number} index */
  key(index) {
    return [...this.held.keys()][index] ?? null;
  }
  /** @param {string} name */
  getItem(name) {
    return this.held.get(name) ?? null;
  }
  /** @param {string} name @param {string} value */
  setItem(name, value) {
    this.held.set(name, value);
  }
  /** @param {string} name */
  removeItem(name) {
    this.held.delete(name);
  }
}

/** Plays `keepKey` of sealing.js in a store of its own. @param {Map<string, CryptoKeyPair>} keys @returns {import("../../../frontend/staff/device.js").Keys["keep"]} */
export const keeping = (keys) => async (name, made, old) => {
  const found = keys.get(name);
  if (found && (await pointOf(found)) !== old) return found;
  await keys.set(name, made);
  return made;
};

/** Waits for cryptography, which may take long on a busy machine. @param {() => unknown} holds */
export async function until(holds) {
  const end = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never: ${holds}`);
    await new Promise((done) => setTimeout(done, 1));
  }
}

/** Waits a while, to see that something does not happen. What happens has its own sign: see `until`. */
export const quiet = () => new Promise((done) => setTimeout(done, 60));

/** Plays an element, as far as our own modules use one. */
export class FakeElement {
  /** @type {any[]} */
  children = [];
  /** @type {Record<string, string>} */
  told = {};
  /** @type {Record<string, (event?: any) => void>} */
  does = {};
  /** @type {any} */
  onclick = null;
  hidden = false;
  disabled = false;
  checked = false;
  gone = false;
  value = "";
  textContent = "";
  href = "";
  /** @param {string} tag */
  constructor(tag) {
    this.tag = tag;
  }
  /** @param {...any} more */
  append(...more) {
    this.children.push(...more);
  }
  /** @param {...any} all */
  replaceChildren(...all) {
    this.children = all;
  }
  /** @param {string} name @param {string} value */
  setAttribute(name, value) {
    this.told[name] = value;
    if (name === "hidden") this.hidden = true;
  }
  /** @param {string} name @param {() => void} act */
  addEventListener(name, act) {
    this.does[name] = act;
  }
  remove() {
    this.gone = true;
  }
  focus() {}
  select() {}
  scrollIntoView() {}
  contains() {
    return false;
  }
  /** Returns all elements of this kind inside. @param {string} tag @returns {FakeElement[]} */
  all(tag) {
    return this.children.flatMap((one) =>
      one instanceof FakeElement ? [...(one.tag === tag ? [one] : []), ...one.all(tag)] : [],
    );
  }
}

/** A page of such elements. */
export function fakePage() {
  const page = { createElement: (/** @type {string} */ tag) => new FakeElement(tag), activeElement: null };
  Object.assign(globalThis, { document: page });
}
