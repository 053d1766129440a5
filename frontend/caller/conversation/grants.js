// Who is let in, and with which secret: the caller's browser decides this, and nobody else. No socket, no page. To be audited
// as one, so it may be over 300 lines.
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

// A history wrap takes about 200 of a frame's 16,384 bytes, and the wraps go beside it.
const MAX_HISTORY = 60;
const BEFORE = "before"; // keys were certified: stays, and bears no mark
const OF_THE_LINE = ["counsellor", "colleague"];
/** Seats of a key of the line: nobody sits there. @param {{role: string}} seat */
export const isKey = ({ role }) => role === "review" || role === "letters";

/**
 * Why somebody is not let in, or null: against a server that slips in a key of its own.
 * @param {Newcomer} who
 * @param {{review: string | null, letters?: string | null, yes: Remembered["yes"], seats: Remembered["seats"], before: readonly Newcomer[], present: ReadonlySet<string>}} known
 *   seats: also of before a reload; before: everybody whose `joined` stands earlier in the log
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

export class Grants {
  /** @type {Map<number, Secret>} */
  secrets = new Map();
  /** @type {Map<string, Newcomer>} everybody who ever joined, by member */
  everybody = new Map();
  /** @type {ReadonlySet<string>} */
  present = new Set();
  /** @type {Map<string, Refusal>} */
  refused = new Map();
  /** The last `granted` of the log. @type {{epoch: number, members: ReadonlySet<string>}} */
  granted = { epoch: 0, members: new Set() };
  /** The newest epoch, as far as this browser knows. */
  current = 0;
  /** @type {Flight | null} the one grant under way */
  flight = null;
  #memory;
  /** @type {ReadonlySet<string>} whom our last grant named */
  #members = new Set();
  /** Epochs that nobody of the line could read. @type {Set<number>} */
  #partnersOnly = new Set();
  #changes = { heard: 0, answered: 0 };
  #lefts = { heard: 0, taken: 0, answered: 0 };
  /** Where each text opened, by sender and id. @type {Map<string, number>} */
  #ids = new Map();
  #fetched = false;
  #byCode = false; // this page was opened with a return code
  /** @type {Secret | null} what that says of a letter's keys */
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
    if (!this.#memory.state) throw new Error("forgotten");
    return this.#memory.state;
  }

  /** Whether the newest epoch is one of ours, and above every one that counted before the server went back. */
  get counts() {
    return this.secrets.has(this.current) && this.current >= this.#remembered.floor;
  }

  /** Whether a text may be sent: after a `left` nothing, until our own grant is ok; of a letter nothing before its key is in. */
  get maySend() {
    const isRead = this.#remembered.letters === undefined || this.current > 0;
    return this.counts && isRead && this.#lefts.heard === this.#lefts.answered;
  }

  /** Of a letter nobody is let in, and so no word sealed, before the key that opens letters sits: it could not read that word. */
  get #awaitsLetters() {
    const isLetter = this.#remembered.letters !== undefined;
    return isLetter && ![...this.everybody.values()].some(({ role }) => role === "letters");
  }

  get due() {
    if ([...this.refused.keys()].some((member) => this.present.has(member))) return false;
    if (this.#awaitsLetters) return false;
    const owing = Object.entries(this.#remembered.owed).some(
      ([who, rest]) => this.present.has(who) && rest.length,
    );
    return this.#changes.heard !== this.#changes.answered || owing || !this.counts;
  }

  async begin() {
    this.#fetched = true;
    this.secrets.set(0, sealing.freshSecret());
    await this.#memory.shelve(this.secrets, {});
  }

  /** `resume` tells whether the grant under way counted. @param {number} epoch */
  async resumed(epoch) {
    if (!this.#fetched) {
      this.#fetched = true;
      const { secrets, flight } = await this.#memory.fetchSecrets();
      this.secrets = secrets;
      // Its members and changes are those of the `granted` that is about to come.
      this.flight = flight && { ...flight, members: null, changes: 0, lefts: 0, given: [] };
    }
    if (this.flight?.epoch === epoch) await this.count(this.flight);
    else this.throwAway(epoch);
  }

  /** With a return code: what it opened. @param {number} epoch @param {Map<number, Secret>} secrets */
  async returned(epoch, secrets) {
    this.#fetched = true;
    this.#row = secrets.get(sealing.SEATS) ?? null;
    this.#byCode = true;
    secrets.delete(sealing.SEATS);
    // A letter's code knows the newest epoch: the server cannot go back below it.
    if (this.#row) this.#remembered.floor = Math.max(0, ...secrets.keys());
    this.secrets = secrets;
    this.current = epoch;
    await this.#memory.shelve(secrets, {});
  }

  /**
   * Of a conversation that somebody came back to with a code. What `start` said and what stood on the cards went with another
   * page; of what was before, the log says which key is the line's and whom the caller said yes to.
   * @param {{seq: number, kind: string, role?: string, key?: string, how?: string, invitation?: string | null, history?: unknown, to?: {service?: string | null, guest?: boolean}}} entry
   */
  believe({ seq, kind, role, key = "", how, invitation, history, to }) {
    const remembered = this.#remembered;
    if (seq > (remembered.believed ?? 0)) return;
    if (kind === "joined" && role === "review") remembered.review ??= key;
    if (kind === "joined" && role === "letters") remembered.letters ??= key;
    if (kind !== "invited" || how !== "handoff" || typeof history !== "boolean") return;
    // A guest's card stood on another page: a log cannot say yes for it.
    const guest = this.#trust === null && (to?.guest ?? false);
    remembered.yes[invitation ?? ""] = { service: to?.service ?? "", history, guest };
  }

  /** The key of the line that `start` names, if people certified it. @param {{key: string, cert?: unknown} | null} named @param {"review" | "letters"} role */
  async keyOf(named, role) {
    const seat = { role, service: null, at: new Date(this.#now()).toISOString() };
    return named && (await this.#isCertified({ ...seat, ...named })) ? named.key : null;
  }

  /** What a letter's return code says of the keys that were judged at its start, or null. */
  async seatsRow() {
    const { letters, review } = this.#remembered;
    return letters && review ? sealing.seatsRow(letters, review) : null;
  }

  /** Whether these keys of a letter are those that were judged at its start, as its return code has them. */
  async #wereJudged() {
    const row = await this.seatsRow();
    return !this.#byCode || (this.#row !== null && row !== null && sealing.isSame(row, this.#row));
  }

  /** @param {Parameters<typeof sealing.isSeatCertified>[0]} seat */
  async #isCertified(seat) {
    return !this.#trust || sealing.isSeatCertified(seat, this.#remembered.line, this.#trust, this.#now());
  }

  /** Judged once: a page that is loaded later may name other roots. @param {Newcomer & Shown} who */
  async #judge(who) {
    const { certified, yes } = this.#remembered;
    // By a link nobody comes with one: the card said so.
    if (this.#trust && who.role === "partner" && yes[who.invitation ?? ""]?.guest) return true;
    const good = `${nameplate(who)} ${who.service}`;
    const judged = async () => (this.#trust ? ((await this.#isCertified(who)) ? good : "") : BEFORE);
    certified[who.member] ??= await judged();
    return [BEFORE, good].includes(certified[who.member]);
  }

  /** @param {string} member */
  isVerified(member) {
    const verdict = this.#memory.state?.certified[member] || BEFORE;
    return verdict !== BEFORE && !this.refused.has(member);
  }

  /** To be told at once, while earlier entries are still being taken. @param {{kind: string}} entry */
  heard({ kind }) {
    if (kind === "left") this.#lefts.heard++;
  }

  /** @param {Newcomer} who @param {Shown} shown @returns {Promise<Refusal | null>} */
  async joined(who, shown) {
    const { review, letters, yes, seats } = this.#remembered;
    const before = [...this.everybody.values()];
    const known = { review, letters, yes, seats, before, present: this.present };
    const unlike = who.role === "letters" && !(await this.#wereJudged()) ? "letters" : null;
    const certified = async () => ((await this.#judge({ ...who, ...shown })) ? null : "certificate");
    const why = (await whyNot(who, known)) ?? unlike ?? (await certified());
    this.#changes.heard++;
    this.present = new Set([...this.present, who.member]);
    if (why) this.refused.set(who.member, why);
    if (why === "seat") return why; // the first one keeps the seat
    this.everybody.set(who.member, who);
    this.#remembered.seats[who.member] = nameplate(who);
    this.#memory.save();
    return why;
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
    // The server takes a grant for exactly those present: it answers every change that stands before it.
    this.#members = new Set(members);
    this.#answer(this.#changes.heard, this.#lefts.taken);
  }

  /** The epochs that nobody of the line could read, and of those who are in now, whom the caller was not asked about. */
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
    // Also in a grant under way: when that counts, what it leaves owed is what is owed.
    for (const owed of [this.#remembered.owed, this.flight?.owed])
      if (yes && owed) owed[member] = [...(owed[member] ?? []), ...this.withheld.epochs];
    await this.#memory.save();
  }

  /** The next grant; its secret is kept before anybody sends it. */
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

  /** A grant that is ok. @param {Flight} flight */
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

  /** A grant that was refused, or did not count. @param {number} [epoch]  the present one, as the server has it */
  throwAway(epoch) {
    this.flight = null;
    if (epoch !== undefined) {
      this.current = epoch;
      if (epoch < this.#remembered.counted) this.#remembered.floor = this.#remembered.counted + 1;
    }
    this.#memory.throwAway();
  }

  /** Where a text is sealed. */
  get place() {
    const secret = /** @type {Secret} */ (this.secrets.get(this.current));
    const { conversation, member } = this.#remembered;
    return { conversation, epoch: this.current, sender: member, secret };
  }

  /** In the order of the log: whether a box opens depends on all that stands before it. @param {sealing.Entry} entry @returns {Promise<Words>} */
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

  /** Which earlier epochs go along, newest first, and what is left for the next grant. @param {number} epoch @param {string[]} members */
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

  /** What the caller answered about a member of the line; on the way back the invitation's card asked it. @param {string} member */
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
