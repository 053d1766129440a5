// Removal cases: checks what a box of kind 5 holds, and merges the boxes of both sides. A link is text: no
// code fetches or follows one.
import { freshHex } from "./sealing.js";

/** @typedef {"image" | "video" | "profile" | "group" | "other"} What */
/** @typedef {"me" | "other" | "ai" | "unknown"} By */
/** @typedef {"open" | "sent" | "removed" | "gone" | "refused" | "dropped"} State  removed: by the platform; gone: seen to be gone */
/** @typedef {{id: string, url: string, what: What, by: By, state: State, at: number, ref: string, note: string}} Item  at: Unix seconds, shown only */
/** @typedef {{caller: string, line: string}} Notes */
/** @typedef {Omit<Item, "note"> & {notes: Notes, asked: number}} Listed  as both sides know it; asked: when the line last sent a notice, in Unix seconds, 0 for never */

export const MOST_ITEMS = 25;
const MAX_URL = 1000;
export const MAX_REF = 64;
export const MAX_NOTE = 300;
const A_BOX = 3; // a box has 8,190 bytes
/** @type {readonly What[]} */
export const WHAT = ["image", "video", "profile", "group", "other"];
/** @type {readonly By[]} */
export const BY = ["me", "other", "ai", "unknown"];
/** @type {readonly State[]} */
export const STATES = ["open", "sent", "removed", "gone", "refused", "dropped"];
/** @param {{state: State}} item */
export const isGone = ({ state }) => state === "removed" || state === "gone";

const FIELDS = "at by id note ref state url what";
// A link has a host, no user part, and printable ASCII only.
const LINK = /^https?:\/\/[^/?#\\@]+([/?#][\x21-\x7e]*)?$/i;

/** Returns whether it is an address. Safari below 17 and Chrome below 120 have no `URL.canParse`. @param {string} url */
function isAddress(url) {
  try {
    return Boolean(new URL(url));
  } catch {
    return false;
  }
}

/** @param {unknown} url */
export const isLink = (url) =>
  typeof url === "string" &&
  url.length <= MAX_URL &&
  /^[\x21-\x7e]+$/.test(url) &&
  LINK.test(url) &&
  isAddress(url);

const A_FILE = /^[^/]+\.(?:jpe?g|png|gif|heic|webp|mp4|mov)$/i; // a file name is no site

/** Returns the link in what was typed or pasted; "" if there is none. @param {string} typed */
export function linkIn(typed) {
  const text = typed.match(/https?:\/\/\S+/i)?.[0] ?? typed.trim();
  if (A_FILE.test(text)) return "";
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/]*:\d/.test(text) ? text : `https://${text}`;
  if (!/^https?:\/\/[^/]*\.[^/]/i.test(whole) || !isAddress(whole)) return "";
  const { href } = new URL(whole);
  return isLink(href) ? href : "";
}

/** Returns the items of a box; null if it holds anything but valid items. @param {string} text @returns {Item[] | null} */
export function itemsIn(text) {
  const box = parsed(text);
  if (!box || Object.keys(box).join() !== "items" || !Array.isArray(box.items)) return null;
  const { items } = /** @type {{items: Item[]}} */ (box);
  const ids = new Set(items.map((item) => item?.id));
  // `JSON.parse` keeps the last of two fields with one name, but another reader may keep the first.
  const whole = countKeys(text) === 1 + 8 * items.length && ids.size === items.length;
  return whole && items.length > 0 && items.length <= MOST_ITEMS && items.every(isItem) ? items : null;
}

/** @param {string} text */
function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Counts the strings before a colon, except inside other strings. @param {string} text */
const countKeys = (text) =>
  [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon).length;

/** @param {Item} item */
function isItem(item) {
  if (Object.keys(Object(item)).sort().join(" ") !== FIELDS) return false;
  const { id, url, what, by, state, at, ref, note } = item;
  const short = (/** @type {unknown} */ text, /** @type {number} */ most) =>
    typeof text === "string" && [...text].length <= most;
  return (
    typeof id === "string" &&
    /^[0-9a-f]{16}$/.test(id) &&
    isLink(url) &&
    WHAT.includes(what) &&
    BY.includes(by) &&
    STATES.includes(state) &&
    Number.isSafeInteger(at) &&
    at >= 0 &&
    short(ref, MAX_REF) &&
    short(note, MAX_NOTE)
  );
}

/** Merges the boxes of a conversation into one list, in the order of `seq`. */
export class CaseList {
  /** @type {Map<string, Listed>} */
  #items = new Map();

  /** Returns the items in the order in which they were first sent. */
  get items() {
    return [...this.#items.values()];
  }

  /** @param {Item[]} items @param {boolean} fromCaller @returns {boolean} false if it has more items than a case may hold: then nothing of it counts */
  take(items, fromCaller) {
    const fresh = items.filter(({ id }) => !this.#items.has(id));
    if (this.#items.size + fresh.length > MOST_ITEMS) return false;
    for (const item of items) this.#items.set(item.id, merged(this.#items.get(item.id), item, fromCaller));
    return true;
  }
}

/**
 * Merges a later box of an item. The first box fixes what it is. Only the line changes its state, but the
 * caller may drop it.
 * @param {Listed | undefined} before @param {Item} item @param {boolean} fromCaller @returns {Listed}
 */
function merged(before, { note, ...item }, fromCaller) {
  const { id, url, what, by } = before ?? item;
  const known = before ?? { state: /** @type {State} */ ("open"), at: item.at, ref: "" };
  const drops = fromCaller && item.state === "dropped";
  const { state, at } = !fromCaller || drops ? item : known;
  const notes = { caller: "", line: "", ...before?.notes, [fromCaller ? "caller" : "line"]: note };
  const asked = !fromCaller && item.state === "sent" ? item.at : (before?.asked ?? 0);
  return { id, url, what, by, state, at, ref: fromCaller ? known.ref : item.ref, notes, asked };
}

/** @param {Listed} item @param {Partial<Item> & {note: string}} change @returns {Item} */
export const changed = ({ notes: _, asked: __, ...item }, change) => ({ ...item, ...change });

/** Returns sixteen random hex digits. */
export const freshItemId = () => freshHex(8);

/** @param {Item[]} items */
export const boxOf = (items) => JSON.stringify({ items });

/** Splits items over boxes: each box takes as many as fit at full length. @param {Item[]} items @returns {string[]} */
export const boxesOf = (items) =>
  Array.from({ length: Math.ceil(items.length / A_BOX) }, (_, n) =>
    boxOf(items.slice(n * A_BOX, (n + 1) * A_BOX)),
  );

/**
 * Returns the unsettled items, for another conversation. New ids hide that the two belong together. Only the
 * line may set a state, so the old one is put into words.
 * @param {Listed[]} items @param {(item: Listed) => string} inWords @returns {Item[]}
 */
export const carriedOn = (items, inWords) =>
  items
    .filter((item) => item.state !== "dropped" && !isGone(item))
    .map((item) => {
      const known = item.state === "open" ? "" : inWords(item);
      const note = [known, item.notes.caller].filter(Boolean).join(" · ");
      return changed(item, { id: freshItemId(), note: [...note].slice(0, MAX_NOTE).join("") });
    });

/** @param {string | object} content @param {Listed[]} known @returns {Item[]} */
export const newIn = (content, known) =>
  (itemsIn(String(content)) ?? []).filter(({ id }) => known.every((item) => item.id !== id));
