// Tells a caller when to try a full line again. The page does not try by itself.
import { clock, el, set, t } from "../../shared/text.js";

const MINUTE_MS = 60_000;

/**
 * @param {number | null} again  seconds, from the server @param {boolean} written  something waits to be sent
 * @param {() => void} tryAgain
 */
export function whenToTry(again, written, tryAgain) {
  const when = el("p", { class: "lead", role: "status" });
  const button = el("button", { type: "button", class: "second", onclick: tryAgain }, t("caller.full.again"));
  if (again === null) set(when, t("caller.full.later"));
  else {
    const at = Math.ceil((Date.now() + again * 1000) / MINUTE_MS) * MINUTE_MS;
    set(when, t("caller.full.at", { time: clock(new Date(at).toISOString()) }));
    setTimeout(() => {
      set(when, t("caller.full.now"));
      button.className = "primary";
    }, again * 1000);
  }
  return [when, written && el("p", {}, t("caller.full.kept")), button].filter((part) => part !== false);
}
