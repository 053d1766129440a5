// The head of a page with a script: the time of day, and how close together everything stands.
import { clock } from "../shared/text.js";

const LOOKS_MS = 5_000; // at the clock: nobody plans by its seconds
const NAME = "helpline-density";

/** A guest's page has a head without either. */
export function startHead() {
  const [time, density] = ["clock", "density"].map((id) => document.getElementById(id));
  if (time) tick(time);
  if (density) chooseDensity(density);
}

/** @param {HTMLElement} time */
function tick(time) {
  const look = () => {
    const now = clock(new Date().toISOString());
    if (time.textContent !== now) time.textContent = now;
  };
  look();
  setInterval(look, LOOKS_MS);
}

/** Kept for this browser, whoever signs in: it follows from the screen, not from the person. @param {HTMLElement} button */
function chooseDensity(button) {
  const show = () => {
    const isCompact = localStorage.getItem(NAME) === "compact";
    document.documentElement.dataset.density = isCompact ? "compact" : "roomy";
    button.setAttribute("aria-pressed", String(isCompact));
  };
  button.addEventListener("click", () => {
    localStorage.setItem(NAME, button.getAttribute("aria-pressed") === "true" ? "roomy" : "compact");
    show();
  });
  addEventListener("storage", show);
  button.hidden = false;
  show();
}
