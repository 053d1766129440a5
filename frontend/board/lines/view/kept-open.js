// Says which open conversations and letters keep a line from ending, and what to do first.
import { t, tn } from "../../../shared/text.js";

/** @param {["waiting" | "talking" | "letters", number][]} inside */
export function keptOpen(inside) {
  const what = inside.map(([name, n]) => tn(`board.line_end.inside.${name}`, n)).join(", ");
  return t("board.line_end.inside", { what });
}
