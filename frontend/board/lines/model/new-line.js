// Models the form for a new line. Typed values are kept if somebody visits another tab, or if the server refuses them.
import { codeOf } from "../../../staff/problems.js";
import { isNumber } from "./line-form.js";

/** @typedef {{template: string, name: string, path: string, phone: string}} Typed */
/** @typedef {keyof Typed} Field */

const EMPTY = { template: "", name: "", path: "", phone: "" };

export class NewLine {
  /** @type {Typed} */
  typed = EMPTY;
  /** Is true if the form is unfolded. */
  open = false;
  busy = false;
  tried = false;
  /** Holds the error code if the server refused the last request, else "". */
  refused = "";
  /** @type {Field | ""} */
  wrong = "";
  /** Holds the result of the last request, as a text's key. */
  told = "";
  #around;

  /** @param {{request: import("../../../staff/station.js").Station["request"], changed: () => void}} around */
  constructor(around) {
    this.#around = around;
  }

  async load() {}

  get dirty() {
    return this.open && Object.values(this.typed).some((text) => text.trim() !== "");
  }

  /** Returns the errors by field: those that this page finds, and the one that the server reported. @returns {Map<Field, string>} */
  get problems() {
    const { template, name, path, phone } = this.typed;
    /** @type {Map<Field, string>} */
    const found = new Map();
    if (!template) found.set("template", "new_template");
    if (!name.trim()) found.set("name", "name");
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(path.trim().toLowerCase())) found.set("path", "path");
    if (phone.trim() && !isNumber(phone)) found.set("phone", "phone");
    if (this.wrong && !found.has(this.wrong))
      found.set(this.wrong, this.refused === "conflict" ? "asked_already" : this.wrong);
    return found;
  }

  /** @param {boolean} open */
  unfold(open) {
    Object.assign(this, { open, tried: false, told: "", refused: "", wrong: "" });
    this.#around.changed();
  }

  /** @param {Partial<Typed>} part */
  write(part) {
    this.typed = { ...this.typed, ...part };
    if (this.wrong in part) this.wrong = "";
    this.told = "";
    this.#around.changed();
  }

  /** Requests the line, and returns whether the server has accepted the request. */
  async ask() {
    Object.assign(this, { tried: true, told: "" });
    if (!this.busy && (!this.problems.size || this.wrong)) await this.#send();
    this.#around.changed();
    return this.told !== "";
  }

  async #send() {
    Object.assign(this, { busy: true, refused: "", wrong: "" });
    this.#around.changed();
    try {
      const { waits } = await this.#around.request("addline", this.typed);
      Object.assign(this, { typed: EMPTY, open: false, tried: false });
      this.told = waits ? "board.approval.asked" : "board.new_line.made";
    } catch (error) {
      this.wrong = /** @type {any} */ (error)?.frame?.field ?? "";
      this.refused = codeOf(error);
    }
    this.busy = false;
  }
}
