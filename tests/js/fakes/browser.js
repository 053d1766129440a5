// What a page keeps in its browser, and how a test waits.

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

/** Waits for what the keys take their time for. @param {() => unknown} holds */
export async function until(holds) {
  const end = Date.now() + 3000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never: ${holds}`);
    await new Promise((done) => setTimeout(done, 1));
  }
}

/** Long enough for anything that would happen now to have happened. */
export const quiet = () => new Promise((done) => setTimeout(done, 60));
