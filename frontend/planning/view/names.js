// Names the days, weeks and shifts of the rota, and describes an action in a sentence.
import { day as dayInWords, t, tn } from "../../shared/text.js";
import { daysLater, lacking, numberOf } from "../model/rota-week.js";

/** @typedef {import("../model/rota-week.js").RotaWeek} RotaWeek */
/** @typedef {import("../model/rota-week.js").Shift} Shift */

/** This is a cache: a week shows hundreds of names, and a date formatter is slow to create. @type {Map<string, string>} */
const days = new Map();

/** @param {string} day as `2026-11-30` */
export function dayName(day) {
  const known = days.get(day) ?? dayInWords(`${day}T12:00:00`);
  days.set(day, known);
  return known;
}

/** @param {number} index @param {string} day */
export const shortDay = (index, day) => `${t(`board.weekday.${index}.short`)} ${Number(day.slice(-2))}`;

/** @param {Shift} shift */
export const named = ({ day, opens, closes }) =>
  t("board.rota.shift", { day: dayName(day), from: opens, to: closes });

/** @param {string} monday */
export const weekName = (monday) =>
  t("board.rota.which", {
    n: numberOf(monday),
    first: dayName(monday),
    last: dayName(daysLater(monday, 6)),
  });

/** @param {Shift} shift */
export const need = (shift) =>
  lacking(shift) ? tn("board.rota.lacks", lacking(shift)) : t("board.rota.full");

/** Returns a sentence that says what was done, and what the shift needs now. @param {RotaWeek} week */
export function saidOf(week) {
  const { said, monday, done } = week;
  if (done) return tn(`board.rota.${done.action}`, done.n);
  if (!said) return "";
  if (said.what === "week") return weekName(monday);
  const { what, name = "", shift, onto } = said;
  const values = { name, shift: shift ? named(shift) : "", onto: onto ? named(onto) : "" };
  const told = week.shiftOf((onto ?? shift)?.shift ?? "");
  return [
    t(`board.rota.said.${what}`, values),
    told ? `${t("board.rota.said.now", { need: need(told) })}` : "",
  ]
    .filter(Boolean)
    .join(" ");
}
