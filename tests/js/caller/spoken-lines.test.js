import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { named, scrollerOf } from "../../../frontend/caller/conversation/conversation-view.js";
import { details, referred } from "../../../frontend/caller/conversation/referral.js";
import { said } from "../../../frontend/caller/conversation/spoken-lines.js";
import { use } from "../../../frontend/shared/text.js";

const texts = new URL("../../../helpline/locale/nl/caller.json", import.meta.url);
use(JSON.parse(readFileSync(texts, "utf8")), "nl");

const CSG = { name: "Centrum Seksueel Geweld", service: "csg", guest: false };
const people = new Map(
  [
    { member: "carla", role: "counsellor", alias: "Carla", service: null, invitation: null },
    { member: "daan", role: "colleague", alias: "Daan", service: null, invitation: null },
    { member: "gijs", role: "partner", alias: "Gijs", service: "csg", invitation: "i1" },
    { member: "review", role: "review", alias: "Helpwanted", service: null, invitation: null },
  ].map((one) => [one.member, { ...one, why: null, here: true, seen: 0, key: "" }]),
);

/** Returns each row of the log in words, without those that say nothing. @param {Record<string, any>[]} told */
function inWords(...told) {
  const rows = told.map((row, index) => ({ seq: index + 1, prev: index, by: null, at: "", ...row }));
  const log = /** @type {any} */ ({ rows, people });
  return rows.map((row) => said(/** @type {any} */ (row), log)).filter(Boolean);
}

/** @param {string} state @param {Record<string, any>} [what] */
const invited = (state, what = {}) => ({
  ...{
    kind: "invited",
    by: "carla",
    invitation: "i1",
    how: "handoff",
    to: CSG,
    brief: null,
    history: null,
    state,
  },
  ...what,
});
/** @param {string[]} members */
const granted = (...members) => ({ kind: "granted", epoch: 1, members });
/** @param {string} member @param {string} reason */
const left = (member, reason) => ({ kind: "left", member, by: member, reason });
const rings = invited("ringing", { history: false });

test("while it rings the caller hears who is asked, and that the counsellor stays", () => {
  assert.deepEqual(inWords(granted("carla"), invited("asked"), rings), [
    "We vragen Centrum Seksueel Geweld erbij. Misschien is daar nu niemand. Carla blijft bij je.",
  ]);
});

test("who stays is named, one or several, and no key of the catalogue stands in between", () => {
  const three = granted("carla", "daan", "gijs");
  assert.deepEqual(
    inWords(three, left("gijs", "left")).at(-1)?.split(". ").at(-1),
    "Carla en Daan blijven bij je.",
  );
  assert.deepEqual(
    inWords(granted("carla", "daan"), left("daan", "left")).at(-1)?.split(". ").at(-1),
    "Carla blijft bij je.",
  );
});

test("after a no nothing changes", () => {
  assert.deepEqual(inWords(granted("carla"), invited("refused")), [
    "Je zei nee. Er verandert niets. Carla blijft bij je.",
  ]);
});

test("a question that nobody answered is told apart from a service that did not answer", () => {
  const [question] = inWords(granted("carla"), invited("expired"));
  const [service] = inWords(granted("carla"), invited("expired", { history: false }));
  assert.match(question, /^De vraag of Centrum Seksueel Geweld erbij mag komen is verlopen/);
  assert.match(service, /^Centrum Seksueel Geweld heeft niet op tijd geantwoord/);
});

test("that somebody stays is said only while it is true", () => {
  const [, gone] = inWords(granted("carla"), left("carla", "lost"), invited("withdrawn", { history: true }));
  assert.equal(gone, "Centrum Seksueel Geweld kon nu niet komen.");
});

test("when a partner is let in the caller hears what it can read", () => {
  const words = (/** @type {object} */ what) => inWords(invited("joined", what)).join();
  assert.match(words({ history: false }), /Gijs kan lezen wat er vanaf nu komt, en niets van eerder/);
  assert.match(words({ history: false, brief: "b" }), /Gijs kan de uitleg lezen/);
  assert.match(words({ history: true }), /Gijs kan het hele gesprek lezen/);
});

test("when the counsellor hands over the caller hears with whom it goes on", () => {
  assert.deepEqual(
    inWords(granted("carla", "gijs", "review"), left("carla", "handed_off"), left("review", "left")),
    [
      "Carla, hulpverlener, heeft het gesprek overgedragen en is weggegaan. Je praat verder met Gijs.",
      "Een teamleider kan vanaf nu niet meer nalezen.",
    ],
  );
  const [transferred] = inWords(granted("carla", "daan"), left("carla", "transferred"));
  assert.match(transferred, /Je praat verder met Daan\.$/);
});

test("when a partner is lost beside the counsellor the caller hears who stays", () => {
  assert.deepEqual(inWords(invited("joined", { how: "" }), granted("carla", "gijs"), left("gijs", "lost")), [
    "Gijs, Centrum Seksueel Geweld, is er niet meer bij. Carla blijft bij je.",
  ]);
});

test("who is back in the queue hears that what a partner was told alone is not simply passed on", () => {
  const plain = inWords(granted("carla"), left("carla", "lost"), granted(), { kind: "requeued" });
  assert.match(plain.at(-1) ?? "", /Wie erbij komt, kan lezen wat je al schreef/);
  const alone = inWords(rings, granted("gijs"), left("gijs", "lost"), granted(), { kind: "requeued" });
  assert.match(
    alone.at(-1) ?? "",
    /alleen met Centrum Seksueel Geweld besprak, kan die pas lezen als jij dat goed vindt/,
  );
});

test("of a consult and of a transfer the caller hears who comes and goes, and no invitation", () => {
  for (const how of ["consult", "transfer"]) assert.deepEqual(inWords(invited("ringing", { how })), []);
});

/** Makes a card of the log. @param {object} [more] */
const given = (more) =>
  /** @type {any} */ ({
    ...{ kind: "referred", service: "csg", name: CSG.name, phone: "0800-0188", chat: true, always: true },
    ...{ site: "https://csg.example/", purpose: { nl: "Als je iets is aangedaan.", en: "When hurt." } },
    ...more,
  });

test("a referral's card holds what was given, to call, to open and to copy, in the page's language", () => {
  assert.deepEqual(details(given(), "nl"), {
    ...{ name: CSG.name, purpose: "Als je iets is aangedaan.", phone: "0800-0188", tel: "tel:08000188" },
    ...{ site: "https://csg.example/", hours: "always" },
    copy: "Centrum Seksueel Geweld, 0800-0188, https://csg.example/",
  });
  assert.equal(details(given(), "en").purpose, "When hurt.");
});

test("an English page shows no Dutch purpose where there is no English one", () => {
  assert.equal(details(given({ purpose: { nl: "Iets." } }), "en").purpose, "");
});

test("of whom one can call or chat with, hours that nobody knows are said as such; a site is always there", () => {
  const hours = (/** @type {object} */ more) => details(given(more), "nl").hours;
  assert.equal(hours({ always: null }), "unknown");
  assert.equal(hours({ always: false }), "not_always");
  assert.equal(hours({ always: null, phone: "" }), "unknown");
  assert.equal(hours({ always: null, phone: "", chat: false }), "");
});

test("a service without a number has none to call", () => {
  const { tel, copy } = details(given({ phone: "", site: "" }), "nl");
  assert.deepEqual([tel, copy], [null, "Centrum Seksueel Geweld"]);
});

test("at the end every service that was given stands once, in order, as it was told last", () => {
  const log = [given(), given({ service: "113" }), given({ phone: "0800-0189" })];
  const rows = [/** @type {any} */ ({ kind: "joined", service: "fier" }), ...log];
  assert.deepEqual(
    referred(rows).map(({ service, phone }) => [service, phone]),
    [
      ["csg", "0800-0189"],
      ["113", "0800-0188"],
    ],
  );
});

test("who came by a link is named as such for as long as they are there, and when they go", () => {
  const link = invited("joined", { to: { ...CSG, guest: true }, history: false });
  const rows = /** @type {any} */ ([link]);
  const gijs = /** @type {any} */ (people.get("gijs"));
  const guest = { ...gijs, alias: CSG.name };
  assert.equal(named(guest, /** @type {any} */ ({ rows })), "Centrum Seksueel Geweld (via een link)");
  assert.deepEqual(
    inWords(link, granted("gijs"), left("gijs", "left")).at(-1),
    "Gijs, Centrum Seksueel Geweld (via een link), is weggegaan.",
  );
  assert.equal(
    named(gijs, /** @type {any} */ ({ rows: [invited("joined")] })),
    "Gijs, Centrum Seksueel Geweld",
  );
});

test("who is left alone is not told a place that the card beside it may deny", () => {
  const lines = inWords(granted("carla"), left("carla", "lost"), granted(), { kind: "requeued" });
  assert.doesNotMatch(lines.at(-1) ?? "", /eerste|vooraan/);
});

test("on a low screen the page scrolls, else the log", () => {
  assert.equal(scrollerOf(true, "page", "log"), "page");
  assert.equal(scrollerOf(true, null, "log"), "log");
  assert.equal(scrollerOf(false, "page", "log"), "log");
});
