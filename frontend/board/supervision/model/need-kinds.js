// Lists the kinds of needs, the most urgent first, each with its colour on the first tab.

/** @typedef {keyof typeof COLOURS} Kind */

const COLOURS = {
  acute_waits: "red",
  staff_gone: "red",
  acute_gone: "red",
  acute_away: "red",
  call_missed: "red",
  acute_left: "red",
  unstaffed: "red",
  nobody: "red",
  not_spoken: "amber",
  crowded: "amber",
  full: "amber",
  long_wait: "amber",
  acute_unseen: "red",
  acute_alone: "amber",
  acute_said: "amber",
  letters_late: "amber",
};

const KINDS = Object.keys(COLOURS);

/** @param {Kind} kind */
export const colourOf = (kind) => COLOURS[kind];

/** Compares two kinds, for sorting. @param {Kind} a @param {Kind} b */
export const byUrgency = (a, b) => KINDS.indexOf(a) - KINDS.indexOf(b);
