// Returns the catalogue's words for codes, people and times.
import { CLOSED } from "../shared/socket.js";
import { t } from "../shared/text.js";
import { shortly } from "../staff/durations.js";
import { inOwn, languageName, usual } from "../staff/languages.js";
import { problemIn, textOf } from "../staff/problems.js";
import { AGES } from "./figures/model/wrapup.js";

/** @typedef {import("./conversation/model/conversation.js").Conversation} Conversation */
/** @typedef {import("./conversation/model/conversation-log.js").Person} Person */
/** @typedef {import("./desk.js").Desk} Desk */

const STOPS = [
  CLOSED.protocol,
  CLOSED.withdrawn,
  CLOSED.no_opening,
  CLOSED.taken_over,
  "forbidden",
  "unproven",
].map(String);
const [AMBER_MS, RED_MS] = [2 * 60_000, 5 * 60_000];

/** @param {string} code */
export const stopInWords = (code) => t(`console.stopped.${STOPS.includes(code) ? code : "other"}`, { code });

/** @param {string} code */
export const problemInWords = (code) => problemIn("console.problem", code);

/** Returns why a message is not stored yet. The outbox tries some of them again by itself. @param {string} code */
export const unsentInWords = (code) => textOf(`console.unsent.${code}`) ?? problemInWords(code);

/** Returns why nothing can be sent, for the text beside the field; "" for an emptied conversation, whose view says so itself. @param {string} why */
export const hindranceOf = (why) => (why && why !== "emptied" ? t(`console.hindrance.${why}`) : "");

/** @param {Conversation} conversation @param {string} member */
export function nameOf(conversation, member) {
  if (member === conversation.log.caller) return callerOf(conversation);
  return conversation.log.people.get(member)?.alias || t("console.someone");
}

/** Returns the caller's name with the initial, for places that take only text. @param {Conversation} conversation */
export const titleOf = (conversation) => `${conversation.initial} ${callerOf(conversation)}`.trim();

/** @param {Conversation} conversation */
export const callerOf = (conversation) => conversation.nickname || t("console.caller");

/** Returns what was said last, marked if this person said it; "" if nothing was said yet. @param {Conversation} conversation */
export function lastWords({ lastText, log }) {
  if (!lastText || lastText.fault) return "";
  const text = lastText.kind === "intake" ? t("console.told_before") : lastText.text;
  return log.isOwn(lastText.by) ? t("console.you_said", { text }) : text;
}

/** Returns what distinguishes callers: the language, unless it is the usual one, and the age band. @param {Conversation} conversation @returns {string[]} */
export function signsOf({ log, seat }) {
  const { age: band = "" } = log.intake ?? {};
  const foreign = seat.locale === usual() ? "" : languageName(seat.locale);
  return [foreign, AGES.includes(band) ? t(`console.age_band.${AGES.indexOf(band)}`) : ""].filter(Boolean);
}

/** Returns a person's role in words. For a person of a service, returns the service's name instead, unless it is also their alias. @param {Desk} desk @param {Person | undefined} person */
export function roleOf(desk, person) {
  if (person?.guest) return t("console.role.guest");
  const service = person?.service ? desk.serviceName(person.service) : "";
  return service && service !== person?.alias ? service : t(`console.role.${person?.role ?? "caller"}`);
}

/** @param {Desk} desk @param {Conversation} conversation @param {Person} person */
export function roleInWords(desk, { seat }, person) {
  const role = roleOf(desk, person);
  return person.member === seat.member ? t("console.you", { role }) : role;
}

/** Returns the catalogue's key for a person's presence. After the end of a conversation nobody counts as present. @param {Conversation} conversation @param {Person} person */
export function presenceOf({ state }, { here, code }) {
  if (state === "ended") return "was_here";
  if (here) return "is_here";
  return code ? "needs_code" : "is_away";
}

/** @param {ReturnType<typeof presenceOf>} presence */
export function dotOf(presence) {
  if (presence === "was_here") return "";
  return presence === "is_here" ? "is-here" : "is-away";
}

/** @param {Conversation} conversation */
export const titleOfPeople = ({ state }) => t(state === "ended" ? "console.were_here" : "console.here");

/** @param {import("./console.js").Console} desk @param {string} slug */
export const lineName = ({ lines, services, asApps }, slug) =>
  asApps((app) => app.nameOf?.(slug)) ??
  lines.find(({ line }) => line === slug)?.name ??
  services.find(({ service }) => service === slug)?.name ??
  slug;

/** Returns a length of time in a short form. @param {number} ms */
export const age = (ms) => shortly("console.age", ms);

/** Returns how long nobody has said anything (from the beginning, if nobody has yet), and a colour if the caller has waited too long for an answer. @param {Conversation} conversation @param {number} now */
export function idleTime(conversation, now) {
  const last = conversation.lastText;
  const since = (last ?? conversation.log.lines[0])?.at;
  const ms = now - (since ? Date.parse(since) : conversation.startedAt);
  const waits = conversation.state === "active" && last !== undefined && last.by === conversation.log.caller;
  return { text: age(ms), tone: waits && ms >= RED_MS ? "red" : waits && ms >= AMBER_MS ? "amber" : "" };
}

/** Returns the text of a question in the wrap-up form. A line's own question has a text of its own. @param {Desk} desk @param {string} line @param {string} question */
export function questionInWords({ ownCodes }, line, question) {
  const own = ownCodes.find((one) => one.line === line && one.question === "" && one.code === question);
  return own ? inOwn(own.says) : t(`form.${question}`);
}

/** Returns the text of an answer in the wrap-up form. A line's own code has a text of its own. @param {Desk} desk @param {string} line @param {string} question @param {string} code */
export function codeInWords({ ownCodes }, line, question, code) {
  const own = ownCodes.find((one) => one.line === line && one.code === code);
  return own ? inOwn(own.says) : t(`form.${question}.${code}`);
}
