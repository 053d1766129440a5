// Handles keyboard shortcuts: Alt with a letter works everywhere, `?` and `/` only outside input fields. On a Mac, Alt with
// some letters types ë, é, ç or ñ, so in an input field these letters are no shortcuts there.

/** @typedef {import("../../app.js").App} App */
/** @typedef {import("../../console.js").Console} Console */

/** Keys are read by position (`code`), because with Alt some systems write another letter. `own`: not at another service's desk. */
const SHORTCUTS = /** @type {const} */ ([
  { code: "KeyN", name: "next", own: true },
  { code: "KeyJ", name: "previous", own: false },
  { code: "KeyK", name: "following", own: false },
  { code: "KeyP", name: "note", own: true },
  { code: "KeyC", name: "consult", own: true },
  { code: "KeyS", name: "somebody", own: true },
  { code: "KeyT", name: "transfer", own: true },
  { code: "KeyH", name: "handoff", own: false },
  { code: "KeyV", name: "refer", own: false },
  { code: "KeyE", name: "close", own: false },
  { code: "KeyZ", name: "undo", own: false },
  { code: "KeyR", name: "flag", own: true },
  { code: "KeyB", name: "break", own: true },
  { code: "KeyL", name: "last", own: true },
  { code: "KeyU", name: "unserious", own: true },
]);

/** @typedef {{code: string, keys: string, name: string}} Shortcut */
/** @typedef {Record<string, string>} Keys  the `code` that a person chose, by the name of the action */

/** These letters can be assigned to an action. */
export const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** Returns a page's shortcuts. Another service's desk has fewer. @param {string} mode @param {Keys} chosen @returns {Shortcut[]} */
export const shortcutsIn = (mode, chosen) =>
  SHORTCUTS.filter(({ own }) => mode === "console" || !own).map(({ code: first, name }) => {
    const code = chosen[name] ?? first;
    return { code, keys: `Alt+${code.slice(-1)}`, name };
  });

/** Assigns a letter to an action, and returns the keys that differ from the defaults. If another action had this letter, the two actions swap their letters. @param {Keys} chosen @param {string} name @param {string} letter @returns {Keys} */
export function remapped(chosen, name, letter) {
  const all = Object.fromEntries(SHORTCUTS.map(({ code, name: one }) => [one, chosen[one] ?? code]));
  const code = `Key${letter}`;
  const [other] = Object.entries(all).find(([one, at]) => at === code && one !== name) ?? [];
  const moved = { ...all, ...(other ? { [other]: all[name] } : {}), [name]: code };
  return Object.fromEntries(
    Object.entries(moved).filter(([one, at]) => SHORTCUTS.find((known) => known.name === one)?.code !== at),
  );
}

/** @param {Console} desk @param {App} app @returns {Record<string, () => unknown>} */
const actions = (desk, app) => ({
  next: () => desk.next(),
  previous: () => desk.move(-1),
  following: () => desk.move(1),
  note: () => app.show("notes"),
  somebody: () => desk.current?.inviting.needSomebody(),
  consult: () => app.show("invite", "consult"),
  transfer: () => app.show("invite", "transfer"),
  handoff: () => app.show("invite", "handoff"),
  refer: () => app.show("invite", "refer"),
  close: () => endOrPutAway(desk),
  undo: () => undo(desk),
  flag: () => app.show("about"),
  break: () => desk.setDuty(desk.duty.state === "break" ? "on" : "break", desk.duty.slots),
  last: () => desk.duty.state === "on" && desk.lastChat(!desk.isLast),
  unserious: () => desk.current?.unserious(),
  help: () => app.open("help"),
  reply: () => app.offerReplies(),
});

/** Letters that Alt writes on a Mac. Of ß this is not so: in Dutch and English nobody needs it, and Alt+S calls for help. */
const WRITTEN = /^(?!ß)\p{Script=Latin}$/u;

/** Returns the name of the action whose keys were pressed, or "". @param {Pick<KeyboardEvent, "altKey" | "ctrlKey" | "metaKey" | "repeat" | "code" | "key">} event @param {{shortcuts: Shortcut[], typing: boolean, mac: boolean}} around @returns {string} */
export function pressed({ altKey, ctrlKey, metaKey, repeat, code, key }, { shortcuts, typing, mac }) {
  if (ctrlKey || metaKey || repeat) return "";
  const writes = mac && typing && (key === "Dead" || WRITTEN.test(key));
  const found = altKey && !writes && shortcuts.find((one) => one.code === code);
  if (found) return found.name;
  if (typing) return "";
  return key === "?" ? "help" : key === "/" ? "reply" : "";
}

/** @param {Console} desk @param {import("../model/preferences.js").Preferences} preferences @param {App} app */
export function listenToKeys(desk, preferences, app) {
  const act = actions(desk, app);
  const mac = /Mac/.test(navigator.platform);
  addEventListener("keydown", (event) => {
    // Behind an open dialog nothing happens that nobody sees.
    if (!preferences.choice.shortcuts || document.querySelector("dialog[open]")) return;
    const shortcuts = shortcutsIn(desk.mode, preferences.choice.keys);
    const name = pressed(event, { shortcuts, typing: isTyping(event.target), mac });
    if (!name) return;
    event.preventDefault();
    act[name]();
  });
}

/** Takes the next step towards ending a conversation: closes it, opens the wrap-up form, or removes the conversation from the list. @param {Console} desk */
function endOrPutAway(desk) {
  const { current } = desk;
  if (!current) return;
  if (current.wrapup.pending) current.wrapup.open();
  else if (current.emptied) desk.dismiss(current.id);
  else if (current.state === "ended") current.leave();
  else current.close();
}

/** Undoes actions that still wait to be done. @param {Console} desk */
function undo({ current }) {
  current?.referring.undo();
  current?.closing.undo();
  current?.doubting.drop();
}

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof Element && target.matches("input, textarea, select");
