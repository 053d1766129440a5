// Makes the console an app that can be installed. It stores nothing: no page, no file, no word of a
// conversation. Without a network it serves a page of its own, which loads the console again as soon as the
// server answers. Until then the page shows what the console stored in this tab for that case, if anything
// (frontend/console/staff/model/without-network.js).

const KEPT = "helpline-without-network";
const LOOKS_MS = 5_000;

/** Runs in the page below, as its only script. @param {string} kept @param {number} every */
function fill(kept, every) {
  const add = (/** @type {string} */ tag, /** @type {string} */ text, /** @type {Element | null} */ to) => {
    const element = document.createElement(tag);
    element.textContent = text;
    to?.append(element);
    return element;
  };
  const telephone = (/** @type {string} */ says, /** @type {string} */ phone) => {
    const row = add("p", `${says} `, document.querySelector("main"));
    /** @type {HTMLAnchorElement} */ (add("a", phone, row)).href = `tel:${phone.replace(/[^+\d]/g, "")}`;
  };
  const show = (/** @type {any} */ { lang, dir, title, words, phones }) => {
    Object.assign(document.documentElement, { lang, dir });
    document.title = title;
    document.querySelector("main")?.replaceChildren();
    add("h1", title, document.querySelector("main"));
    for (const [says, phone] of phones) telephone(says, phone);
    for (const text of words) add("p", text, document.querySelector("main"));
  };
  try {
    const found = sessionStorage.getItem(kept);
    if (found) show(JSON.parse(found));
  } catch {} // if anything fails, the page keeps its own text
  const look = async () => {
    const answer = await fetch(location.pathname, { redirect: "manual", cache: "no-store" }).catch(
      () => null,
    );
    if (answer?.ok || answer?.type === "opaqueredirect") location.reload();
  };
  addEventListener("online", look);
  setInterval(look, every);
}

/** Returns the page in two languages, because the person's language is not known, and in system colours, which suit a light and a dark theme. @param {string} nonce */
const page = (nonce) => `<!doctype html>
<html lang=nl>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Geen verbinding · No connection</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">
body { margin: 0; font: 1.125rem/1.5 system-ui, sans-serif; color: CanvasText; background: Canvas; }
main { max-inline-size: 34rem; margin: 0 auto; padding: 2rem 1.25rem; }
h1 { margin: 0; font-size: 1.5rem; }
p { margin: 0.75rem 0 0; }
a { display: inline-block; padding: 0.25rem 0.125rem; font-weight: 700; color: LinkText; }
</style>
</head>
<body>
<main>
<h1>Geen verbinding · <span lang="en">No connection</span></h1>
<p>Kijk of je internet hebt. Deze pagina komt vanzelf terug. Is er direct gevaar? Bel <a href="tel:112">112</a></p>
<p lang="en">See whether you are online. This page comes back by itself. Is anybody in danger now? Call <a href="tel:112">112</a></p>
</main>
<script nonce="${nonce}">(${fill})(${JSON.stringify(KEPT)}, ${LOOKS_MS});</script>
</body>
</html>
`;

/** @param {string} nonce */
const policy = (nonce) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");

function away() {
  const nonce = crypto.randomUUID();
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": policy(nonce),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
  };
  return new Response(page(nonce), { status: 503, headers });
}

// A newer version replaces this one at once, because there is no cache to take over.
self.addEventListener("install", () => /** @type {any} */ (self).skipWaiting());
self.addEventListener("fetch", (/** @type {any} */ event) => {
  if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(away));
});
