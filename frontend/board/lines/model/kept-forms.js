// Keeps the forms of a board while somebody visits another tab or line, and finds out whether any form has unsaved changes.

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {{load: () => Promise<void>, loaded?: boolean, dirty?: boolean}} Form  dirty: has changes that are not saved */

/** Holds one function for each kind of form; it returns a board's forms of that kind. @type {((board: Board) => Form[])[]} */
const kinds = [];

/** Returns a function that keeps one form for each line of a board, or for each key that `keyOf` returns. @template {Form} Own @param {(board: Board) => Own} make @param {(board: Board) => string} [keyOf] @returns {(board: Board) => Own} */
export function kept(make, keyOf = ({ chosen }) => chosen) {
  /** @type {WeakMap<Board, Map<string, Own>>} */
  const forms = new WeakMap();
  kinds.push((board) => [...(forms.get(board)?.values() ?? [])]);
  return (board) => {
    const own = forms.get(board) ?? new Map();
    const form = own.get(keyOf(board)) ?? make(board);
    forms.set(board, own.set(keyOf(board), form));
    return form;
  };
}

/** Returns whether leaving the page would lose what was typed into a form. @param {Board} board */
export const wouldLose = (board) =>
  board.directory.hasUnsaved ||
  kinds.some((formsOf) => formsOf(board).some((form) => form.loaded !== false && form.dirty));
