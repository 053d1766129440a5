// Keeps the results of somebody's practice: the ticked points of each checklist, and who ticked them. It stays in this tab
// until practice ends; no server stores it.

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store */
/** @typedef {{person: string, ticks: Record<string, Record<string, string>>, upto: Record<string, number>}} Kept  ticks: by made-up caller and point, who ticked it, "" for this person or the console; upto: the last note that was read, by conversation */

const NAME = "helpline-practised";

export class Practised {
  #store;
  /** @type {Kept} */
  #kept;

  /** @param {Store | null} store  of this tab */
  constructor(store) {
    this.#store = store;
    this.#kept = read(store);
  }

  /** Forgets everything if another person signed in to this tab. @param {string} person */
  of(person) {
    if (this.#kept.person === person) return;
    this.#kept = { person, ticks: {}, upto: {} };
    this.#write();
  }

  get isEmpty() {
    return Object.keys(this.#kept.ticks).length === 0;
  }

  /** Returns who ticked a point; undefined if nobody did. @param {string} line @param {string} caller @param {number} point */
  by(line, caller, point) {
    return this.#kept.ticks[`${line} ${caller}`]?.[point];
  }

  /** @param {string} line @param {string} caller @param {number} point @param {string | null} by  null removes the tick */
  tick(line, caller, point, by) {
    const name = `${line} ${caller}`;
    const { [point]: before, ...others } = this.#kept.ticks[name] ?? {};
    if (before === (by ?? undefined)) return;
    const now = by === null ? others : { ...others, [point]: by };
    const { [name]: _, ...rest } = this.#kept.ticks;
    this.#kept.ticks = Object.keys(now).length ? { ...rest, [name]: now } : rest;
    this.#write();
  }

  /** Returns whether a trainer's note is new, and marks it as read. @param {string} conversation @param {number} seq */
  isNew(conversation, seq) {
    if (seq <= (this.#kept.upto[conversation] ?? 0)) return false;
    this.#kept.upto[conversation] = seq;
    this.#write();
    return true;
  }

  /** Forgets everything when practice ends. */
  clear() {
    this.#kept = { ...this.#kept, ticks: {}, upto: {} };
    this.#store?.removeItem(NAME);
  }

  #write() {
    try {
      this.#store?.setItem(NAME, JSON.stringify(this.#kept));
    } catch {
      this.#store = null; // the storage is full or blocked: a reload loses the ticks
    }
  }
}

/** @param {Store | null} store @returns {Kept} */
function read(store) {
  try {
    return { person: "", ticks: {}, upto: {}, ...JSON.parse(store?.getItem(NAME) ?? "{}") };
  } catch {
    return { person: "", ticks: {}, upto: {} };
  }
}
