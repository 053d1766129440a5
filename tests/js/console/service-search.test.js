import assert from "node:assert/strict";
import test from "node:test";
import { canRefer, search } from "../../../frontend/console/handoff/model/service-search.js";

/** @param {Partial<import("../../../frontend/console/desk.js").Service>} known @returns {import("../../../frontend/console/desk.js").Service} */
const a = (known) => ({
  ...{ service: "", name: "", desk: false, guest: false, open: null, purpose: {} },
  ...{
    needs: "",
    phone: "",
    site: "",
    languages: [],
    ages: /** @type {[null, null]} */ ([null, null]),
    uses: 0,
  },
  ...known,
});

const DIRECTORY = [
  a({ service: "1712", name: "1712 (België)", desk: false, open: null }),
  a({ service: "csg", name: "Centrum Seksueel Geweld", desk: true, open: true }),
  a({ service: "fier", name: "Fier", desk: false, open: false }),
  a({ service: "politie", name: "Politie", desk: false, open: true }),
  a({ service: "geweld-thuis", name: "Veilig Thuis", desk: true, open: true }),
];

const found = (/** @type {string} */ query, services = DIRECTORY) =>
  search(services, query).map(({ service }) => service);

test("a word finds by name and slug from its first letters, not from its middle", () => {
  assert.deepEqual(found("seks"), ["csg"]);
  assert.deepEqual(found("csg"), ["csg"]);
  assert.deepEqual(found("eksueel"), []);
});

test("each of several words must be found, in whatever order", () => {
  assert.deepEqual(found("geweld centrum"), ["csg"]);
  assert.deepEqual(found("geweld politie"), []);
});

test("accents, capitals and signs between words do not matter", () => {
  assert.deepEqual(found("BELGIE"), ["1712"]);
  assert.deepEqual(found("belgië"), ["1712"]);
  assert.deepEqual(found(" thuis, VEILIG "), ["geweld-thuis"]);
});

test("a name comes before a slug", () => {
  assert.deepEqual(found("geweld"), ["csg", "geweld-thuis"]);
  const slugFirst = [...DIRECTORY].reverse();
  assert.deepEqual(found("geweld", slugFirst), ["csg", "geweld-thuis"]);
});

test("what is open now comes before what may be, and that before what is closed", () => {
  assert.deepEqual(found(""), ["csg", "politie", "geweld-thuis", "1712", "fier"]);
});

test("a need, a language and an age find what is there for them", () => {
  const services = [
    a({ service: "mind", name: "MIND", needs: "wanhoop, somber", languages: ["nl", "en"] }),
    a({ service: "kind", name: "Kindertelefoon", purpose: { nl: "praten over alles" }, ages: [8, 18] }),
    a({ service: "oud", name: "Ouderenlijn", ages: [65, null] }),
  ];
  assert.deepEqual(found("somber", services), ["mind"]);
  assert.deepEqual(found("en", services), ["mind"]);
  assert.deepEqual(found("16", services), ["kind"]);
  assert.deepEqual(found("praten 16", services), ["kind"]);
  assert.deepEqual(found("70", services), ["oud"]);
  assert.deepEqual(found("praten 70", services), []);
});

test("of those that are equally open, what this line refers to most comes first", () => {
  const services = [a({ service: "x", name: "X", uses: 1 }), a({ service: "y", name: "Y", uses: 7 })];
  assert.deepEqual(found("", services), ["y", "x"]);
});

test("nobody is referred to what has no number and no site", () => {
  const [phone, site, neither] = [{ phone: "1712" }, { site: "https://fier.example/" }, {}].map(a);
  assert.deepEqual([phone, site, neither].map(canRefer), [true, true, false]);
});

test("a service is found by what it is for, in any language", () => {
  const waag = a({ service: "waag", purpose: { nl: "behandeling", en: "treatment" } });
  const own = a({ service: "own", purpose: { nl: "van ons" } });
  assert.deepEqual(found("treatment", [waag, own]), ["waag"]);
  assert.deepEqual(found("behandeling", [waag, own]), ["waag"]);
});
