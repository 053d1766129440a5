// Whether a life may be at stake: the line's staff flagged it, or the caller said so at the start.

const ACUTE = 2;

/** @param {{risk: number, urgency: number}} about */
export const ringsAcute = ({ risk, urgency }) => risk === ACUTE || urgency === ACUTE;
