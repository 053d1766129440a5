// The keyboard: Alt with a letter works everywhere, `?` and `/` where nobody is typing.

/** @typedef {import("../../app.js").App} App */
/** @typedef {import("../../console.js").Console} Console */

/** Read by position of the key (`code`): with Alt, some systems write another letter. */
const SHORTCUTS = /** @type {const} */ ([
  { code: "KeyN", keys: "Alt+N", name: "next", own: true },
  { code: "KeyJ", keys: "Alt+J", name: "previous", own: false },
  { code: "KeyK", keys: "Alt+K", name: "following", own: false },
  { code: "KeyP", keys: "Alt+P", name: "note", own: true },
  { code: "KeyC", keys: "Alt+C", name: "consult", own: true },
  { code: "KeyS", keys: "Alt+S", name: "somebody", own: true },
  { code: "KeyT", keys: "Alt+T", name: "transfer", own: true },
  { code: "KeyH", keys: "Alt+H", name: "handoff", own: false },
  { code: "KeyE", keys: "Alt+E", name: "close", own: false },
  { code: "KeyZ", keys: "Alt+Z", name: "undo", own: false },
  { code: "KeyR", keys: "Alt+R", name: "flag", own: true },
  { code: "KeyB", keys: "Alt+B", name: "break", own: true },
  { code: "KeyL", keys: "Alt+L", name: "last", own: true },
  { code: "KeyU", keys: "Alt+U", name: "unserious", own: true },
]);

/** At another service's desk some of it is not there. @param {string} mode */
export const shortcutsIn = (mode) => SHORTCUTS.filter(({ own }) => mode === "console" || !own);

/** @param {Console} desk @param {App} app @returns {Record<string, () => unknown>} */
const deeds = (desk, app) => ({
  next: () => desk.next(),
  previous: () => desk.move(-1),
  following: () => desk.move(1),
  note: () => app.show("notes"),
  somebody: () => desk.current?.inviting.needSomebody(),
  consult: () => app.show("invite", "consult"),
  transfer: () => app.show("invite", "transfer"),
  handoff: () => app.show("invite", "handoff"),
  close: () => endOrPutAway(desk),
  undo: () => undo(desk),
  flag: () => app.show("about"),
  break: () => desk.setDuty(desk.duty.state === "break" ? "on" : "break", desk.duty.slots),
  last: () => desk.duty.state === "on" && desk.lastChat(!desk.isLast),
  unserious: () => desk.current?.unserious(),
});

/** @param {Console} desk @param {import("../model/preferences.js").Preferences} preferences @param {App} app */
export function listenToKeys(desk, preferences, app) {
  const act = deeds(desk, app);
  addEventListener("keydown", (event) => {
    if (!preferences.choice.shortcuts || event.ctrlKey || event.metaKey || event.repeat) return;
    const found = event.altKey && shortcutsIn(desk.mode).find(({ code }) => code === event.code);
    if (!found && (!["?", "/"].includes(event.key) || isTyping(event.target))) return;
    event.preventDefault();
    if (found) act[found.name]();
    else if (event.key === "?") app.open("help");
    else app.offerReplies();
  });
}

/** One key for the whole end: close, then the form, and afterwards put the conversation away. @param {Console} desk */
function endOrPutAway(desk) {
  const { current } = desk;
  if (!current) return;
  if (current.wrapup.pending) current.wrapup.open();
  else if (current.emptied) desk.dismiss(current.id);
  else if (current.state === "ended") current.leave();
  else current.close();
}

/** What waits to be done is not done. @param {Console} desk */
function undo({ current }) {
  current?.closing.undo();
  current?.doubting.drop();
}

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof Element && target.matches("input, textarea, select");
