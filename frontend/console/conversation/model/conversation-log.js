// Builds one seat's view of a conversation from its log: who is present, which epochs are valid, what was said. It
// takes entries one at a time in order of `seq`. It does not trust the server: the keys have to confirm what the server
// says. It does not depend on a connection.
import { CaseList, itemsIn } from "../../../shared/cases.js";
import { isSeatCertified, NoSecret, open, openHistory, openWrap, Refused } from "../../../shared/sealing.js";
import { intakeIn, noteIn } from "./sealed-fields.js";

/** @typedef {import("../../../shared/sealing.js").Place} Place */
/** @typedef {import("../../../shared/sealing.js").Secret} Secret */
/** @typedef {{member: string, role: import("../../../shared/sealing.js").Role | "caller", alias: string, key: string, service: string | null, invitation: string | null, guest: boolean, present: boolean, here: boolean, code: boolean, seen: number, letIn: number, leftAt: number, leftFor: string, certified: "" | "good" | "bad"}} Person  letIn, leftAt: the `seq`, or 0; guest: joined by a link; code: a caller who left by quick exit and can come back by return code only; certified: "" for a guest, and if keys are not certified here */
/** @typedef {{trust: import("../../../shared/sealing.js").Trust | null, line: string, now: () => number}} Certifying  trust: the roots that the page lists; now: in milliseconds */
/** @typedef {Omit<import("../../../shared/protocol.d.ts").InvitedEntry, "kind" | "type" | "conversation" | "prev" | "at">} Invited  an invitation, by its newest entry */
/**
 * Describes how the screen shows an entry. `fault` is the reason why its text cannot be shown.
 * @typedef {object} LogLine
 * @property {number} seq
 * @property {string} kind  the entry's kind, or that of its box: message, brief, intake, case, note
 * @property {string} by  a member, or ""
 * @property {string} at
 * @property {string} id
 * @property {string} text
 * @property {"" | "unverified" | "before" | "wiped"} fault
 * @property {string[]} about  members who joined or left, or who can read from here on
 * @property {string} reason
 * @property {string} service  that the caller was referred to
 * @property {Invited | null} invited
 */
/** @typedef {import("../../../shared/wire.d.ts").StaffEntry} Entry */
/** @typedef {import("../../../shared/protocol.d.ts").GrantedEntry} Granted */
/** @typedef {import("../../../shared/protocol.d.ts").MessageEntry | import("../../../shared/protocol.d.ts").NoteEntry} Message */

/** @type {Certifying} */
const NOBODY_CERTIFIES = { trust: null, line: "", now: () => 0 };
const JUST_CAME = {
  certified: /** @type {const} */ (""),
  present: true,
  here: true,
  code: false,
  seen: 0,
  letIn: 0,
  leftAt: 0,
  leftFor: "",
};

/** @type {Person["role"][]} */
const STAFF = ["counsellor", "colleague", "partner"];

export class ConversationLog {
  /** Holds the caller's member, from the `opened` entry. */
  caller = "";
  /** @type {Map<string, Person>} */
  people = new Map();
  /** @type {LogLine[]} */
  lines = [];
  /** @type {import("./sealed-fields.js").Intake | null} */
  intake = null;
  /** Holds the removal case, built from the boxes that could be opened. */
  cases = new CaseList();
  /** Holds the opened boxes of the removal case, in the order of the log. @type {{seq: number, items: import("../../../shared/cases.js").Item[], fromCaller: boolean}[]} */
  #caseBoxes = [];
  /** Holds the invitations in the order in which they were sent. @type {Map<string, Invited>} */
  invitations = new Map();
  /** Holds the epoch of the last `granted`; 0 if there is none. */
  granted = 0;
  /** Is true if the last `granted` could not be verified. Then nothing is sent. */
  unverified = false;
  /** Is true if somebody has left after the last `granted`: that person still has the epoch's secret. */
  awaitsGrant = false;
  /** Holds the `seq` of the caller's newest message that was answered; only for a letter. */
  answered = 0;
  /** Holds the reason why this seat has left the conversation, or "". */
  ownLeft = "";
  ended = "";
  #conversation;
  #own;
  #pair;
  #certifying;
  #begun;
  /** @type {Set<string>} */
  #named = new Set();
  /** @type {Map<number, Secret>} */
  #secrets = new Map();
  /** Holds the epochs whose wrap the server has deleted. The server does so an hour after the end of the conversation. @type {Set<number>} */
  #wiped = new Set();
  /** Holds the `seq` of each opened box, by sender and id. @type {Map<string, number>} */
  #seqs = new Map();
  /** Holds the messages that cannot be read until older epochs are granted. @type {{entry: Message, line: LogLine, then: import("../../../shared/sealing.js").Log}[]} */
  #closed = [];

  /** @param {string} conversation @param {string} own  this seat's member @param {CryptoKeyPair} pair @param {Certifying} [certifying] */
  constructor(conversation, own, pair, certifying = NOBODY_CERTIFIES) {
    this.#certifying = certifying;
    this.#begun = certifying.now();
    this.#conversation = conversation;
    this.#own = own;
    this.#pair = pair;
  }

  /** Sets the line's letters key, which opens the boxes that are sealed for the line. Only letters need it. @param {CryptoKeyPair} pair */
  useKey(pair) {
    this.#pair = pair;
  }

  /** Returns where a text can be sealed now: the newest epoch, if its wrap could be opened; else null. @returns {Place | null} */
  get place() {
    if (this.unverified || !this.#named.has(this.#own)) return null;
    return this.placeIn(this.granted);
  }

  /** Returns the values that open the boxes which a seat of this browser stored in an epoch, or null. @param {number} epoch @returns {Place | null} */
  placeIn(epoch, sender = this.#own) {
    const secret = this.#secrets.get(epoch);
    return secret ? { conversation: this.#conversation, epoch, sender, secret } : null;
  }

  /** Returns whether a message of one of this browser's seats is in the log. @param {string} id */
  has(id) {
    return this.ownSeats.some((member) => this.#seqs.has(`${member} ${id}`));
  }

  /** Returns whether a member is this seat, or an earlier seat of this browser, which was lost before the caller was taken back. Both seats have the same key. @param {string} member */
  isOwn(member) {
    if (member === this.#own) return true;
    const key = this.people.get(this.#own)?.key;
    const earlier = this.people.get(member);
    return earlier !== undefined && Boolean(key) && earlier.key === key && !isKey(earlier.role);
  }

  get ownSeats() {
    const earlier = [...this.people.keys()].filter((member) => member !== this.#own && this.isOwn(member));
    return [this.#own, ...earlier];
  }

  /** Returns the staff member who lost their seat, so that this seat is alone with the caller; undefined if a colleague is present. @returns {Person | undefined} */
  get fellAway() {
    const own = this.people.get(this.#own);
    const others = [...this.people.values()].filter(
      ({ role, member }) => STAFF.includes(role) && !this.isOwn(member),
    );
    if (!own?.letIn || others.some(({ present }) => present)) return undefined;
    return others.findLast(({ leftFor, leftAt }) => leftFor === "lost" && leftAt > own.letIn);
  }

  get callerHere() {
    return this.people.get(this.caller)?.here ?? false;
  }

  get callerNeedsCode() {
    return this.people.get(this.caller)?.code ?? false;
  }

  /** @param {Entry} entry @returns {Promise<LogLine | null>} the line that it adds to the screen, if any */
  async take(entry) {
    const line = newLine(entry);
    const shown = await this.#act(entry, line);
    if (shown) this.lines = [...this.lines, line];
    return shown ? line : null;
  }

  /** @param {Entry} entry @param {LogLine} line @returns {Promise<boolean>} whether the line is shown */
  async #act(entry, line) {
    if (entry.kind === "message" || entry.kind === "note") return this.#message(entry, line);
    if (entry.kind === "granted") return this.#granted(entry, line);
    if (entry.kind === "opened") return this.#opened(entry);
    if (entry.kind === "joined") return this.#joined(entry);
    if (entry.kind === "left") return this.#left(entry);
    if (entry.kind === "invited") return this.#invited(entry, line);
    if (entry.kind === "answered") this.answered = entry.answers;
    if (entry.kind === "ended") this.ended = endReason(entry);
    return ["ended", "requeued", "referred", "returned"].includes(entry.kind);
  }

  /** @param {import("../../../shared/protocol.d.ts").OpenedEntry} entry */
  #opened({ by }) {
    this.caller = by ?? "";
    const alone = {
      role: /** @type {const} */ ("caller"),
      alias: "",
      key: "",
      service: null,
      invitation: null,
      guest: false,
    };
    this.people.set(this.caller, { member: this.caller, ...alone, ...JUST_CAME });
    return true;
  }

  /** @param {import("../../../shared/protocol.d.ts").JoinedEntry} entry */
  async #joined(entry) {
    const { member, role, alias, key, service, invitation } = entry;
    // A member's role and key never change, so a second entry is ignored. If the caller has used another key or role, the
    // next wrap will not open.
    if (this.people.has(member)) return false;
    const guest = role === "partner" && this.invitations.get(invitation ?? "")?.to.guest === true;
    const certified = guest ? "" : await this.#judge(entry);
    this.people.set(member, {
      member,
      role,
      alias,
      key,
      service,
      invitation,
      guest,
      ...JUST_CAME,
      certified,
    });
    return !isKey(role) || certified === "bad";
  }

  /** Checks a seat's certificate in the same way as the caller's browser. @param {import("../../../shared/protocol.d.ts").JoinedEntry} entry @returns {Promise<Person["certified"]>} */
  async #judge(entry) {
    const { trust, line, now } = this.#certifying;
    if (!trust) return "";
    if (await isSeatCertified(entry, line, trust, now())) return "good";
    // The entry is older than this page: the root may have signed new scopes, and the caller's browser checked the
    // entry when it was new.
    return Date.parse(entry.at) < this.#begun ? "" : "bad";
  }

  /** @param {import("../../../shared/protocol.d.ts").LeftEntry} entry */
  #left({ member, reason, seq }) {
    const person = this.people.get(member);
    if (person)
      this.people.set(member, { ...person, present: false, here: false, leftAt: seq, leftFor: reason });
    this.awaitsGrant = true;
    if (member === this.#own) this.ownLeft = reason;
    return !isKey(person?.role);
  }

  /** @param {import("../../../shared/protocol.d.ts").InvitedEntry} entry @param {LogLine} line */
  #invited({ invitation, how, to, brief, history, state, by, seq }, line) {
    line.invited = { invitation, how, to, brief, history, state, by, seq };
    this.invitations.set(invitation, line.invited);
    return state !== "joined"; // the newcomer's `joined` entry is shown instead
  }

  /** @param {Granted} entry @param {LogLine} line */
  async #granted(entry, line) {
    // The epoch's number must be higher. Otherwise this seat would use an old secret again, which somebody who left may
    // have.
    const grows = Number.isInteger(entry.epoch) && entry.epoch > this.granted;
    this.unverified = !grows || !(await this.#openOwnWrap(entry));
    if (!grows) return failed(line);
    this.granted = entry.epoch;
    this.#named = new Set(entry.members);
    this.awaitsGrant = false;
    const history = await this.#openHistory(entry);
    await this.#readAgain();
    if (this.unverified || !history) return failed(line);
    line.about = entry.members.filter((member) => this.#isNewReader(member));
    for (const person of entry.members.map((member) => this.people.get(member)))
      if (person) person.letIn ||= entry.seq;
    return line.about.length > 0;
  }

  /** @param {string} member */
  #isNewReader(member) {
    const person = this.people.get(member);
    return person?.letIn === 0 && !isKey(person.role);
  }

  /** @param {Granted} entry @returns {Promise<boolean>} false if the wrap could not be verified */
  async #openOwnWrap({ epoch, members, wrap }) {
    if (wrap === null) this.#wiped.add(epoch);
    if (!members.includes(this.#own) || wrap === null) return true;
    const seats = members.map((member) => this.people.get(member));
    if (wrap === undefined || !seats.every(isStaff)) return false;
    const roster = { conversation: this.#conversation, epoch, seats };
    return this.#remember(epoch, openWrap(wrap, this.#pair, this.#own, roster));
  }

  /** @param {Granted} entry @returns {Promise<boolean>} false if a wrap could not be verified */
  async #openHistory({ epoch: granted, history = [] }) {
    const opened = history.map(
      ({ epoch, wrap }) =>
        epoch < granted &&
        this.#remember(epoch, openHistory(wrap, this.#pair, this.#own, this.#conversation, epoch)),
    );
    return (await Promise.all(opened)).every(Boolean);
  }

  /** @param {number} epoch @param {Promise<Secret>} opening */
  async #remember(epoch, opening) {
    try {
      const secret = await opening;
      if (!this.#secrets.has(epoch)) this.#secrets.set(epoch, secret);
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  /** @param {Message} entry @param {LogLine} line */
  async #message(entry, line) {
    // Keeps the state from when the message was written: names and presence may change before older epochs are granted.
    const then = this.#reading();
    await this.#read(entry, line, then);
    if (line.fault === "before") this.#closed.push({ entry, line, then });
    return true;
  }

  async #readAgain() {
    for (const { entry, line, then } of this.#closed.splice(0)) {
      const again = { ...line, fault: /** @type {LogLine["fault"]} */ ("") };
      await this.#read(entry, again, then);
      this.lines = this.lines.map((other) => (other === line ? again : other));
      if (again.fault === "before") this.#closed.push({ entry, line: again, then });
    }
  }

  #reading() {
    const present = [...this.people.values()].filter((person) => person.present);
    return {
      conversation: this.#conversation,
      caller: this.caller,
      granted: this.granted,
      named: new Set(this.#named),
      present: new Set(present.map((person) => person.member)),
      /** @param {string} sender @param {string} id */
      seqOf: (sender, id) => this.#seqs.get(`${sender} ${id}`),
      /** @param {number} epoch */
      secretOf: (epoch) => this.#secrets.get(epoch),
    };
  }

  /** @param {Message} entry @param {LogLine} line @param {import("../../../shared/sealing.js").Log} log */
  async #read(entry, line, log) {
    try {
      const { kind, text } = await open(entry, log);
      this.#seqs.set(`${entry.by} ${entry.id}`, entry.seq);
      line.kind = kind;
      if (kind === "intake") this.intake = intakeIn(text);
      else if (kind === "case") this.#list(entry, text);
      else line.text = kind === "note" ? noteIn(text) : text;
    } catch (error) {
      if (!(error instanceof Refused || error instanceof NoSecret)) throw error;
      if (error instanceof Refused) line.fault = "unverified";
      else line.fault = this.#wiped.has(entry.epoch) ? "wiped" : "before";
    }
  }

  /** Adds a box to the removal case. It may be opened late, so the list is built again in the order of the log. @param {Message} entry @param {string} text @throws {Refused} */
  #list({ seq, by }, text) {
    const items = itemsIn(text);
    if (!items || this.people.get(by ?? "")?.role === "partner") throw new Refused("no removal case");
    const boxes = [...this.#caseBoxes, { seq, items, fromCaller: by === this.caller }].sort(
      (a, b) => a.seq - b.seq,
    );
    const list = new CaseList();
    if (!boxes.every((box) => list.take(box.items, box.fromCaller))) throw new Refused("too many items");
    this.#caseBoxes = boxes;
    this.cases = list;
  }
}

/** @param {Entry} entry @returns {LogLine} */
function newLine(entry) {
  const { kind, seq, by, at } = entry;
  const id = "id" in entry ? entry.id : "";
  const member = "member" in entry ? entry.member : "";
  const reason = entry.kind === "ended" ? endReason(entry) : "reason" in entry ? entry.reason : "";
  const service = "service" in entry ? entry.service : "";
  const about = member ? [member] : [];
  const shown = { text: "", fault: /** @type {const} */ (""), about, reason, service: service ?? "" };
  return { kind, seq, by: by ?? "", at, id, ...shown, invited: null };
}

/** @param {LogLine} line */
function failed(line) {
  line.fault = "unverified";
  return true;
}

/** @param {Person | undefined} person @returns {person is Person & {role: import("../../../shared/sealing.js").Role}} */
const isStaff = (person) => person !== undefined && person.role !== "caller";

/** Returns the reason of an end. It is "idle" if the caller was connected but nobody wrote. @param {import("../../../shared/protocol.d.ts").EndedEntry} ended */
const endReason = ({ reason, idle }) => (idle ? "idle" : reason);

/** Returns whether a member is a key of the line and not a person. @param {string | undefined} role */
const isKey = (role) => role === "review" || role === "letters";
