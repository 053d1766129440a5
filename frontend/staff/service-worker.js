// Makes the console an app that can be installed. It keeps nothing: no page, no file, no word of a conversation. Where the
// network is away it says so in place of the browser's own page.

const SAYS = "Geen verbinding. Kijk of je internet hebt, en laad de pagina opnieuw. · No connection.";

self.addEventListener("fetch", (/** @type {any} */ event) => {
  if (event.request.mode !== "navigate") return;
  event.respondWith(
    fetch(event.request).catch(
      () => new Response(SAYS, { status: 503, headers: { "Content-Type": "text/plain; charset=utf-8" } }),
    ),
  );
});
