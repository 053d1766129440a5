// Models the referral directory as a supervisor edits it: the rows found, the drafts, and the server's
// errors. Drafts are kept when another service is opened, when the server refuses, and when a colleague changes the service.

import { folded } from "../../../staff/folded.js";
import { codeOf } from "../../../staff/problems.js";
import { saveForm } from "../../lines/model/asking.js";
import { toldOf } from "../../supervision/model/two-persons.js";

/** @typedef {import("../../../shared/protocol.d.ts").EntryShown} Entry */
/** @typedef {import("../../../staff/languages.js").Texts} Texts */
/**
 * Holds a service as typed in the form: every field is text.
 * @typedef {{name: string, purpose: Texts, for_callers: Texts, needs: string, phone: string, chat: boolean, site: string,
 *   free: string, languages: string, age_from: string, age_to: string, always_open: boolean, webhook: string,
 *   source: string, verified: string}} Typed
 */
/** @typedef {{typed: Typed, base: Typed, version: number}} Draft  base: the server's values from which the draft started */
/** @typedef {keyof Typed} Field */

/** @type {Typed} */
const EMPTY = {
  ...{ name: "", purpose: {}, for_callers: {}, needs: "", phone: "", chat: false, site: "", free: "" },
  ...{ languages: "", age_from: "", age_to: "", always_open: false, webhook: "", source: "", verified: "" },
};
/** These fields change only with a second supervisor's approval. @type {readonly Field[]} */
export const BY_TWO = ["phone", "site", "webhook"];
export const NEW = "";
const NUMBER = /^\+?[0-9]([ -]?[0-9]){2,}$/;
/** The server names these fields differently. @type {Record<string, Field>} */
const FIELDS = { webhook_url: "webhook", verified_on: "verified" };

export class Directory {
  /** @type {Entry[]} */
  rows = [];
  loaded = false;
  busy = false;
  /** Holds the error code of the last request. */
  refused = "";
  sought = "";
  /** Identifies the service whose form is open: null for none, "" for one that is new. @type {string | null} */
  chosen = null;
  /** Holds the result of the last action, as a text's key. */
  told = "";
  /** Is true if an invalid form was submitted. From then on the errors are shown. */
  tried = false;
  /** Is true if the page asks to confirm that the service should end. */
  ending = false;
  /** Identifies the field that the server refused. @type {Field | ""} */
  wrong = "";
  /** Holds the fields that both this supervisor and a colleague changed; `entry` has the colleague's values. @type {Set<Field>} */
  moved = new Set();
  /** @type {Map<string, Draft>} */
  #drafts = new Map();
  #around;

  /** Holds the new number that this supervisor has called. It is used only if no second supervisor will check the number. */
  called = "";

  /** @param {{request: import("../../../staff/station.js").Station["request"], changed: () => void, saysOfTwo: () => string, isAlone: () => boolean}} around */
  constructor(around) {
    this.#around = around;
  }

  /** Returns the sentence that says what happens after a change of a field that needs two supervisors. */
  get saysOfTwo() {
    return this.#around.saysOfTwo();
  }

  /**
   * Returns the new telephone number if callers and counsellors will see it without a check by a second
   * supervisor, else "".
   */
  get uncheckedNumber() {
    const { typed, base } = this.#draft;
    const phone = typed.phone.trim();
    return phone !== base.phone && NUMBER.test(phone) && this.#around.isAlone() ? phone : "";
  }

  clear() {
    this.#drafts.clear();
    Object.assign(this, { rows: [], loaded: false, chosen: null, told: "", refused: "", wrong: "" });
  }

  // What is shown

  get offered() {
    return this.#found.filter(({ ended }) => ended === null);
  }

  get past() {
    return this.#found.filter(({ ended }) => ended !== null);
  }

  get #found() {
    const words = folded(this.sought.trim());
    return this.rows.filter(({ name, needs, purpose, phone, site }) =>
      folded([name, needs, phone, site, ...Object.values(purpose)].join(" ")).includes(words),
    );
  }

  /** Returns the open service as the server last sent it. */
  get entry() {
    return this.rows.find(({ service }) => service === this.chosen);
  }

  /** If callers of more than one line are shown the open service, returns the names of those lines that this supervisor may know, and the number of the other lines. Otherwise returns null. */
  get sharedBy() {
    const { lines = [], other_lines: others = 0 } = this.entry ?? {};
    return lines.length + others > 1 ? { names: lines, others } : null;
  }

  /** @returns {Draft} */
  get #draft() {
    const { entry } = this;
    const base = entry ? typedOf(entry) : EMPTY;
    return this.#drafts.get(this.chosen ?? NEW) ?? { typed: base, base, version: entry?.version ?? 0 };
  }

  get typed() {
    return this.#draft.typed;
  }

  get dirty() {
    return fieldsThatDiffer(this.#draft.typed, this.#draft.base).length > 0;
  }

  /** Returns whether a service has unsaved changes. @param {string} service */
  isUnsaved = (service) => this.#drafts.has(service);

  /** Returns whether any service has unsaved changes. */
  get hasUnsaved() {
    return this.#drafts.size > 0;
  }

  /** Returns the errors by field: those that this page finds, and the one that the server reported. @returns {Map<Field, string>} */
  get problems() {
    const { typed } = this;
    /** @type {Map<Field, string>} */
    const found = new Map();
    if (!typed.name.trim()) found.set("name", "name");
    if (typed.phone.trim() && !NUMBER.test(typed.phone.trim())) found.set("phone", "phone");
    for (const field of /** @type {const} */ (["site", "webhook"]))
      if (typed[field].trim() && !isHttps(typed[field].trim())) found.set(field, "site");
    if (typed.age_from && typed.age_to && Number(typed.age_from) > Number(typed.age_to))
      found.set("age_to", "ages");
    const { uncheckedNumber } = this;
    if (uncheckedNumber && uncheckedNumber !== this.called) found.set("phone", "uncalled");
    if (this.wrong && !found.has(this.wrong)) found.set(this.wrong, this.wrong);
    return found;
  }

  // What the supervisor does

  /** Fetches the directory. It may run while somebody types, because drafts and messages are kept. */
  async load() {
    try {
      this.#take((await this.#around.request("directory")).entries);
    } catch (error) {
      if (!this.loaded) this.refused = codeOf(error);
    }
    this.#around.changed();
  }

  /** @param {string | null} service */
  choose(service) {
    Object.assign(this, { chosen: service, told: "", refused: "", wrong: "", tried: false, ending: false });
    this.moved = new Set();
    this.#around.changed();
  }

  /** @param {Partial<Typed>} part */
  write(part) {
    const draft = this.#draft;
    const typed = { ...draft.typed, ...part };
    const key = this.chosen ?? NEW;
    if (fieldsThatDiffer(typed, draft.base).length) this.#drafts.set(key, { ...draft, typed });
    else this.#drafts.delete(key);
    if (this.wrong && this.wrong in part) this.wrong = "";
    this.told = "";
    this.#around.changed();
  }

  /** @param {boolean} has  called the new number */
  call(has) {
    this.called = has ? this.uncheckedNumber : "";
    this.#around.changed();
  }

  reset() {
    this.#drafts.delete(this.chosen ?? NEW);
    this.choose(this.chosen);
  }

  /** Saves the draft. Returns whether that succeeded. */
  async save() {
    const { chosen, problems } = this;
    Object.assign(this, { tried: true, told: "" });
    if (chosen === null || this.busy || (problems.size && !this.wrong)) {
      this.#around.changed();
      return false;
    }
    const { typed, base, version } = this.#draft;
    const byTwo = fieldsThatDiffer(typed, base).some((field) => BY_TWO.includes(field));
    const entry = sentOf(typed);
    return this.#ask(
      async () => {
        const { service, asked } = chosen
          ? await this.#around.request("changeservice", { service: chosen, version, entry })
          : await this.#around.request("addservice", { entry });
        this.#drafts.delete(chosen);
        this.moved = new Set();
        Object.assign(this, { chosen: service, tried: false });
        this.told = toldOf(byTwo, asked, "board.directory.saved_asked");
        this.#take((await this.#around.request("directory")).entries);
      },
      () => this.#lookWhatMoved(),
    );
  }

  /** @param {boolean} ended */
  async end(ended) {
    const { chosen: service } = this;
    this.ending = false;
    if (!service) return;
    await this.#ask(async () => {
      const { waits } = await this.#around.request("endservice", { service, ended });
      this.told = waits ? "board.approval.asked" : "board.approval.done";
      this.#take((await this.#around.request("directory")).entries);
    });
  }

  /** @param {boolean} ending */
  askToEnd(ending) {
    this.ending = ending;
    this.#around.changed();
  }

  /**
   * After a conflict: takes over the fields that only a colleague changed. If both people changed a field, the draft
   * stays and both values are shown.
   */
  async #lookWhatMoved() {
    const key = this.chosen ?? NEW;
    const draft = this.#drafts.get(key);
    this.#take((await this.#around.request("directory")).entries);
    const { entry } = this;
    if (!draft || !entry || entry.version === draft.version) return;
    const now = typedOf(entry);
    const own = fieldsThatDiffer(draft.typed, draft.base);
    this.moved = new Set(fieldsThatDiffer(now, draft.base).filter((field) => own.includes(field)));
    const typed = /** @type {Typed} */ ({
      ...now,
      ...Object.fromEntries(own.map((field) => [field, draft.typed[field]])),
    });
    this.#drafts.set(key, { typed, base: now, version: entry.version });
  }

  /** @param {Entry[]} rows */
  #take(rows) {
    Object.assign(this, { rows, loaded: true });
    if (this.chosen && !this.entry) this.chosen = null;
  }

  /** @param {() => Promise<unknown>} act @param {() => Promise<unknown>} [refused] */
  #ask(act, refused) {
    return saveForm(this, this.#around.changed, act, { named: FIELDS, conflict: refused });
  }
}

/**
 * Returns what a weekday without hours means for a service: "always" open, "unknown", or "" for shut.
 * @param {{always_open: boolean} | undefined} entry @param {unknown[][]} week
 */
export function emptyDayOf(entry, week) {
  if (entry?.always_open) return "always";
  return week.some((spans) => spans.length) ? "" : "unknown";
}

/** @param {string} text */
const isHttps = (text) => text.startsWith("https://") && URL.canParse(text);

/** @param {number | null} age */
const ageOf = (age) => (age === null ? "" : String(age));

/** @param {Entry} row @returns {Typed} */
export const typedOf = ({ name, purpose, for_callers, needs, phone, chat, site, languages, ...row }) => ({
  ...{ name, purpose, for_callers, needs, phone, chat, site, languages },
  ...{ age_from: ageOf(row.age_from), age_to: ageOf(row.age_to), always_open: row.always_open },
  ...{ webhook: row.webhook, source: row.source, verified: row.verified ?? "" },
  free: row.free === null ? "" : row.free ? "yes" : "no",
});

/** Returns the fields in the form that the server expects. @param {Typed} typed */
const sentOf = (typed) => ({
  ...typed,
  phone: typed.phone.trim(),
  site: typed.site.trim(),
  webhook: typed.webhook.trim(),
  free: typed.free === "" ? null : typed.free === "yes",
  age_from: typed.age_from === "" ? null : Number(typed.age_from),
  age_to: typed.age_to === "" ? null : Number(typed.age_to),
  verified: typed.verified || null,
});

/** @param {Typed} one @param {Typed} other */
function fieldsThatDiffer(one, other) {
  const fields = /** @type {Field[]} */ (Object.keys(EMPTY));
  return fields.filter((field) => flat(one[field]) !== flat(other[field]));
}

/** Makes values comparable. An empty text in a language counts as no text. @param {unknown} value */
function flat(value) {
  if (value === null || typeof value !== "object") return String(value).trim();
  const said = Object.entries(/** @type {Texts} */ (value)).filter(([, text]) => text.trim());
  return JSON.stringify(said.sort());
}
