// How a caller is gone at once, from any page of ours, and why Back leads to none of them. What an exit leaves behind is
// nothing: one entry of the history for the whole visit, and an empty page where it was.
import { el, set, t } from "../../shared/text.js";

/** @typedef {import("../coming-back/tab-memory.js").TabMemory} TabMemory */

const { neutral = "about:blank" } = document.documentElement.dataset;
const SHIFTS = { times: 3, within: 5000 };

export class Leaving {
  /** Nothing may be shown on this page any more. */
  gone = false;
  #left = false;
  #memory;
  #stop;

  /** @param {TabMemory} memory @param {() => void} [stop]  what still runs on this page */
  constructor(memory, stop = () => {}) {
    this.#memory = memory;
    this.#stop = stop;
    for (const way of document.querySelectorAll("[data-exit]"))
      way.addEventListener("click", (event) => {
        event.preventDefault();
        this.exit();
      });
    for (const way of document.querySelectorAll("[data-move]"))
      way.addEventListener("click", (event) => this.#move(/** @type {MouseEvent} */ (event)));
    this.#watchShift();
    this.#watchHistory();
    keepInSight();
  }

  /** Blank first, then forgotten, then elsewhere: each step works where the next one fails. */
  exit = () => {
    this.#left = true;
    const kept = this.#memory.state;
    this.#wipe();
    this.#memory.forget();
    this.#stop();
    tellServer(kept);
    // Not by href: from there Back would return here.
    location.replace(neutral);
    document.body.append(el("p", { class: "unseen", role: "alert" }, t("caller.leaving")));
  };

  /** Stays on the page, with nothing left of the conversation: on this device, and for who has its token. */
  wipeAway() {
    const kept = this.#memory.state;
    this.#memory.forget();
    tellServer(kept);
  }

  #wipe() {
    this.gone = true;
    document.body.replaceChildren();
  }

  /** From one page of ours to the next: in the place of this one, with what was written. @param {MouseEvent} event */
  async #move(event) {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
    event.preventDefault();
    const to = /** @type {HTMLAnchorElement} */ (event.currentTarget).href;
    await this.#memory.settled();
    this.#memory.moves();
    location.replace(to);
  }

  /** Shift alone, three times: no browser and no screen reader uses it. */
  #watchShift() {
    /** @type {number[]} */
    let times = [];
    const progress = document.querySelector("#exit-progress");
    const told = /** @type {HTMLElement | null} */ (document.querySelector("#exit-told"));
    const show = () => {
      progress?.replaceChildren("•".repeat(times.length));
      if (told) set(told, times.length ? t("caller.exit.more", { count: SHIFTS.times - times.length }) : "");
    };
    addEventListener("keydown", (event) => {
      if (event.repeat) return;
      const now = Date.now();
      times = event.key === "Shift" ? [...times.filter((at) => now - at < SHIFTS.within), now] : [];
      if (times.length >= SHIFTS.times) this.exit();
      else show();
    });
  }

  #watchHistory() {
    addEventListener("pagehide", () => {
      this.#memory.sees();
      this.#wipe();
      this.#stop();
    });
    addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return;
      // Back to a page that was put aside as it was: what it showed is wiped, and it asks before it shows it again.
      if (this.#left) return location.replace(neutral);
      this.#memory.doubts();
      location.reload();
    });
  }
}

/** Above a keyboard on the screen, and when somebody zooms in: what is stuck to the page's edge moves out of sight there. */
function keepInSight() {
  const [seen, header] = [globalThis.visualViewport, document.querySelector("header")];
  if (!seen || !header) return;
  const place = () => {
    const right = seen.offsetLeft + seen.width - document.documentElement.clientWidth;
    const moved = seen.offsetTop > 0 || seen.scale > 1;
    header.style.transform = moved ? `translate(${right}px, ${seen.offsetTop}px)` : "";
    if (seen.scale === 1) document.body.style.setProperty("--seen", `${seen.height}px`);
  };
  for (const change of ["resize", "scroll"]) seen.addEventListener(change, place);
  place();
}

/** @param {{conversation: string, token: string} | null} kept */
function tellServer(kept) {
  if (!kept?.conversation) return;
  const body = JSON.stringify({ conversation: kept.conversation, token: kept.token });
  const headers = { "Content-Type": "application/json" };
  // Not `omit`: from an answer without credentials a browser takes no order to empty its cache.
  const credentials = "same-origin";
  fetch("/api/exit/", { method: "POST", keepalive: true, credentials, headers, body }).catch(() => {});
}
