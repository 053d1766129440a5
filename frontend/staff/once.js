// Sends each form once. A second press of a button would hide what the first one shows, such as a link that is shown only now.
const AGAIN_MS = 10_000; // after that nothing came, and whoever presses means it
/** @type {WeakSet<EventTarget>} */
const sent = new WeakSet();

addEventListener("submit", (event) => {
  const { target } = event;
  if (!target || event.defaultPrevented) return;
  if (sent.has(target)) event.preventDefault();
  sent.add(target);
  setTimeout(() => sent.delete(target), AGAIN_MS);
});
