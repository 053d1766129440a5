// Opens a transcript with the review key. Like a console, it trusts only what the keys confirm, and not the
// server.
import { NoSecret, open, openHistory, openLineKey, openWrap, Refused } from "../../../shared/sealing.js";

/** @typedef {import("../../../shared/sealing.js").Secret} Secret */
/** @typedef {{member: string, role: import("../../../shared/sealing.js").Role | "caller", alias: string, key: string, service: string | null}} Person */
/** @typedef {import("../../../shared/protocol.d.ts").SeatWrap} SeatWrap */
/** @typedef {import("../../../shared/wire.d.ts").StaffEntry} Entry */
/** @typedef {import("../../../shared/protocol.d.ts").JoinedEntry} Joined */
/** @typedef {{seq: number, at: string, kind: string, who: Person | null, text: string, fault: "" | "unverified" | "closed", reason: string}} TranscriptLine */

/**
 * Fetches all pages of a reading, and opens them with this device's share of the review key.
 * @param {import("../../../staff/station.js").Station["request"]} request @param {string} reading
 * @param {string} conversation @param {CryptoKeyPair} own  this device's key pair
 */
export async function fetchTranscript(request, reading, conversation, own) {
  let page = await request("transcript", { reading, since: 0 });
  const { entries, wraps } = page;
  while (page.more) {
    page = await request("transcript", { reading, since: page.upto });
    entries.push(...page.entries);
    wraps.push(...page.wraps);
  }
  const { line, generation, public: key, share } = page;
  const pair = await openLineKey(share, own, { line, generation, key });
  return openTranscript(conversation, entries, wraps, pair);
}

/**
 * @param {string} conversation @param {Entry[]} entries  in order of `seq` @param {SeatWrap[]} wraps
 * @param {CryptoKeyPair} pair  the review key @returns {Promise<TranscriptLine[]>}
 */
export async function openTranscript(conversation, entries, wraps, pair) {
  // History wraps come after the boxes that they open, so all secrets are gathered before anything is read.
  const secrets = await gather(conversation, entries, wraps, pair);
  const log = new Log(conversation, secrets);
  const lines = [];
  for (const entry of entries) {
    const line = await log.take(entry);
    if (line) lines.push(line);
  }
  return lines;
}

/** @param {string} conversation @param {Entry[]} entries @param {SeatWrap[]} wraps @param {CryptoKeyPair} pair */
async function gather(conversation, entries, wraps, pair) {
  /** @type {Map<number, Secret>} */
  const secrets = new Map();
  /** @type {Map<string, Joined>} */
  const seats = new Map();
  for (const entry of entries) {
    // Only a member's first `joined` entry is used, because role and key never change.
    if (entry.kind === "joined" && !seats.has(entry.member)) seats.set(entry.member, entry);
    if (entry.kind !== "granted") continue;
    const named = entry.members.flatMap((member) => seats.get(member) ?? []);
    const roster = { conversation, epoch: entry.epoch, seats: named };
    for (const { member, epoch, wrap } of wraps.filter(({ grant }) => grant === entry.epoch)) {
      if (named.length < entry.members.length || epoch > entry.epoch || secrets.has(epoch)) continue;
      const opening =
        epoch === entry.epoch
          ? openWrap(wrap, pair, member, roster)
          : openHistory(wrap, pair, member, conversation, epoch);
      // If a wrap does not open, the texts of its epoch cannot be read, and the page says so.
      const secret = await opening.catch(onlyRefused);
      if (secret) secrets.set(epoch, secret);
    }
  }
  return secrets;
}

const NOBODY = { alias: "", key: "", service: null };

class Log {
  caller = "";
  granted = 0;
  /** @type {Set<string>} */
  named = new Set();
  /** @type {Map<string, Person>} */
  #people = new Map();
  /** @type {Set<string>} */
  present = new Set();
  /** @type {Map<string, number>} */
  #seqs = new Map();
  #secrets;

  /** @param {string} conversation @param {Map<number, Secret>} secrets */
  constructor(conversation, secrets) {
    this.conversation = conversation;
    this.#secrets = secrets;
  }

  /** @param {string} sender @param {string} id */
  seqOf = (sender, id) => this.#seqs.get(`${sender} ${id}`);

  /** @param {number} epoch */
  secretOf = (epoch) => this.#secrets.get(epoch);

  /** @param {Entry} entry @returns {Promise<TranscriptLine | null>} what it adds to the page */
  async take(entry) {
    if (entry.kind === "message" || entry.kind === "note") return this.#read(entry);
    if (entry.kind === "opened") this.#sitDown(entry.by ?? "", "caller");
    else if (entry.kind === "joined") this.#sitDown(entry.member, entry.role, entry);
    else if (entry.kind === "left") this.present.delete(entry.member);
    else if (entry.kind === "granted") return this.#grant(entry);
    const about = entry.kind === "opened" ? this.caller : "member" in entry ? entry.member : "";
    const who = this.#people.get(about) ?? null;
    return who?.role === "review" || entry.kind === "invited" ? null : lineOf(entry, who);
  }

  /** @param {string} member @param {Person["role"]} role @param {Pick<Joined, "alias" | "key" | "service">} [who] */
  #sitDown(member, role, { alias, key, service } = NOBODY) {
    if (role === "caller") this.caller = member;
    if (this.#people.has(member)) return;
    this.#people.set(member, { member, role, alias, key, service });
    this.present.add(member);
  }

  /** @param {import("../../../shared/protocol.d.ts").GrantedEntry} entry */
  #grant(entry) {
    if (!(entry.epoch > this.granted))
      return { ...lineOf(entry, null), fault: /** @type {const} */ ("unverified") };
    this.granted = entry.epoch;
    this.named = new Set(entry.members);
    return null;
  }

  /** @param {import("../../../shared/protocol.d.ts").MessageEntry | import("../../../shared/protocol.d.ts").NoteEntry} entry */
  async #read(entry) {
    const line = lineOf(entry, this.#people.get(entry.by ?? "") ?? null);
    try {
      const { kind, text } = await open(entry, this);
      this.#seqs.set(`${entry.by} ${entry.id}`, entry.seq);
      return { ...line, kind, text: kind === "intake" || kind === "note" ? fieldsIn(text) : text };
    } catch (error) {
      if (!(error instanceof Refused || error instanceof NoSecret)) throw error;
      return {
        ...line,
        fault: /** @type {TranscriptLine["fault"]} */ (error instanceof NoSecret ? "closed" : "unverified"),
      };
    }
  }
}

/** @param {Entry} entry @param {Person | null} who @returns {TranscriptLine} */
function lineOf(entry, who) {
  const { seq, at, kind } = entry;
  return { seq, at, kind, who, text: "", fault: "", reason: "reason" in entry ? entry.reason : "" };
}

/** Returns the texts of an intake or a note. @param {string} json @throws {Refused} */
function fieldsIn(json) {
  try {
    const texts = Object.values(Object(JSON.parse(json))).filter((text) => typeof text === "string");
    return texts.join(" · ");
  } catch {
    throw new Refused("not JSON");
  }
}

/** @param {unknown} error */
function onlyRefused(error) {
  if (!(error instanceof Refused)) throw error;
  return null;
}
