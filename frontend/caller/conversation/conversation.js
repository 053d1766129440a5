// Models one conversation as the caller's browser knows it: log, people, what is still to be sent.
import { CaseList, itemsIn } from "../../shared/cases.js";
import { freshId, hpke, openReturn, serverHalf } from "../../shared/sealing.js";
import { browser, Dropped, ErrorReply, Socket } from "../../shared/socket.js";
import { KeptCode } from "../coming-back/kept-code.js";
import { Grants, isKey } from "./grants.js";
import { LettingIn } from "./letting-in.js";
import { Outbox } from "./outbox.js";

/** @typedef {import("../../shared/wire.d.ts").CallerWire} Wire */
/** @typedef {import("./grants.js").Newcomer} Newcomer */
/** @typedef {import("./grants.js").Refusal} Refusal */
/** @typedef {import("../../shared/wire.d.ts").Fields<import("../../shared/wire.d.ts").CallerEntry> & {words?: import("./grants.js").Words}} Entry  words: added here */
/** @typedef {Newcomer & {here: boolean, seen: number, readonly why: Refusal | null}} Person */

const TYPING_MS = { pause: 3000, shown: 5000 };
const BLOCKED = 3; // failed tries
const EARNING = { rounds: 4, long_ms: 10_000 };
const PADDED = 64; // characters for the line's slug and padding: a frame's length must not reveal the line

/** @type {typeof import("../waiting/earning.js").earn} */
const fetchAndEarn = async (...what) => (await import("../waiting/earning.js")).earn(...what);

export class Conversation {
  /** Holds the entries that have been processed. @type {Entry[]} */
  rows = [];
  /** Holds everybody except the caller, by member. @type {Map<string, Person>} */
  people = new Map();
  /** @type {import("../waiting/waiting.js").Queue | null} */
  queue = null;
  /** @type {string | null} the reason */
  ended = null;
  /** @type {import("../../shared/socket.js").Stop | null} */
  stopped = null;
  /** Holds the state of a letter; null in a chat. `due`: the promised reply date, or null. @type {{written: string, due: string | null, queued: boolean} | null} */
  letter = null;
  /** Tells whether the browser works for a place on a busy line. @type {"" | "soon" | "long"} */
  earning = "";
  cases = new CaseList();
  cameBack = false; // with a return code
  ticket = ""; // for the questions after the end
  /** @type {string | null} the member */
  typing = null;
  broken = false; // an error in this page
  draft = ""; // what an earlier page of this tab had not sent
  outbox;
  #memory;
  #world;
  #changed;
  #asked;
  #page;
  #grants;
  #socket;
  #newest = 0;
  #promised = 0;
  #opened = false;
  #chain = Promise.resolve();
  #taking = 0;
  #syncing = false;
  #letting;
  #seen = 0;
  #typedAt = 0;
  #stopTyping = () => {};
  #earn;
  #rounds = 0;
  #work = {};
  #left = new AbortController();
  #code; // the return code that opened this page
  #half = ""; // what the server sees of the code
  #user = ""; // identifies this page, which may ask again if the reply is lost
  #in = false;
  #barred = false; // what the tab kept cannot be opened: this page grants nothing
  #kept;

  /**
   * @param {{url: string, memory: import("../coming-back/tab-memory.js").TabMemory, line: string, page?: string, trust?: import("../../shared/sealing.js").Trust | null, locale: string, urgency: 0 | 1 | 2, letter?: boolean, ticket?: string, code?: string, changed: () => void, world?: typeof browser, fetchHpke?: typeof hpke, earn?: typeof fetchAndEarn}} of
   *   `changed` is called after every change, so the page has named a newcomer before the grant
   */
  constructor(of) {
    const { url, memory, line, page = "", trust = null, locale, urgency, changed } = of;
    const { ticket = "", code = "", letter = false, world = browser, fetchHpke = hpke } = of;
    this.#earn = of.earn ?? fetchAndEarn;
    this.#memory = memory;
    this.#world = world;
    this.#changed = changed;
    this.#asked = { line, locale, urgency, ...(ticket && { ticket }), ...(letter && { letter }) };
    this.#page = page;
    this.#code = code;
    this.cameBack = code !== "";
    this.#grants = new Grants(memory, { trust, now: world.now });
    this.outbox = new Outbox(memory, this.#grants, {
      post: (item) => this.#socket.request("post", item),
      open: () => this.settled && this.#grants.maySend,
      isLetter: () => this.letter !== null,
      changed,
      grant: () => this.#letting.look(),
      after: world.after,
    });
    this.#letting = new LettingIn(this.#grants, {
      fetch: fetchHpke,
      may: () => !this.#barred && this.settled,
      send: (fields) => this.#socket.request("grant", fields),
      sync: () => this.#sync(),
      lose: () => this.#socket.lose(),
      moved: () => this.#move(),
      failed: () => this.misses(),
      after: world.after,
    });
    this.#kept = new KeptCode({
      memory,
      secrets: () => this.#grants.secrets,
      seats: () => this.#grants.seatsRow(),
      settled: () => this.settled,
      send: (sealed) => this.#socket.request("keepcode", sealed),
    });
    /** @type {Socket<Wire>} */
    this.#socket = new Socket(url, this.#listening(), world);
  }

  /** @returns {ConstructorParameters<typeof Socket<Wire>>[1]} */
  #listening() {
    return {
      opening: () => this.#opening(),
      opened: (ok) => this.#welcomed(ok),
      frame: (frame) => this.#hear(frame),
      state: (state) => {
        if (state !== "open") this.#opened = this.#syncing = false;
        this.#changed();
      },
      stopped: (why) => {
        if (why.error?.code === "work") return this.#earnPlace(why, String(why.error.frame.challenge));
        this.stopped = why;
        this.earning = "";
        this.#changed();
      },
    };
  }

  async start() {
    this.#letting.fetch();
    if (this.#code) [this.#half, this.#user] = [await serverHalf(this.#code), freshId(32)];
    if (!this.#left.signal.aborted) this.#socket.start();
  }
  stop() {
    this.#left.abort();
    this.#socket.stop();
  }
  tryAgain() {
    this.stopped = null;
    this.#rounds = 0;
    this.#socket.start();
  }
  wake = () => this.#socket.wake();
  lose = () => this.#socket.lose();

  get connection() {
    return this.#socket.state;
  }
  /**
   * Returns why no connection succeeds. offline: no network; blocked: it blocks WebSockets; refused: the
   * server accepts nobody now.
   */
  get failing() {
    if (this.begun || this.#socket.failures < BLOCKED) return "";
    if (globalThis.navigator?.onLine === false) return "offline";
    return this.#socket.refused ? "refused" : "blocked";
  }
  get stalled() {
    return this.#socket.stalled;
  }
  get begun() {
    return this.#memory.state !== null;
  }
  /** Returns the people who were let in, without the line's keys. */
  get company() {
    const { members } = this.#grants.granted;
    return this.#here.filter((one) => members.has(one.member) && !isKey(one));
  }
  /** @param {{member: string}} person */
  isVerified = ({ member }) => this.#grants.isVerified(member);
  get turnedAway() {
    return this.#here.filter(({ why }) => why);
  }
  /** Returns whether the page has to ask if the caller agreed to this guest. @param {Person} person */
  doubts = (person) => this.#grants.doubts(person);
  get #here() {
    return [...this.people.values()].filter(({ member }) => this.#grants.present.has(member));
  }
  /** Returns what only partners could read, and the line's members about whom the caller has not decided. */
  get withheld() {
    return this.#grants.withheld;
  }
  /** @param {Entry} row */
  isOwn = ({ by }) => by === this.#memory.state?.member;

  /** Returns the chosen urgency; on a resumed page 0, until it arrives. */
  get urgency() {
    return this.#asked.urgency;
  }

  /** Call it when a module of the page did not come: only a reload brings it in most browsers. */
  misses() {
    if (this.connection !== "open") return;
    this.broken = true;
    this.#changed();
  }

  // What the caller does

  type(told = () => {}) {
    if (this.#world.now() - this.#typedAt < TYPING_MS.pause || !this.company.length) return;
    this.#typedAt = this.#world.now();
    this.#socket.request("typing").then(told, () => {
      this.#typedAt = 0;
    });
  }

  see() {
    const seq = this.rows.findLast((row) => row.words?.text != null && !this.isOwn(row))?.seq ?? 0;
    if (seq <= this.#seen || !this.#opened || this.ended) return;
    this.#seen = seq;
    this.#socket.request("seen", { seq }).catch(() => {
      this.#seen = 0;
    });
  }

  /** @param {string | null} code */
  keepCode = (code) => this.#kept.keep(code);

  get coded() {
    return this.#kept.state;
  }

  get turnedDown() {
    return this.#half !== "" && !this.#in;
  }

  /** @type {Promise<void> | null} */
  #joining = null;
  hasLeft = false;
  leave = () => {
    this.hasLeft = true;
    return this.#socket.request("leave");
  };

  /** Joins the queue with a letter. Whoever asks again meanwhile waits for the same answer. @returns {Promise<void>} */
  talkNow() {
    this.#joining ??= this.#joinQueue().finally(() => {
      this.#joining = null;
    });
    return this.#joining;
  }

  /** A busy line asks for work first, which takes a phone some seconds. @returns {Promise<void>} */
  async #joinQueue(rounds = EARNING.rounds) {
    try {
      await this.#socket.request("chat", this.#work);
      if (this.letter) this.letter.queued = true;
    } catch (error) {
      if (!(error instanceof ErrorReply) || error.code !== "work" || !rounds) throw error;
      const work = await this.#earn(String(error.frame.challenge), this.#left.signal, this.#world);
      this.#work = { work };
      return this.#joinQueue(rounds - 1);
    }
    this.#changed();
  }

  /** Erases the conversation. Returns whether copies are gone too, and the line's hold, or null. */
  erase = () =>
    this.#socket
      .request("erase")
      .then(({ copies, held, hold }) => ({ copies, hold: (held && hold) || null }));

  /** Answers a card; null is a no. A yes is stored before it is sent. @param {string} invitation @param {import("../coming-back/tab-memory.js").Yes | null} yes */
  async consent(invitation, yes) {
    // Until the log is complete, the card may be out of date.
    if (!this.settled) throw new Dropped("not connected");
    await this.#memory.consent(invitation, yes);
    await this.#socket.request("consent", { invitation, yes: yes !== null, history: yes?.history ?? false });
  }

  /** Lets in a guest of whom the caller says, after a return by code, that they agreed. @param {Person} guest */
  async agreed(guest) {
    await this.#grants.agreed(guest);
    this.#changed();
    this.#move();
  }

  /** @param {string} member  of the line @param {boolean} yes */
  async share(member, yes) {
    await this.#grants.share(member, yes);
    this.#move();
  }

  // The connection

  /** @returns {Wire["opening"]} */
  #opening() {
    const { state } = this.#memory;
    if (!state && this.#half) return this.#returning();
    if (!state) {
      const pad = "-".repeat(Math.max(0, PADDED - this.#asked.line.length));
      return { type: "start", ...this.#asked, ...this.#work, pad };
    }
    return { type: "resume", conversation: state.conversation, token: state.token, since: this.#newest };
  }

  /** @returns {Wire["opening"]} */
  #returning() {
    return { type: "return", line: this.#asked.line, code: this.#half, since: 0, user: this.#user };
  }

  /** Earns a place. The socket is closed, because the work may take longer than the server waits. @param {import("../../shared/socket.js").Stop} why @param {string} challenge */
  async #earnPlace(why, challenge) {
    const become = (/** @type {"" | "soon" | "long"} */ earning) => {
      this.earning = earning;
      this.#changed();
    };
    const { signal } = this.#left;
    const tries = this.#rounds++ < EARNING.rounds;
    become(this.earning || "soon"); // a second round is not announced
    const cancel = this.#world.after(EARNING.long_ms, () => become("long"));
    const work = tries && (await this.#earn(challenge, signal, this.#world).catch(() => ""));
    cancel();
    if (signal.aborted) return;
    this.#work = work ? { work } : {};
    if (work) return this.#socket.start();
    this.stopped = why;
    become("");
  }

  /** @param {Wire["opened"]} ok */
  #welcomed(ok) {
    this.#opened = this.#in = true;
    this.earning = "";
    if (ok.written) this.letter = letterOf(ok);
    if ("urgency" in ok) this.#asked.urgency = ok.urgency;
    if ("box" in ok) return this.#returned(ok);
    if (!("token" in ok)) {
      this.#promised = ok.seq;
      return this.#queueUp(async () => {
        this.#barred = !(await this.#memory.unlock(ok.shelf, ok.seq));
        this.broken ||= this.#barred && ok.state !== "ended";
        const page = this.#memory.state?.page ?? pageOf(this.#page, ok.path);
        if (this.#memory.state)
          Object.assign(this.#memory.state, { member: ok.member, keeps: ok.keeps, hold: ok.hold, page });
        // The first page may have closed before it sealed the line.
        if (this.#memory.state && pageOf(this.#page, ok.path) === this.#page)
          this.#memory.state.line ||= this.#asked.line;
        await this.#grants.resumed(ok.epoch);
        await this.outbox.restore();
        this.draft ||= this.#memory.earlier;
        this.#memory.earlier = "";
      });
    }
    const { conversation, member, token, keeps } = ok;
    const { line } = this.#asked;
    this.#memory.begin(
      { conversation, member, token, line, page: this.#page, review: null, keeps },
      ok.shelf,
    );
    this.outbox.save(); // what was written before this reply
    this.#queueUp(async () => {
      const review = await this.#grants.keyOf(ok.review, "review");
      const letters = ok.letters && { letters: await this.#grants.keyOf(ok.letters, "letters") };
      if (this.#memory.state) Object.assign(this.#memory.state, { review, ...letters });
      await this.#grants.begin();
    });
  }

  /** Starts with a return code: this browser has only what the code opens. @param {import("../../shared/wire.d.ts").CallerWire["replies"]["return"]} ok */
  #returned({ conversation, member, token, keeps, hold, box, shelf, epoch, seq }) {
    const { line } = this.#asked;
    const started = {
      conversation,
      member,
      token,
      line,
      page: this.#page,
      review: null,
      keeps,
      hold,
      believed: seq,
    };
    this.#memory.begin(started, shelf);
    this.#promised = seq;
    this.#queueUp(async () =>
      this.#grants.returned(epoch, await openReturn(this.#code, conversation, box).catch(() => new Map())),
    );
    if (this.letter) this.#queueUp(async () => this.#kept.goesOn(this.#code));
  }

  /** @param {Wire["frame"]} frame */
  #hear(frame) {
    if (frame.type === "entry") return this.#receive(/** @type {Entry} */ (frame));
    if (frame.type === "beat" && Object.values(frame.seqs).some((seq) => seq > this.#newest)) this.#sync();
    if (frame.type === "queue") this.queue = frame.queued === false ? null : frame;
    if (frame.type === "queue" && this.letter) this.letter.queued = frame.queued !== false;
    if (frame.type === "feedback") this.ticket = frame.ticket;
    if (frame.type === "held") this.#queueUp(async () => this.#memory.held(frame));
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

  /** Work runs one at a time: whether a box opens depends on all entries before it. @param {() => Promise<void>} work */
  #queueUp(work) {
    this.#taking++;
    const settle = () => {
      this.#taking--;
      this.#changed();
      this.#move();
    };
    this.#chain = this.#chain.then(work).then(settle, () => {
      this.broken = this.begun; // unless the memory was erased
      settle();
    });
  }

  /** @param {Entry} entry */
  async #take(entry) {
    this.#grants.believe(entry);
    if (entry.kind === "message") entry.words = this.#listed(entry, await this.#grants.read(entry));
    else if (entry.kind === "joined") await this.#joined(entry);
    else if (entry.kind === "left") this.#gone(entry.member);
    else if (entry.kind === "granted") await this.#grants.wasGranted(entry.epoch, entry.members);
    else if (entry.kind === "invited") this.#memory.invited(entry.invitation ?? "", entry.state);
    else if (entry.kind === "sent")
      this.letter = { ...letterOf(this.letter), written: "new", due: entry.due };
    else if (entry.kind === "answered") this.#answeredOnce();
    else if (entry.kind === "ended") {
      this.ended = entry.idle ? "idle" : entry.reason;
      this.outbox.over();
    }
    if (entry.kind === "message" && entry.words?.text != null && this.isOwn(entry))
      this.outbox.stored(entry.id);
    if (this.typing === entry.by) this.typing = null;
    this.rows.push(entry);
  }

  /** Adds a box to the list of links. A box that does not fit is shown as unverified. @param {Entry} entry @param {import("./grants.js").Words} words */
  #listed(entry, words) {
    if (words.kind !== "case" || words.text === null) return words;
    const items = itemsIn(words.text);
    const partner = this.people.get(entry.by ?? "")?.role === "partner";
    return items && !partner && this.cases.take(items, this.isOwn(entry))
      ? words
      : { kind: /** @type {const} */ ("unverified"), text: null };
  }

  #answeredOnce() {
    this.letter = { ...letterOf(this.letter), written: "answered", due: null };
    this.outbox.holdsMore();
  }

  /** Handles a `left`. The letters key leaves when a letter turns into a chat. @param {string} member */
  #gone(member) {
    this.#grants.left(member);
    if (this.people.get(member)?.role !== "letters") return;
    this.letter = null;
    this.outbox.holdsMore();
  }

  /** @param {Newcomer & import("./grants.js").Shown} who */
  async #joined({ member, role, alias, key, service, invitation, cert, at }) {
    const newcomer = { member, role, alias, key, service, invitation };
    await this.#grants.joined(newcomer, { cert, at });
    const { refused } = this.#grants;
    this.people.set(member, {
      ...{ ...newcomer, here: true, seen: 0 },
      get why() {
        return refused.get(member) ?? null;
      },
    });
  }

  #sync() {
    if (this.#syncing || !this.#opened) return;
    this.#syncing = true;
    const done = () => {
      this.#syncing = false;
    };
    this.#socket.request("sync", { since: this.#newest }).then(done, done);
  }

  /** Changes a person. It is queued behind earlier entries, one of which may be the person's `joined`. @param {string} member @param {Partial<Person>} what */
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

  /** Returns whether the log is complete, so that this page may act on it. */
  get settled() {
    return this.#opened && !this.ended && this.#taking === 0 && this.#newest >= this.#promised && this.begun;
  }

  #move() {
    this.#letting.look();
    this.#kept.renew();
    this.outbox.send();
  }
}

/** @param {{written?: string | null, due?: string | null, queued?: boolean} | null} told */
const letterOf = (told) => ({
  written: told?.written ?? "draft",
  due: told?.due ?? null,
  queued: told?.queued ?? false,
});

/** Returns the line's page in this language. On a line's own host it is this page. @param {string} here @param {string} path */
function pageOf(here, path) {
  const [language, line] = here.split("/").filter(Boolean);
  return line ? `/${language}/${path}/` : here;
}
