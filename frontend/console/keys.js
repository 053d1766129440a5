// The keyboard: Alt with a letter works everywhere, `?` where nobody is typing.

/** @typedef {import("./model.js").Console} Console */

/** Read by position of the key (`code`): with Alt, some systems write another letter. */
export const SHORTCUTS = /** @type {const} */ ([
  { code: "KeyN", keys: "Alt+N", name: "next" },
  { code: "KeyJ", keys: "Alt+J", name: "previous" },
  { code: "KeyK", keys: "Alt+K", name: "following" },
  { code: "KeyE", keys: "Alt+E", name: "close" },
]);

/** @param {Console} desk @returns {Record<string, () => unknown>} */
const deeds = (desk) => ({
  next: () => desk.next(),
  previous: () => desk.move(-1),
  following: () => desk.move(1),
  close: () => endOrPutAway(desk),
});

/** @param {Console} desk @param {import("./preferences.js").Preferences} preferences @param {() => void} help */
export function listenToKeys(desk, preferences, help) {
  const act = deeds(desk);
  addEventListener("keydown", (event) => {
    if (!preferences.choice.shortcuts || event.ctrlKey || event.metaKey || event.repeat) return;
    const found = event.altKey && SHORTCUTS.find(({ code }) => code === event.code);
    if (!found && (event.key !== "?" || isTyping(event.target))) return;
    event.preventDefault();
    if (found) act[found.name]();
    else help();
  });
}

/** One key for the whole end: close, and afterwards put the conversation away. @param {Console} desk */
function endOrPutAway(desk) {
  const { current } = desk;
  if (!current) return;
  if (current.emptied) desk.dismiss(current.id);
  else if (current.state === "ended") current.leave();
  else current.close();
}

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof Element && target.matches("input, textarea, select");
