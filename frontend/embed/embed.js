// For the organisation's own site: says beside its link to a line whether that is open now. No cookie, no trace.
//
//   <a href="https://chat.example/nl/helpwanted/" data-helpline="helpwanted"
//      data-open="Nu open" data-closed="Nu dicht">Chat met ons <span></span></a>
//   <script src="https://chat.example/embed.js" defer></script>
//
// Without this script it stays a link that works. `data-state` on the link is for the site's own style.

const home = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src).origin;

/** @param {HTMLAnchorElement} link */
async function enliven(link) {
  // The chat must not learn from which page somebody came.
  link.referrerPolicy = "no-referrer";
  link.rel = "noreferrer";
  const address = `${home}/api/lines/${encodeURIComponent(link.dataset.helpline ?? "")}/`;
  const answer = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
  if (!answer.ok) return;
  const { open } = await answer.json();
  link.dataset.state = open ? "open" : "closed";
  const place = link.querySelector("span");
  if (place) place.textContent = (open ? link.dataset.open : link.dataset.closed) ?? "";
}

for (const link of document.querySelectorAll("a[data-helpline]"))
  enliven(/** @type {HTMLAnchorElement} */ (link)).catch(() => {}); // a link it stays
