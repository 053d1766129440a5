import assert from "node:assert/strict";
import test from "node:test";
import { OtherTabs } from "../../../frontend/console/staff/model/other-tabs.js";

/** Plays the tabs of one browser, in which each receives what the others send. */
class Browser {
  /** @type {any[]} */
  channels = [];

  tab() {
    const channel = {
      onmessage: /** @type {any} */ (null),
      postMessage: (/** @type {string} */ data) => {
        for (const other of this.channels) if (other !== channel) other.onmessage?.({ data });
      },
    };
    this.channels.push(channel);
    const close = () => {
      this.channels = this.channels.filter((one) => one !== channel);
    };
    return { tabs: new OtherTabs(channel, () => {}), close };
  }
}

test("two tabs of one browser know of each other until one is closed", () => {
  const browser = new Browser();
  const one = browser.tab();
  assert.equal(one.tabs.areThere, false);
  const two = browser.tab();
  assert.deepEqual([one.tabs.areThere, two.tabs.areThere], [true, true]);
  const three = browser.tab();
  three.close();
  three.tabs.leave();
  assert.deepEqual([one.tabs.areThere, two.tabs.areThere], [true, true], "these two are still open");
  two.close();
  two.tabs.leave();
  assert.equal(one.tabs.areThere, false);
});
