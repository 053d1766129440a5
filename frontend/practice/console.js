// What practice adds to the console: where it begins, what stands above everything while it lasts, and its own callers.
import { t } from "../shared/text.js";
import { offerPractice, practises } from "./console/banner.js";
import { Practising } from "./console/practising.js";

/** @param {import("../console/console.js").Console} desk @returns {import("../console/console.js").ConsoleApp} */
export default function practice(desk) {
  const { request, problem, changed } = desk;
  const practising = new Practising({
    ...{ request, problem, changed, pair: () => desk.device.pair },
    sit: (seat) => desk.sitDown(seat),
    solved: (code) => desk.dismissProblem(code),
  });
  const here = (/** @type {string} */ line) => practising.known.get(line) ?? null;
  return {
    tools: () => offerPractice(desk, practising),
    banner: () => practises(practising),
    entered: () => (desk.takesCallers ? practising.look() : undefined),
    takeNext: () => (practising.on ? practising.takeNext() : null),
    lineOf: (line) => here(line)?.practice_for,
    nameOf(line) {
      const on = here(line);
      return on ? t("console.practice_line", { line: on.name }) : undefined;
    },
  };
}
