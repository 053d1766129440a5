// Shows a line's figures: six large ones, to be read from a distance, and small ones for a closer look.
import { t, tn } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";
import { when } from "../../words.js";
import { isPressed, occupancy, share, within } from "../model/line-figures.js";
import { since } from "./since-clock.js";

/** @typedef {import("../model/live-floor.js").BoardLine} BoardLine */
/** @typedef {Pick<import("../model/live-floor.js").FloorLine, "ringing" | "flagged" | "inside" | "foretold"> & {alerts?: string[], minutes?: [number, number] | null}} Known */

/** @param {BoardLine} sums @param {Known | undefined} known @param {import("../model/live-floor.js").Floor} floor */
export const large = (sums, known, floor) => html`
  <dl class="tiles">
    ${tiles(sums, (time) => since(floor, time)).map(({ name, value, aside }) => {
      const alert = isAlerted(name, known?.alerts);
      return html`<div class=${alert ? "tile alert" : "tile"} data-figure=${name}>
        <dt>${t(`board.figure.${name}`)}</dt>
        <dd><b class="num">${value}</b> <span>${aside}</span>
          ${alert ? html`<span class="unseen">${t("board.alert")}</span>` : nothing}</dd>
      </div>`;
    })}
  </dl>`;

/** @param {BoardLine} sums @param {Known} [known] */
export const small = (sums, known) => html`
  <dl class="facts-row">
    ${facts(sums, known).map(
      ({ name, value, tone }) => html`<div data-figure=${name} class=${tone ?? ""}>
        <dt>${t(`board.figure.${name}`)}</dt><dd class="num">${value}</dd>
      </div>`,
    )}
  </dl>
  ${isPressed(sums.pressure) ? pressed(sums.pressure) : nothing}
  ${sums.letters.new + sums.letters.taken + sums.letters_answered ? letters(sums) : nothing}`;

const EXPLAINED = "waiting longest within abandoned on load free shown inside overdue".split(" ");

/** Explains the figures, one time for all lines. The explanation is folded, because most readers know it. */
export const meanings = () => html`<details class="meanings">
  <summary>${t("board.means")}</summary>
  <dl>
    ${EXPLAINED.map((name) => html`<div><dt>${t(`board.figure.${name}`)}</dt><dd>${t(`board.means.${name}`)}</dd></div>`)}
  </dl>
</details>`;

/** Shows how much work an arriving caller's browser has to do now, and how often that was needed today. @param {import("../model/line-figures.js").Pressure} pressure */
const pressed = ({ level, ...counts }) => html`<p class="pressure" data-figure="pressure">
  <b class="pressure-level ${["", "amber", "amber", "red"][level]}">${t(`board.pressure.${level}`)}</b>
  <span class="num">${t("board.pressure.today", counts)}</span>
</p>`;

/** Shows the letters that are open, and those answered today. @param {BoardLine} sums */
const letters = ({ letters: shelf, letters_answered: answered, letters_in_time: in_time }) => {
  const { new: fresh, acute, taken, overdue, due } = shelf;
  return html`<p class="pressure" data-figure="letters">
    <b class="pressure-level ${overdue ? "red" : acute ? "amber" : ""}">${t("board.letters")}</b>
    <span class="num">${t("board.letters.sums", { new: fresh, acute, taken, overdue })}${due ? ` · ${t("board.letters.due", { when: when(due) })}` : nothing}${answered ? ` · ${t("board.letters.today", { answered, in_time })}` : nothing}</span>
  </p>`;
};

/** Maps a figure to the alerts that are about it. @type {Record<string, string[]>} */
const ALERTS = { waiting: ["waiting", "urgent"], longest: ["wait"], on: ["nobody"] };

/** @param {string} figure @param {string[]} [alerts] */
export const isAlerted = (figure, alerts = []) =>
  alerts.some((code) => (ALERTS[figure] ?? []).includes(code));

/** @param {number | null} share */
const percent = (share) => (share === null ? "–" : `${share} %`);

/** Shows how many waiting callers are acute, how many are away, and how many are both. @param {BoardLine} sums */
function acuteAndAway({ away, urgent, urgent_away: gone }) {
  const acute = (/** @type {number} */ n) => (n ? t("board.figure.urgent", { n }) : "");
  const left = away ? [t("board.figure.away", { n: away }), acute(gone)].filter(Boolean).join(", ") : "";
  return [acute(urgent - gone), left].filter(Boolean).join(" · ");
}

/** @param {BoardLine} sums @param {(time: string) => unknown} since  renders the time that has passed since a moment @returns {{name: string, value: any, aside?: unknown}[]} */
export function tiles(sums, since) {
  const { waiting, away, oldest, oldest_here, answered, abandoned, on, active } = sums;
  return [
    {
      name: "waiting",
      value: waiting - away,
      aside: acuteAndAway(sums),
    },
    {
      name: "longest",
      value: oldest_here ? since(oldest_here) : "–",
      aside:
        oldest && oldest !== oldest_here
          ? html`${t("board.figure.away_since", { time: "" })}${since(oldest)}`
          : "",
    },
    { name: "within", value: percent(within(sums)), aside: t("board.figure.of", { n: answered }) },
    { name: "abandoned", value: abandoned },
    {
      name: "on",
      value: on,
      aside: sums.break ? t("board.figure.break", { n: sums.break }) : "",
    },
    {
      name: "load",
      value: percent(occupancy(sums)),
      aside: tn("board.talks", active),
    },
  ];
}

/** @param {BoardLine} sums @param {Known} [known] @returns {{name: string, value: string | number, tone?: string}[]} */
function facts({ free, slots, overdue }, known) {
  const { ringing = 0, flagged = 0, inside = 0, foretold = 0, minutes } = known ?? {};
  const right = share(inside, foretold);
  return [
    { name: "free", value: t("board.figure.part", { part: free, whole: slots }) },
    { name: "flagged", value: flagged, tone: flagged ? "amber" : "" },
    { name: "ringing", value: ringing, tone: ringing ? "amber" : "" },
    ...(minutes === undefined ? [] : [{ name: "shown", value: rangeInWords(minutes) }]),
    { name: "inside", value: right === null ? "–" : t("board.figure.share", { share: right, n: foretold }) },
    { name: "overdue", value: overdue, tone: overdue ? "red" : "" },
  ];
}

/** @param {[number, number] | null} minutes */
export const rangeInWords = (minutes) =>
  minutes ? t("board.minutes", { low: minutes[0], high: minutes[1] }) : "–";
