// What of a conversation stands where: what was said to all, and the notes of the line's staff apart from it.

/** @typedef {import("./conversation.js").Conversation} Conversation */

/** Whether this seat writes and reads notes: a partner's never does. @param {Conversation} conversation */
export const hasNotes = ({ role }) => role === "counsellor" || role === "colleague";

/** @param {Conversation} conversation */
export const notesOf = ({ log, writing }) => ({
  stored: log.lines.filter(({ kind }) => kind === "note"),
  unsent: writing.outbox.unsent.filter(({ kind }) => kind === "note"),
});

/** One line for all that somebody changed of the list in a row. @param {import("./conversation-log.js").LogLine[]} lines */
const withoutRepeats = (lines) =>
  lines.filter(({ kind, by, fault }, index) => {
    const next = lines[index + 1];
    return fault || kind !== "case" || next?.kind !== "case" || next.by !== by;
  });

/** What the conversation itself shows. @param {Conversation} conversation */
export const shown = ({ log, writing }) => ({
  said: withoutRepeats(log.lines.filter(({ kind }) => kind !== "note")),
  unsent: writing.outbox.unsent.filter(({ kind }) => kind !== "note"),
});
