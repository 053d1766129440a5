// Fills the page header: the time of day, and the choice between a compact and a roomy layout.
import { clock } from "../shared/text.js";

const LOOKS_MS = 5_000; // the clock shows minutes only
const NAME = "helpline-density";

/** Starts the clock and the layout switch. A guest's page has neither. */
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

/** Keeps the choice for this browser and not for the person, because it depends on the screen. @param {HTMLElement} button */
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
