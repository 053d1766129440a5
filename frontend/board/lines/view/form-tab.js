// A tab with a form for the chosen line. What was changed in it survives a look at another tab or line.
import { Watching } from "../../../staff/elements.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {{load: () => Promise<void>}} Form */

/** One form for each line of a board, or for what else has forms. @template {Form} Own @param {(board: Board) => Own} make @param {(board: Board) => string} [keyOf] @returns {(board: Board) => Own} */
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
 * Asks anew whenever its form comes into sight.
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
