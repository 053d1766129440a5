// Tells what happened, in lines of the log. Each is true for its place in the log, also after a reload.
import { dayAndClock, el, set, t, tn } from "../../shared/text.js";
import { named } from "./conversation-view.js";
import { callInstead, referralCard } from "./referral.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./conversation.js").Entry} Entry */
/** @typedef {Pick<Conversation, "rows" | "people">} Log */

const OF_THE_LINE = ["counsellor", "colleague"];
const CALLS = ["ringing", "declined", "expired", "withdrawn"];
const HANDED_OVER = ["transferred", "handed_off"];

/** @param {Entry} row @param {HTMLElement} line @param {Conversation} conversation @param {{log: HTMLElement, cases: () => void}} where  cases: shows the list of links that should be removed */
export function tell(row, line, conversation, { log, cases }) {
  const text = said(row, conversation);
  if (row.kind === "referred") {
    line.className = "card told";
    line.append(el("p", {}, text), referralCard(row));
  } else if (row.words?.kind === "case") {
    const look = el("button", { type: "button", class: "quiet", onclick: cases }, t("caller.case.look"));
    line.append(text, " ", look);
    line.dataset.list = row.by ?? "";
    const before = /** @type {HTMLElement | null} */ (line.previousElementSibling);
    if (before?.dataset.list === line.dataset.list) before.remove(); // one line for changes in a row
  } else if (text)
    line.replaceChildren(text, ...(CALLS.includes(row.state) ? callInstead(row.to.service) : []));
  else line.remove();
  // The brief was written before its service was known.
  const title = log.querySelector(`[data-brief="${CSS.escape(row.brief ?? "")}"] > summary`);
  if (title instanceof HTMLElement) set(title, t("caller.brief.for", { service: row.to.name }));
}

/** Returns "" if a card tells it, or if there is nothing to tell. @param {Entry} row @param {Log} log @returns {string} */
export function said(row, log) {
  if (row.kind === "invited") return invited(row, log);
  if (row.kind === "left") return left(row, log);
  if (row.kind === "requeued") return requeued(row, log);
  if (row.kind === "referred") return t("caller.said.referred", { alias: aliasOf(row.by, log) });
  if (row.kind === "sent") return t("caller.said.sent", { when: dayAndClock(row.due) });
  if (row.words?.kind === "case") return listed(row, log);
  if (row.kind === "answered") return t("caller.said.answered", { alias: row.alias });
  return row.kind === "ended" ? t("caller.said.ended") : "";
}

/** @param {Entry} row @param {Log} log */
function listed({ by }, { people }) {
  const person = people.get(by ?? "");
  if (!person) return t("caller.case.said.own"); // `people` has all but the caller
  return t("caller.case.said.line", { who: person.alias || t("caller.case.line") });
}

/** @param {Entry} row @param {Log} log */
function invited(row, log) {
  if (row.how !== "handoff" || row.state === "asked") return "";
  if (row.state === "joined") return whatTheyRead(row, log);
  // Nobody was called yet: the question itself expired or was withdrawn.
  const stage = row.history === null && ["expired", "withdrawn"].includes(row.state) ? ".question" : "";
  const names = { service: row.to.name, alias: aliasOf(row.by, log) };
  const text = t(`caller.invited.${row.state}${stage}`, names);
  return isIn(row.by, row, log) ? `${text} ${t("caller.invited.stays", names)}` : text;
}

/** Tells what the caller agreed to. @param {Entry} row @param {Log} log */
function whatTheyRead(row, { people }) {
  const partner = [...people.values()].find(({ invitation }) => invitation === row.invitation);
  if (!partner || partner.why || partner.role !== "partner") return "";
  const what = row.history ? "all" : row.brief ? "brief" : "now";
  return t(`caller.invited.joined.${what}`, { alias: partner.alias });
}

/** @param {Entry} row @param {Log} log */
function left(row, log) {
  const person = log.people.get(row.member);
  if (person?.role === "review") return t("caller.said.left.review");
  if (person?.role === "letters") return t("caller.said.left.letters");
  const who = person ? named(person, /** @type {Conversation} */ (log)) : t("caller.somebody");
  const text = t(`caller.said.left.${row.reason}`, { who });
  const others = inAt(row, log).map((one) => one.alias || t("caller.somebody"));
  if (!others.length || person?.why) return text;
  const key = HANDED_OVER.includes(row.reason) ? "caller.said.goes_on" : "caller.said.still";
  const who_else = others.reduce((a, b) => t("caller.and", { a, b }));
  return `${text} ${tn(key, others.length, { who: who_else })}`;
}

/** @param {Entry} row @param {Log} log */
function requeued(row, { rows, people }) {
  const partners = rows.flatMap(({ kind, seq, members }) => {
    if (kind !== "granted" || seq > row.seq) return [];
    const readers = members.flatMap((member) => people.get(member) ?? []);
    return readers.some((one) => OF_THE_LINE.includes(one.role)) ? [] : partnersOf(readers);
  });
  const names = serviceNames(partners, { rows });
  return names ? t("caller.said.requeued.partner", { service: names }) : t("caller.said.requeued");
}

/** @param {readonly import("./conversation.js").Person[]} people */
export const partnersOf = (people) => people.filter(({ role }) => role === "partner");

/** @param {readonly import("./conversation.js").Person[]} partners @param {Pick<Conversation, "rows">} log */
export function serviceNames(partners, { rows }) {
  const names = partners.map(({ invitation, service, alias }) => {
    const card = rows.find((row) => row.kind === "invited" && row.invitation === invitation);
    return card?.to.name ?? service ?? alias;
  });
  return names.length ? [...new Set(names)].reduce((a, b) => t("caller.and", { a, b })) : "";
}

/** @param {string | null} member @param {Pick<Conversation, "people">} log */
const aliasOf = (member, { people }) => people.get(member ?? "")?.alias || t("caller.somebody");

/** @param {string | null} member @param {Entry} row @param {Log} log */
const isIn = (member, row, log) => inAt(row, log).some((one) => one.member === member);

/** Returns the people who had been let in and were still there at this row. @param {Entry} row @param {Log} log */
function inAt(row, { rows, people }) {
  const before = rows.filter(({ seq }) => seq <= row.seq);
  const members = before.findLast(({ kind }) => kind === "granted")?.members ?? [];
  const gone = new Set(before.filter(({ kind }) => kind === "left").map(({ member }) => member));
  return members.flatMap((member) => {
    const person = people.get(member);
    return person && person.role !== "review" && !gone.has(member) ? [person] : [];
  });
}
