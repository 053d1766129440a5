// Stores what the page shows after a reload without a network (frontend/staff/service-worker.js): a text in the person's
// language, and the telephone number of the supervisor on call.
//
// The threat: this data is not sealed, so anybody who has the computer with the open tab can read it. Therefore it
// contains only numbers that the staff call, and nothing of a caller or a conversation. It is deleted when the person
// signs out, when their access is withdrawn, and when the tab is closed.
import { CLOSED } from "../../../shared/socket.js";
import { t } from "../../../shared/text.js";

/** @typedef {import("../../console.js").Console} Console */

const NAME = "helpline-without-network";
const EMERGENCY = "112";
const WORDS = ["caller", "unsent", "returns"];
const WITHDRAWN = String(CLOSED.withdrawn);

export class WithoutNetwork {
  #desk;
  #store;
  #over = false;

  /** @param {Console} desk @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} store  of this tab */
  constructor(desk, store) {
    this.#desk = desk;
    this.#store = store;
    desk.addEventListener("change", () => this.#look());
  }

  /** Deletes the stored data, and stores nothing from then on. */
  forget() {
    this.#over = true;
    this.#store.removeItem(NAME);
  }

  #look() {
    if (this.#desk.stopped === WITHDRAWN) this.forget();
    if (this.#over || !this.#desk.proven) return;
    const text = JSON.stringify(this.#page());
    if (text === this.#store.getItem(NAME)) return;
    try {
      this.#store.setItem(NAME, text);
    } catch {} // the storage is full, so the page shows less
  }

  #page() {
    const { lang, dir } = document.documentElement;
    const words = WORDS.map((name) => t(`console.without_network.${name}`));
    const phones = [[t("console.somebody.emergency"), EMERGENCY], ...this.#onCall()];
    return { lang, dir, title: t("console.without_network"), words, phones };
  }

  /** Returns the on-call numbers, each with its text. The line is named only if the numbers differ. */
  #onCall() {
    const { onCall, lines } = this.#desk;
    const found = lines.flatMap(({ line, name }) => {
      const phone = onCall.get(line);
      return phone ? [{ name, phone }] : [];
    });
    const says = t("console.somebody.on_call");
    if (new Set(found.map(({ phone }) => phone)).size < 2)
      return found.slice(0, 1).map(({ phone }) => [says, phone]);
    return found.map(({ name, phone }) => [`${name}. ${says}`, phone]);
  }
}
