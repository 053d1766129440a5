// Provides a tab with a form for the chosen line. Changes in the form are kept while somebody visits another tab or line.
import { Watching } from "../../../staff/elements.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {{load: () => Promise<void>}} Form */

/** Returns a function that keeps one form for each line of a board, or for each key that `keyOf` returns. @template {Form} Own @param {(board: Board) => Own} make @param {(board: Board) => string} [keyOf] @returns {(board: Board) => Own} */
export function kept(make, keyOf = ({ chosen }) => chosen) {
  /** @type {WeakMap<Board, Map<string, Own>>} */
  const forms = new WeakMap();
  return (board) => {
    const own = forms.get(board) ?? new Map();
    const form = own.get(keyOf(board)) ?? make(board);
    forms.set(board, own.set(keyOf(board), form));
    return form;
  };
}

/**
 * Loads its form again whenever the form is shown.
 * @template {Form} Own
 * @extends {Watching<Board>}
 */
export class FormTab extends Watching {
  /** @type {Own | null} */
  #shown = null;
  #formOf;

  /** @param {(board: Board) => Own} formOf */
  constructor(formOf) {
    super();
    this.#formOf = formOf;
  }

  get form() {
    return this.#formOf(this.station);
  }

  willUpdate() {
    const { form } = this;
    if (form !== this.#shown) form.load();
    this.#shown = form;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#shown = null;
  }
}
