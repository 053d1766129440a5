// What all parts of the page share: light DOM, and a new look whenever the model has changed.
import { LitElement } from "../vendor/lit.js";

/** @typedef {import("./board.js").Board} Board */

export class Looking extends LitElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { board: { attribute: false } };
  #look = () => this.requestUpdate();

  constructor() {
    super();
    /** @type {Board} set by whoever renders it */
    this.board = /** @type {any} */ (null);
  }

  // Light DOM: one style sheet for the page, and the keyboard and screen readers see one document.
  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.board.addEventListener("change", this.#look);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.board.removeEventListener("change", this.#look);
  }
}

const TICK_MS = 1000;

/** Looks again each second: it shows how long something lasts. */
export class Ticking extends Looking {
  #timer = 0;

  connectedCallback() {
    super.connectedCallback();
    this.#timer = window.setInterval(() => this.requestUpdate(), TICK_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }
}
