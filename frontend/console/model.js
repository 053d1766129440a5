// The console without a page: one connection, this browser's device, duty, the queue, and the conversations.
// It tells that something changed with "change", and that something was said in the background with "heard".
import { ErrorReply, Socket } from "../shared/socket.js";
import { Conversation } from "./conversation.js";
import { Device } from "./device.js";
import { sweep } from "./kept.js";
import { afterTimeout } from "./time.js";

/** @typedef {import("../shared/socket.js").Frame} Frame */
/** @typedef {import("../shared/socket.js").World} World */
/** @typedef {import("./conversation.js").Seat} Seat */
/** @typedef {{id: string, alias: string, roles: string[], lines: string[], service: string | null}} Me */
/** @typedef {{state: "on" | "break" | "off", slots: number}} Duty */
/** @typedef {{line: string, waiting: number, oldest: string | null, urgent: number}} Queue */
/** @typedef {{line: string, name: string, open: boolean}} LineState */
/** @typedef {{service: string, name: string, desk: boolean, open: boolean | null}} Service */
/** @typedef {Seat & {state: string, seq: number, epoch: number}} Held */
/** @typedef {{me: Me, device: {id: string, state: string} | null, duty: Duty, lines: LineState[], queue: Queue[], services: Service[], conversations: Held[]}} Hello */
/**
 * @typedef {object} Around
 * @property {string} url
 * @property {World} [world]  what a test replaces of the browser
 * @property {import("./device.js").Keys} [keys]
 * @property {Pick<Storage, "getItem" | "setItem">} memory  of this browser
 * @property {import("./kept.js").Store} store  of this tab
 * @property {string} label  of this browser
 */

const [MOST_SLOTS, WITHDRAWN] = [4, 4403];

export class Console extends EventTarget {
  /** @type {import("../shared/socket.js").State} */
  connection = "connecting";
  /** Why it will not come back by itself: a close code or an error code. */
  stopped = "";
  restarting = false;
  /** @type {Me | null} */
  me = null;
  /** @type {Duty} */
  duty = { state: "off", slots: 0 };
  /** @type {LineState[]} */
  lines = [];
  /** @type {Map<string, Queue>} */
  queues = new Map();
  /** @type {Service[]} */
  services = [];
  /** @type {Map<string, Conversation>} */
  conversations = new Map();
  selected = "";
  taking = false;
  /** Somebody looks at this page now. */
  attended = false;
  /** Own conversations that this browser has no key for. */
  elsewhere = 0;
  /** @type {string[]} codes of what went wrong, until somebody has read them */
  problems = [];
  #around;
  #socket;
  #skew = 0;
  #after;
  #clock;

  /** @param {Around} around */
  constructor(around) {
    super();
    this.#around = around;
    this.#after = around.world?.after ?? afterTimeout;
    this.#clock = around.world?.now ?? Date.now;
    const handlers = {
      opening: () => ({ type: "hello", device: this.device.id }),
      opened: (/** @type {Frame} */ ok) => this.#greeted(/** @type {any} */ (ok)),
      frame: (/** @type {Frame} */ frame) => this.#receive(frame),
      state: (/** @type {import("../shared/socket.js").State} */ state) => this.#connected(state),
      stopped: (/** @type {import("../shared/socket.js").Stop} */ why) => this.#stop(why),
    };
    this.#socket = new Socket(around.url, handlers, around.world);
    this.device = new Device({
      request: (type, fields) => this.#socket.request(type, fields),
      changed: this.changed,
      memory: around.memory,
      keys: around.keys,
      label: around.label,
    });
  }

  async start() {
    await this.device.prepare();
    this.#socket.start();
  }

  /** The page is shown again, or the network is back. */
  wake() {
    this.#socket.wake();
  }

  changed = () => {
    // Who left on purpose needs no word about it.
    for (const { id, emptied } of this.conversations.values()) if (emptied === "left") this.#putAway(id);
    if (this.attended) this.current?.see();
    this.dispatchEvent(new Event("change"));
  };

  /** The server's clock in milliseconds, as far as its beats tell. */
  now = () => this.#clock() + this.#skew;

  /** @param {string} code */
  problem = (code) => {
    if (!this.problems.includes(code)) this.problems = [...this.problems, code];
    this.changed();
  };

  /** @param {string} code */
  dismissProblem(code) {
    this.problems = this.problems.filter((other) => other !== code);
    this.changed();
  }

  // The connection

  /** @param {Hello} hello */
  async #greeted(hello) {
    this.#takeOver(hello);
    this.changed();
    await this.device.greet(hello.me.id, hello.device);
    const held = new Set(hello.conversations.map(({ conversation }) => conversation));
    sweep(this.#around.store, held);
    for (const [id, conversation] of this.conversations) if (!held.has(id)) conversation.empty("lost");
    const fresh = hello.conversations.find(({ conversation: id }) => !this.conversations.has(id));
    this.#sitDown(hello.conversations);
    if (fresh && !this.selected) this.select(fresh.conversation);
    this.changed();
  }

  /** @param {Hello} hello */
  #takeOver({ me, duty, lines, queue, services, conversations }) {
    if (this.duty.state !== "off" && duty.state === "off") this.problem("duty_lapsed");
    Object.assign(this, { me, duty, lines, services, restarting: false });
    this.queues = new Map(queue.map((one) => [one.line, one]));
    this.elsewhere = conversations.length;
  }

  /** @param {Seat[]} seats  where this person sits */
  #sitDown(seats) {
    const { pair } = this.device;
    if (!pair) return;
    this.elsewhere = 0;
    for (const seat of seats) {
      const { conversation: id } = seat;
      // Who comes back has a new seat: nothing of the old one stays.
      if (this.conversations.get(id)?.seat.member !== seat.member)
        this.conversations.set(id, new Conversation(seat, pair, this.#desk()));
      this.conversations.get(id)?.open();
    }
  }

  /** @returns {import("./conversation.js").Desk} */
  #desk() {
    return {
      request: (type, fields) => this.#socket.request(type, fields),
      changed: this.changed,
      heard: (conversation) => this.dispatchEvent(new CustomEvent("heard", { detail: conversation })),
      problem: this.problem,
      now: this.now,
      after: this.#after,
      store: this.#around.store,
    };
  }

  /** @param {import("../shared/socket.js").State} state */
  #connected(state) {
    this.connection = state;
    if (state !== "open") for (const conversation of this.conversations.values()) conversation.offline();
    this.changed();
  }

  /** @param {import("../shared/socket.js").Stop} why */
  #stop({ code, error }) {
    this.stopped = error ? error.code : String(code);
    if (code === WITHDRAWN) this.#clear();
    this.changed();
  }

  /** Whoever stands at the screen now may not be who signed in. What this tab kept stays: it is sealed. */
  #clear() {
    for (const { closing } of this.conversations.values()) closing.undo();
    this.conversations.clear();
  }

  /** @param {Frame} frame */
  #receive(frame) {
    if (frame.type === "queue") this.queues.set(String(frame.line), /** @type {any} */ (frame));
    else if (frame.type === "beat") this.#beat(/** @type {any} */ (frame));
    else if (frame.type === "device") this.device.hear(frame);
    else if (frame.type === "notice" && frame.code === "restarting") this.restarting = true;
    else if (frame.type === "notice") this.problem(String(frame.code));
    else this.conversations.get(String(frame.conversation))?.receive(frame);
    this.changed();
  }

  /** @param {{at: string, seqs: Record<string, number>}} beat */
  #beat({ at, seqs }) {
    this.#skew = Date.parse(at) - this.#clock() || 0;
    for (const conversation of this.conversations.values()) conversation.beat(seqs[conversation.id]);
  }

  // What the counsellor does

  /** Whether this person takes callers at all. */
  get takesCallers() {
    return this.me?.roles.includes("counsellor") ?? false;
  }

  /** Conversations that fill a slot. */
  get busy() {
    return [...this.conversations.values()].filter(({ emptied, state }) => !emptied && state !== "ended")
      .length;
  }

  /** Why `next` cannot be asked now, or "". */
  get nextHindrance() {
    if (this.connection !== "open") return "offline";
    if (this.device.state !== "approved") return `device_${this.device.state}`;
    if (this.taking) return "taking";
    if (this.duty.state !== "on") return "off_duty";
    return this.busy >= this.duty.slots ? "full" : "";
  }

  async next() {
    if (!this.takesCallers || this.nextHindrance) return;
    this.taking = true;
    this.changed();
    await this.#inWords("next", async () => {
      const seat = /** @type {any} */ (await this.#socket.request("next", { line: null }));
      this.#sitDown([seat]);
      this.select(seat.conversation);
    });
    this.taking = false;
    this.changed();
  }

  /** @param {Duty["state"]} state @param {number} slots */
  async setDuty(state, slots) {
    const some = state === "on" ? Math.max(1, slots) : slots;
    await this.#inWords("duty", async () => {
      const ok = await this.#socket.request("duty", { state, slots: Math.min(MOST_SLOTS, some) });
      this.duty = /** @type {Duty} */ (ok.duty);
    });
    this.changed();
  }

  /** @param {string} id  "" for none */
  select(id) {
    if (this.selected === id) return;
    this.selected = id;
    this.changed();
  }

  get current() {
    return this.conversations.get(this.selected);
  }

  /** @param {1 | -1} step */
  move(step) {
    const ids = [...this.conversations.keys()];
    const at = ids.indexOf(this.selected);
    if (ids.length) this.select(ids[at < 0 ? 0 : (at + step + ids.length) % ids.length]);
  }

  /** Takes an emptied conversation off the list. @param {string} id */
  dismiss(id) {
    if (!this.conversations.get(id)?.emptied) return;
    this.#putAway(id);
    this.changed();
  }

  /** @param {string} id */
  #putAway(id) {
    this.conversations.delete(id);
    if (this.selected === id) this.selected = this.conversations.keys().next().value ?? "";
  }

  /** @param {boolean} attended */
  attend(attended) {
    this.attended = attended;
    this.changed();
  }

  /** @param {string} deed @param {() => Promise<unknown>} act */
  async #inWords(deed, act) {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ErrorReply)) return this.problem("dropped");
      const own = ["next not_found", "next conflict"].includes(`${deed} ${error.code}`);
      this.problem(own ? `${deed}_${error.code}` : error.code);
    }
  }
}
