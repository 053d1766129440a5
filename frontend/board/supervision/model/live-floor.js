// The floor of a supervisor's lines, as the server pushes it, and what a supervisor does about it.

/** @typedef {import("../../../shared/socket.js").Frame} Frame */
/** @typedef {{line: string, state: "open" | "closed", waiting: number, oldest: string | null, urgent: number, active: number, on: number, break: number, slots: number, free: number, answered: number, within: number, abandoned: number, overdue: number}} Sums */
/** @typedef {{conversation: string, since: string, last: string | null, risk: number, here: boolean, dead: boolean}} Talk */
/** @typedef {{id: string, alias: string, duty: string, slots: number, conversations: Talk[]}} Worker */
/** @typedef {{conversation: string, opened: string, urgency: number, locale: string, here: boolean, why: "requeued" | "moved" | "urgent" | "waited", reason: string, boost: number, minutes: [number, number] | null}} Waiting */
/** @typedef {{line: string, alerts: string[], ringing: number, flagged: number, minutes: [number, number] | null, inside: number, foretold: number, people: Worker[], elsewhere: Talk[], waiting: Waiting[], steered: "hours" | "open" | "closed", most: number | null, reason: string}} Behind */
/** @typedef {{at: string, waiting: number, active: number, on: number, longest: number}} Point */
/** @typedef {{invitation: string, conversation: string | null, how: string, from: string, line: string, state: string, expires: string | null}} Ring */
/** @typedef {{state: "hours" | "open" | "closed", most: number | null, reason: string | null}} Steering */
/**
 * @typedef {object} Around
 * @property {(type: string, fields?: object) => Promise<Frame>} request
 * @property {() => void} changed
 * @property {(deed: () => Promise<unknown>, own?: Record<string, string>) => Promise<boolean>} act
 * @property {() => number} now  the server's time in milliseconds
 * @property {(at: string) => void} setClock
 */

const ASKED_MS = 60_000;
const RINGS = ["ringing"];

export class Floor extends EventTarget {
  /** @type {Sums[]} */
  lines = [];
  /** What stands behind a line's sums. @type {Map<string, Behind>} */
  behind = new Map();
  /** Today so far. @type {Map<string, Point[]>} */
  curves = new Map();
  /** Who asks this supervisor to join. @type {Map<string, Ring>} */
  rings = new Map();
  /** What has just been done, to be said once: a key of the catalogue. */
  told = "";
  /** @type {Map<string, string>} */
  #names = new Map();
  /** When somebody was asked for something. @type {Map<string, number>} */
  #asked = new Map();
  #around;

  /** @param {Around} around */
  constructor(around) {
    super();
    this.#around = around;
  }

  now = () => this.#around.now();

  /** @param {string} line */
  nameOf = (line) => this.#names.get(line) ?? line;

  /** Alerts as `line code`, so that a new one can be told from one that lasts. */
  get alerts() {
    return [...this.behind.values()].flatMap(({ line, alerts }) => alerts.map((code) => `${line} ${code}`));
  }

  /** A line's day up to now: its samples, and how it stands. @param {string} line @returns {Point[]} */
  dayOf(line) {
    const samples = this.curves.get(line) ?? [];
    const sums = this.lines.find((one) => one.line === line);
    if (!sums || !samples.length) return samples;
    const { waiting, active, on, oldest } = sums;
    const longest = oldest ? Math.max(0, Math.round((this.now() - Date.parse(oldest)) / 1000)) : 0;
    const at = new Date(Math.max(this.now(), Date.parse(samples[samples.length - 1].at))).toISOString();
    return [...samples, { at, waiting, active, on, longest }];
  }

  // What the server says

  /** @param {{lines?: {line: string, name: string}[], invitations?: Ring[]}} ok  of `hello` */
  greeted({ lines = [], invitations = [] }) {
    this.#names = new Map(lines.map(({ line, name }) => [line, name]));
    this.rings.clear();
    for (const ring of invitations) this.#ring(ring);
    this.#ask("watch", { board: true });
    this.#ask("floor", { look: true });
    this.look();
  }

  /** @param {any} frame */
  hear(frame) {
    if (frame.at && ["beat", "board", "floor"].includes(frame.type)) this.#around.setClock(frame.at);
    if (frame.type === "board") this.lines = frame.lines;
    else if (frame.type === "floor") this.#see(frame.lines);
    else if (frame.type === "invitation") this.#ring(frame);
    else return;
    this.#around.changed();
  }

  /** Nothing is shown that is not sure any more. */
  clear() {
    this.lines = [];
    for (const held of [this.behind, this.curves, this.rings]) held.clear();
  }

  /** Asks for the day's curves: nothing pushes them. */
  async look() {
    for (const line of this.#names.keys()) {
      const ok = /** @type {any} */ (await this.#ask("today", { line }));
      if (ok?.points) this.curves.set(line, ok.points);
    }
    this.#around.changed();
  }

  /** @param {Behind[]} lines */
  #see(lines) {
    const before = new Set(this.alerts);
    this.behind = new Map(lines.map((line) => [line.line, line]));
    if (this.alerts.some((alert) => !before.has(alert))) this.dispatchEvent(new Event("alarm"));
  }

  /** Own invitations name their conversation; these ring for this supervisor. @param {Ring} ring */
  #ring(ring) {
    const fresh = !this.rings.has(ring.invitation);
    if (ring.conversation !== null || !RINGS.includes(ring.state)) this.rings.delete(ring.invitation);
    else this.rings.set(ring.invitation, ring);
    if (fresh && this.rings.has(ring.invitation)) this.dispatchEvent(new Event("alarm"));
  }

  /** What comes to nothing is asked again with the next connection. @param {string} type @param {object} fields */
  #ask = (type, fields) => this.#around.request(type, fields).catch(() => null);

  // What a supervisor does

  /** Running conversations go on. @param {string} line @param {Steering} steering @param {string} told */
  steer = (line, steering, told) => this.#do("line", { line, ...steering }, told);

  /** @param {string} conversation @param {string} reason */
  front = (conversation, reason) =>
    this.#do("front", { conversation, reason }, "board.done.front", {
      not_found: "no_longer_waits",
      conflict: "no_longer_waits",
    });

  /** @param {string} person */
  rest = (person) =>
    this.#askFor(person, "rest", { person }, { not_found: "not_there", conflict: "not_on_duty" });

  /** @param {string} conversation */
  listen = (conversation) =>
    this.#askFor(
      conversation,
      "listen",
      { conversation },
      { not_found: "has_ended", ended: "has_ended", conflict: "nobody_in_charge" },
    );

  /** @param {string} conversation */
  end = (conversation) =>
    this.#do("end", { conversation }, "board.done.end", {
      not_found: "has_ended",
      ended: "has_ended",
      conflict: "still_alive",
    });

  /** Whether this was asked a moment ago. @param {string} id */
  wasAsked = (id) => this.now() - (this.#asked.get(id) ?? -ASKED_MS) < ASKED_MS;

  /** @param {string} id @param {string} type @param {object} fields @param {Record<string, string>} own */
  async #askFor(id, type, fields, own) {
    if (this.wasAsked(id)) return;
    if (await this.#do(type, fields, `board.done.${type}`, own)) this.#asked.set(id, this.now());
    this.#around.changed();
  }

  /** @param {string} type @param {object} fields @param {string} told @param {Record<string, string>} [own] */
  async #do(type, fields, told, own) {
    this.told = "";
    const done = await this.#around.act(() => this.#around.request(type, fields), own);
    if (done) this.told = told;
    this.#around.changed();
    return done;
  }
}
