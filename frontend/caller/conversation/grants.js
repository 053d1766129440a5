// Decides who is let in, and with which secret. No other code does. It knows no socket and no page.
import * as sealing from "../../shared/sealing.js";

/** @typedef {import("../../shared/sealing.js").Secret} Secret */
/** @typedef {import("../../shared/sealing.js").Seat} Seat */
/** @typedef {import("../coming-back/tab-memory.js").TabMemory} TabMemory */
/** @typedef {import("../coming-back/tab-memory.js").Remembered} Remembered */
/** @typedef {Seat & {alias: string, service: string | null, invitation: string | null}} Newcomer  of a `joined` */
/** @typedef {{cert?: unknown, at: string}} Shown  what certifies a newcomer's key, and when it came */
/** @typedef {{kind: sealing.Kind, text: string} | {kind: "unverified" | "before", text: null}} Words  before: "from before you could read" */
/** @typedef {"seat" | "key" | "review" | "letters" | "partner" | "service" | "role" | "certificate"} Refusal */
/** @typedef {{epoch: number, secret: Secret, owed: Record<string, number[]>, members: string[] | null, changes: number, lefts: number, given: [number, string][]}} Flight  members: null after a reload */

// A history wrap takes about 200 of a frame's 16,384 bytes, and the frame also holds the wraps.
const MAX_HISTORY = 60;
const BEFORE = "before"; // joined before keys were certified: stays, but is not marked as verified
const OF_THE_LINE = ["counsellor", "colleague"];
/** Returns whether a seat is a key of the line, and not a person. @param {{role: string}} seat */
export const isKey = ({ role }) => role === "review" || role === "letters";

/**
 * Returns why a newcomer is not let in, or null. It protects against a server that adds a key of its own.
 * @param {Newcomer} who
 * @param {{review: string | null, letters?: string | null, yes: Remembered["yes"], seats: Remembered["seats"], before: readonly Newcomer[], present: ReadonlySet<string>}} known
 *   seats: also from before a reload; before: all whose `joined` is earlier in the log
 * @returns {Promise<Refusal | null>}
 */
export async function whyNot(who, { review, letters = null, yes, seats, before, present }) {
  const others = before.filter(({ member }) => present.has(member));
  const same = seats[who.member];
  if (before.some(({ member }) => member === who.member)) return "seat";
  if (same !== undefined && same !== nameplate(who)) return "seat";
  if (!(await sealing.isPoint(who.key)) || others.some(({ key }) => key === who.key)) return "key";
  if (who.role === "review" || who.role === "letters") {
    const taken = others.some(({ role }) => role === who.role);
    return who.key !== (who.role === "review" ? review : letters) || taken ? who.role : null;
  }
  if (who.role === "partner") {
    const card = who.invitation === null ? undefined : yes[who.invitation];
    const used = before.some(({ invitation }) => invitation === who.invitation);
    return card && !used && card.service === who.service ? null : "partner";
  }
  if (OF_THE_LINE.includes(who.role)) return who.service === null ? null : "service";
  return "role";
}

/** @param {Seat} seat */
const nameplate = ({ role, key }) => `${role} ${key}`;

/** Returns the verdict for a good certificate. @param {Seat & {service: string | null}} who */
const goodFor = (who) => `${nameplate(who)} ${who.service}`;

/** The caller has erased the conversation while somebody was being let in. */
export class Forgotten extends Error {}

export class Grants {
  /** @type {Map<number, Secret>} */
  secrets = new Map();
  /** @type {Map<string, Newcomer>} everybody who ever joined, by member */
  everybody = new Map();
  /** @type {ReadonlySet<string>} */
  present = new Set();
  /** @type {Map<string, Refusal>} */
  refused = new Map();
  /** Holds the log's last `granted`. @type {{epoch: number, members: ReadonlySet<string>}} */
  granted = { epoch: 0, members: new Set() };
  /** Holds the newest known epoch. */
  current = 0;
  /** @type {Flight | null} the one unconfirmed grant */
  flight = null;
  #memory;
  /** @type {ReadonlySet<string>} whom our last grant named */
  #members = new Set();
  /** Holds the epochs that nobody of the line could read. @type {Set<number>} */
  #partnersOnly = new Set();
  #changes = { heard: 0, answered: 0 };
  #lefts = { heard: 0, taken: 0, answered: 0 };
  /** Holds the `seq` of each opened text, by sender and id. @type {Map<string, number>} */
  #ids = new Map();
  #fetched = false;
  #byCode = false; // opened with a return code
  /** @type {Map<string, import("../coming-back/tab-memory.js").Yes>} to guests, by invitation, only from the log */
  #doubted = new Map();
  /** @type {Secret | null} the code's hash of a letter's keys */
  #row = null;
  #trust;
  #now;

  /** @param {TabMemory} memory @param {{trust: sealing.Trust | null, now: () => number}} around  trust: null where nobody certifies keys */
  constructor(memory, { trust, now }) {
    this.#memory = memory;
    this.#trust = trust;
    this.#now = now;
  }

  /** @returns {Remembered} */
  get #remembered() {
    if (!this.#memory.state) throw new Forgotten("forgotten");
    return this.#memory.state;
  }

  /**
   * Returns whether this browser has the newest epoch's secret, and the epoch is not below `floor`, which
   * rises if the server went back to an older state.
   */
  get counts() {
    return this.secrets.has(this.current) && this.current >= this.#remembered.floor;
  }

  /**
   * Returns whether a text may be sent: not after a `left` until our next grant is ok, in a letter not before
   * its key is granted an epoch, and not while somebody who is refused has the epoch's secret.
   */
  get maySend() {
    const isRead = this.#remembered.letters === undefined || this.current > 0;
    const isOverheard = this.#turnedAway.some((member) => this.granted.members.has(member));
    return this.counts && isRead && !isOverheard && this.#lefts.heard === this.#lefts.answered;
  }

  /** In a letter, nobody is let in before the letters key has joined: it could not read what was sealed earlier. */
  get #awaitsLetters() {
    const isLetter = this.#remembered.letters !== undefined;
    return isLetter && ![...this.everybody.values()].some(({ role }) => role === "letters");
  }

  get due() {
    if (this.#turnedAway.length) return false;
    if (this.#awaitsLetters) return false;
    const owing = Object.entries(this.#remembered.owed).some(
      ([who, rest]) => this.present.has(who) && rest.length,
    );
    return this.#changes.heard !== this.#changes.answered || owing || !this.counts;
  }

  get #turnedAway() {
    return [...this.refused.keys()].filter((member) => this.present.has(member));
  }

  async begin() {
    this.#fetched = true;
    this.secrets.set(0, sealing.freshSecret());
    await this.#memory.shelve(this.secrets, {});
  }

  /** Settles an unconfirmed grant: `resume` tells whether it counted. @param {number} epoch */
  async resumed(epoch) {
    if (!this.#fetched) {
      this.#fetched = true;
      const { secrets, flight } = await this.#memory.fetchSecrets();
      this.secrets = secrets;
      // Its members and changes come with the next `granted`.
      this.flight = flight && { ...flight, members: null, changes: 0, lefts: 0, given: [] };
    }
    if (this.flight?.epoch === epoch) await this.count(this.flight);
    else this.throwAway(epoch);
  }

  /** @param {number} epoch @param {Map<number, Secret>} secrets */
  async returned(epoch, secrets) {
    this.#fetched = true;
    this.#row = secrets.get(sealing.SEATS) ?? null;
    this.#byCode = true;
    secrets.delete(sealing.SEATS);
    // A letter's code holds the newest epoch, so the server cannot go back below it.
    if (this.#row) this.#remembered.floor = Math.max(0, ...secrets.keys());
    this.secrets = secrets;
    this.current = epoch;
    await this.#memory.shelve(secrets, {});
  }

  /**
   * After a return by code, this browser has neither the reply to `start` nor the cards. So up to `believed`
   * it takes the line's keys, and what the caller agreed to, from the log.
   * @param {{seq: number, kind: string, role?: string, key?: string, how?: string, invitation?: string | null, history?: unknown, to?: {service?: string | null, guest?: boolean}}} entry
   */
  believe({ seq, kind, role, key = "", how, invitation, history, to }) {
    const remembered = this.#remembered;
    if (seq > (remembered.believed ?? 0)) return;
    if (kind === "joined" && role === "review") remembered.review ??= key;
    if (kind === "joined" && role === "letters") remembered.letters ??= key;
    if (kind !== "invited" || how !== "handoff" || typeof history !== "boolean") return;
    const yes = { service: to?.service ?? "", history, guest: to?.guest ?? false };
    // The log does not prove that the caller agreed to a guest. Where keys are certified, the page asks again.
    if (this.#trust && yes.guest) this.#doubted.set(invitation ?? "", yes);
    else remembered.yes[invitation ?? ""] = yes;
  }

  /** Returns whether the page has to ask if the caller agreed to this guest. @param {Pick<Newcomer, "member" | "invitation">} who */
  doubts({ member, invitation }) {
    return this.refused.has(member) && this.#doubted.has(invitation ?? "");
  }

  /** Lets in a guest of whom the caller says that they agreed. @param {Pick<Newcomer, "member" | "invitation">} who */
  async agreed({ member, invitation }) {
    const yes = this.#doubted.get(invitation ?? "");
    if (!yes) return;
    this.#remembered.yes[invitation ?? ""] = yes;
    this.refused.delete(member);
    await this.#memory.save();
  }

  /** Returns the line's key that `start` named, or null if it is not certified. @param {{key: string, cert?: unknown} | null} named @param {"review" | "letters"} role */
  async keyOf(named, role) {
    const seat = { role, service: null, at: new Date(this.#now()).toISOString() };
    return named && (await this.#isCertified({ ...seat, ...named })) ? named.key : null;
  }

  /** Returns the hash of a letter's keys as in its return code, or null. */
  async seatsRow() {
    const { letters, review } = this.#remembered;
    return letters && review ? sealing.seatsRow(letters, review) : null;
  }

  /** Returns whether a letter's keys are those of its start. Its return code has their hash. */
  async #wereJudged() {
    const row = await this.seatsRow();
    return !this.#byCode || (this.#row !== null && row !== null && sealing.isSame(row, this.#row));
  }

  /** @param {Parameters<typeof sealing.isSeatCertified>[0]} seat */
  async #isCertified(seat) {
    return !this.#trust || sealing.isSeatCertified(seat, this.#remembered.line, this.#trust, this.#now());
  }

  /** Judges a certificate once, because a later page may name other roots. @param {Newcomer & Shown} who */
  async #judge(who) {
    const { certified, yes } = this.#remembered;
    // A guest has no certificate, as the card said.
    if (this.#trust && who.role === "partner" && yes[who.invitation ?? ""]?.guest) return true;
    const good = goodFor(who);
    const judged = async () => (this.#trust ? ((await this.#isCertified(who)) ? good : "") : BEFORE);
    certified[who.member] ??= await judged();
    return [BEFORE, good].includes(certified[who.member]);
  }

  /** @param {string} member */
  isVerified(member) {
    const verdict = this.#memory.state?.certified[member] || BEFORE;
    return verdict !== BEFORE && !this.refused.has(member);
  }

  /** Counts a `left` as soon as it arrives, while earlier entries are still being processed. @param {{kind: string}} entry */
  heard({ kind }) {
    if (kind === "left") this.#lefts.heard++;
  }

  /** @param {Newcomer} who @param {Shown} shown @returns {Promise<Refusal | null>} */
  async joined(who, shown) {
    const { review, letters, yes, seats } = this.#remembered;
    const before = [...this.everybody.values()];
    const known = { review, letters, yes, seats, before, present: this.present };
    const unlike = who.role === "letters" && !(await this.#wereJudged()) ? "letters" : null;
    // A letter's keys were judged at its start: the code has their hash. The review key has joined before.
    const isKept = who.role === "letters" && this.#byCode && this.#trust !== null;
    const certified = async () =>
      isKept || (await this.#judge({ ...who, ...shown })) ? null : "certificate";
    const why = (await whyNot(who, known)) ?? unlike ?? (await certified());
    this.#changes.heard++;
    this.present = new Set([...this.present, who.member]);
    if (why) this.refused.set(who.member, why);
    if (unlike) this.#remembered.certified[who.member] = ""; // a reload forgets the code's hash
    if (why === "seat") return why; // the first member keeps the seat
    this.everybody.set(who.member, who);
    if (isKept && !why) this.#letInKeys();
    this.#remembered.seats[who.member] = nameplate(who);
    this.#memory.save();
    return why;
  }

  #letInKeys() {
    for (const one of [...this.everybody.values()].filter(isKey)) {
      if (![undefined, "certificate"].includes(this.refused.get(one.member))) continue;
      this.refused.delete(one.member);
      this.#remembered.certified[one.member] = goodFor(one);
    }
  }

  /** @param {string} member */
  left(member) {
    this.#changes.heard++;
    this.#lefts.taken++;
    this.present = new Set([...this.present].filter((other) => other !== member));
    delete this.#remembered.owed[member];
  }

  /** @param {number} epoch @param {string[]} members */
  async wasGranted(epoch, members) {
    this.granted = { epoch, members: new Set(members) };
    this.#noteReaders(epoch, members);
    if (this.flight?.epoch === epoch) await this.count(this.flight);
    this.current = Math.max(this.current, epoch);
    if (epoch !== this.current || !this.secrets.has(epoch)) return;
    // The server accepts a grant only for exactly those present, so it covers all changes before it.
    this.#members = new Set(members);
    this.#answer(this.#changes.heard, this.#lefts.taken);
  }

  /** Returns the epochs that only partners could read, and the line's members about whom the caller was not asked. */
  get withheld() {
    const epochs = [...this.#partnersOnly].filter((one) => this.secrets.has(one));
    const from = [...this.granted.members].filter((member) => {
      const ofLine = this.present.has(member) && OF_THE_LINE.includes(this.everybody.get(member)?.role ?? "");
      return ofLine && this.#mayReadAll(member) === undefined;
    });
    return { epochs, from };
  }

  /** @param {string} member @param {boolean} yes */
  async share(member, yes) {
    this.#remembered.shared[member] = yes;
    // An unconfirmed grant gets them too, because its `owed` replaces this one once it counts.
    for (const owed of [this.#remembered.owed, this.flight?.owed])
      if (yes && owed) owed[member] = [...(owed[member] ?? []), ...this.withheld.epochs];
    await this.#memory.save();
  }

  /** Prepares the next grant. Its secret is stored before it is sent. */
  async draw() {
    const epoch = this.current + 1;
    const members = [...this.present];
    const { given, owed } = this.#share(epoch, members);
    const [changes, lefts] = [this.#changes.heard, this.#lefts.taken];
    /** @type {Flight} */
    const flight = { epoch, secret: sealing.freshSecret(), owed, members, changes, lefts, given };
    this.flight = flight;
    await this.#memory.takeOff(epoch, flight.secret, owed);
    return { flight, fields: await this.#fields(flight, members.map(this.#seatOf)) };
  }

  /** @param {Flight} flight */
  async count(flight) {
    this.flight = null;
    this.secrets.set(flight.epoch, flight.secret);
    this.current = flight.epoch;
    this.#remembered.counted = Math.max(this.#remembered.counted, flight.epoch);
    this.#remembered.owed = flight.owed;
    if (flight.members) {
      this.#members = new Set(flight.members);
      this.#noteReaders(flight.epoch, flight.members);
      this.#answer(flight.changes, flight.lefts);
    }
    await this.#memory.shelve(this.secrets, flight.owed, flight.epoch);
  }

  /** Drops a grant that did not count. @param {number} [epoch]  the server's current one */
  throwAway(epoch) {
    this.flight = null;
    if (epoch !== undefined) {
      this.current = epoch;
      if (epoch < this.#remembered.counted) this.#remembered.floor = this.#remembered.counted + 1;
    }
    this.#memory.throwAway();
  }

  get place() {
    const secret = /** @type {Secret} */ (this.secrets.get(this.current));
    const { conversation, member } = this.#remembered;
    return { conversation, epoch: this.current, sender: member, secret };
  }

  /** Opens a box. Call it in the order of the log: whether a box opens depends on all entries before it. @param {sealing.Entry} entry @returns {Promise<Words>} */
  async read(entry) {
    const { conversation, member: caller } = this.#remembered;
    try {
      const words = await sealing.open(entry, {
        ...{ conversation, caller, granted: this.granted.epoch, named: this.granted.members },
        present: this.present,
        seqOf: (sender, id) => this.#ids.get(`${sender} ${id}`),
        secretOf: (epoch) => this.secrets.get(epoch),
      });
      this.#ids.set(`${entry.by} ${entry.id}`, entry.seq);
      return words;
    } catch (error) {
      return { kind: error instanceof sealing.NoSecret ? "before" : "unverified", text: null };
    }
  }

  /** @param {number} changes @param {number} lefts */
  #answer(changes, lefts) {
    this.#changes.answered = Math.max(this.#changes.answered, changes);
    this.#lefts.answered = Math.max(this.#lefts.answered, lefts);
  }

  /** @param {number} epoch @param {string[]} members */
  #noteReaders(epoch, members) {
    const roles = members.map((member) => this.everybody.get(member)?.role);
    if (roles.includes("partner") && !roles.some((role) => OF_THE_LINE.includes(role ?? "")))
      this.#partnersOnly.add(epoch);
  }

  /** Returns the earlier epochs to share, newest first, and what is left for the next grant. @param {number} epoch @param {string[]} members */
  #share(epoch, members) {
    const pairs = members.flatMap((member) => {
      const numbers = this.#members.has(member)
        ? (this.#remembered.owed[member] ?? [])
        : this.#mayRead(member, epoch);
      return numbers
        .filter((one) => this.secrets.has(one))
        .map((one) => /** @type {[number, string]} */ ([one, member]));
    });
    /** @type {Record<string, number[]>} */
    const owed = {};
    for (const [one, member] of pairs.slice(MAX_HISTORY)) owed[member] = [...(owed[member] ?? []), one];
    return { given: pairs.slice(0, MAX_HISTORY), owed };
  }

  /** @param {string} member @param {number} epoch */
  #mayRead(member, epoch) {
    const { role, invitation } = this.#seatOf(member);
    const earlier = [...this.secrets.keys()].filter((one) => one < epoch).sort((a, b) => b - a);
    if (role === "partner") return this.#remembered.yes[invitation ?? ""]?.history ? earlier : [];
    return earlier.filter((one) => !this.#partnersOnly.has(one) || this.#mayReadAll(member));
  }

  /**
   * Returns what the caller decided about a member of the line. If a partner hands the caller back, the
   * invitation's card asked it.
   * @param {string} member
   */
  #mayReadAll(member) {
    return (
      this.#remembered.shared[member] ?? this.#remembered.yes[this.#seatOf(member).invitation ?? ""]?.history
    );
  }

  /** @param {Flight} flight @param {Newcomer[]} seats */
  async #fields({ epoch, secret, given }, seats) {
    const { conversation } = this.#remembered;
    const roster = { conversation, epoch, seats };
    const wraps = seats.map(async ({ member }) => ({
      member,
      wrap: await sealing.wrapFor(secret, member, roster),
    }));
    const history = given.map(async ([one, member]) => {
      const earlier = /** @type {Secret} */ (this.secrets.get(one));
      const wrap = await sealing.historyFor(earlier, this.#seatOf(member), conversation, one);
      return { epoch: one, member, wrap };
    });
    return { epoch, wraps: await Promise.all(wraps), history: await Promise.all(history) };
  }

  #seatOf = (/** @type {string} */ member) => /** @type {Newcomer} */ (this.everybody.get(member));
}
