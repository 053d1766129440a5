// After a reload without a network the page says whom to call. It reads that from the tab's storage alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WithoutNetwork } from "../../../frontend/console/staff/model/without-network.js";
import "../fakes/page-languages.js";
import { FakeStorage } from "../fakes/browser.js";

const NAME = "helpline-without-network";
const lines = [
  { line: "helpwanted", name: "Helpwanted" },
  { line: "stopitnow", name: "Stop it Now" },
];

/** @param {Record<string, string>} onCall */
function made(onCall) {
  const store = new FakeStorage();
  const desk = Object.assign(new EventTarget(), {
    ...{ stopped: "", proven: true, lines, onCall: new Map(Object.entries(onCall)) },
  });
  const kept = new WithoutNetwork(/** @type {any} */ (desk), store);
  const changed = () => desk.dispatchEvent(new Event("change"));
  changed();
  /** @returns {[string, string][]} */
  const phones = () => JSON.parse(store.getItem(NAME) ?? "{}").phones;
  return { store, desk, kept, changed, phones };
}

test("the emergency number and the number of who is on call are kept, and follow a change", () => {
  const { desk, changed, phones } = made({ helpwanted: "+31 6 1234" });
  assert.deepEqual(
    phones().map(([, phone]) => phone),
    ["112", "+31 6 1234"],
  );
  desk.onCall.set("helpwanted", "");
  changed();
  assert.deepEqual(
    phones().map(([, phone]) => phone),
    ["112"],
  );
});

test("of two lines with a number each it says which is whose, and one number stands once", () => {
  const [, one, other] = made({ helpwanted: "1", stopitnow: "2" }).phones();
  assert.match(one[0], /^Helpwanted/);
  assert.match(other[0], /^Stop it Now/);
  assert.equal(made({ helpwanted: "1", stopitnow: "1" }).phones().length, 2);
});

test("nothing is kept before the key is proven, after signing out, or once the access is withdrawn", () => {
  const out = made({ helpwanted: "1" });
  out.kept.forget();
  out.changed();
  assert.equal(out.store.getItem(NAME), null);

  const withdrawn = made({ helpwanted: "1" });
  withdrawn.desk.stopped = "4403";
  withdrawn.changed();
  assert.equal(withdrawn.store.getItem(NAME), null);

  const { store, desk, changed } = made({ helpwanted: "1" });
  store.removeItem(NAME);
  desk.proven = false;
  changed();
  assert.equal(store.getItem(NAME), null);
});
