/** Returns whether the line is a practice line: its callers are made up, do not count in the figures, and raise no alerts. @param {string} line */
export const isPractice = (line) => line.startsWith("practice-");
