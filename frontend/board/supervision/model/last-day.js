// Says in sentences what happened on a line in the last day.
import { t, tn } from "../../../shared/text.js";
import { shortly } from "../../../staff/durations.js";
import { when } from "../../words.js";

/** @typedef {import("../../../shared/protocol.d.ts").LastDayLine} LastDayLine */

/** Returns what happened, in sentences. A count of zero is left out, except the number of callers who came. @param {LastDayLine} day */
export function factsOf({ came, acute, answered, gave_up, refused, missed, longest, alone }) {
  const said = [tn("board.last_day.came", came)];
  if (acute) said.push(tn("board.last_day.acute", acute));
  if (came) said.push(tn("board.last_day.answered", answered));
  if (gave_up) said.push(tn("board.last_day.gave_up", gave_up));
  if (refused) said.push(tn("board.last_day.refused", refused));
  if (missed) said.push(tn("board.last_day.missed", missed));
  if (longest) said.push(t("board.last_day.longest", { time: shortly("board.lasting", longest * 1000) }));
  if (alone) said.push(t("board.last_day.alone", { time: shortly("board.lasting", alone * 1000) }));
  return said;
}

/** Returns a sentence with the time of each event in which something went wrong for an acute caller, the newest first. @param {Pick<LastDayLine, "grave">} day */
export const graveOf = ({ grave }) =>
  grave.map(({ kind, at }) => t(`board.last_day.grave.${kind}`, { when: when(at) }));
