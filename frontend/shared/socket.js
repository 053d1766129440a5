// Runs a WebSocket that reconnects: opening frame, requests and replies, beats, silence, backoff. It knows no
// conversation. Requests in flight at a drop are rejected with Dropped; only the model knows what to send
// again.

/** @typedef {import("./wire.d.ts").Wire} Wire */
/** @typedef {import("./wire.d.ts").Frame} Frame */
/** @typedef {{resolve: (ok: never) => void, reject: (error: Error) => unknown}} Waiting  for the reply to its ref */
/** @typedef {"connecting" | "open" | "waiting" | "stopped"} State */
/**
 * @template {Wire} At
 * @typedef {object} Handlers
 * @property {() => At["opening"]} opening  made for each connection, so that `since` is fresh; without `ref`
 * @property {(ok: At["opened"]) => void} opened  the ok of the opening frame, before any later frame
 * @property {(frame: At["frame"]) => void} frame  every frame that is not a reply, beats included
 * @property {(code: string) => void} [beatRefused]  the server is there, but for instance its database is not
 * @property {(state: State) => void} [state]
 * @property {(why: Stop) => void} stopped  it will not reconnect by itself
 */
/** @typedef {{code: number, error: null} | {code: null, error: ErrorReply}} Stop  a close code of 44xx, or the opening's error */
/**
 * What tests replace.
 * @typedef {object} World
 * @property {(url: string, protocol: string) => Pick<WebSocket, "send" | "close" | "onopen" | "onmessage" | "onclose">} connect
 * @property {(ms: number, act: () => void) => () => void} after  starts a timer and returns what cancels it
 * @property {() => number} now  milliseconds
 * @property {() => number} random  from 0 up to 1
 */

/** The connection dropped before the reply: nobody knows if the request was done. */
export class Dropped extends Error {}

/** Holds the server's error reply. `code` is one of the protocol's; the frame may have epoch, members, opens, state. */
export class ErrorReply extends Error {
  /** @param {Frame} frame */
  constructor(frame) {
    super(`${frame.code}: ${frame.detail}`);
    this.code = String(frame.code);
    this.frame = frame;
  }
}

/** After these close codes it does not reconnect by itself. */
export const CLOSED = { protocol: 4400, withdrawn: 4403, no_opening: 4408, taken_over: 4409, gone: 4410 };
const SILENCE_MS = 45_000;
const STALLED_MS = 8000; // without a frame while a reply is due: the page says so, the connection stays
const LATE_MS = 8000; // from the connection's begin: the server waits ten seconds for the opening frame
const MOST_LATE = 3; // tries that it gives up for being late; a network may be as slow as that
const BACKOFF_MS = { first: 500, last: 15_000 };
// These errors of the opening frame pass by themselves. Any other would be the same at the next try.
export const PASSING = ["try_again", "slow_down"];

/** @type {World} */
export const browser = {
  connect: (url, protocol) => new WebSocket(url, protocol),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  // In some browsers performance.now() stands still while the device sleeps.
  now: () => Date.now(),
  random: Math.random,
};

/** @template {Wire} [At=import("./wire.d.ts").AnyWire] */
export class Socket {
  /** @type {State} */
  state = "stopped";
  /** Tells whether a request was sent and nothing has come since. */
  stalled = false;
  #url;
  #on;
  #world;
  /** @type {ReturnType<World["connect"]> | null} */
  #line = null;
  /** @type {Map<string, Waiting>} */
  #pending = new Map();
  #refs = 0;
  #failures = 0;
  /** Tells whether the server refused the last try. */
  refused = false;
  #heard = 0;
  #cancelTimer = () => {};
  #cancelWatch = () => {};
  #cancelOpening = () => {};

  /** @param {string} url @param {Handlers<At>} handlers @param {World} [world] */
  constructor(url, handlers, world = browser) {
    this.#url = url;
    this.#on = handlers;
    this.#world = world;
  }

  /** Returns the number of failed tries in a row. */
  get failures() {
    return this.#failures;
  }

  start() {
    if (this.state === "stopped") this.#connect();
  }

  /** Closes for good, without calling `stopped`; `start` connects again. */
  stop() {
    this.#hangUp();
    this.#failures = 0;
    this.#become("stopped");
  }

  /** Call it when the page is shown or the network is back: a sleeping page's timers are late or lost. */
  wake() {
    if (this.state === "waiting" || (this.#line && this.#isSilent)) this.#connect();
  }

  get #isSilent() {
    return this.#world.now() - this.#heard >= SILENCE_MS;
  }

  /** Call it when the browser says that there is no network. */
  lose() {
    if (this.state === "open" || this.state === "connecting") this.#comeBack();
  }

  /**
   * Nothing is queued: unless the opening frame is ok, a request is rejected with Dropped at once.
   * @type {import("./wire.d.ts").Request<At>}
   * @throws {ErrorReply | Dropped}
   */
  request = (type, ...[fields]) =>
    new Promise((resolve, reject) => {
      if (this.state === "open") this.#send({ type, ...fields }, { resolve, reject });
      else reject(new Dropped("not connected"));
    });

  /** @param {object} frame @param {Waiting} waiting */
  #send(frame, waiting) {
    const ref = String(++this.#refs);
    this.#pending.set(ref, waiting);
    this.#watch();
    this.#line?.send(JSON.stringify({ ...frame, ref }));
  }

  #connect() {
    this.#hangUp();
    this.#become("connecting");
    const line = this.#world.connect(this.#url, "helpline.v1");
    this.#line = line;
    line.onopen = () => this.#open();
    line.onmessage = (event) => this.#receive(JSON.parse(String(event.data)));
    line.onclose = (event) => this.#lost({ code: event.code, error: null });
    this.#listen();
  }

  #open() {
    // A phone was locked, or a lid closed, in the middle of the handshake. The server has hung up, or will before it
    // reads this opening; its close code would end this connection for good.
    const isLate = this.#world.now() - this.#heard >= LATE_MS;
    if (isLate && this.#failures < MOST_LATE) return this.#comeBack();
    this.#listen();
    const opening = this.#on.opening();
    // Without an opening the server would close this connection for good, so it is given up first. A `start` is not: the
    // server may have it, and would make two conversations.
    const isLost = () => this.state === "connecting" && this.#failures < MOST_LATE;
    if (!("type" in opening && opening.type === "start"))
      this.#cancelOpening = this.#world.after(STALLED_MS, () => isLost() && this.#comeBack());
    // A promise would resolve too late for the entries that follow this ok.
    this.#send(opening, {
      resolve: (/** @type {At["opened"]} */ ok) => {
        this.#failures = 0;
        this.#become("open");
        this.#on.opened(ok);
      },
      reject: (error) => error instanceof ErrorReply && this.#lost({ code: null, error }),
    });
  }

  /** @param {Frame} frame */
  #receive(frame) {
    // This page slept, and what the old connection held is outdated. Timers may fire even later.
    if (this.#isSilent) return this.#connect();
    this.#listen();
    if (frame.type === "ok" || frame.type === "error") return this.#settle(frame);
    if (frame.type === "beat" && this.state === "open")
      this.#send(
        { type: "beat" },
        {
          resolve: () => {},
          reject: (error) => error instanceof ErrorReply && this.#on.beatRefused?.(error.code),
        },
      );
    this.#on.frame(/** @type {At["frame"]} */ (/** @type {unknown} */ (frame)));
  }

  #watch() {
    this.#cancelWatch();
    this.#cancelWatch = this.#world.after(STALLED_MS, () => this.#pending.size && this.#stall(true));
  }

  /** @param {boolean} stalled */
  #stall(stalled) {
    if (this.stalled === stalled) return;
    this.stalled = stalled;
    this.#on.state?.(this.state);
  }

  /** @param {Frame} reply */
  #settle(reply) {
    const waiting = this.#pending.get(String(reply.ref));
    this.#pending.delete(String(reply.ref));
    if (reply.type === "ok") waiting?.resolve(/** @type {never} */ (reply));
    else waiting?.reject(new ErrorReply(reply));
  }

  /** @param {Stop} why */
  #lost(why) {
    const passes = why.error ? PASSING.includes(why.error.code) : why.code < 4400 || why.code > 4499;
    if (passes) return this.#comeBack(why.error !== null);
    this.stop();
    this.#on.stopped(why);
  }

  /** Waits with full jitter, so that a thousand browsers do not return at once after a restart. */
  #comeBack(refused = false) {
    this.refused = refused;
    this.#hangUp();
    this.#become("waiting");
    const most = Math.min(BACKOFF_MS.last, BACKOFF_MS.first * 2 ** this.#failures++);
    this.#cancelTimer = this.#world.after(this.#world.random() * most, () => this.#connect());
  }

  /**
   * Restarts the timer. A dead network sends no close event, and may hang a handshake too: only the time
   * without a frame shows it.
   */
  #listen() {
    this.#heard = this.#world.now();
    this.#cancelTimer();
    this.#cancelTimer = this.#world.after(SILENCE_MS, () => this.#comeBack());
    this.#stall(false);
    if (this.#pending.size) this.#watch();
  }

  #hangUp() {
    this.#cancelTimer();
    this.#cancelWatch();
    this.#cancelOpening();
    this.stalled = false;
    // The old socket may deliver frames or its close event a minute later: it is no longer ours.
    if (this.#line) Object.assign(this.#line, { onopen: null, onmessage: null, onclose: null }).close();
    this.#line = null;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new Dropped("the connection went"));
  }

  /** @param {State} state */
  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.#on.state?.(state);
  }
}
