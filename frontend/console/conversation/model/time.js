// Time as the model uses it, so that a test can let it pass.

/** @typedef {Pick<import("./conversation.js").Desk, "now" | "after" | "changed">} Clock */

/** @param {number} ms @param {() => void} act @returns {() => void} what cancels it */
export function afterTimeout(ms, act) {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}
