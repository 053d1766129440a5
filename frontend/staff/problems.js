// What went wrong with an action: the server's code, or that the connection went; and the words for it.
import { ErrorReply } from "../shared/socket.js";
import { t } from "../shared/text.js";

/** @param {unknown} error */
export function codeOf(error) {
  if (!(error instanceof ErrorReply)) return "dropped";
  return error.frame.refer ? "only_refer" : error.code;
}

/**
 * Does it, and tells what went wrong.
 * @param {() => Promise<unknown>} act @param {(code: string) => void} tell
 * @param {string} [action] @param {readonly string[]} [own]  as "next conflict": codes that mean something else for this action
 */
export async function attempt(act, tell, action = "", own = []) {
  try {
    await act();
  } catch (error) {
    const code = codeOf(error);
    tell(own.includes(`${action} ${code}`) ? `${action}_${code}` : code);
  }
}

/** A code that nobody foresaw shows itself. @param {string} prefix  of the catalogue's keys @param {string} code */
export function problemIn(prefix, code) {
  return textOf(`${prefix}.${code}`) ?? t(`${prefix}.other`, { code });
}

/** Nothing where the catalogue has no such key. @param {string} key */
export function textOf(key) {
  const text = t(key);
  return text === key ? undefined : text;
}
