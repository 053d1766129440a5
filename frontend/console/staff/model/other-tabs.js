// Notices whether this browser has the page open in another tab, too. Both tabs work, but a text that is typed in one
// is not in the other, so the page warns of this.

/** @typedef {Pick<BroadcastChannel, "postMessage" | "onmessage">} Channel  reaches the other tabs of this browser */

export class OtherTabs {
  /** Is true if another tab has answered and has not been closed. */
  areThere = false;
  #channel;
  #changed;

  /** @param {Channel} channel @param {() => void} changed */
  constructor(channel, changed) {
    this.#channel = channel;
    this.#changed = changed;
    channel.onmessage = ({ data }) => this.#hear(data);
    this.#ask();
  }

  /** Tells the other tabs that this tab closes. If there is a third tab, that tab still answers. */
  leave() {
    this.#channel.postMessage("leaves");
  }

  #ask() {
    this.#channel.postMessage("asks");
  }

  /** @param {"asks" | "answers" | "leaves"} said */
  #hear(said) {
    this.areThere = said !== "leaves";
    if (said === "asks") this.#channel.postMessage("answers");
    if (said === "leaves") this.#ask();
    this.#changed();
  }
}
