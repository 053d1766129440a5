// Finds errors in opening hours, and calculates which part of each day they fill. The server decides what is valid; these
// checks only show an error beside the field.

/** @typedef {{opens: string, closes: string}} Span  from `opens` until just before `closes`; a time of `closes` that is not later than `opens` is on the next day */
/** @typedef {{date: string, spans: Span[], reason: string}} Dated */
/** @typedef {{week: Span[][], holidays: Record<string, Span[]>, dates: Dated[]}} Schedule  Monday first */
/** @typedef {{date: string, spans: Span[], why: string}} Day */
/** @typedef {"half" | "nothing" | "overlap" | "next_day" | "no_date" | "twice"} Problem */

export const [DAY, MIDNIGHT] = [24 * 60, "00:00"];

const CLOCK = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;

/** Returns a typed time as HH:MM if it can be understood (9, 9.30, 0930, 24:00), otherwise as it was typed. @param {string} text */
export function clockIn(text) {
  const parts = /^(\d{1,2})[:.]?(\d{2})?$/.exec(text.trim());
  const clock = parts ? `${parts[1].padStart(2, "0")}:${parts[2] ?? "00"}` : "";
  if (clock === "24:00") return MIDNIGHT;
  return CLOCK.test(clock) ? clock : text;
}

/** Returns whether both ends of a span are times. @param {Span} span */
export const isWhole = ({ opens, closes }) => CLOCK.test(opens) && CLOCK.test(closes);

/** @param {string} clock */
function minutesOf(clock) {
  const [hours, minutes] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

/** Returns when a span ends, in minutes from the midnight before it opens. @param {Span} span */
const endOf = ({ opens, closes }) => minutesOf(closes) + (closes <= opens ? DAY : 0);

/** Returns whether a span continues after the midnight at the end of its day. @param {Span} span */
export const isLate = (span) => endOf(span) > DAY;

/** Returns the errors, by place: `week 0`, `holiday any`, `date 2`. @param {Schedule} schedule @returns {Map<string, Problem>} */
export function problemsOf({ week, holidays, dates }) {
  /** @type {Map<string, Problem>} */
  const found = new Map();
  const note = (/** @type {string} */ place, /** @type {Problem | ""} */ problem) =>
    problem && found.set(place, problem);
  for (const [index, spans] of week.entries())
    note(`week ${index}`, problemOf(spans) || intoTomorrow(spans, week[(index + 1) % week.length]));
  for (const [feast, spans] of Object.entries(holidays)) note(`holiday ${feast}`, problemOf(spans));
  const days = dates.map(({ date }) => date);
  for (const [index, { date, spans }] of dates.entries()) {
    const twice = days.indexOf(date) < index ? "twice" : "";
    note(`date ${index}`, (date ? twice : "no_date") || problemOf(spans));
  }
  return found;
}

/** @param {Span[]} spans  of one day @returns {Problem | ""} */
function problemOf(spans) {
  if (!spans.every(isWhole)) return "half";
  if (spans.some(({ opens, closes }) => opens === closes && opens !== MIDNIGHT)) return "nothing";
  const inOrder = [...spans].sort((a, b) => minutesOf(a.opens) - minutesOf(b.opens));
  return inOrder.some((span, index) => index > 0 && endOf(inOrder[index - 1]) > minutesOf(span.opens))
    ? "overlap"
    : "";
}

/** @param {Span[]} spans @param {Span[]} tomorrow @returns {Problem | ""} */
function intoTomorrow(spans, tomorrow) {
  const last = Math.max(0, ...spans.map((span) => endOf(span) - DAY));
  return tomorrow.some((span) => isWhole(span) && minutesOf(span.opens) < last) ? "next_day" : "";
}

/** Returns when a line is open on a day, in minutes of that day: the day's own spans, and the rest of the spans that began on the day before. @param {Span[]} spans @param {Span[]} before @returns {[from: number, to: number][]} */
export function filled(spans, before) {
  const nights = before.filter(isLate).map((span) => /** @type {const} */ ([0, endOf(span) - DAY]));
  const own = spans.map((span) => /** @type {const} */ ([minutesOf(span.opens), Math.min(DAY, endOf(span))]));
  return [...nights, ...own].map(([from, to]) => [from, to]);
}
