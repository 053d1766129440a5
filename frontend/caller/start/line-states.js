// The page with all lines fetches their states, so that the page itself is the same for everybody.
import { set } from "../../shared/text.js";

/** @typedef {{open: boolean, full: boolean, unspoken: string[], says: Record<string, string>}} State */

const LOOK_MS = 60_000;
const language = document.documentElement.lang;

/** @param {HTMLElement} row */
async function look(row) {
  const answer = await fetch(`/api/lines/${row.dataset.lineState}/`, {
    credentials: "omit",
    cache: "no-store",
  });
  if (!answer.ok) return;
  /** @type {State} */
  const state = await answer.json();
  const told = /** @type {HTMLElement} */ (row.querySelector(".told"));
  set(told, state.says[language] ?? "");
  told.classList.remove("open", "full", "closed");
  told.classList.add(
    state.open ? (state.full || state.unspoken.includes(language) ? "full" : "open") : "closed",
  );
}

function lookAtAll() {
  if (document.hidden) return;
  for (const row of document.querySelectorAll("[data-line-state]")) {
    look(/** @type {HTMLElement} */ (row)).catch(() => {}); // it stays a link
  }
}

lookAtAll();
setInterval(lookAtAll, LOOK_MS);
document.addEventListener("visibilitychange", lookAtAll);
