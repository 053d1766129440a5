// A place in the queue of a busy line is earned with a few seconds of work. Fetched when the line asks for it.

const SOLVER = new URL("./solver.js", import.meta.url).href;
const MOST_MS = 110_000; // a challenge counts for two minutes
const PADDED = 768; // bytes: the challenge names the line, and no length may tell which one it is

/** @typedef {{postMessage: (message: object) => void, terminate: () => void, onmessage: ((event: MessageEvent) => unknown) | null, onerror: unknown}} Solver */
/** @typedef {{hire: () => Solver, after: (ms: number, act: () => void) => () => void}} World  what a test replaces */

/** @type {Pick<World, "hire">} */
const browser = { hire: () => new Worker(scriptAddress(), { type: "module" }) };

/** @type {string | null} */
let trusted = null;

/** Where the page's policy asks for it, the address comes from a policy that knows no other. */
function scriptAddress() {
  const { trustedTypes } = /** @type {any} */ (globalThis);
  trusted ??= trustedTypes?.createPolicy("solver", { createScriptURL: () => SOLVER }).createScriptURL("");
  return trusted ?? SOLVER;
}

/**
 * What goes with the next `start`.
 * @param {string} challenge  as the server sent it @param {AbortSignal} signal  somebody leaves @param {Pick<World, "after"> & Partial<World>} world
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
