// The roots that this page's own bytes name. Without that line nobody certifies keys here, and nothing is checked.

/** @param {{querySelector: (name: string) => any}} [page] @returns {import("./sealing.js").Trust | null}  nonsense trusts nobody */
export function trustOfPage(page = document) {
  const [roots, serial] = ["roots", "serial"].map(
    (name) => page.querySelector(`meta[name="helpline-${name}"]`)?.content,
  );
  if (roots === undefined) return null;
  const whole = /^[\w-]{87}( [\w-]{87})*$/.test(roots) && /^\d{1,10}$/.test(serial);
  return { roots: whole ? roots.split(" ") : [], serial: Number(serial) };
}
