// Codes, people and times in the words of the catalogue.
import { clock, t } from "../../../shared/i18n.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../model/conversation-log.js").Person} Person */
/** @typedef {import("../../desk.js").Station} Station */

const STOPS = ["4400", "4403", "4408", "4409", "forbidden"];
const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000];
const [AMBER_MS, RED_MS] = [2 * MINUTE_MS, 5 * MINUTE_MS];

/** @param {string} code */
export const stopInWords = (code) => t(`console.stopped.${STOPS.includes(code) ? code : "other"}`, { code });

/** @param {string} code */
export function problemInWords(code) {
  const [key, text] = [`console.problem.${code}`, t(`console.problem.${code}`)];
  return text === key ? t("console.problem.other", { code }) : text;
}

/** @param {Conversation} conversation @param {string} member */
export function nameOf(conversation, member) {
  if (member === conversation.log.caller) return callerOf(conversation);
  return conversation.log.people.get(member)?.alias || t("console.someone");
}

/** Tells two callers without a name apart. @param {Conversation} conversation */
export function titleOf(conversation) {
  const [opened] = conversation.log.lines;
  if (conversation.nickname || !opened) return callerOf(conversation);
  return t("console.caller_since", { time: clock(opened.at) });
}

/** @param {Conversation} conversation */
export const callerOf = (conversation) => conversation.nickname || t("console.caller");

/** The service of who comes from one, where its name says more than theirs. @param {Station} desk @param {Person | undefined} person */
export function roleOf(desk, person) {
  const service = person?.service ? desk.serviceName(person.service) : "";
  return service && service !== person?.alias ? service : t(`console.role.${person?.role ?? "caller"}`);
}

/** @param {Station} desk @param {Conversation} conversation @param {Person} person */
export function roleInWords(desk, { seat }, person) {
  const role = roleOf(desk, person);
  return person.member === seat.member ? t("console.you", { role }) : role;
}

/** @param {import("../../console.js").Console} desk @param {string} slug */
export const lineName = ({ lines, services }, slug) =>
  lines.find(({ line }) => line === slug)?.name ??
  services.find(({ service }) => service === slug)?.name ??
  slug;

/** Minutes and seconds that are left. @param {number} ms */
export function countdown(ms) {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A length of time, short enough to stand beside something. @param {number} ms */
export function age(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return t("console.age.seconds", { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (ms < HOUR_MS) return t("console.age.minutes", { n: minutes });
  return t("console.age.hours", { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, "0") });
}

/** How long it has been silent, and whether the caller has waited too long for an answer. @param {Conversation} conversation @param {number} now */
export function silence(conversation, now) {
  const last = conversation.lastText;
  const ms = now - (last ? Date.parse(last.at) : conversation.startedAt);
  const waits = conversation.state === "active" && last !== undefined && last.by === conversation.log.caller;
  return { text: age(ms), tone: waits && ms >= RED_MS ? "red" : waits && ms >= AMBER_MS ? "amber" : "" };
}
