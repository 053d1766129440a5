// One connection of a staff page: who is signed in, this browser's device, and the server's clock. It tells that
// something changed with "change".
import { browser, Socket } from "../shared/socket.js";
import { Device } from "./device.js";

/** @typedef {import("../shared/socket.js").Frame} Frame */
/** @typedef {{id: string, alias: string, roles: string[], lines: string[], service: string | null}} Me */
/**
 * @typedef {object} Around
 * @property {string} url
 * @property {import("../shared/socket.js").World} [world]  what a test replaces of the browser
 */
/**
 * @typedef {object} Own
 * @property {Pick<Storage, "getItem" | "setItem">} memory  of this browser
 * @property {string} label  of this browser
 * @property {import("./device.js").Keys} [keys]
 */

export class Station extends EventTarget {
  /** @type {import("../shared/socket.js").State} */
  connection = "connecting";
  /** Why it will not come back by itself: a close code or an error code. */
  stopped = "";
  /** @type {Me | null} */
  me = null;
  /** @type {Device | null} none at a guest's desk */
  device = null;
  after;
  #socket;
  #clock;
  #skew = 0;

  /** @param {Around} around */
  constructor(around) {
    super();
    this.after = around.world?.after ?? browser.after;
    this.#clock = around.world?.now ?? browser.now;
    const handlers = {
      opening: () => this.opening(),
      opened: (/** @type {Frame} */ ok) => this.greeted(/** @type {any} */ (ok)),
      frame: (/** @type {Frame} */ frame) => this.receive(frame),
      state: (/** @type {import("../shared/socket.js").State} */ state) => this.connected(state),
      stopped: (/** @type {import("../shared/socket.js").Stop} */ why) => this.shut(why),
    };
    this.#socket = new Socket(around.url, handlers, around.world);
  }

  // What each page does its own way

  /** @returns {Frame} */
  opening() {
    return { type: "hello", device: this.device?.id ?? null };
  }

  /** The ok of the opening frame. @param {any} _ok */
  greeted(_ok) {}

  /** @param {Frame} _frame */
  receive(_frame) {}

  /** @param {import("../shared/socket.js").State} state */
  connected(state) {
    this.connection = state;
    this.changed();
  }

  /** @param {import("../shared/socket.js").Stop} why */
  shut({ code, error }) {
    this.stopped = error ? error.code : String(code);
    this.changed();
  }

  // What all of them do

  /** This browser's device, before it is known to anybody. @param {Own} own */
  makeDevice({ memory, label, keys }) {
    return new Device({ request: this.request, changed: this.changed, memory, label, keys });
  }

  connect() {
    this.stopped = "";
    this.#socket.start();
  }

  disconnect() {
    this.#socket.stop();
  }

  /** The page is shown again, or the network is back. */
  wake() {
    this.#socket.wake();
  }

  /** @param {string} type @param {object} [fields] */
  request = (type, fields = {}) => this.#socket.request(type, fields);

  changed = () => {
    this.dispatchEvent(new Event("change"));
  };

  /** The server's clock in milliseconds, as far as its frames tell. */
  now = () => this.#clock() + this.#skew;

  /** @param {string} at  on the server's clock, now */
  setClock = (at) => {
    this.#skew = Date.parse(at) - this.#clock() || 0;
  };
}
