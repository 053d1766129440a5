// What all parts of a staff page share: light DOM, and a new look whenever the model, or the clock, has moved.
import { LitElement } from "../vendor/lit.js";

/** @typedef {import("./station.js").Station} Station */

const TICK_MS = 1000;

/** A property that is set by whoever renders the element, before anything reads it. */
export const given = /** @type {never} */ (/** @type {unknown} */ (null));

/** @template {Station} [Own=Station] */
export class Watching extends LitElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { station: { attribute: false } };
  #look = () => this.requestUpdate();

  constructor() {
    super();
    /** @type {Own} */
    this.station = given;
  }

  // Light DOM: one set of style sheets for the page, and the keyboard and screen readers see one document.
  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.station.addEventListener("change", this.#look);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.station.removeEventListener("change", this.#look);
  }
}

/**
 * Looks again each second: it shows how long something lasts.
 * @template {Station} [Own=Station]
 * @extends {Watching<Own>}
 */
export class Ticking extends Watching {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  connectedCallback() {
    super.connectedCallback();
    this.#timer = setInterval(() => this.requestUpdate(), TICK_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }
}
