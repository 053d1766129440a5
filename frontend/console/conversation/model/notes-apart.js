// Separates the messages for everybody from the notes of the line's staff.

/** @typedef {import("./conversation.js").Conversation} Conversation */

/** Returns whether this seat writes and reads notes. A partner's seat never does. @param {Conversation} conversation */
export const hasNotes = ({ role }) => role === "counsellor" || role === "colleague";

/** @param {Conversation} conversation */
export const notesOf = ({ log, writing }) => ({
  stored: log.lines.filter(({ kind }) => kind === "note"),
  unsent: writing.outbox.unsent.filter(({ kind }) => kind === "note"),
});

/** Reduces successive changes of the removal case by the same person to one line. @param {import("./conversation-log.js").LogLine[]} lines */
const withoutRepeats = (lines) =>
  lines.filter(({ kind, by, fault }, index) => {
    const next = lines[index + 1];
    return fault || kind !== "case" || next?.kind !== "case" || next.by !== by;
  });

/** Returns the lines that the conversation itself shows: all except notes. @param {Conversation} conversation */
export const shown = ({ log, writing }) => ({
  said: withoutRepeats(log.lines.filter(({ kind }) => kind !== "note")),
  unsent: writing.outbox.unsent.filter(({ kind }) => kind !== "note"),
});
