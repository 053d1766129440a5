import assert from "node:assert/strict";
import test from "node:test";
import { search } from "../../../frontend/console/handoff/model/service-search.js";

const DIRECTORY = [
  { service: "1712", name: "1712 (België)", desk: false, guest: false, open: null },
  { service: "csg", name: "Centrum Seksueel Geweld", desk: true, guest: false, open: true },
  { service: "fier", name: "Fier", desk: false, guest: false, open: false },
  { service: "politie", name: "Politie", desk: false, guest: false, open: true },
  { service: "geweld-thuis", name: "Veilig Thuis", desk: true, guest: false, open: true },
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
