// Decides whether a life may be at stake: the line's staff flagged it, or the caller said so at the start.
import { isPractice } from "./practice-line.js";

const ACUTE = 2;

/**
 * Returns whether an acute conversation should alarm staff. A practice conversation never does: nobody should
 * drop their work for a made-up caller.
 * @param {{risk: number, urgency: number, line?: string}} about
 */
export const ringsAcute = ({ risk, urgency, line = "" }) =>
  !isPractice(line) && (risk === ACUTE || urgency === ACUTE);
