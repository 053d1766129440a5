// Fetches and groups the advice on how many counsellors each hour of a week needs, also under other
// assumptions. The server calculates it.
import { browser } from "../../shared/socket.js";
import { codeOf } from "../../staff/problems.js";

/** @typedef {import("../../shared/protocol.d.ts").AdviceOk} Shown */
/** @typedef {import("../../shared/protocol.d.ts").HourShown} Hour */
/** @typedef {{people: number, slots: number | null, longer: number}} WhatIf */
/** @typedef {{day: string, from: number, to: number, n: number}} Stretch  hours of a day, `to` not included */
/**
 * @typedef {object} Around
 * @property {import("../../staff/station.js").Station["request"]} request
 * @property {() => void} changed
 * @property {(ms: number, act: () => void) => () => void} [after]
 */

const TRIES_MS = 250;
const AS_IT_IS = { people: 0, slots: null, longer: 0 };

export class StaffingAdvice {
  /** @type {Shown | null} */
  shown = null;
  /** @type {WhatIf} */
  whatIf = AS_IT_IS;
  refused = "";
  #line;
  #monday = "";
  #around;
  #turn = 0;
  #cancel = () => {};

  /** @param {string} line @param {Around} around */
  constructor(line, around) {
    this.#line = line;
    this.#around = around;
  }

  /** Returns whether no other assumptions were made. */
  get isPlain() {
    const { people, slots, longer } = this.whatIf;
    return people === 0 && slots === null && longer === 0;
  }

  /** Returns whether too little was counted to give advice. */
  get knowsNothing() {
    const open = this.shown?.hours.filter(({ verdict }) => verdict !== "closed") ?? [];
    return open.length > 0 && open.every(({ verdict }) => verdict === "unknown");
  }

  /** @param {string} monday */
  async look(monday) {
    if (monday !== this.#monday) this.shown = null;
    this.#monday = monday;
    const turn = ++this.#turn;
    try {
      const shown = await this.#around.request("advice", { line: this.#line, monday, ...this.whatIf });
      if (turn !== this.#turn) return;
      Object.assign(this, { shown, refused: "" });
    } catch (error) {
      if (turn === this.#turn) this.refused = codeOf(error);
    }
    this.#around.changed();
  }

  /** Requests the advice under other assumptions. A slider passes many values, so only the last one is sent. @param {Partial<WhatIf>} change */
  ask(change) {
    this.whatIf = { ...this.whatIf, ...change };
    this.#cancel();
    this.#cancel = (this.#around.after ?? browser.after)(TRIES_MS, () => this.look(this.#monday));
    this.#around.changed();
  }

  reset() {
    this.ask(AS_IT_IS);
  }

  /** Groups successive hours with this verdict. n: by how many people the worst of these hours is understaffed or overstaffed. @param {"too_few" | "plenty"} verdict @returns {Stretch[]} */
  stretches(verdict) {
    /** @type {Stretch[]} */
    const found = [];
    for (const hour of this.shown?.hours ?? []) {
      if (hour.verdict !== verdict) continue;
      const n = verdict === "too_few" ? (hour.low ?? 0) - hour.planned : hour.planned - (hour.high ?? 0);
      const last = found.at(-1);
      if (last && last.day === hour.day && last.to === hour.hour) {
        last.to++;
        last.n = Math.max(last.n, n);
      } else found.push({ day: hour.day, from: hour.hour, to: hour.hour + 1, n });
    }
    return found;
  }

  /** Returns a row for each hour of the day at which the line is open on some day. The days of a row are in order. @returns {Map<number, Hour[]>} */
  get rows() {
    const hours = this.shown?.hours ?? [];
    /** @type {Map<number, Hour[]>} */
    const found = new Map();
    for (const one of hours) found.set(one.hour, [...(found.get(one.hour) ?? []), one]);
    for (const [hour, row] of found) if (row.every(({ verdict }) => verdict === "closed")) found.delete(hour);
    return found;
  }
}
