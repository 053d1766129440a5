// This worker tries numbers until a derived key begins as the challenge asks. Without import or export, it also runs
// in browsers without module workers.

{
  /** @typedef {{nonce: string, salt: string, cost: number, keyLength: number, keyPrefix: string}} Parameters */

  /** How many derivations run at once; the browser spreads them over its cores. */
  const LANES = 4;

  const bytesOf = (/** @type {string} */ hex) =>
    Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const hexOf = (/** @type {Uint8Array} */ bytes) =>
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  /** Derives a key from the nonce and the number as four bytes. @param {Parameters} parameters */
  function deriver({ nonce, salt, cost, keyLength }) {
    const begin = bytesOf(nonce);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(salt), iterations: cost };
    return async (/** @type {number} */ counter) => {
      const password = new Uint8Array(begin.length + 4);
      password.set(begin);
      new DataView(password.buffer).setUint32(begin.length, counter);
      const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
      return new Uint8Array(await crypto.subtle.deriveBits(how, key, keyLength * 8));
    };
  }

  /** @param {Parameters} parameters */
  async function solve(parameters) {
    const derive = deriver(parameters);
    const prefix = bytesOf(parameters.keyPrefix);
    let next = 0;
    /** @type {{counter: number, derivedKey: string} | null} */
    let found = null;
    const lane = async () => {
      while (!found) {
        const counter = next++;
        const derived = await derive(counter);
        if (prefix.every((byte, index) => derived[index] === byte))
          found = { counter, derivedKey: hexOf(derived) };
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return found;
  }

  addEventListener("message", ({ data }) => {
    solve(data).then(postMessage, () => postMessage(null));
  });
}
