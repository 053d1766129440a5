// Calculates figures from the sums of each line: shares, times, totals of all lines, and a day in quarters of an hour.

/** @typedef {import("./live-floor.js").BoardLine} BoardLine */
/** @typedef {import("./live-floor.js").FloorLine} FloorLine */
/** @typedef {import("./live-floor.js").Point} Point */
/** @typedef {"" | "amber" | "red"} Tone */

const MINUTE_MS = 60_000;
const [AMBER_MS, RED_MS] = [5 * MINUTE_MS, 10 * MINUTE_MS];
const QUARTER_MS = 15 * MINUTE_MS;
const ADDED =
  /** @type {const} */
  ([
    "waiting",
    "away",
    "urgent",
    "urgent_away",
    "active",
    "on",
    "break",
    "slots",
    "free",
    "answered",
    "within",
    "abandoned",
    "overdue",
    "letters_answered",
    "letters_in_time",
    "letters_expired",
  ]);

/** Returns the sums of all lines. If `behind` says who the people are, somebody who works on two lines is counted only one time. @param {BoardLine[]} lines @param {FloorLine[]} [behind] @returns {BoardLine} */
export function together(lines, behind = []) {
  const sums = ADDED.map((name) => [name, lines.reduce((sum, line) => sum + line[name], 0)]);
  const first = (/** @type {"oldest" | "oldest_here"} */ name) =>
    lines
      .map((line) => line[name] ?? "")
      .filter(Boolean)
      .sort()[0] ?? null;
  const state = lines.some(({ state }) => state === "open") ? "open" : "closed";
  const oldest = { oldest: first("oldest"), oldest_here: first("oldest_here") };
  const pressure = pressureTogether(lines.map(({ pressure }) => pressure));
  const letters = lettersTogether(lines.map((line) => line.letters));
  const people = behind.length === lines.length ? peopleTogether(behind) : {};
  return { line: "", state, ...oldest, pressure, letters, ...Object.fromEntries(sums), ...people };
}

/** @param {FloorLine[]} behind */
function peopleTogether(behind) {
  const all = behind.flatMap(({ people }) => people);
  const each = [...new Map(all.map((person) => [person.id, person])).values()];
  const on = each.filter(({ duty }) => duty === "on");
  const slots = on.reduce((sum, person) => sum + person.slots, 0);
  const ids = new Set(on.map(({ id }) => id));
  const talks = all.filter(({ id }) => ids.has(id)).flatMap(({ conversations }) => conversations);
  return {
    on: on.length,
    break: each.filter(({ duty }) => duty === "break").length,
    slots,
    free: Math.max(0, slots - talks.length),
  };
}

/** @typedef {BoardLine["letters"]} Letters */

/** Adds up the letters of all lines. The earliest due time counts. @param {Letters[]} all @returns {Letters} */
function lettersTogether(all) {
  const sum = (/** @type {"new" | "acute" | "taken" | "overdue"} */ name) =>
    all.reduce((total, one) => total + one[name], 0);
  const due =
    all
      .map((one) => one.due ?? "")
      .filter(Boolean)
      .sort()[0] ?? null;
  return {
    line: "",
    new: sum("new"),
    acute: sum("acute"),
    taken: sum("taken"),
    overdue: sum("overdue"),
    due,
  };
}

/** @typedef {BoardLine["pressure"]} Pressure */

/** Adds up the counts. The level is that of the line under most pressure. @param {Pressure[]} all @returns {Pressure} */
function pressureTogether(all) {
  const sum = (/** @type {"asked" | "earned" | "refused"} */ name) =>
    all.reduce((total, one) => total + one[name], 0);
  const level = /** @type {Pressure["level"]} */ (Math.max(0, ...all.map((one) => one.level)));
  return { level, asked: sum("asked"), earned: sum("earned"), refused: sum("refused") };
}

/** Returns whether the line is or was under pressure today. @param {Pressure} pressure */
export const isPressed = ({ level, asked, earned, refused }) => level + asked + earned + refused > 0;

/** Adds up the details of all lines. An alert of one line counts for all lines together. @param {FloorLine[]} lines */
export function behindTogether(lines) {
  const sum = (/** @type {"ringing" | "flagged" | "inside" | "foretold"} */ name) =>
    lines.reduce((total, line) => total + line[name], 0);
  return {
    ringing: sum("ringing"),
    flagged: sum("flagged"),
    inside: sum("inside"),
    foretold: sum("foretold"),
    alerts: [...new Set(lines.flatMap(({ alerts }) => alerts))],
  };
}

/** Returns the percentage of today's answered callers who waited at most 60 s; null before the first one. @param {BoardLine} line */
export const within = ({ within, answered }) => share(within, answered);

/** Returns the percentage of taken slots among those on duty; null without slots. @param {BoardLine} line */
export const occupancy = ({ slots, free }) => share(slots - free, slots);

/** @param {number} part @param {number} whole */
export const share = (part, whole) => (whole > 0 ? Math.round((100 * part) / whole) : null);

/** Returns the colour for a time during which nobody has said anything. @param {number} ms @returns {Tone} */
export const tone = (ms) => (ms >= RED_MS ? "red" : ms >= AMBER_MS ? "amber" : "");

/** Returns the largest values of each quarter of an hour, newest first, for a table. @param {Point[]} points */
export function quarters(points) {
  /** @type {Map<number, Point>} */
  const found = new Map();
  for (const point of points) {
    const from = Math.floor(Date.parse(point.at) / QUARTER_MS) * QUARTER_MS;
    const before = found.get(from) ?? { at: new Date(from).toISOString(), ...NOTHING };
    const most = (/** @type {keyof typeof NOTHING} */ name) => Math.max(before[name], point[name]);
    found.set(from, {
      at: before.at,
      waiting: most("waiting"),
      active: most("active"),
      on: most("on"),
      longest: most("longest"),
    });
  }
  return [...found.values()].sort((a, b) => b.at.localeCompare(a.at));
}

const NOTHING = { waiting: 0, active: 0, on: 0, longest: 0 };

/** Returns the point of the day at which most callers waited. @param {Point[]} points */
export const busiest = (points) =>
  points.reduce(
    (most, point) => (most && most.waiting >= point.waiting ? most : point),
    /** @type {Point | null} */ (null),
  );
