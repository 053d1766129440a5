// Shows how long something has lasted. One timer drives all clocks of the page, and changes text without a
// render.
import { stopwatch } from "../../../staff/durations.js";
import { html } from "../../../vendor/lit.js";
import { tone } from "../model/line-figures.js";

/** @typedef {import("../model/live-floor.js").Floor} Floor */

const TICK_MS = 1000;
/** @type {Set<Since>} */
const shown = new Set();
/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;

/** Updates every clock to the floor's time. */
export const tickAll = () => {
  for (const one of shown) one.tick();
};

class Since extends HTMLElement {
  /** @type {Floor | null} */
  floor = null;
  /** Is true if a long time gets a colour, as for a conversation in which nobody writes. */
  tones = false;
  #from = "";
  #ms = 0;
  #tone = "";

  /** Sets the moment from which the clock counts. @param {string} from  ISO 8601 */
  set from(from) {
    if (this.#from === from) return;
    this.#from = from;
    this.#ms = Date.parse(from);
    this.tick();
  }

  connectedCallback() {
    shown.add(this);
    timer ??= setInterval(tickAll, TICK_MS);
    this.tick();
  }

  disconnectedCallback() {
    shown.delete(this);
    if (shown.size) return;
    clearInterval(timer);
    timer = undefined;
  }

  tick() {
    if (!this.floor || !this.isConnected) return;
    const lasts = this.floor.now() - this.#ms;
    const words = stopwatch(lasts);
    const text = this.firstChild;
    // Changing the text node costs less than setting the element's text, which replaces the node.
    if (text instanceof Text) {
      if (text.data !== words) text.data = words;
    } else this.textContent = words;
    const name = this.tones ? tone(lasts) : "";
    if (this.#tone !== name) this.setAttribute("class", name);
    this.#tone = name;
  }
}

customElements.define("hl-since", Since);

/** @param {Floor} floor @param {string} from  ISO 8601 @param {boolean} [tones] */
export const since = (floor, from, tones = false) =>
  html`<hl-since .floor=${floor} .tones=${tones} .from=${from}></hl-since>`;
