// One connection of a staff page: who is signed in, this browser's device, and the server's clock. It tells that
// something changed with "change".
import { browser, Socket } from "../shared/socket.js";
import { Device } from "./device.js";

/** @typedef {import("../shared/doors.d.ts").StaffDoor} Door */
/** @typedef {import("../shared/protocol.d.ts").Me} Me */
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
    /** @type {import("../shared/socket.js").Handlers<Door>} */
    const handlers = {
      opening: () => this.opening(),
      opened: (ok) => this.greeted(ok),
      frame: (frame) => this.receive(frame),
      state: (state) => this.connected(state),
      stopped: (why) => this.shut(why),
    };
    /** @type {Socket<Door>} */
    this.#socket = new Socket(around.url, handlers, around.world);
  }

  // What each page does its own way

  /** @returns {Door["opening"]} */
  opening() {
    return { type: "hello", device: this.device?.id ?? null };
  }

  /** The ok of the opening frame. @param {Door["opened"]} _ok */
  greeted(_ok) {}

  /** @param {Door["frame"]} _frame */
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

  /** @type {import("../shared/doors.d.ts").Request<Door>} */
  request = (type, ...fields) => this.#socket.request(type, ...fields);

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
