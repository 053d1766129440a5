// Finds whom a supervisor can telephone: people of a line who gave their number on their account.

import { freeFirst } from "./needed-now.js";

/** @typedef {import("../../../shared/protocol.d.ts").Phone} Phone */
/** @typedef {import("../../../shared/protocol.d.ts").KeyLine} KeyLine */
/** @typedef {import("../../board.js").ToCall} ToCall */
/** @typedef {{alias: string, phone: string, busy?: boolean}} Call  phone: "" if the person gave none; busy: in a conversation */

/** Lists the kinds of needs that end when a counsellor takes a caller. @type {string[]} */
const TAKING = ["acute_waits", "unstaffed", "nobody", "crowded", "full", "long_wait"];

/**
 * Returns two lists: the planned people with their numbers, and the line's other people who gave a number,
 * counsellors first. In both lists, people who are in no conversation come first. `who`, the counsellor who
 * needs help, is left out.
 * @param {Phone[]} phones @param {string} line @param {ToCall | null} rota @param {string} [who]  an alias
 * @param {Set<string>} [talking]  aliases of those in a conversation
 * @returns {{planned: Call[], others: Call[]}}
 */
export function whomToCall(phones, line, rota, who = "", talking = new Set()) {
  const own = phones.filter((one) => one.line === line && one.alias !== who);
  const names = (rota?.names ?? []).filter((name) => name !== who);
  const planned = names.map((alias) => ({
    alias,
    phone: own.find((one) => one.alias === alias)?.phone ?? "",
  }));
  const others = own.filter(({ alias }) => !names.includes(alias));
  const inOrder = (/** @type {Call[]} */ calls) =>
    freeFirst(calls, talking).map(({ alias, phone }) => ({ alias, phone, busy: talking.has(alias) }));
  return { planned: inOrder(planned), others: inOrder(others) };
}

/**
 * Returns the other supervisors of a line who have an approved device, and so can confirm a request. Each has
 * their telephone number, if they gave one.
 * @param {KeyLine[]} lines @param {string} line @param {string} me @param {Phone[]} phones @returns {Call[]}
 */
export function secondOnes(lines, line, me, phones) {
  const devices = lines.find((one) => one.line === line)?.devices ?? [];
  const people = new Map(devices.map(({ person, alias }) => [person, alias]));
  people.delete(me);
  return [...people].map(([person, alias]) => ({
    alias,
    phone: phones.find((one) => one.line === line && one.id === person)?.phone ?? "",
  }));
}

/**
 * Returns whether the supervisor can take the line's callers in their own console: "yes", "no" without the
 * role of counsellor, or "" for a need that taking a caller does not end.
 * @param {{roles: string[], lines: string[]} | null} me @param {string} line @param {string} kind
 */
export function takesCallers(me, line, kind) {
  if (!me || !TAKING.includes(kind)) return "";
  return me.roles.includes("counsellor") && me.lines.includes(line) ? "yes" : "no";
}
