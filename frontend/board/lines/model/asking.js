// Sends the requests of a card or a form, one at a time. Notes whether a request is under way and whether the last
// request was refused.
import { codeOf } from "../../../staff/problems.js";

export class Asking {
  loaded = false;
  busy = false;
  /** Holds the error code if the server refused the last request, else "". */
  refused = "";
  #line;
  #around;

  /** @param {string} line @param {{request: import("../../../staff/station.js").Station["request"], changed: () => void}} around */
  constructor(line, around) {
    this.#line = line;
    this.#around = around;
  }

  changed = () => this.#around.changed();

  /** Sends a request, passes the reply to `keep`, and returns whether it succeeded. @template Answer @param {string} type @param {object} fields @param {(answer: Answer) => void} keep */
  async ask(type, fields, keep) {
    if (this.busy) return false;
    Object.assign(this, { busy: true, refused: "" });
    this.changed();
    try {
      const asked = /** @type {[never, never]} */ ([type, { line: this.#line, ...fields }]);
      keep(/** @type {Answer} */ (await this.#around.request(...asked)));
      this.loaded = true;
    } catch (error) {
      this.refused = codeOf(error);
    }
    this.busy = false;
    this.changed();
    return !this.refused;
  }
}

/**
 * Saves a form, and returns whether that succeeded. Notes the error code, and the field that the server refused.
 * @param {any} form  with `busy`, `refused` and `wrong` @param {() => void} changed @param {() => Promise<unknown>} act
 * @param {{named?: Record<string, string>, conflict?: () => Promise<unknown>}} [how] named: the form's name of each
 * field that the server names differently; conflict: runs if a colleague saved a change first
 */
export async function saveForm(form, changed, act, { named = {}, conflict } = {}) {
  if (form.busy) return false;
  Object.assign(form, { busy: true, refused: "", wrong: "" });
  changed();
  try {
    await act();
  } catch (error) {
    const field = /** @type {any} */ (error)?.frame?.field ?? "";
    form.wrong = named[field] ?? field;
    form.refused = form.wrong && codeOf(error) === "conflict" ? "asked_already" : codeOf(error);
    if (form.refused === "conflict") await conflict?.().catch(() => {});
  }
  form.busy = false;
  changed();
  return !form.refused;
}
