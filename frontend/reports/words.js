// Names periods in the page's language.
import { month, t } from "../shared/text.js";

/** @param {string} name  as `2026-10` */
export const monthInWords = (name) => month(`${name}-15T12:00:00`);

/** @param {string} name  as `2026-Q3` */
export function quarterInWords(name) {
  const [year, quarter] = name.split("-Q");
  return t("board.figures.quarter", { n: quarter, year });
}
