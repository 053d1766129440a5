// What all parts of the screen share: light DOM, and a new look whenever the model or the clock has moved.
import { LitElement } from "../vendor/lit.js";

/** @typedef {import("./desk.js").Station} Station */

export class Watching extends LitElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { desk: { attribute: false } };
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;
  #look = () => this.requestUpdate();

  constructor() {
    super();
    /** @type {Station} set by whoever renders it */
    this.desk = /** @type {any} */ (null);
  }

  // Light DOM: one style sheet for the page, and the keyboard and screen readers see one document.
  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.desk.addEventListener("change", this.#look);
    this.#ticking = setInterval(this.#look, 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.desk.removeEventListener("change", this.#look);
    clearInterval(this.#ticking);
  }
}
