// Remembers, over a reload of this tab, which conversation was selected, which panel each had open, and how far each
// was scrolled back. It also remembers which callers the person was with: if a seat was lost during the reload, the
// page offers to take that caller back. It stores no word of a conversation, and of a caller only the letter that
// stands for them on the screens.

/** @typedef {Pick<import("../../conversation/model/conversation.js").Seat, "conversation" | "line" | "initial">} Kept */
/** @typedef {{selected: string, panels: Record<string, string>, back: Record<string, number>, seats: Kept[], person: string}} Where  panels and back: by conversation; back: in pixels; seats: those of this person */

const NAME = "helpline-place";
const FIRST_PANEL = "about";
/** @type {Where} */
const NOWHERE = { selected: "", panels: {}, back: {}, seats: [], person: "" };

export class Place {
  #store;
  /** @type {Where} */
  where;

  /** @param {Pick<Storage, "getItem" | "setItem">} store  of this tab */
  constructor(store) {
    this.#store = store;
    this.where = { ...NOWHERE, ...read(store.getItem(NAME)) };
  }

  /** Returns the panel of a conversation; "about" until somebody has chosen one. @param {string} conversation */
  panelOf(conversation) {
    return this.where.panels[conversation] ?? FIRST_PANEL;
  }

  /** @param {string} conversation @param {string} panel */
  open(conversation, panel) {
    this.keep({ panels: { ...this.where.panels, [conversation]: panel } });
  }

  /** @param {Partial<Where>} change */
  keep(change) {
    const where = { ...this.where, ...change };
    const [before, after] = [JSON.stringify(this.where), JSON.stringify(where)];
    this.where = where;
    if (before !== after) this.#store.setItem(NAME, after);
  }
}

/** @param {string | null} json @returns {Partial<Where>} */
function read(json) {
  try {
    return JSON.parse(json ?? "{}");
  } catch {
    return {};
  }
}
