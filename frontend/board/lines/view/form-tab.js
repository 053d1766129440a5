// Provides a tab with a form for the chosen line.
import { Watching } from "../../../staff/elements.js";

/** @typedef {import("../../board.js").Board} Board */
/** @typedef {import("../model/kept-forms.js").Form} Form */

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
