// Earns a place in the queue of a busy line with a few seconds of work. Fetched when the line asks.

const SOLVER = new URL("./solver.js", import.meta.url).href;
const MOST_MS = 110_000; // a challenge is valid for two minutes
const PADDED = 768; // bytes: the challenge names the line, which the length must not reveal

/** @typedef {{postMessage: (message: object) => void, terminate: () => void, onmessage: ((event: MessageEvent) => unknown) | null, onerror: unknown}} Solver */
/** @typedef {{hire: () => Solver, after: (ms: number, act: () => void) => () => void}} World  what a test replaces */

/** @type {Pick<World, "hire">} */
const browser = { hire: () => new Worker(scriptAddress(), { type: "module" }) };

/** @type {string | null} */
let trusted = null;

/** Returns the worker's address. If Trusted Types are enforced, it comes from a policy that allows no other. */
function scriptAddress() {
  const { trustedTypes } = /** @type {any} */ (globalThis);
  trusted ??= trustedTypes?.createPolicy("solver", { createScriptURL: () => SOLVER }).createScriptURL("");
  return trusted ?? SOLVER;
}

/**
 * Returns the `work` for the next `start`.
 * @param {string} challenge  as the server sent it @param {AbortSignal} signal  aborts it @param {Pick<World, "after"> & Partial<World>} world
 * @returns {Promise<string>}
 */
export async function earn(challenge, signal, { after, hire = browser.hire }) {
  const asked = JSON.parse(challenge);
  signal.throwIfAborted();
  const solver = hire();
  let cancel = () => {};
  try {
    const solution = await new Promise((resolve, reject) => {
      solver.onmessage = ({ data }) => (data ? resolve(data) : reject(new Error("not solved")));
      solver.onerror = () => reject(new Error("no worker"));
      cancel = after(MOST_MS, () => reject(new Error("too late")));
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      solver.postMessage(asked.parameters);
    });
    return btoa(JSON.stringify({ challenge: asked, solution }).padEnd(PADDED));
  } finally {
    cancel();
    solver.terminate();
  }
}
