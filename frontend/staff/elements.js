// Defines the base classes of all elements on a staff page. They use light DOM, and update when the model
// changes or each second.
import { LitElement } from "../vendor/lit.js";

/** @typedef {import("./station.js").Station} Station */

const TICK_MS = 1000;

/** Initialises a property that the parent sets before anything reads it. */
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

  // With light DOM the page has one set of style sheets, and keyboard and screen readers see one document.
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
 * Updates each second, because it shows how long something lasts.
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
