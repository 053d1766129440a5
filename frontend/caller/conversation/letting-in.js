// Grants newcomers their seats once HPKE is loaded, one grant at a time.
import { Dropped, ErrorReply } from "../../shared/socket.js";
import { Forgotten } from "./grants.js";

const PAUSE_MS = { first: 100, last: 5000 };
const FETCH_AGAIN_MS = 2000;

export class LettingIn {
  #grants;
  #way;
  #busy = false;
  #wraps = false; // whether HPKE is loaded
  #refused = 0;

  /**
   * @param {import("./grants.js").Grants} grants
   * @param {{fetch: () => Promise<unknown>, may: () => boolean, send: (fields: any) => Promise<unknown>, sync: () => void, lose: () => void, moved: () => void, failed: () => void, after: (ms: number, act: () => void) => () => void}} way
   *   may: the log is complete, and this tab could open its keys; failed: HPKE did not come twice
   */
  constructor(grants, way) {
    this.#grants = grants;
    this.#way = way;
  }

  /** Loads HPKE after the page. */
  fetch(failed = 0) {
    const come = () => {
      this.#wraps = true;
      this.#way.moved();
    };
    const again = () => {
      if (failed) this.#way.failed();
      this.#way.after(FETCH_AGAIN_MS, () => this.fetch(failed + 1));
    };
    this.#way.fetch().then(come, again);
  }

  async look() {
    if (this.#busy || !this.#wraps || !this.#way.may() || !this.#grants.due) return;
    this.#busy = true;
    const again = await this.#once().catch((error) => {
      if (!(error instanceof Forgotten)) throw error;
      return false;
    });
    this.#busy = false;
    if (again) this.#way.moved();
  }

  /** @returns {Promise<boolean>} whether to try again now */
  async #once() {
    const { flight, fields } = await this.#grants.draw();
    // A reconnect has dropped this grant.
    if (this.#grants.flight !== flight) return true;
    try {
      await this.#way.send(fields);
      this.#refused = 0;
      if (this.#grants.flight === flight) await this.#grants.count(flight);
      return true;
    } catch (error) {
      if (error instanceof Dropped) return false;
      if (!(error instanceof ErrorReply)) throw error;
      const isUnsure = error.code === "try_again"; // only `resume` shows whether the grant counted
      if (!isUnsure) {
        this.#grants.throwAway(/** @type {number | undefined} */ (error.frame.epoch));
        this.#way.sync();
      }
      const ms = Math.min(PAUSE_MS.last, PAUSE_MS.first * 2 ** this.#refused++);
      await new Promise((done) => this.#way.after(ms, () => done(true)));
      if (isUnsure) this.#way.lose();
      return !isUnsure;
    }
  }
}
