// Models a line's own codes in the wrap-up form: those that are offered, and those that have ended.
import { Asking } from "../../lines/model/asking.js";

/** @typedef {import("../../../shared/protocol.d.ts").OwnCodeShown} OwnCode */

/** A row with this value of `question` is a question itself, and not an answer. */
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

  /** Returns the texts of a line's own question; undefined for a question that all lines have. @param {string} question */
  questionOf = (question) =>
    this.rows.find((one) => one.question === QUESTION && one.code === question)?.says;

  /** Returns the line's own questions that have not ended. */
  get questions() {
    return this.offered.filter(({ question }) => question === QUESTION);
  }

  load = () => this.#ask("owncodes", {});

  /** @param {string} question @param {import("../../../staff/languages.js").Texts} says @returns {Promise<boolean>} */
  add = (question, says) => this.#ask("addcode", { question, says });

  /** Ends a code, or a question with its codes. @param {string} code */
  end = (code) => this.#ask("endcode", { code });

  /** Restores a code, or a question with the codes that ended with it. @param {string} code */
  bringBack = (code) => this.#ask("backcode", { code });

  /** Returns whether a code can be restored: only if the question that it answers has not ended. @param {OwnCode} row */
  canComeBack = ({ question }) =>
    question === QUESTION || !this.ended.some((one) => one.question === QUESTION && one.code === question);

  /** @param {"owncodes" | "addcode" | "endcode" | "backcode"} type @param {object} fields */
  #ask(type, fields) {
    const keep = (/** @type {import("../../../shared/protocol.d.ts").OwnCodesOk} */ { codes }) => {
      this.rows = codes;
    };
    return this.ask(type, fields, keep);
  }
}
