// What this person chose for this browser. No word of a conversation is among it.
import { t } from "../../../shared/text.js";

/** @typedef {{shortcuts: boolean, sound: boolean, volume: number, notify: boolean, replies: Record<string, string[]>}} Choice  replies: by language */

const NAME = "helpline-preferences";
/** @type {Choice} */
const FIRST = { shortcuts: true, sound: true, volume: 40, notify: false, replies: {} };
const READY = 5;
export const LANGUAGES = ["nl", "en"];

export class Preferences {
  #memory;
  /** @type {Choice} */
  choice;

  /** @param {Pick<Storage, "getItem" | "setItem">} memory */
  constructor(memory) {
    this.#memory = memory;
    this.choice = { ...FIRST, ...read(memory.getItem(NAME)) };
  }

  /** Ready sentences in a caller's language: one's own, or those that come with the console. @param {string} language */
  replies(language) {
    const own = this.choice.replies[language];
    return own ?? Array.from({ length: READY }, (_, at) => t(`console.reply.${language}.${at + 1}`));
  }

  /** One a line. @param {string} language @param {string} text */
  setReplies(language, text) {
    const replies = text.split("\n").map((one) => one.trim());
    this.set({ replies: { ...this.choice.replies, [language]: replies.filter(Boolean) } });
  }

  /** @param {Partial<Choice>} change */
  set(change) {
    this.choice = { ...this.choice, ...change };
    this.#memory.setItem(NAME, JSON.stringify(this.choice));
  }
}

/** @param {string | null} json @returns {Partial<Choice>} */
function read(json) {
  try {
    return JSON.parse(json ?? "{}");
  } catch {
    return {};
  }
}
