// Leaves a page of ours at once. After an exit the history has one entry for the whole visit, an empty page,
// so Back leads to none of ours.
import { el, set, t } from "../../shared/text.js";

/** @typedef {import("../coming-back/tab-memory.js").TabMemory} TabMemory */

const { neutral = "about:blank" } = document.documentElement.dataset;
const SHIFTS = { times: 3, within: 5000 };

export class Leaving {
  /** Nothing may be shown here any more. */
  gone = false;
  #left = false;
  #memory;
  #stop;

  /** @param {TabMemory} memory @param {() => void} [stop]  stops what runs on this page */
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

  /** Blanks the page, forgets, goes elsewhere: each step works even if the next one fails. */
  exit = () => {
    this.#left = true;
    const kept = this.#memory.state;
    this.#wipe();
    this.#memory.forget();
    this.#stop();
    tellServer(kept);
    // With href, Back would return to this page.
    location.replace(neutral);
    document.body.append(el("p", { class: "unseen", role: "alert" }, t("caller.leaving")));
  };

  /** Forgets the conversation and has the server invalidate its token, but stays here. */
  wipeAway() {
    const kept = this.#memory.state;
    this.#memory.forget();
    tellServer(kept);
  }

  #wipe() {
    this.gone = true;
    document.body.replaceChildren();
  }

  /** Replaces this page by another of ours; what was typed goes along. @param {MouseEvent} event */
  async #move(event) {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return; // opens a new tab
    event.preventDefault();
    const to = /** @type {HTMLAnchorElement} */ (event.currentTarget).href;
    await this.#memory.settled();
    this.#memory.moves();
    location.replace(to);
  }

  /** Exits at three presses of Shift alone, which no browser and no screen reader uses. */
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
      // Back restored this page from the cache. It was wiped, and asks before it shows anything.
      if (this.#left) return location.replace(neutral);
      this.#memory.doubts();
      location.reload();
    });
  }
}

/** Keeps the header visible above a keyboard on the screen, and when zoomed in. */
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
  // With `omit`, browsers ignore Clear-Site-Data in the reply.
  const credentials = "same-origin";
  fetch("/api/exit/", { method: "POST", keepalive: true, credentials, headers, body }).catch(() => {});
}
