// One conversation as the caller's browser has it: the log, who is here, what is still to be sent. No page. Over 300 lines
// in one module, because each module of the first load is a request.
import { hpke } from "../shared/sealing.js";
import { browser, Dropped, ErrorReply, Socket } from "../shared/socket.js";
import { Grants } from "./grants.js";
import { Outbox } from "./outbox.js";

/** @typedef {import("../shared/doors.d.ts").CallerDoor} Door */
/** @typedef {import("./grants.js").Newcomer} Newcomer */
/** @typedef {import("./grants.js").Refusal} Refusal */
/** @typedef {import("../shared/doors.d.ts").Fields<import("../shared/doors.d.ts").CallerEntry> & {why?: Refusal | null, words?: import("./grants.js").Words}} Entry  why and words are ours */
/** @typedef {Newcomer & {here: boolean, seen: number, why: Refusal | null}} Person */

const TYPING_MS = { pause: 3000, shown: 5000 };
const GRANT_PAUSE_MS = { first: 100, last: 5000 };
const FETCH_AGAIN_MS = 2000;

export class Conversation {
  /** The log as far as it is taken. @type {Entry[]} */
  rows = [];
  /** Everybody but the caller, by member. @type {Map<string, Person>} */
  people = new Map();
  /** @type {{ahead: number, minutes: [number, number] | null} | null} */
  queue = null;
  /** @type {string | null} the reason */
  ended = null;
  /** @type {import("../shared/socket.js").Stop | null} */
  stopped = null;
  /** @type {string | null} the member */
  typing = null;
  broken = false; // something in this page
  outbox;
  #memory;
  #world;
  #changed;
  #asked;
  #grants;
  #socket;
  #newest = 0;
  #promised = 0;
  #opened = false;
  #chain = Promise.resolve();
  #taking = 0;
  #syncing = false;
  #letting = false;
  #wraps = false; // can be made
  #fetch;
  #grantsRefused = 0;
  #seen = 0;
  #typedAt = 0;
  #stopTyping = () => {};

  /**
   * @param {{url: string, memory: import("./tab-memory.js").TabMemory, line: string, locale: "nl" | "en", urgency: 0 | 1 | 2, changed: () => void, world?: typeof browser, fetchHpke?: typeof hpke}} of
   *   `changed` is called after every change, so the page has named a newcomer before the grant
   */
  constructor({ url, memory, line, locale, urgency, changed, world = browser, fetchHpke = hpke }) {
    this.#fetch = fetchHpke;
    this.#memory = memory;
    this.#world = world;
    this.#changed = changed;
    this.#asked = { line, locale, urgency };
    this.#grants = new Grants(memory);
    this.outbox = new Outbox(memory, this.#grants, {
      post: (item) => this.#socket.request("post", item),
      open: () => this.settled && this.#grants.maySend,
      changed,
      grant: () => this.#grant(),
      after: world.after,
    });
    /** @type {Socket<Door>} */
    this.#socket = new Socket(
      url,
      {
        opening: () => this.#opening(),
        opened: (ok) => this.#welcomed(ok),
        frame: (frame) => this.#hear(frame),
        state: (state) => {
          if (state !== "open") this.#opened = this.#syncing = false;
          changed();
        },
        stopped: (why) => {
          this.stopped = why;
          changed();
        },
      },
      world,
    );
  }

  start() {
    this.#fetchHpke();
    this.#socket.start();
  }
  stop = () => this.#socket.stop();
  wake = () => this.#socket.wake();

  get connection() {
    return this.#socket.state;
  }
  get begun() {
    return this.#memory.state !== null;
  }
  /** Whoever is here and let in; the line's key for reading afterwards is nobody. */
  get company() {
    const { members } = this.#grants.granted;
    return this.#here.filter(({ member, role }) => members.has(member) && role !== "review");
  }
  get turnedAway() {
    return this.#here.filter(({ why }) => why);
  }
  get #here() {
    return [...this.people.values()].filter(({ member }) => this.#grants.present.has(member));
  }
  /** Whose yes is still missing, for what was said to partners alone. */
  get withheld() {
    return this.#grants.withheld;
  }
  /** @param {Entry} row */
  isOwn = ({ by }) => by === this.#memory.state?.member;

  // What the caller does

  type() {
    if (this.#world.now() - this.#typedAt < TYPING_MS.pause || !this.company.length) return;
    this.#typedAt = this.#world.now();
    this.#socket.request("typing").catch(() => {});
  }

  /** Everything shown has been read. */
  see() {
    const seq = this.rows.findLast((row) => row.words && !this.isOwn(row))?.seq ?? 0;
    if (seq <= this.#seen || !this.#opened || this.ended) return;
    this.#seen = seq;
    this.#socket.request("seen", { seq }).catch(() => {
      this.#seen = 0;
    });
  }

  leave = () => this.#socket.request("leave");
  erase = () => this.#socket.request("erase").then(({ held }) => held === true);

  /** The answer to a card, null for a no. A yes is kept before it is sent. @param {string} invitation @param {import("./tab-memory.js").Yes | null} yes */
  async consent(invitation, yes) {
    // Not before the log is complete: the card may be out of date.
    if (!this.settled) throw new Dropped("not connected");
    this.#memory.consent(invitation, yes);
    await this.#socket.request("consent", { invitation, yes: yes !== null, history: yes?.history ?? false });
  }

  /** @param {string} member  of the line @param {boolean} yes */
  share(member, yes) {
    this.#grants.share(member, yes);
    this.#move();
  }

  // The connection

  /** @returns {Door["opening"]} */
  #opening() {
    const { state } = this.#memory;
    if (!state) return { type: "start", ...this.#asked };
    return { type: "resume", conversation: state.conversation, token: state.token, since: this.#newest };
  }

  /** @param {Door["opened"]} ok */
  #welcomed(ok) {
    this.#opened = true;
    if (!("token" in ok)) {
      this.#memory.unlock(ok.shelf);
      this.#promised = ok.seq;
      return this.#queueUp(async () => {
        await this.#grants.resumed(ok.epoch);
        await this.outbox.restore();
      });
    }
    const { conversation, member, token, keeps } = ok;
    const review = ok.review?.key ?? null;
    this.#memory.begin({ conversation, member, token, line: this.#asked.line, review, keeps }, ok.shelf);
    this.#queueUp(() => this.#grants.begin());
  }

  /** @param {Door["frame"]} frame */
  #hear(frame) {
    if (frame.type === "entry") return this.#receive(/** @type {Entry} */ (frame));
    if (frame.type === "beat" && Object.values(frame.seqs).some((seq) => seq > this.#newest)) this.#sync();
    if (frame.type === "queue") this.queue = frame;
    if (frame.type === "typing") this.#showTyping(frame.by);
    if (frame.type === "presence") this.#note(frame.member, { here: frame.here });
    if (frame.type === "seen") this.#note(frame.by, { seen: frame.seq });
    this.#changed();
  }

  // The log

  /** @param {Entry} entry */
  #receive(entry) {
    if (entry.seq <= this.#newest) return;
    if (entry.prev !== this.#newest) return this.#sync();
    this.#newest = entry.seq;
    this.#grants.heard(entry);
    this.#queueUp(() => this.#take(entry));
  }

  /** One after the other: whether a box opens depends on all that stands before it. @param {() => Promise<void>} work */
  #queueUp(work) {
    this.#taking++;
    const settle = () => {
      this.#taking--;
      this.#changed();
      this.#move();
    };
    this.#chain = this.#chain.then(work).then(settle, () => {
      this.broken = this.begun; // or forgotten meanwhile
      settle();
    });
  }

  /** @param {Entry} entry */
  async #take(entry) {
    if (entry.kind === "message") entry.words = await this.#grants.read(entry);
    else if (entry.kind === "joined") entry.why = await this.#joined(entry);
    else if (entry.kind === "left") this.#grants.left(entry.member);
    else if (entry.kind === "granted") await this.#grants.wasGranted(entry.epoch, entry.members);
    else if (entry.kind === "invited") this.#memory.invited(entry.invitation ?? "", entry.state);
    else if (entry.kind === "ended") this.ended = entry.reason;
    if (entry.kind === "message" && entry.words?.text != null && this.isOwn(entry))
      this.outbox.stored(entry.id);
    if (this.typing === entry.by) this.typing = null;
    this.rows.push(entry);
  }

  /** @param {Newcomer} who */
  async #joined({ member, role, alias, key, service, invitation }) {
    const newcomer = { member, role, alias, key, service, invitation };
    const why = await this.#grants.joined(newcomer);
    this.people.set(member, { ...newcomer, here: true, seen: 0, why });
    return why;
  }

  #sync() {
    if (this.#syncing || !this.#opened) return;
    this.#syncing = true;
    const done = () => {
      this.#syncing = false;
    };
    this.#socket.request("sync", { since: this.#newest }).then(done, done);
  }

  /** Behind the entries that came before, one of which may bring this person. @param {string} member @param {Partial<Person>} what */
  #note(member, what) {
    this.#queueUp(async () => {
      const person = this.people.get(member);
      if (person) Object.assign(person, what);
    });
  }

  /** @param {string} member */
  #showTyping(member) {
    this.typing = member;
    this.#stopTyping();
    this.#stopTyping = this.#world.after(TYPING_MS.shown, () => {
      this.typing = null;
      this.#changed();
    });
  }

  // What follows from it: letting in, and sending

  /** The log is complete and may be acted on. */
  get settled() {
    return this.#opened && !this.ended && this.#taking === 0 && this.#newest >= this.#promised && this.begun;
  }

  #move() {
    this.#grant();
    this.outbox.send();
  }

  /** It is no part of the first load, and has seconds to come before anybody joins. */
  #fetchHpke() {
    const come = () => {
      this.#wraps = true;
      this.#move();
    };
    this.#fetch().then(come, () => this.#world.after(FETCH_AGAIN_MS, () => this.#fetchHpke()));
  }

  async #grant() {
    if (this.#letting || !this.#wraps || !this.settled || !this.#grants.due) return;
    this.#letting = true;
    const again = await this.#grantOnce();
    this.#letting = false;
    if (again) this.#move();
  }

  /** @returns {Promise<boolean>} whether to look again now */
  async #grantOnce() {
    const { flight, fields } = await this.#grants.draw();
    // A drop and a resume came in between, and threw it away.
    if (this.#grants.flight !== flight) return true;
    try {
      await this.#socket.request("grant", fields);
      this.#grantsRefused = 0;
      if (this.#grants.flight === flight) await this.#grants.count(flight);
      return true;
    } catch (error) {
      if (error instanceof Dropped) return false; // only `resume` tells
      if (!(error instanceof ErrorReply)) throw error;
      this.#grants.throwAway(/** @type {number | undefined} */ (error.frame.epoch));
      this.#sync();
      const ms = Math.min(GRANT_PAUSE_MS.last, GRANT_PAUSE_MS.first * 2 ** this.#grantsRefused++);
      await new Promise((done) => this.#world.after(ms, () => done(true)));
      return true;
    }
  }
}
