// Models the console: this browser's device, duty, the queue, invitations and conversations. It depends on no page.
// It is over 300 lines, because every frame and every action that does not belong to a conversation goes through it.
import { CLOSED, Dropped, ErrorReply } from "../shared/socket.js";
import { Certifying } from "../staff/certifying.js";
import { shareKeys } from "../staff/key-shares.js";
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
/** @typedef {import("../shared/protocol.d.ts").Duty} Duty */
/** @typedef {import("../shared/protocol.d.ts").QueueOut} Queue */
/** @typedef {import("../shared/protocol.d.ts").LineState} LineState */
/** @typedef {import("../shared/protocol.d.ts").Colleague} Colleague */
/** @typedef {import("../shared/protocol.d.ts").HelloOk} HelloOk */
/** @typedef {{mode?: "console" | "partner", release?: string, apps?: ((desk: Console) => ConsoleApp)[]}} Own  release: the release from which this page was loaded */
/**
 * Describes what an optional app adds. The default export of its `console.js` is a function that takes the console and
 * returns this object.
 * @typedef {object} ConsoleApp
 * @property {() => unknown} [tools]  rendered below the person's conversations
 * @property {() => unknown} [banner]  rendered above everything
 * @property {() => unknown} [entered]  called whenever the device has been authenticated
 * @property {() => void} [settles]  called after each change, before conversations that are over are removed from the list
 * @property {(conversation: import("./conversation/model/conversation.js").Conversation) => unknown} [beside] rendered
 * above the facts about the caller
 * @property {() => Promise<unknown> | null} [takeNext]  takes a caller whom the app provides; null if the next caller comes from the queue
 * @property {(line: string) => string | undefined} [lineOf] returns the line whose texts and steps apply in a
 * conversation of the given line
 * @property {(line: string) => string | undefined} [nameOf]  the name of a line that is not in `hello`
 */

const MAX_SLOTS = 4;
/** In these states of the device, the queue and the conversations have not arrived yet. */
const ON_ITS_WAY = ["unknown", "proving"];
/** These refusals, written as action and code, have their own texts in the console. */
const OWN_WORDS = ["next not_found", "next conflict", "takeover conflict", "take not_found", "take conflict"];

export class Console extends Desk {
  /** @type {import("../staff/device.js").Device} */
  device;
  /** @type {Duty} */
  duty = { state: "off", slots: 0 };
  /** @type {LineState[]} */
  lines = [];
  /** @type {import("./staff/model/other-tabs.js").OtherTabs | null} null: the page does not look for other tabs */
  otherTabs = null;
  /** @type {Map<string, Queue>} */
  queues = new Map();
  /** Holds how many letters wait for an answer, by line. @type {Map<string, import("../shared/protocol.d.ts").ShelfState>} */
  letters = new Map();
  /** @type {Colleague[]} */
  colleagues = [];
  /** Holds the telephone number of the supervisor on call, by line, if there is one. @type {Map<string, string>} */
  onCall = new Map();
  taking = false;
  #hasEntered = false;
  /** Holds until when this browser's key is certified for each line or service; empty if keys are not certified here. @type {import("../shared/protocol.d.ts").Need[]} */
  ownCertificates = [];
  /** Is true if the server has a newer release than this page. */
  outdated = false;
  #release;
  #slotsBefore = 1;
  #dutyTurn = 0;
  #changing = 0; // requests under way that change the duty
  #dutyOfServer = this.duty; // the last one that the server told
  /** Holds the last `nextHindrance`, to notice when a caller arrives in an empty queue. */
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
      approved: (device) => shareKeys(this.request, this.device.pair, "letters", device),
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
      ...{ request: this.request, changed: this.changed, problem: this.problem },
      ...{ now: this.now, after: this.after },
      rings: (acute) => this.dispatchEvent(new CustomEvent("rings", { detail: { acute } })),
      joined: (seat) => this.#sitDown([seat], seat.conversation),
      joinedElsewhere: (id) => this.conversations.has(id) || this.again(), // the next greeting lists it
    });
  }

  /** Asks the optional apps in turn and returns the first answer. @template Answer @param {(app: ConsoleApp) => Answer | null | undefined} ask */
  asApps = (ask) => {
    for (const app of this.apps) {
      const answer = ask(app);
      if (answer !== null && answer !== undefined) return answer;
    }
    return undefined;
  };

  /** Shows the conversation of a caller whom an optional app provided. @param {Seat} seat */
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
    // A connection that was away for a moment, as at each deploy, does not hide that nobody waited before.
    if (!/^(offline|device_)/.test(this.nextHindrance)) this.#was = this.nextHindrance;
    if (this.selected) this.#keepPlace();
    if (this.#hasEntered && this.takesCallers) this.#keepSeats();
    for (const app of this.apps) app.settles?.();
    // A conversation that this person left on purpose is removed from the list without a message.
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

  /**
   * Stores which callers this person is with, until the conversation is over or removed from the list. A role
   * is known only after the log has arrived.
   */
  #keepSeats() {
    const before = new Set(this.place.where.seats.map(({ conversation }) => conversation));
    const seats = [...this.conversations.values()]
      .filter(({ id, emptied, lostAs, role, state }) => {
        if (emptied) return emptied === "lost" && lostAs === "counsellor";
        return state !== "ended" && (role ? role === "counsellor" : before.has(id));
      })
      .map(({ seat: { conversation, line, initial } }) => ({ conversation, line, initial }));
    this.place.keep({ seats, person: this.me?.id ?? "" });
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
    const { seats, person } = this.place.where;
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
    const mine = person === this.me?.id && this.takesCallers ? seats : [];
    const lost = mine.filter(({ conversation }) => !own.has(conversation));
    sweep(this.#store, new Set([...own, ...lost.map(({ conversation }) => conversation)]));
    for (const [id, conversation] of this.conversations) if (!own.has(id)) conversation.empty("lost");
    const fresh = conversations.filter(({ conversation: id }) => !this.conversations.has(id));
    this.#sitDown(conversations);
    this.#showLost(lost);
    // Selects the conversation that was open before a reload, else one that has not ended, else one that waits for its
    // wrap-up form.
    const was = fresh.find(({ conversation }) => conversation === this.place.where.selected);
    if (!this.selected && lost.some(({ conversation }) => conversation === this.place.where.selected))
      this.select(this.place.where.selected);
    const shown = was ?? fresh.find(({ state }) => state !== "ended") ?? fresh[0];
    if (shown && !this.selected) this.select(shown.conversation);
    this.#lookAtPeople();
  }

  /**
   * Fetches the news for a supervisor: a colleague's device that waits for approval, or a replaced second factor.
   */
  async #lookAtPeople() {
    if (!this.me?.roles.includes("supervisor") || !this.proven) return;
    try {
      const [news] = await Promise.all([this.news.look(), this.certifying.look()]);
      this.certifying.noteRevoked(news.devices);
      this.news.show(news);
      this.changed();
    } catch (error) {
      // The next connection, or the next bell, fetches it again.
      if (!(error instanceof Dropped || error instanceof ErrorReply)) throw error;
    }
  }

  /** Stores the values that the server sends twice: before and after the device is authenticated. @param {HelloOk} ok */
  #learn({ duty, lines, codes, own_codes }) {
    this.#learnDuty(duty);
    Object.assign(this, { lines, restarting: false });
    this.#codes({ codes, own_codes });
  }

  /** Takes the duty from the server. If the server has switched it off, this is shown as a problem. @param {import("../shared/protocol.d.ts").DutyState} duty */
  #learnDuty({ state, slots }) {
    if (this.duty.state !== "off" && state === "off") this.problem("duty_lapsed");
    this.duty = this.#dutyOfServer = /** @type {Duty} */ ({ state, slots });
  }

  /** While this tab changes the duty, only the reply counts: a frame may be about an earlier choice. @param {import("../shared/protocol.d.ts").DutyState} duty */
  #hearDuty(duty) {
    if (!this.#changing) return this.#learnDuty(duty);
    this.#dutyOfServer = /** @type {Duty} */ ({ state: duty.state, slots: duty.slots });
  }

  /** @param {Pick<HelloOk, "codes" | "own_codes">} told */
  #codes({ codes, own_codes: ownCodes }) {
    Object.assign(this, { codes, ownCodes });
  }

  /** @param {import("../shared/protocol.d.ts").ColleaguesOut} frame */
  #workWith({ line, open, ended, colleagues, desks, on_call: onCall }) {
    if (ended) return this.again(); // reconnects, because the next greeting will not list this line
    this.desksThere = desks;
    this.onCall.set(line, onCall);
    const others = this.colleagues.filter((one) => one.line !== line);
    this.colleagues = [...others, ...colleagues].sort((a, b) => a.alias.localeCompare(b.alias));
    this.lines = this.lines.map((one) => (one.line === line ? { ...one, open } : one));
  }

  /** @param {Seat[]} seats  this person's @param {string} [shown]  the conversation to select */
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

  /** @param {import("./staff/model/place.js").Kept[]} seats  that this person had before a reload */
  #showLost(seats) {
    const { pair } = this.device;
    for (const seat of seats)
      if (pair && !this.conversations.has(seat.conversation)) this.showLost(seat, pair);
  }

  /** @param {import("../shared/socket.js").Stop} why */
  shut(why) {
    if (why.code === CLOSED.withdrawn) this.clear();
    super.shut(why);
  }

  /** Empties the page. What this tab has stored stays: it is sealed, and names the seats for the next sign-in. */
  clear() {
    this.#hasEntered = false;
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
    else if (frame.type === "duty") this.#hearDuty(frame);
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

  /** Returns whether this person takes callers at all. */
  get takesCallers() {
    return this.mode === "console" && (this.me?.roles.includes("counsellor") ?? false);
  }

  /** @param {string} line */
  lineOf = (line) => this.asApps((app) => app.lineOf?.(line)) ?? line;

  /** Returns the line whose texts and steps apply to a seat; undefined if it is not a line of this person. @param {{line: string}} seat */
  #lineOf(seat) {
    const said = this.lineOf(seat.line);
    return this.lines.find((one) => one.line === said);
  }

  /** Returns whether a removal case is shown: the line keeps such cases, or this conversation has one. @param {import("./conversation/model/conversation.js").Conversation} conversation */
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

  /** Returns whether this person takes no callers and only joins when asked, as a supervisor. */
  get onlyJoins() {
    return this.mode === "console" && this.me !== null && !this.takesCallers;
  }

  /** Returns whether somebody else of the line is on duty, on a break, or at the board. @param {string} line */
  somebodyOf(line) {
    return this.colleagues.some((one) => one.line === line && one.duty !== "off");
  }

  /**
   * Returns whether the queue and the conversations have not arrived yet, so that an empty list would look like an empty queue.
   */
  get loading() {
    return !this.#hasEntered && !this.stopped && ON_ITS_WAY.includes(this.device.state);
  }

  /** Returns the conversations that have not ended. */
  get open() {
    return [...this.conversations.values()].filter(({ emptied, state }) => !emptied && state !== "ended");
  }

  /** Returns whether leaving the page would lose something: conversations are open, or a form is half filled. */
  get wouldLose() {
    return this.open.length > 0 || this.isHalfFilled;
  }

  get isHalfFilled() {
    return [...this.conversations.values()].some(({ wrapup }) => wrapup.isHalfFilled);
  }

  /** Returns how many slots are taken. Letters take none. */
  get busy() {
    return this.open.filter(({ isLetter }) => !isLetter).length;
  }

  /** Returns whether this person finishes the current conversations and takes no new ones. */
  get isLast() {
    return this.duty.state === "on" && this.duty.slots === 0;
  }

  /** Returns why `next` cannot be requested now, or "". */
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
      await this.#takeSeat(() => this.request("next", { line: null }));
    });
    this.taking = false;
    this.changed();
  }

  /** Sits down, and shows the conversation. Who has typed since the request stays where they are: on a slow connection, the rest of the sentence would go to the new caller. @param {() => Promise<Seat>} ask */
  async #takeSeat(ask) {
    const before = this.#typed;
    const seat = await ask();
    this.#sitDown([seat], this.#typed === before ? seat.conversation : "");
  }

  /** Returns what is typed, and where. */
  get #typed() {
    return `${this.selected} ${this.conversations.get(this.selected)?.writing.draft ?? ""}`;
  }

  /** Takes a line's next letter: acute ones first, then the one that is due first. @param {string} line */
  takeLetter = (line) => this.#attempt("take", () => this.#takeSeat(() => this.request("take", { line })));

  /** Takes over a conversation that is open on another device of this person. @param {string} id */
  async takeOver(id) {
    await this.#attempt("takeover", () =>
      this.#takeSeat(() => this.request("takeover", { conversation: id })),
    );
  }

  /** @param {Duty["state"]} state @param {number} slots */
  async setDuty(state, slots) {
    if (state !== "on") this.asked.rest = "";
    if (state === "off") this.asked.handover = "";
    // Who finishes the last conversations has no slots. Going on a break and coming back leaves that as it is.
    const stays = this.duty.state !== "off" && this.duty.state !== state;
    const some = stays || state === "off" ? slots : Math.max(1, slots);
    await this.#changeDuty(state, Math.min(MAX_SLOTS, some));
  }

  /** Sets whether the current conversations are the last ones. @param {boolean} last */
  async lastChat(last) {
    if (last) this.#slotsBefore = this.duty.slots;
    await this.#changeDuty("on", last ? 0 : this.#slotsBefore);
  }

  /** @param {Duty["state"]} state @param {number} slots */
  async #changeDuty(state, slots) {
    const turn = ++this.#dutyTurn;
    this.#changing++;
    // The new state is shown before the reply: if the switch kept its old position until then, it would look broken.
    this.duty = { state, slots };
    this.changed();
    await this.#attempt("duty", async () => {
      try {
        const { duty } = await this.request("duty", this.duty);
        this.#dutyOfServer = /** @type {Duty} */ (duty);
        // The reply to an earlier request must not undo a later choice.
        if (turn === this.#dutyTurn) this.duty = /** @type {Duty} */ (duty);
      } catch (error) {
        if (turn === this.#dutyTurn) this.duty = this.#dutyOfServer;
        throw error;
      }
    });
    this.#changing--;
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
