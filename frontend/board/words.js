// Names codes, people and times in the page's language.
import { dayAndClock, t } from "../shared/text.js";
import { problemIn, textOf } from "../staff/problems.js";

/** @param {string} code */
export const problemInWords = (code) => problemIn("board.problem", code);

/** @param {string | null} iso */
export const when = (iso) => (iso ? dayAndClock(iso) : "–");

/** Returns a date with its year, because it may be more than a year away. @param {string | null} iso */
export const dayAndYear = (iso) =>
  iso ? new Date(iso).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" }) : "–";

/** Returns a length of time in everyday words. @param {number} hours */
export function lasting(hours) {
  const whole = Math.round(hours);
  if (whole >= 48 && whole % 24 === 0) return t("board.days", { n: whole / 24 });
  return whole === 1 ? t("board.hour") : t("board.hours", { n: whole });
}

/** @param {readonly string[]} roles */
export const rolesInWords = (roles) => [...new Set(roles)].map((role) => t(`board.role.${role}`)).join(", ");

/** Describes an entry of the audit trail. Codes are translated one by one; other words, such as numbers and lines, stay. @param {import("./board.js").TrailRow} row */
export function deedInWords({ action, about, detail }) {
  const codes = detail
    .split(" ")
    .map((code) => textOf(`board.${action === "acute_step" ? "step" : "code"}.${code}`) ?? code);
  const said = [about, codes.join(" ")].filter(Boolean).join(", ");
  return said ? `${t(`board.trail.${action}`)}: ${said}` : t(`board.trail.${action}`);
}
