/** Returns whether the line is a practice line: its callers are made up, they are not counted, and they alarm nobody. @param {string} line */
export const isPractice = (line) => line.startsWith("practice-");
