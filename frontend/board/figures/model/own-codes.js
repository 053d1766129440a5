// A line's own codes in the form after a conversation: those that are offered, and those that ended.
import { Asking } from "../../lines/model/asking.js";

/** @typedef {import("../../../shared/protocol.d.ts").OwnCodeShown} OwnCode */
/** @typedef {import("../../../shared/protocol.d.ts").AddCode["question"]} Question */

export class OwnCodes extends Asking {
  /** @type {OwnCode[]} */
  rows = [];

  get offered() {
    return this.rows.filter(({ ended }) => ended === null);
  }

  get ended() {
    return this.rows.filter(({ ended }) => ended !== null);
  }

  load = () => this.#ask("owncodes", {});

  /** @param {Question} question @param {import("../../../staff/languages.js").Texts} says @returns {Promise<boolean>} */
  add = (question, says) => this.#ask("addcode", { question, says });

  /** For good: its name is never used again. @param {string} code */
  end = (code) => this.#ask("endcode", { code });

  /** @param {"owncodes" | "addcode" | "endcode"} type @param {object} fields */
  #ask(type, fields) {
    const keep = (/** @type {import("../../../shared/protocol.d.ts").OwnCodesOk} */ { codes }) => {
      this.rows = codes;
    };
    return this.ask(type, fields, keep);
  }
}
