// The console without a page: this browser's device, duty, the queue, invitations, and the conversations.
import { CLOSED, Dropped } from "../shared/socket.js";
import { Certifying } from "../staff/certifying.js";
import { shareLetters } from "../staff/letters-shares.js";
import { PeopleNews } from "../staff/people-news.js";
import { attempt } from "../staff/problems.js";
import { OwnCare } from "./care/model/own-care.js";
import { ReadySentences } from "./conversation/model/ready-sentences.js";
import { sweep } from "./conversation/model/tab-memory.js";
import { Desk } from "./desk.js";
import { ByHand } from "./figures/model/by-hand.js";
import { IncomingInvitations } from "./handoff/model/incoming-invitations.js";
import { TakingBack } from "./queue/model/taking-back.js";
import { Place } from "./staff/model/place.js";
import { BreakAndListenIn } from "./supervision/model/break-and-listen-in.js";

/** @typedef {import("./conversation/model/conversation.js").Seat} Seat */
/** @typedef {import("./desk.js").Frame} Frame */
/** @typedef {import("./desk.js").Service} Service */
/** @typedef {import("../shared/protocol.d.ts").Duty} Duty */
/** @typedef {import("../shared/protocol.d.ts").QueueOut} Queue */
/** @typedef {import("../shared/protocol.d.ts").LineState} LineState */
/** @typedef {import("../shared/protocol.d.ts").Colleague} Colleague */
/** @typedef {import("../shared/protocol.d.ts").HelloOk} HelloOk */
/** @typedef {{mode?: "console" | "partner", release?: string, apps?: ((desk: Console) => ConsoleApp)[]}} Own  release: of this page */
/**
 * What an optional app adds: its `console.js` exports a function that is given the console.
 * @typedef {object} ConsoleApp
 * @property {() => unknown} [tools]  below the own conversations
 * @property {() => unknown} [banner]  above everything
 * @property {() => unknown} [entered]  whenever the server has greeted
 * @property {() => void} [settles]  something has changed; what is over is put away right after it
 * @property {(conversation: import("./conversation/model/conversation.js").Conversation) => unknown} [beside]  above what is known of its caller
 * @property {() => Promise<unknown> | null} [takeNext]  a caller of its own; null: the queue is asked
 * @property {(line: string) => string | undefined} [lineOf]  for which line somebody there speaks
 * @property {(line: string) => string | undefined} [nameOf]  of a line that `hello` does not know
 */

const MAX_SLOTS = 4;
/** States of the own device after which everything comes by itself. */
const ON_ITS_WAY = ["unknown", "proving"];
/** Refusals that mean something else here than anywhere. */
const OWN_WORDS = ["next not_found", "next conflict", "takeover conflict", "take not_found", "take conflict"];

export class Console extends Desk {
  /** @type {import("../staff/device.js").Device} */
  device;
  /** @type {Duty} */
  duty = { state: "off", slots: 0 };
  /** @type {LineState[]} */
  lines = [];
  /** @type {Map<string, Queue>} */
  queues = new Map();
  /** What is to be answered, by line. @type {Map<string, import("../shared/protocol.d.ts").ShelfState>} */
  letters = new Map();
  /** @type {Colleague[]} */
  colleagues = [];
  /** The number of the supervisor on call, by line, where there is one. @type {Map<string, string>} */
  onCall = new Map();
  taking = false;
  #hasEntered = false;
  /** Until when this browser may take whose callers; none where nobody certifies keys. @type {import("../shared/protocol.d.ts").Need[]} */
  ownCertificates = [];
  /** There is a newer page than this one. */
  outdated = false;
  #release;
  #slotsBefore = 1;
  #dutyTurn = 0;
  /** Why `next` could not be asked when this was last looked at: somebody waits again after nobody did. */
  #was = "";
  #store;

  /** @param {import("./desk.js").Around & import("../staff/station.js").Own & Own} around */
  constructor(around) {
    super(around);
    this.mode = around.mode ?? "console";
    this.#release = around.release ?? "";
    this.#store = around.store;
    this.place = new Place(around.store);
    this.device = this.makeDevice(around);
    this.asked = new BreakAndListenIn(this, () => this.dispatchEvent(new Event("rings")));
    const act = async (/** @type {() => Promise<unknown>} */ action) => {
      await attempt(action, this.problem);
      await this.#lookAtPeople();
    };
    this.certifying = new Certifying({
      ...{ request: this.request, act, now: this.now, memory: around.memory, keys: around.keys },
      person: () => this.me?.id ?? "",
      approved: (device) => shareLetters(this.request, this.device.pair, device),
    });
    this.news = new PeopleNews({
      ...{ request: this.request, act, approve: this.certifying.approve },
      rings: () => this.dispatchEvent(new Event("rings")),
    });
    this.care = new OwnCare({ request: this.request, problem: this.problem, changed: this.changed });
    this.byHand = new ByHand({ request: this.request, problem: this.problem, changed: this.changed });
    this.sentences = new ReadySentences({
      request: this.request,
      attempt: (act) => attempt(act, this.problem),
      changed: this.changed,
    });
    this.apps = (around.apps ?? []).map((app) => app(this));
    this.takingBack = new TakingBack(this, (seat) => this.#sitDown([seat], seat.conversation));
    this.invitations = new IncomingInvitations({
      request: this.request,
      changed: this.changed,
      problem: this.problem,
      now: this.now,
      after: this.after,
      rings: (acute) => this.dispatchEvent(new CustomEvent("rings", { detail: { acute } })),
      joined: (seat) => this.#sitDown([seat], seat.conversation),
    });
  }

  /** What the first optional app that has an answer answers. @template Answer @param {(app: ConsoleApp) => Answer | null | undefined} ask */
  asApps = (ask) => {
    for (const app of this.apps) {
      const answer = ask(app);
      if (answer !== null && answer !== undefined) return answer;
    }
    return undefined;
  };

  /** Shows a conversation that an optional app took. @param {Seat} seat */
  sitDown(seat) {
    this.#sitDown([seat], seat.conversation);
  }

  async start() {
    await this.device.prepare();
    this.connect();
  }

  settle() {
    if (this.takesCallers && this.#was === "nobody" && !this.nextHindrance)
      this.dispatchEvent(new Event("caller"));
    this.#was = this.nextHindrance;
    if (this.selected) this.#keepPlace();
    for (const app of this.apps) app.settles?.();
    // Who left on purpose needs no word about it.
    for (const { id, emptied, wrapup } of this.conversations.values())
      if (emptied === "left" ? !wrapup.pending : emptied && wrapup.stage === "finished") this.putAway(id);
  }

  #keepPlace() {
    const there = [...this.conversations.values()].filter(({ back }) => back > 0);
    this.place.keep({
      selected: this.selected,
      back: Object.fromEntries(there.map(({ id, back }) => [id, back])),
      panels: Object.fromEntries(
        Object.entries(this.place.where.panels).filter(([id]) => this.conversations.has(id)),
      ),
    });
  }

  // The connection

  /** @param {HelloOk} hello */
  async greeted(hello) {
    this.outdated = this.#release !== "" && hello.release !== this.#release;
    this.#learn(hello);
    await this.meet(hello);
  }

  /** @param {HelloOk} ok */
  entered(ok) {
    this.#learn(ok);
    this.#hasEntered = true;
    const { queue, colleagues, services, conversations, invitations, letters } = ok;
    Object.assign(this, { colleagues, services });
    this.onCall = new Map(Object.entries(ok.on_call ?? {}));
    this.letters = new Map(letters.map((one) => [one.line, one]));
    this.queues = new Map(queue.map((one) => [one.line, one]));
    this.invitations.greet(invitations);
    this.sentences.learn(ok);
    this.care.learn(ok.loads);
    for (const app of this.apps) app.entered?.();
    const { certified = [] } = /** @type {import("../shared/protocol.d.ts").ProveOk} */ (
      /** @type {unknown} */ (ok)
    );
    this.ownCertificates = certified;
    const own = new Set(conversations.map(({ conversation }) => conversation));
    sweep(this.#store, own);
    for (const [id, conversation] of this.conversations) if (!own.has(id)) conversation.empty("lost");
    const fresh = conversations.filter(({ conversation: id }) => !this.conversations.has(id));
    this.#sitDown(conversations);
    // After a reload the one in which one was; else one that goes on, before one that only waits for its form.
    const was = fresh.find(({ conversation }) => conversation === this.place.where.selected);
    const shown = was ?? fresh.find(({ state }) => state !== "ended") ?? fresh[0];
    if (shown && !this.selected) this.select(shown.conversation);
    this.#lookAtPeople();
  }

  /** Whom a supervisor is rung for: a colleague's device that waits, a second factor that was replaced. */
  async #lookAtPeople() {
    if (!this.me?.roles.includes("supervisor") || !this.proven) return;
    try {
      const [news] = await Promise.all([this.news.look(), this.certifying.look()]);
      this.news.show(news);
      this.changed();
    } catch (error) {
      if (!(error instanceof Dropped)) throw error; // the next connection looks again
    }
  }

  /** What is told before the proof, too. @param {HelloOk} ok */
  #learn({ duty, lines, codes, own_codes }) {
    this.#learnDuty(duty);
    Object.assign(this, { lines, restarting: false });
    this.#codes({ codes, own_codes });
  }

  /** As the server has it. @param {import("../shared/protocol.d.ts").DutyState} duty */
  #learnDuty({ state, slots }) {
    if (this.duty.state !== "off" && state === "off") this.problem("duty_lapsed");
    this.duty = /** @type {Duty} */ ({ state, slots });
  }

  /** @param {Pick<HelloOk, "codes" | "own_codes">} told */
  #codes({ codes, own_codes: ownCodes }) {
    Object.assign(this, { codes, ownCodes });
  }

  /** @param {import("../shared/protocol.d.ts").ColleaguesOut} frame */
  #workWith({ line, open, colleagues, desks, on_call: onCall }) {
    this.desksThere = desks;
    this.onCall.set(line, onCall);
    const others = this.colleagues.filter((one) => one.line !== line);
    this.colleagues = [...others, ...colleagues].sort((a, b) => a.alias.localeCompare(b.alias));
    this.lines = this.lines.map((one) => (one.line === line ? { ...one, open } : one));
  }

  /** @param {Seat[]} seats  where this person sits @param {string} [shown] */
  #sitDown(seats, shown = "") {
    const { pair } = this.device;
    if (!pair) return;
    const { back } = this.place.where;
    for (const seat of seats) {
      const before = this.conversations.has(seat.conversation);
      this.sit(seat, pair);
      const conversation = this.conversations.get(seat.conversation);
      if (!before && conversation) conversation.back = back[seat.conversation] ?? 0;
    }
    if (shown) this.select(shown);
  }

  /** @param {import("../shared/socket.js").Stop} why */
  shut(why) {
    if (why.code === CLOSED.withdrawn) this.clear();
    super.shut(why);
  }

  /** What this tab kept stays: it is sealed. */
  clear() {
    for (const { closing } of this.conversations.values()) closing.undo();
    this.conversations.clear();
    this.invitations.greet([]);
    this.news.clear();
    this.queues.clear();
    Object.assign(this, { colleagues: [], selected: "" });
  }

  /** @param {Frame} frame */
  hear(frame) {
    if (frame.type === "queue") this.queues.set(frame.line, frame);
    else if (frame.type === "letters") this.letters.set(frame.line, frame);
    else if (frame.type === "device") {
      this.device.hear(frame);
      if (frame.certified) this.ownCertificates = frame.certified;
      this.#lookAtPeople();
    } else if (frame.type === "staff") this.#lookAtPeople();
    else if (frame.type === "duty") this.#learnDuty(frame);
    else if (frame.type === "codes") this.#codes(frame);
    else if (frame.type === "colleagues") this.#workWith(frame);
    else if (frame.type === "care") this.care.learn(frame.loads);
    else if (frame.type === "sentences") this.sentences.learn(frame);
    else if (frame.type === "services") this.services = frame.services;
    else if (frame.type === "invitation") this.invitations.hear(frame);
    else return this.asked.hear(frame);
    return true;
  }

  // What the counsellor does

  /** Whether this person takes callers at all. */
  get takesCallers() {
    return this.mode === "console" && (this.me?.roles.includes("counsellor") ?? false);
  }

  /** @param {string} line */
  lineOf = (line) => this.asApps((app) => app.lineOf?.(line)) ?? line;

  /** The line of this person for which somebody sits there. @param {{line: string}} seat */
  #lineOf(seat) {
    const said = this.lineOf(seat.line);
    return this.lines.find((one) => one.line === said);
  }

  /** Whether what is to disappear stands beside it. @param {import("./conversation/model/conversation.js").Conversation} conversation */
  keepsCases = ({ seat, log }) => this.#lineOf(seat)?.cases === true || log.cases.items.length > 0;

  /** @param {import("./conversation/model/conversation.js").Conversation} conversation */
  offered({ seat, nickname, writing }) {
    const line = this.#lineOf(seat);
    const said = line?.line ?? seat.line;
    const known = { nickname, me: this.me?.alias ?? "", line: line?.name ?? "" };
    return this.sentences.offered(
      writing.draft,
      { ...seat, line: said, formal: line?.formal ?? false },
      known,
    );
  }

  /** Whether this person only joins when asked: a supervisor. */
  get onlyJoins() {
    return this.mode === "console" && this.me !== null && !this.takesCallers;
  }

  /** Whether somebody else of the line is on duty, on a break, or at the board. @param {string} line */
  somebodyOf(line) {
    return this.colleagues.some((one) => one.line === line && one.duty !== "off");
  }

  /** Who waits and whom one talks with is still to come: an empty list would say that there is nobody. */
  get loading() {
    return !this.#hasEntered && !this.stopped && ON_ITS_WAY.includes(this.device.state);
  }

  /** Conversations that go on. */
  get open() {
    return [...this.conversations.values()].filter(({ emptied, state }) => !emptied && state !== "ended");
  }

  /** Conversations that fill a slot. */
  get busy() {
    return this.open.filter(({ isLetter }) => !isLetter).length;
  }

  /** On duty for those who are here, and for nobody more. */
  get isLast() {
    return this.duty.state === "on" && this.duty.slots === 0;
  }

  /** Why `next` cannot be asked now, or "". */
  get nextHindrance() {
    if (this.connection !== "open") return "offline";
    if (this.device.state !== "approved") return `device_${this.device.state}`;
    if (this.taking) return "taking";
    if (this.duty.state !== "on") return "off_duty";
    if (this.isLast) return "last";
    if (this.busy >= this.duty.slots) return "full";
    return [...this.queues.values()].some(({ here }) => here) ? "" : "nobody";
  }

  async next() {
    const taken = this.asApps((app) => app.takeNext?.());
    if (taken) return taken;
    if (!this.takesCallers || this.nextHindrance) return;
    this.taking = true;
    this.changed();
    await this.#attempt("next", async () => {
      const seat = await this.request("next", { line: null });
      this.#sitDown([seat], seat.conversation);
    });
    this.taking = false;
    this.changed();
  }

  /** The next letter of a line: acute ones first, then the one that was promised soonest. @param {string} line */
  takeLetter = (line) =>
    this.#attempt("take", async () => {
      const seat = await this.request("take", { line });
      this.#sitDown([seat], seat.conversation);
    });

  /** Fetches a conversation that another device of this person holds. @param {string} id */
  async takeOver(id) {
    await this.#attempt("takeover", async () => {
      const seat = await this.request("takeover", { conversation: id });
      this.#sitDown([seat], id);
    });
  }

  /** @param {Duty["state"]} state @param {number} slots */
  async setDuty(state, slots) {
    if (state !== "on") this.asked.rest = "";
    if (state === "off") this.asked.handover = "";
    const some = state === "on" ? Math.max(1, slots) : slots;
    await this.#changeDuty(state, Math.min(MAX_SLOTS, some));
  }

  /** The conversations of now are the last ones, or not. @param {boolean} last */
  async lastChat(last) {
    if (last) this.#slotsBefore = this.duty.slots;
    await this.#changeDuty("on", last ? 0 : this.#slotsBefore);
  }

  /** @param {Duty["state"]} state @param {number} slots */
  async #changeDuty(state, slots) {
    const before = this.duty;
    const turn = ++this.#dutyTurn;
    // Shown at once: a switch that springs back until the reply comes looks broken.
    this.duty = { state, slots };
    this.changed();
    await this.#attempt("duty", async () => {
      try {
        const { duty } = await this.request("duty", this.duty);
        // An older answer says nothing of what was chosen since.
        if (turn === this.#dutyTurn) this.duty = /** @type {Duty} */ (duty);
      } catch (error) {
        if (turn === this.#dutyTurn) this.duty = before;
        throw error;
      }
    });
    this.changed();
  }

  /** @param {1 | -1} step */
  move(step) {
    const ids = [...this.conversations.keys()];
    const at = ids.indexOf(this.selected);
    if (ids.length) this.select(ids[at < 0 ? 0 : (at + step + ids.length) % ids.length]);
  }

  /** @param {string} action @param {() => Promise<unknown>} act */
  #attempt(action, act) {
    return attempt(act, this.problem, action, OWN_WORDS);
  }
}
