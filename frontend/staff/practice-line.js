// Which lines are for practice.

/** With made-up callers: it counts nowhere, and nobody is called in haste. @param {string} line */
export const isPractice = (line) => line.startsWith("practice-");
