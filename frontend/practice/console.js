// Adds practice to the console: the button to begin practice, a banner while it lasts, made-up callers, and a
// checklist beside each conversation, for the trainee and for a trainer who watches.
import { t } from "../shared/text.js";
import { isPractice } from "../staff/practice-line.js";
import { html, nothing } from "../vendor/lit.js";
import { offerPractice, practises } from "./console/banner.js";
import { checklist } from "./console/checklist-view.js";
import { Checklists } from "./console/checklists.js";
import { Practised } from "./console/practised.js";
import { Practising } from "./console/practising.js";

/** @param {import("../console/console.js").Console} desk @returns {import("../console/console.js").ConsoleApp} */
export default function practice(desk) {
  const { request, problem, changed, after } = desk;
  const practised = new Practised(globalThis.sessionStorage ?? null);
  const checklists = new Checklists(desk, practised, (line) => practising.on?.line === line);
  /** @type {Practising} */
  const practising = new Practising({
    ...{ request, problem, changed, after, pair: () => desk.device.pair },
    sit: (seat) => desk.sitDown(seat),
    solved: (code) => desk.dismissProblem(code),
    began: () => checklists.ask(),
    ended: () => practised.clear(),
  });
  const unknown = new Set();
  return {
    tools: () => offerPractice(desk, practising),
    banner: () => practises(desk, practising, checklists),
    entered() {
      if (desk.mode !== "console") return;
      practised.of(desk.me?.id ?? "");
      checklists.ask();
      if (desk.takesCallers) practising.look();
    },
    // Whoever is on duty takes callers, also while the practice goes on.
    takeNext: () => (practising.on && desk.duty.state === "off" ? practising.takeNext() : null),
    settles: () => checklists.look(),
    beside: (conversation) =>
      isPractice(conversation.seat.line) ? html`${checklist(practising, checklists, conversation)}` : nothing,
    lineOf: (line) => checklists.lines.get(line)?.practice_for,
    nameOf(line) {
      if (!isPractice(line)) return;
      const name = checklists.lines.get(line)?.name ?? practising.known.get(line)?.name;
      // The line is new: somebody first practised on it after this console was opened.
      if (!name && !unknown.has(line)) checklists.ask();
      unknown.add(line);
      return name ? t("console.practice_line", { line: name }) : t("console.practice_line.some");
    },
  };
}
