// A line's own codes in the form after a conversation: those that are offered, and those that ended.
import { Asking } from "../../lines/model/asking.js";

/** @typedef {import("../../../shared/protocol.d.ts").OwnCodeShown} OwnCode */

/** The `question` of a row that is a question itself. */
export const QUESTION = "";

export class OwnCodes extends Asking {
  /** @type {OwnCode[]} */
  rows = [];

  get offered() {
    return this.rows.filter(({ ended }) => ended === null);
  }

  get ended() {
    return this.rows.filter(({ ended }) => ended !== null);
  }

  /** A question's name in its own words, or nothing for a common one. @param {string} question */
  questionOf = (question) =>
    this.rows.find((one) => one.question === QUESTION && one.code === question)?.says;

  /** The line's own questions that are asked. */
  get questions() {
    return this.offered.filter(({ question }) => question === QUESTION);
  }

  load = () => this.#ask("owncodes", {});

  /** @param {string} question @param {import("../../../staff/languages.js").Texts} says @returns {Promise<boolean>} */
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
