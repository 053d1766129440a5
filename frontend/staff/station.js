// Models the connection of a staff page: the person who is signed in, this browser's device, and the server's
// clock. Until the device is authenticated it sends only the requests that are needed for that. It fires "change" when something
// changes.
import { browser, CLOSED, Dropped, Socket } from "../shared/socket.js";
import { Device } from "./device.js";

/** @typedef {import("../shared/wire.d.ts").StaffWire} Wire */
/** @typedef {import("../shared/protocol.d.ts").HelloOk} HelloOk */
/** @typedef {import("../shared/protocol.d.ts").Me} Me */
/**
 * @typedef {object} Around
 * @property {string} url
 * @property {() => Promise<boolean>} [signedOut]  asked after a connection was lost, because a refused handshake gives no reason
 * @property {import("../shared/socket.js").World} [world]  the browser's functions, which a test can replace
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
  /** Holds the reason why the page does not reconnect: a close code or an error code. */
  stopped = "";
  /** @type {Me | null} */
  me = null;
  /** @type {Device | null} none at a guest's desk */
  device = null;
  /** Is true if this connection may send every request: the device was authenticated, or does not have to be. */
  proven = false;
  /** Counts the connections. Anything that was begun on an earlier connection is ignored. */
  turn = 0;
  after;
  #socket;
  #clock;
  #signedOut;
  #skew = 0;

  /** @param {Around} around */
  constructor(around) {
    super();
    this.after = around.world?.after ?? browser.after;
    this.#signedOut = around.signedOut;
    this.#clock = around.world?.now ?? browser.now;
    /** @type {import("../shared/socket.js").Handlers<Wire>} */
    const handlers = {
      opening: () => this.opening(),
      opened: (ok) => this.greeted(ok),
      frame: (frame) => this.receive(frame),
      beatRefused: (code) => this.beatRefused(code),
      state: (state) => this.connected(state),
      stopped: (why) => this.shut(why),
    };
    /** @type {Socket<Wire>} */
    this.#socket = new Socket(around.url, handlers, around.world);
  }

  // What each page overrides

  /** @returns {Wire["opening"]} */
  opening() {
    return { type: "hello", device: this.device?.id ?? null };
  }

  /** Handles the reply to the opening frame. @param {Wire["opened"]} _ok */
  greeted(_ok) {}

  /** Handles the data that the server sends to an approved device after it is authenticated. @param {HelloOk} _ok */
  entered(_ok) {}

  /** Clears the screen: the person in front of it may not be the one who signed in. */
  clear() {}

  /** @param {Wire["frame"]} _frame */
  receive(_frame) {}

  /** Handles a beat that the server refused, so what it sends may be late. @param {string} _code */
  beatRefused(_code) {}

  /** @param {import("../shared/socket.js").State} state */
  connected(state) {
    this.connection = state;
    if (state !== "open") {
      this.proven = false;
      this.turn++;
    }
    if (state === "waiting") void this.#lookWhetherSignedOut();
    this.changed();
  }

  async #lookWhetherSignedOut() {
    if (!(await this.#signedOut?.()) || ["open", "stopped"].includes(this.connection)) return;
    this.disconnect();
    this.shut({ code: CLOSED.withdrawn, error: null });
  }

  /** @param {import("../shared/socket.js").Stop} why */
  shut({ code, error }) {
    this.stopped = error ? error.code : String(code);
    this.changed();
  }

  // What all pages share

  /** Makes this browser's device, before the server knows it. @param {Own} own */
  makeDevice({ memory, label, keys }) {
    const { request, changed, again, after } = this;
    return new Device({
      ...{ request, changed, again, after, memory, label, keys },
      turn: () => this.turn,
      withdrawn: () => this.clear(),
      proven: (ok) => {
        this.proven = true;
        this.entered(ok);
        this.changed();
      },
    });
  }

  /** Handles the reply to `hello`. The screen stays as it is until the proof, unless another person signed in. @param {HelloOk} hello */
  async meet({ me, device, prove, at }) {
    this.setClock(at);
    if (this.me && this.me.id !== me.id) this.clear();
    this.me = me;
    this.changed();
    await this.device?.greet(me.id, device && prove ? { id: device.id, box: prove } : null);
  }

  connect() {
    this.stopped = "";
    this.#socket.start();
  }

  disconnect() {
    this.#socket.stop();
  }

  /** Reconnects at once. */
  again = () => {
    this.disconnect();
    this.connect();
  };

  /** Call it when the page is shown again, or the network is back. */
  wake() {
    this.#socket.wake();
  }

  /** Call it when the browser says that there is no network: what is on the screen is outdated from then on. */
  lose() {
    this.#socket.lose();
  }

  /** @type {import("../shared/wire.d.ts").Request<Wire>} @throws {import("../shared/socket.js").ErrorReply | Dropped} */
  request = (type, ...fields) =>
    this.proven || needsNoProof(type, fields[0])
      ? this.#socket.request(type, ...fields)
      : Promise.reject(new Dropped("not proven"));

  changed = () => {
    this.dispatchEvent(new Event("change"));
  };

  /** Returns the server's time in milliseconds, calculated from its frames. */
  now = () => this.#clock() + this.#skew;

  /** @param {string} at  the server's current time */
  setClock = (at) => {
    this.#skew = Date.parse(at) - this.#clock() || 0;
  };
}

/** Returns whether a request is allowed without a proof. Going off duty always is. @param {string} type @param {object} [fields] */
const needsNoProof = (type, fields = {}) =>
  type === "enrol" || type === "prove" || (type === "duty" && "state" in fields && fields.state === "off");
