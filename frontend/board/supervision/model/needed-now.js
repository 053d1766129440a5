// Lists, for all lines, the situations that need somebody now, the most urgent first, each with its start time and the
// colleagues who could help.
import { ringsAcute } from "../../../staff/acute.js";
import { tone } from "./line-figures.js";
import { byUrgency } from "./need-kinds.js";

/** @typedef {import("./live-floor.js").Floor} Floor */
/** @typedef {import("./live-floor.js").FloorLine} FloorLine */
/** @typedef {import("./live-floor.js").BoardLine} BoardLine */
/** @typedef {import("./live-floor.js").FloorConversation} FloorConversation */
/** @typedef {import("../../../shared/protocol.d.ts").Colleague} Colleague */
/** @typedef {import("../../../shared/protocol.d.ts").FloorMissed} Missed */
/** @typedef {import("./need-kinds.js").Kind} Kind */
/**
 * @typedef {object} Need
 * @property {Kind} kind
 * @property {string} line
 * @property {string} id  stays the same while the need lasts
 * @property {string | null} since  null: not known
 * @property {number} n  how many callers or letters the row is about
 * @property {string} who  the colleague or the conversation that the row mentions, or ""
 * @property {boolean} acute
 * @property {{conversation: string, since: string} | null} front  a waiting caller who can be moved to the front
 * @property {FloorConversation | null} talk
 * @property {Missed | null} missed
 */
/** @typedef {{how: "free" | "break" | "there" | "none", names: string[]}} Helpers */

const ACUTE = 2;
const RELOAD_MS = 10_000;

/** @param {Floor} floor @returns {Need[]} */
export function neededNow(floor) {
  const found = floor.lines.flatMap((sums) => {
    const behind = floor.behind.get(sums.line);
    if (!behind) return [];
    const talks = ofTalks(behind, floor.now()).filter((one) => !isCalledFor(one, floor));
    return [
      ...ofQueue(sums, behind, floor.now()),
      ...withMissed(ofMissed(behind), talks),
      ...ofLetters(sums),
    ];
  });
  return found.sort((a, b) => byUrgency(a.kind, b.kind) || (a.since ?? "").localeCompare(b.since ?? ""));
}

/** @param {Kind} kind @param {string} line @param {Partial<Need>} facts @returns {Need} */
const need = (kind, line, facts) => ({
  ...{ kind, line, id: `${kind} ${line}`, since: null, n: 1, who: "", acute: false },
  ...{ front: null, talk: null, missed: null },
  ...facts,
});

/**
 * Returns the rows about waiting callers. Their time begins when the longest-waiting caller came, and not at
 * the alert.
 * @param {BoardLine} sums @param {FloorLine} behind @param {number} now
 */
function ofQueue(sums, behind, now) {
  const { line, waiting, away, oldest_here: since } = sums;
  const n = waiting - away;
  const raised = (/** @type {string} */ code) => behind.alerts.includes(code);
  const found = [...acuteWaits(behind)];
  if (sums.state === "open" && !sums.on)
    found.push(need("unstaffed", line, { since: n ? since : behind.unstaffed, n }));
  else if (raised("nobody"))
    found.push(need(sums.on ? "not_spoken" : "nobody", line, { since: behind.unspoken, n }));
  if (raised("waiting")) found.push(need("crowded", line, { since, n }));
  if (isFull(sums, behind, now)) found.push(need("full", line, { since, n }));
  else if (raised("wait")) found.push(need("long_wait", line, { since }));
  return found;
}

/** Returns whether a caller has waited for minutes and nobody on duty has a free slot. This does not depend on the line's thresholds. @param {BoardLine} sums @param {FloorLine} behind @param {number} now */
const isFull = ({ oldest_here: since }, { people }, now) =>
  since !== null &&
  tone(now - Date.parse(since)) !== "" &&
  people.some(({ duty }) => duty === "on") &&
  !people.some(isFree);

/**
 * Returns a row as soon as one acute caller waits, without a threshold. If all of them have lost the
 * connection, the row says that they are away.
 * @param {FloorLine} behind
 */
function acuteWaits({ line, urgencies, waiting }) {
  const all = urgencies.find(({ urgency }) => urgency === ACUTE);
  if (!all) return [];
  if (all.away === all.waiting) {
    const since = waiting.flatMap(({ urgency, away }) => (urgency === ACUTE && away ? [away] : [])).sort()[0];
    return [need("acute_away", line, { n: all.away, acute: true, since: since ?? null })];
  }
  const listed = waiting.filter(({ urgency, here }) => urgency === ACUTE && here);
  const first = [...listed].sort((a, b) => a.since.localeCompare(b.since))[0];
  const behindOthers = first && waiting[0] !== first && waiting[0].urgency !== ACUTE;
  return [
    need("acute_waits", line, {
      since: all.oldest,
      n: all.waiting - all.away,
      acute: true,
      front: behindOthers ? first : null,
    }),
  ];
}

/** @param {FloorLine} behind */
const ofMissed = ({ line, missed }) =>
  missed.map((one) =>
    need(one.kind === "call" ? "call_missed" : "acute_left", line, {
      ...{ id: one.missed, since: one.at, who: one.by, acute: one.acute, missed: one },
    }),
  );

/** Returns the key of the sentence about a missed call: from a colleague, to another service, or from another service. @param {Pick<Need, "acute" | "missed">} need */
export function missedCall({ acute, missed }) {
  const whose = missed?.service ? "service_missed" : missed?.of ? "service_called" : "call_missed";
  return acute ? `${whose}.acute` : whose;
}

/** Returns rows for conversations whose counsellor is disconnected, and for acute ones: those that the line's staff flagged, and those that only the caller called acute. @param {FloorLine} behind @param {number} now */
function ofTalks({ line, people, elsewhere }, now) {
  /** @type {Map<string, {talk: FloorConversation, seated: string[]}>} */
  const found = new Map();
  for (const { alias, conversations } of [...people, { alias: "", conversations: elsewhere }])
    for (const talk of conversations) {
      const one = found.get(talk.conversation) ?? { talk, seated: [] };
      one.seated.push(alias);
      found.set(talk.conversation, one);
    }
  return [...found.values()].flatMap(({ talk, seated }) => {
    const acute = isAcute(talk);
    const kind = isLeft(talk, now) ? "staff_gone" : acute ? kindOf(talk, seated) : null;
    const since = kind === "staff_gone" ? talk.alone : talk.here ? talk.since : talk.away;
    return kind ? [need(kind, line, { id: talk.conversation, since, who: seated[0], acute, talk })] : [];
  });
}

/** @param {FloorConversation} talk */
const isAcute = (talk) => talk.risk === ACUTE || isOnlySaid(talk);

/** Returns whether a caller is there and nobody else. A page that is loaded anew is gone for seconds, and no need. @param {FloorConversation} talk @param {number} now */
const isLeft = ({ here, alone }, now) => here && alone !== null && now - Date.parse(alone) >= RELOAD_MS;

/** @param {FloorConversation} talk  an acute one @param {string[]} seated  aliases; "" for a partner @returns {Kind | null} */
function kindOf(talk, seated) {
  if (!talk.here) return "acute_gone";
  const alone = seated.length === 1 && seated[0] !== "";
  if (isOnlySaid(talk)) return alone ? "acute_said" : null;
  if (!talk.known) return "acute_unseen";
  return alone ? "acute_alone" : null;
}

/** Returns whether the caller chose the urgency "acute", and the staff have not flagged any risk. @param {Pick<FloorConversation, "risk" | "urgency">} talk */
export const isOnlySaid = ({ risk, urgency }) => urgency === ACUTE && risk === 0;

/** These needs end when a second person joins the conversation. @type {Kind[]} */
const HELPED_BY_JOINING = ["acute_unseen", "acute_alone", "acute_said"];

/** Returns whether this conversation's counsellor is calling this supervisor right now: every tab shows that call already. @param {Need} one @param {Floor} floor */
const isCalledFor = ({ kind, line, who }, { rings }) =>
  HELPED_BY_JOINING.includes(kind) &&
  [...rings.values()].some((ring) => ring.line === line && ring.from === who && ringsAcute(ring));

/**
 * Joins a missed call for help and the acute conversation of the same counsellor into one row. A missed call
 * does not name its conversation, so the conversation is found by the counsellor.
 * @param {Need[]} missed @param {Need[]} talks
 */
function withMissed(missed, talks) {
  const rest = [...talks];
  const joined = missed.map((one) => {
    const isOf = (/** @type {Need} */ { kind, who }) => HELPED_BY_JOINING.includes(kind) && who === one.who;
    const ofColleague = one.kind === "call_missed" && !one.missed?.service; // the other row says which colleague could
    const at = ofColleague && one.acute && one.who ? rest.findIndex(isOf) : -1;
    return at < 0 ? one : { ...one, talk: rest.splice(at, 1)[0].talk };
  });
  return [...joined, ...rest];
}

/** @param {BoardLine} sums */
const ofLetters = ({ line, letters }) =>
  letters.overdue ? [need("letters_late", line, { since: letters.due, n: letters.overdue })] : [];

/** Returns the aliases of those who are in a conversation, on any line that this board shows. @param {Iterable<Pick<FloorLine, "people">>} lines @returns {Set<string>} */
export const inConversation = (lines) =>
  new Set(
    [...lines].flatMap(({ people }) =>
      aliases(people.filter(({ conversations }) => conversations.length > 0)),
    ),
  );

/** Sorts people so that those who are in no conversation come first. @template {{alias: string}} One @param {One[]} people @param {Set<string>} busy @returns {One[]} */
export const freeFirst = (people, busy) =>
  [...people].sort((a, b) => Number(busy.has(a.alias)) - Number(busy.has(b.alias)));

/** Returns who could help, those in no conversation first: people with a free slot, else people on a break, else a supervisor whose page is open. @param {FloorLine | undefined} behind @param {Colleague[]} colleagues @param {Set<string>} [busy] @returns {Helpers} */
export function helpersOf(behind, colleagues, busy = inConversation(behind ? [behind] : [])) {
  const people = freeFirst(behind?.people ?? [], busy);
  const free = people.filter(isFree);
  const resting = people.filter(({ duty, slots, busy: taken }) => duty === "break" && taken < slots);
  const onBoard = colleagues.filter(({ line, duty }) => line === behind?.line && duty === "there");
  const there = freeFirst(onBoard, busy);
  if (free.length) return { how: "free", names: aliases(free) };
  if (resting.length) return { how: "break", names: aliases(resting) };
  return there.length ? { how: "there", names: aliases(there) } : { how: "none", names: [] };
}

/** @param {FloorLine["people"][number]} person */
const isFree = ({ duty, slots, busy }) => duty === "on" && busy < slots;

/** @param {{alias: string}[]} people */
const aliases = (people) => people.map(({ alias }) => alias);
