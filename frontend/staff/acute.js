// Decides whether a life may be at stake: the staff flagged the conversation, or the caller said so at the
// start.
import { isPractice } from "./practice-line.js";

const ACUTE = 2;

/**
 * Returns whether an acute conversation should alarm staff. A practice conversation never alarms anybody: no
 * made-up caller should take staff away from their work.
 * @param {{risk: number, urgency: number, line?: string}} about
 */
export const ringsAcute = ({ risk, urgency, line = "" }) =>
  !isPractice(line) && (risk === ACUTE || urgency === ACUTE);
