// Models the form of a line's settings. Typed values are kept if somebody visits another tab, if the server refuses
// them, or if a colleague changes the line.

import { codeOf } from "../../../staff/problems.js";
import { sayWhy, toldOf } from "../../supervision/model/two-persons.js";
import { saveForm } from "./asking.js";

/** @typedef {import("../../../shared/protocol.d.ts").LineSettingsOk} Shown */
/**
 * Describes the values in the form. Every value is text, as typed.
 * @typedef {{name: string, formal: boolean, boost_soon: string, boost_acute: string, goal_at_once: string, goal_soon: string,
 *   phone: string, on_call_phone: string, path: string, hosts: string, template: string, services: string[], alert_url: string}} Typed
 */
/** @typedef {keyof Typed} Field */

/** Changes of these fields need a second supervisor's approval. @type {readonly Field[]} */
export const BY_TWO = ["phone", "on_call_phone", "path", "hosts", "template", "services", "alert_url"];
const PHONES = /** @type {const} */ (["phone", "on_call_phone"]);
const NUMBER = /^\+?[0-9]([ -]?[0-9]){2,}$/;
/** Returns whether a text is a telephone number. @param {string} text */
export const isNumber = (text) => NUMBER.test(text.trim());
/** @type {readonly (readonly [Field, number, number])[]} */
const WHOLE = [
  ["boost_soon", 0, 1440],
  ["boost_acute", 0, 1440],
  ["goal_at_once", 1, 99],
  ["goal_soon", 1, 99],
];

/** Returns who or what keeps a line from ending: for each, the last part of its text's key, and how many. @param {Record<"waiting" | "talking" | "letters", number>} inside @returns {["waiting" | "talking" | "letters", number][]} */
export function insideOf(inside) {
  const each = /** @type {const} */ (["waiting", "talking", "letters"]);
  return each.filter((name) => inside[name] > 0).map((name) => [name, inside[name]]);
}

export class LineForm {
  /** Holds the settings as the server last sent them. @type {Shown | null} */
  shown = null;
  /** @type {Typed | null} */
  #typed = null;
  /** Holds the server's values, with which the typed ones are compared. @type {Typed | null} */
  #base = null;
  busy = false;
  /** Holds the error code if the server refused the last request, else "". */
  refused = "";
  /** @type {Field | ""} */
  wrong = "";
  told = "";
  tried = false;
  /** Is true if the end of the line has to be confirmed. */
  ending = false;
  /** Holds the fields that were changed both here and by a colleague. @type {Set<Field>} */
  moved = new Set();
  #line;
  #around;

  /** @param {string} line @param {{request: import("../../../staff/station.js").Station["request"], changed: () => void}} around */
  constructor(line, around) {
    this.#line = line;
    this.#around = around;
  }

  get loaded() {
    return this.shown !== null;
  }

  /** Returns the values in the form. It may be used only after loading. */
  get typed() {
    return /** @type {Typed} */ (this.#typed);
  }

  get dirty() {
    return this.loaded && this.#own.length > 0;
  }

  get #own() {
    return differing(this.typed, /** @type {Typed} */ (this.#base));
  }

  /** @returns {Map<Field, string>} */
  get problems() {
    const { typed } = this;
    /** @type {Map<Field, string>} */
    const found = new Map();
    if (!typed.name.trim()) found.set("name", "name");
    for (const field of PHONES) if (typed[field].trim() && !isNumber(typed[field])) found.set(field, "phone");
    if (!/^[-a-zA-Z0-9_]*$/.test(typed.path.trim())) found.set("path", "path");
    if (typed.alert_url.trim() && !typed.alert_url.trim().startsWith("https://"))
      found.set("alert_url", "alert_url");
    for (const [field, least, most] of WHOLE) {
      const value = String(typed[field]).trim();
      const may = /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most;
      if (!may && !(value === "" && least === 1)) found.set(field, least ? "goal" : "minutes");
    }
    if (this.wrong && !found.has(this.wrong)) found.set(this.wrong, this.wrong);
    return found;
  }

  /** Fetches the settings. It may run while somebody types, because typed values stay. */
  async load() {
    try {
      this.#take(await this.#around.request("linesettings", { line: this.#line }));
    } catch (error) {
      if (!this.loaded) this.refused = codeOf(error);
    }
    this.#around.changed();
  }

  /** @param {Partial<Typed>} part */
  write(part) {
    this.#typed = { ...this.typed, ...part };
    if (this.wrong in part) this.wrong = "";
    this.told = "";
    this.#around.changed();
  }

  reset() {
    this.#typed = this.#base;
    Object.assign(this, { refused: "", wrong: "", told: "", tried: false, moved: new Set() });
    this.#around.changed();
  }

  /** Saves the form, and returns whether that succeeded. */
  async save() {
    Object.assign(this, { tried: true, told: "" });
    const { shown, typed } = this;
    if (!shown || this.busy || (this.problems.size && !this.wrong)) {
      this.#around.changed();
      return false;
    }
    const number = (/** @type {string} */ text) => (text.trim() === "" ? null : Number(text));
    const settings = {
      ...typed,
      boost_soon: Number(typed.boost_soon),
      boost_acute: Number(typed.boost_acute),
      goal_at_once: number(typed.goal_at_once),
      goal_soon: number(typed.goal_soon),
    };
    const byTwo = this.#own.some((field) => BY_TWO.includes(field));
    return this.#ask(
      async () => {
        const sent = { line: this.#line, version: shown.version, settings };
        const ok = await this.#around.request("setline", sent);
        this.#typed = this.#base;
        this.#take(ok);
        this.told = toldOf(byTwo, ok.asked, "board.line_form.saved_asked");
        Object.assign(this, { tried: false, moved: new Set() });
      },
      async () => this.#take(await this.#around.request("linesettings", { line: this.#line })),
    );
  }

  /** Returns why the line cannot end yet. */
  get keptOpenBy() {
    return this.shown?.inside ? insideOf(this.shown.inside) : [];
  }

  /** @param {boolean} ending */
  askToEnd(ending) {
    this.ending = ending;
    this.#around.changed();
  }

  /** @param {boolean} ended */
  async end(ended) {
    const line = this.#line;
    this.ending = false;
    await this.#ask(async () => {
      const { waits } = await this.#around.request("endline", { line, ended }).catch(sayWhy);
      this.#take(await this.#around.request("linesettings", { line }));
      this.told = waits ? "board.approval.asked" : "board.approval.done";
    });
  }

  /** Takes the server's settings. A field that only a colleague changed is updated; if both changed it, the typed value stays and both are shown. @param {Shown} shown */
  #take(shown) {
    if (this.shown && this.shown.ended !== shown.ended) this.told = "";
    const now = typedOf(shown);
    const own = this.loaded ? this.#own : [];
    const base = this.#base ?? now;
    this.moved = new Set(differing(now, base).filter((field) => own.includes(field)));
    const kept = Object.fromEntries(own.map((field) => [field, this.typed[field]]));
    this.#typed = /** @type {Typed} */ ({ ...now, ...kept });
    this.#base = now;
    this.shown = shown;
  }

  /** @param {() => Promise<unknown>} act @param {() => Promise<unknown>} [refused] */
  #ask(act, refused) {
    return saveForm(this, this.#around.changed, act, { conflict: refused });
  }
}

/** @param {Shown} shown @returns {Typed} */
const typedOf = ({
  name,
  formal,
  phone,
  on_call_phone,
  path,
  hosts,
  template,
  services,
  alert_url,
  ...shown
}) => ({
  ...{ name, formal, phone, on_call_phone, path, hosts, template, services, alert_url },
  boost_soon: String(shown.boost_soon),
  boost_acute: String(shown.boost_acute),
  goal_at_once: String(shown.goal_at_once ?? ""),
  goal_soon: String(shown.goal_soon ?? ""),
});

/** @param {Typed} one @param {Typed} other */
function differing(one, other) {
  const flat = (/** @type {unknown} */ value) =>
    Array.isArray(value) ? [...value].sort().join(" ") : String(value).trim();
  return /** @type {Field[]} */ (Object.keys(one)).filter((field) => flat(one[field]) !== flat(other[field]));
}
