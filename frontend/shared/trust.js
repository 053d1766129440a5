// What this page's own bytes name: the roots under which people certify keys, and the lowest serial. An open page keeps its
// own. Without the line nothing is certified here, and nothing is checked; one that names nothing lets nobody in.

/** @typedef {import("./sealing.js").Trust} Trust */

/** @param {{querySelector: (name: string) => {content: string} | null}} [page] @returns {Trust | null} */
export function trustOfPage(page = /** @type {any} */ (document)) {
  const roots = page.querySelector('meta[name="helpline-roots"]');
  const serial = page.querySelector('meta[name="helpline-serial"]')?.content ?? "";
  if (!roots) return null;
  const names = roots.content.split(" ").filter(Boolean);
  const whole = /^\d{1,10}$/.test(serial) && names.every((name) => /^[\w-]{87}$/.test(name));
  return { roots: whole ? names : [], serial: Number(serial) };
}
