// Follows a closed line on the page of telephone numbers: it may open, or open at another time.
import { set, t } from "../../shared/text.js";
import { button } from "../screens.js";

const LOOK_MS = 60_000;

/**
 * Looks each minute, and when the page is looked at again. Nothing else on the page changes: somebody may be reading it.
 * @param {HTMLElement} told  says when it opens
 * @param {{look: () => Promise<import("../caller.js").LineState>, says: (state: import("../caller.js").LineState) => string, begin: () => void}} on  begin: shows the open line
 */
export function follow(told, { look, says, begin }) {
  const title = /** @type {HTMLElement | null} */ (document.querySelector("main h1"));
  let was = false;
  const lookAgain = async () => {
    if (!told.isConnected) return stop();
    const state = document.hidden ? null : await look().catch(() => null);
    if (!state || !told.isConnected || (was && state.open)) return;
    was = state.open;
    if (title) set(title, t(`caller.closed.${was ? "opened" : "title"}`));
    if (was) told.replaceChildren(button("caller.closed.begin", begin));
    else set(told, says(state));
  };
  const every = setInterval(lookAgain, LOOK_MS);
  document.addEventListener("visibilitychange", lookAgain);
  const stop = () => {
    clearInterval(every);
    document.removeEventListener("visibilitychange", lookAgain);
  };
}
