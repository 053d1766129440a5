// Models the floor of a supervisor's lines, which the server pushes, and the supervisor's actions.
import { ringsAcute } from "../../../staff/acute.js";

/** @typedef {Required<import("../../../shared/protocol.d.ts").BoardLine>} BoardLine */
/** @typedef {import("../../../shared/protocol.d.ts").FloorConversation} FloorConversation */
/** @typedef {import("../../../shared/protocol.d.ts").FloorPerson} FloorPerson */
/** @typedef {import("../../../shared/protocol.d.ts").FloorWaiting} FloorWaiting */
/** @typedef {Required<import("../../../shared/protocol.d.ts").FloorLine>} FloorLine */
/** @typedef {import("../../../shared/protocol.d.ts").Colleague} Colleague */
/** @typedef {import("../../../shared/protocol.d.ts").Point} Point */
/** @typedef {import("../../../shared/protocol.d.ts").InvitationOut} Invitation */
/** @typedef {Omit<import("../../../shared/protocol.d.ts").Line, "line">} Steering */
/** @typedef {import("../../../staff/station.js").Station} Station */
/**
 * @typedef {object} Around
 * @property {Station["request"]} request
 * @property {() => void} changed
 * @property {(action: () => Promise<unknown>, own?: Record<string, string>) => Promise<boolean>} act
 * @property {() => number} now  the server's time in milliseconds
 * @property {(at: string) => void} setClock
 */

const ASKED_MS = 60_000;
const HANDING_OVER_MS = 3_600_000;
const ACUTE = 2;
const RINGS = ["ringing"];

export class Floor extends EventTarget {
  /** @type {BoardLine[]} */
  lines = [];
  /** Holds the details behind each line's sums. @type {Map<string, FloorLine>} */
  behind = new Map();
  /** Holds today's samples so far, by line. @type {Map<string, Point[]>} */
  curves = new Map();
  /** Holds a line's acute protocol. It is fetched when a conversation there becomes acute. @type {Map<string, import("../../../shared/protocol.d.ts").ProtocolStep[]>} */
  protocols = new Map();
  /** Holds, by line, when everybody was asked to hand over. @type {Map<string, number>} */
  #handsOver = new Map();
  /** Holds the other staff of these lines, with their presence. @type {Colleague[]} */
  colleagues = [];
  /** Holds the invitations that ask this supervisor to join. @type {Map<string, Invitation>} */
  rings = new Map();
  /** Holds what was asked and is not answered yet. @type {Set<string>} */
  #underway = new Set();
  /** Holds, by conversation, the alias of the person who refused to let this supervisor join. @type {Map<string, string>} */
  refusals = new Map();
  /** Holds the key of the text that announces the result of the last action. */
  told = "";
  /** @type {Map<string, string>} */
  #names = new Map();
  /** Holds the time of the last request, by person, conversation or line. @type {Map<string, number>} */
  #asked = new Map();
  /** Holds the time at which the connection was lost, until the floor is current again; else null. @type {number | null} */
  #stoppedAt = null;
  /** Holds the types of the frames that have not arrived again after the connection was lost. @type {Set<string>} */
  #lacking = new Set();
  #around;

  /** @param {Around} around */
  constructor(around) {
    super();
    this.#around = around;
  }

  now = () => this.#stoppedAt ?? this.#around.now();

  /** Returns whether the shown data is current. */
  get isKnown() {
    return this.#stoppedAt === null;
  }

  /** Stops the clocks when the connection is lost, until a "board" and a "floor" frame have arrived again. */
  lose() {
    if (!this.lines.length) return;
    this.#stoppedAt ??= this.#around.now();
    this.#lacking = new Set(["board", "floor"]);
  }

  /** @param {string} line */
  nameOf = (line) => this.#names.get(line) ?? line;

  /** Returns the alerts as `line code`, so that a new alert can be distinguished from one that continues. */
  get alerts() {
    return [...this.behind.keys()].flatMap((line) => this.alertsOf(line).map((code) => `${line} ${code}`));
  }

  /** Returns the alerts, and the ids of calls that nobody answered and of acute conversations: each of them makes a sound when it begins. */
  get #loud() {
    const behind = [...this.behind.values()];
    const missed = behind.flatMap((line) => line.missed.map((one) => one.missed));
    const acute = behind.flatMap((line) => [
      ...line.waiting.filter(({ urgency }) => urgency === ACUTE),
      ...talksOf(line).filter(isUnseen),
    ]);
    return [...this.alerts, ...missed, ...acute.map(({ conversation }) => conversation)];
  }

  /**
   * Returns a line's alerts: "acute" if there is an acute flag that no supervisor has seen, then the server's
   * alerts.
   * @param {string} line
   */
  alertsOf(line) {
    const behind = this.behind.get(line);
    if (!behind) return [];
    return talksOf(behind).some(isUnseen) ? ["acute", ...behind.alerts] : behind.alerts;
  }

  /** Returns a line's day: its samples, and the current values. @param {string} line @returns {Point[]} */
  dayOf(line) {
    const samples = this.curves.get(line) ?? [];
    const sums = this.lines.find((one) => one.line === line);
    if (!sums || !samples.length) return samples;
    const { waiting, active, on, oldest } = sums;
    const longest = oldest ? Math.max(0, Math.round((this.now() - Date.parse(oldest)) / 1000)) : 0;
    const at = new Date(Math.max(this.now(), Date.parse(samples[samples.length - 1].at))).toISOString();
    return [...samples, { at, waiting, active, on, longest }];
  }

  // Frames from the server

  /** @param {Pick<import("../../../shared/protocol.d.ts").HelloOk, "lines" | "invitations" | "colleagues">} ok */
  greeted({ lines, invitations, colleagues }) {
    this.#names = new Map(lines.map(({ line, name }) => [line, name]));
    this.colleagues = colleagues;
    this.rings.clear();
    for (const ring of invitations) this.#ring(ring);
    this.watch();
    this.look();
  }

  /** Subscribes to both frames, or asks for them again. */
  watch() {
    this.#around.request("watch", { board: true }).catch(() => null);
    this.#around.request("floor", { look: true }).catch(() => null);
  }

  /** @param {import("../../../staff/station.js").Wire["frame"]} frame */
  hear(frame) {
    if (frame.type === "beat" || frame.type === "board" || frame.type === "floor")
      this.#around.setClock(frame.at);
    if (frame.type === "board") this.lines = /** @type {BoardLine[]} */ (frame.lines);
    else if (frame.type === "floor") this.#see(/** @type {FloorLine[]} */ (frame.lines));
    else if (frame.type === "invitation") this.#ring(frame);
    else if (frame.type === "colleagues") this.#workWith(frame);
    else if (frame.type === "nolisten") this.#refused(frame);
    else return;
    this.#lacking.delete(frame.type);
    if (!this.#lacking.size) this.#stoppedAt = null;
    this.#around.changed();
  }

  /** @param {import("../../../shared/protocol.d.ts").ColleaguesOut} frame */
  #workWith({ line, colleagues }) {
    this.colleagues = [...this.colleagues.filter((one) => one.line !== line), ...colleagues];
  }

  /** Marks a missed call as seen. It then disappears from every supervisor's board. @param {string} line @param {string} missed */
  seeMissed = (line, missed) =>
    this.#do(missed, () => this.#around.request("seenmissed", { line, missed }), "board.done.seen", {
      conflict: "seen_already",
    });

  /** Marks an acute flag as seen by this supervisor. The staff in the conversation can see that. @param {string} conversation */
  seeFlag(conversation) {
    return this.#around.act(() => this.#around.request("seenflag", { conversation }));
  }

  /** Clears what may be outdated. */
  clear() {
    this.lines = [];
    this.colleagues = [];
    this.#stoppedAt = null;
    this.#lacking.clear();
    for (const known of [this.behind, this.curves, this.rings, this.refusals, this.#handsOver]) known.clear();
  }

  /** Fetches the day's curves, which the server does not push. */
  async look() {
    for (const line of this.#names.keys()) {
      const ok = await this.#around.request("today", { line }).catch(() => null);
      if (ok?.points) this.curves.set(line, ok.points);
    }
    this.#around.changed();
  }

  /** @param {FloorLine[]} lines */
  #see(lines) {
    const before = new Set([...this.#loud, ...this.#unseenBefore(lines)]);
    this.behind = new Map(lines.map((line) => [line.line, line]));
    for (const line of lines) if (isAcute(line)) this.#askProtocol(line.line);
    if (this.#loud.some((one) => !before.has(one))) this.dispatchEvent(new Event("alarm"));
  }

  /** Returns the missed calls that are no news: the frame lists the newest few, so that an older one is listed as soon as somebody has seen a newer one. @param {FloorLine[]} lines */
  #unseenBefore(lines) {
    return lines.flatMap(({ line, missed }) => {
      const listed = this.behind.get(line)?.missed ?? [];
      const newest =
        listed
          .map(({ at }) => at)
          .sort()
          .at(-1) ?? "";
      return missed.filter(({ at }) => at < newest).map((one) => one.missed);
    });
  }

  /** Fetches a line's acute protocol if the page does not have it yet. Until the protocol arrives, a step is shown by its code. @param {string} line */
  async #askProtocol(line) {
    if (this.protocols.has(line)) return;
    this.protocols.set(line, []);
    const ok = await this.#around.request("lineprotocol", { line }).catch(() => null);
    if (ok?.steps) this.protocols.set(line, ok.steps);
    else this.protocols.delete(line);
    this.#around.changed();
  }

  /** Notes a refusal. The supervisor may ask again immediately. @param {import("../../../shared/protocol.d.ts").NoListenOut} frame */
  #refused({ conversation, alias }) {
    this.#asked.delete(conversation);
    this.refusals.set(conversation, alias);
    this.told = "board.done.no_listen";
  }

  /** Keeps an invitation as long as it is shown to this supervisor. An invitation with a conversation's id is not shown here: this supervisor sent it, or somebody has answered it. @param {Invitation} ring */
  #ring(ring) {
    const before = this.rings.get(ring.invitation);
    const fresh = !before || (ringsAcute(ring) && !ringsAcute(before));
    if (ring.conversation !== null || !RINGS.includes(ring.state)) this.rings.delete(ring.invitation);
    else this.rings.set(ring.invitation, ring);
    if (fresh && this.rings.has(ring.invitation)) this.dispatchEvent(new Event("alarm"));
  }

  // What a supervisor does

  /** Opens, closes or limits a line. Running conversations continue. @param {string} line @param {Steering} steering @param {string} told */
  steer = (line, steering, told) =>
    this.#do(line, () => this.#around.request("line", { line, ...steering }), told);

  /** @param {string} conversation @param {import("../../../shared/protocol.d.ts").Front["reason"]} reason */
  front = (conversation, reason) =>
    this.#do(
      conversation,
      () => this.#around.request("front", { conversation, reason }),
      "board.done.front",
      {
        not_found: "no_longer_waits",
        conflict: "no_longer_waits",
      },
    );

  /** @param {string} person */
  rest = (person) =>
    this.#askFor(person, "rest", () => this.#around.request("rest", { person }), {
      not_found: "not_there",
      conflict: "not_on_duty",
    });

  /** @param {string} conversation */
  listen = (conversation) => {
    this.refusals.delete(conversation);
    return this.#askFor(conversation, "listen", () => this.#around.request("listen", { conversation }), {
      not_found: "has_ended",
      ended: "has_ended",
      conflict: "nobody_in_charge",
    });
  };

  /** Asks everybody on duty or in a conversation of the line to hand over. @param {string} line */
  handOver = async (line) => {
    await this.#askFor(line, "hand_over", () => this.#around.request("handover", { line }), {});
    if (this.wasAsked(line)) this.#handsOver.set(line, this.now());
    this.#around.changed();
  };

  /** Returns whether the people of a line were asked to hand over within the last hour: a board stays open for days. @param {string} line */
  handsOver = (line) => this.now() - (this.#handsOver.get(line) ?? -HANDING_OVER_MS) < HANDING_OVER_MS;

  /** @param {string} conversation */
  end = (conversation) =>
    this.#do(conversation, () => this.#around.request("end", { conversation }), "board.done.end", {
      not_found: "has_ended",
      ended: "has_ended",
      conflict: "still_alive",
    });

  /** Returns whether the last request about this person, conversation or line was sent within the last minute. @param {string} id */
  wasAsked = (id) => this.now() - (this.#asked.get(id) ?? -ASKED_MS) < ASKED_MS;

  /** @param {string} id @param {"rest" | "listen" | "hand_over"} what @param {() => Promise<unknown>} act @param {Record<string, string>} own */
  async #askFor(id, what, act, own) {
    if (this.wasAsked(id)) return;
    if (await this.#do(id, act, `board.done.${what}`, own)) this.#asked.set(id, this.now());
    this.#around.changed();
  }

  /** Acts once, however often the button is pressed meanwhile. @param {string} id  what it is about @param {() => Promise<unknown>} act @param {string} told @param {Record<string, string>} [own] */
  async #do(id, act, told, own) {
    const deed = `${told} ${id}`;
    if (this.#underway.has(deed)) return false;
    this.#underway.add(deed);
    this.told = "";
    const done = await this.#around.act(act, own);
    this.#underway.delete(deed);
    if (done) this.told = told;
    this.#around.changed();
    return done;
  }
}

/** Returns whether no supervisor has seen the acute flag of a conversation. @param {Pick<FloorLine["elsewhere"][number], "risk" | "known">} talk */
const isUnseen = ({ risk, known }) => risk === ACUTE && !known;

/** Returns whether a conversation of the line is or was flagged as acute. @param {FloorLine} line */
const isAcute = (line) => talksOf(line).some(({ risk, steps }) => risk === ACUTE || steps.length > 0);

/** @param {FloorLine} line */
const talksOf = ({ people, elsewhere }) => [
  ...people.flatMap(({ conversations }) => conversations),
  ...elsewhere,
];
