// One connection of the supervisors' page: who is signed in, this browser's device, and what went wrong with a deed.

import { Refused } from "../shared/sealing.js";
import { ErrorReply, Socket } from "../shared/socket.js";
import { Device } from "../staff/device.js";

/** @typedef {import("../shared/socket.js").Frame} Frame */
/**
 * @typedef {object} Around
 * @property {string} url
 * @property {Pick<Storage, "getItem" | "setItem">} memory  of this browser
 * @property {string} label  of this browser
 * @property {import("../staff/device.js").Keys} [keys]
 * @property {import("../shared/socket.js").World} [world]  what a test replaces of the browser
 */

export class Station extends EventTarget {
  /** @type {import("../shared/socket.js").State} */
  connection = "connecting";
  /** Why it will not come back by itself: a close code or an error code. */
  stopped = "";
  /** @type {{id: string, alias: string, roles: string[], lines: string[]} | null} */
  me = null;
  /** What went wrong with the last deed. */
  problem = "";
  busy = false;
  #socket;

  /** @param {Around} around */
  constructor(around) {
    super();
    this.device = new Device({
      request: this.request,
      changed: this.changed,
      memory: around.memory,
      keys: around.keys,
      label: around.label,
    });
    this.#socket = new Socket(
      around.url,
      {
        opening: () => ({ type: "hello", device: this.device.id }),
        opened: (ok) => this.greeted(/** @type {any} */ (ok)),
        frame: (frame) => this.hear(frame),
        state: (state) => this.#connected(state),
        stopped: ({ code, error }) => this.shut(error ? error.code : String(code)),
      },
      around.world,
    );
  }

  async start() {
    await this.device.prepare();
    this.#socket.start();
  }

  wake() {
    this.#socket.wake();
  }

  changed = () => this.dispatchEvent(new Event("change"));

  /** @param {string} type @param {object} [fields] */
  request = (type, fields = {}) => this.#socket.request(type, fields);

  /** Why this browser cannot act now, or "". */
  get hindrance() {
    if (this.connection !== "open") return "offline";
    return this.device.state === "approved" ? "" : `device_${this.device.state}`;
  }

  /** @param {any} ok  of `hello` */
  async greeted({ me, device }) {
    this.me = me;
    await this.device.greet(me.id, device);
    if (this.device.state === "missing") await this.device.make();
  }

  /** @param {Frame} frame */
  hear(frame) {
    if (frame.type === "device") this.device.hear(frame);
  }

  /** @param {string} why */
  shut(why) {
    this.stopped = why;
    this.changed();
  }

  /** One deed at a time. @param {() => Promise<unknown>} deed @param {Record<string, string>} [own]  codes that mean something else here */
  act = async (deed, own = {}) => {
    if (this.busy) return false;
    Object.assign(this, { busy: true, problem: "" });
    this.changed();
    try {
      await deed();
    } catch (error) {
      if (error instanceof Refused) this.fail("unverified");
      else if (error instanceof ErrorReply) this.fail(own[error.code] ?? error.code);
      else this.fail("dropped");
    } finally {
      this.busy = false;
      this.changed();
    }
    return this.problem === "";
  };

  /** @param {string} problem */
  fail(problem) {
    this.problem = problem;
    this.changed();
  }

  /** @param {import("../shared/socket.js").State} state */
  #connected(state) {
    this.connection = state;
    this.changed();
  }
}
