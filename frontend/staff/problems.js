// Turns the error of an action into a code and its text.
import { ErrorReply } from "../shared/socket.js";
import { t } from "../shared/text.js";

/** @param {unknown} error */
export function codeOf(error) {
  if (!(error instanceof ErrorReply)) return "dropped";
  return error.frame.refer ? "only_refer" : error.code;
}

/**
 * Runs an action and reports the code of its error.
 * @param {() => Promise<unknown>} act @param {(code: string) => void} tell
 * @param {string} [action] @param {readonly string[]} [own]  as "next conflict": error codes that get another text for this action
 */
export async function attempt(act, tell, action = "", own = []) {
  try {
    await act();
  } catch (error) {
    const code = codeOf(error);
    tell(own.includes(`${action} ${code}`) ? `${action}_${code}` : code);
  }
}

/** Returns the text of a code. If a code has no text, the code itself is returned. @param {string} prefix  of the catalogue's keys @param {string} code */
export function problemIn(prefix, code) {
  return textOf(`${prefix}.${code}`) ?? t(`${prefix}.other`, { code });
}

/** Returns the text of a key; undefined if the catalogue has none. @param {string} key */
export function textOf(key) {
  const text = t(key);
  return text === key ? undefined : text;
}
