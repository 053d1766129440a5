// A removal case keeps its list over handovers and reloads, has one notice for each site, and is counted.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { bandOf, siteOf } from "../../../frontend/console/cases/model/removal.js";
import { siteNotice } from "../../../frontend/console/cases/model/site-notice.js";
import { boxOf, freshItemId } from "../../../frontend/shared/cases.js";
import { use } from "../../../frontend/shared/text.js";
import { error, player, quiet, Stage, until } from "../fakes/console-stage.js";

const CATALOGUE = new URL("../../../helpline/locale/nl/console.json", import.meta.url);
const ITEM = {
  ...{ id: "00112233445566aa", url: "https://www.instagram.com/p/1/", what: "image", by: "other" },
  ...{ state: "open", at: 1764460800, ref: "", note: "" },
};
/** @param {object} [change] */
const box = (change = {}) => boxOf([/** @type {any} */ ({ ...ITEM, ...change })]);

/** Makes a console whose person was let in. @param {(talk: import("../fakes/console-stage.js").Talk) => unknown} [before] */
async function setUp(before) {
  /** @type {any} */
  let talk;
  const stage = await Stage.make(async (made) => {
    talk = await made.talk(before);
  });
  const seat = stage.seat(talk);
  await until(() => seat.hindrance === "");
  return { stage, talk: /** @type {import("../fakes/console-stage.js").Talk} */ (talk), seat };
}

test("the list follows the order of the log, also where its first box is read last", async () => {
  const other = await player("counsellor", "Daan");
  const { talk, seat } = await setUp(async (made) => {
    made.joins(other);
    await made.grants();
    await made.says(box({ note: "van mijn ex" }), { kind: "case" });
    made.leaves(other, "lost");
    made.add("requeued", {}, null);
  });
  await talk.says(box({ state: "dropped", what: "video" }), { kind: "case" });
  await until(() => seat.log.cases.items.length === 1);
  await talk.grants({ history: [1] });
  await until(() => seat.log.cases.items[0].what === "image");
  assert.equal(seat.log.cases.items[0].state, "dropped");
});

test("a box that holds no list could not be verified, and the list stays as it was", async () => {
  const { talk, seat } = await setUp();
  await talk.says(box(), { kind: "case" });
  await talk.says(box({ url: "javascript:alert(1)" }), { kind: "case" });
  await until(() => seat.log.lines.some(({ fault }) => fault === "unverified"));
  assert.deepEqual(
    seat.log.cases.items.map(({ url }) => url),
    [ITEM.url],
  );
});

test("a notice that was sent and its outcome are told to the caller, and counted with nothing of whose it was", async () => {
  const { stage, talk, seat } = await setUp();
  await talk.says(box(), { kind: "case" });
  await until(() => seat.removal.items.length === 1);
  seat.removal.notices(seat.removal.items);
  seat.removal.sent(seat.removal.items, "IG-42");
  await until(() => stage.sentOf("post").length === 1);
  seat.removal.ended(seat.removal.items[0], "refused");
  await until(() => stage.sentOf("caseresult").length >= 3);
  const counted = stage.sentOf("caseresult").map(({ type: _, ref: __, conversation: ___, ...what }) => what);
  assert.deepEqual(counted.slice(0, 2), [
    { item: ITEM.id, platform: "instagram" },
    { item: ITEM.id, what: "image" },
  ]);
  assert.deepEqual(counted[2], { item: ITEM.id, outcome: "refused" });
  assert.ok(!JSON.stringify(counted).includes("instagram.com"));
});

test("a link that comes after the notice was made is not said to be reported", async () => {
  const { talk, seat } = await setUp();
  await talk.says(box(), { kind: "case" });
  await until(() => seat.removal.items.length === 1);
  seat.removal.notices(seat.removal.items);
  await talk.says(box({ id: "00112233445566bb", url: "https://www.instagram.com/p/2/" }), { kind: "case" });
  await until(() => seat.removal.items.length === 2);
  assert.equal(seat.removal.unnoticed(seat.removal.items).length, 1);
  seat.removal.sent(seat.removal.items, "4711");
  await until(() => seat.removal.items[0].state === "sent");
  assert.equal(seat.removal.items[1].state, "open");
});

test("a note for the caller stays when an outcome is chosen before it has come back", async () => {
  const { talk, seat } = await setUp();
  await talk.says(box(), { kind: "case" });
  await until(() => seat.removal.items.length === 1);
  const [item] = seat.removal.items;
  seat.removal.say(item, "de site zegt nee");
  seat.removal.ended(item, "refused");
  await until(() => seat.removal.items[0].state === "refused");
  assert.equal(seat.removal.items[0].notes.line, "de site zegt nee");
});

test("closing asks first while a link stands on the list that nobody has reported", async () => {
  const { stage, talk, seat } = await setUp();
  await talk.says(box(), { kind: "case" });
  await until(() => seat.removal.items.length === 1);
  seat.allowed = new Set([...seat.allowed, "close"]);
  seat.close();
  assert.deepEqual([seat.closing.asked, seat.closing.unreported], [true, 1]);
  seat.closing.undo();
  seat.removal.notices(seat.removal.items);
  seat.removal.sent(seat.removal.items, "");
  await until(() => seat.removal.items[0].state === "sent");
  seat.close();
  stage.pass(10_000);
  assert.equal(stage.sentOf("close").length, 1);
});

test("a result that the connection lost is sent again until it is counted, and one that is refused is not", async () => {
  const { stage, talk, seat } = await setUp();
  await talk.says(box(), { kind: "case" });
  await until(() => seat.removal.items.length === 1);
  stage.answers.caseresult = () => error("try_again");
  seat.removal.notices(seat.removal.items);
  seat.removal.sent(seat.removal.items, "");
  await until(() => stage.sentOf("caseresult").length === 2);
  stage.answers.caseresult = () => error("not_found");
  await until(() => stage.waitsFor(5000));
  stage.pass(5000);
  await until(() => stage.sentOf("caseresult").length === 4);
  stage.pass(60_000);
  await quiet();
  assert.equal(stage.sentOf("caseresult").length, 4);
});

test("an outcome without a notice from here counts nothing, whoever brought it about", async () => {
  for (const outcome of /** @type {const} */ (["removed", "refused", "silent", "dropped"])) {
    const { stage, talk, seat } = await setUp();
    await talk.says(box(), { kind: "case" });
    await until(() => seat.removal.items.length === 1);
    seat.removal.ended(seat.removal.items[0], outcome);
    await quiet();
    assert.deepEqual(stage.sentOf("caseresult"), [], outcome);
  }
});

test("what was never reported and is gone counts nothing, and a slip goes back to the day of the notice", async () => {
  const { stage, talk, seat } = await setUp();
  await talk.says(box(), { kind: "case" });
  await until(() => seat.removal.items.length === 1);
  seat.removal.ended(seat.removal.items[0], "gone");
  await until(() => stage.sentOf("post").length === 1);
  assert.deepEqual(stage.sentOf("caseresult"), []);
  const [notes, refused] = [{ caller: "", line: "" }, /** @type {const} */ ("refused")];
  const item = /** @type {any} */ ({ ...ITEM, state: refused, at: 9, notes, asked: 5 });
  delete item.note;
  seat.removal.reopens(item);
  await until(() => stage.sentOf("post").length === 2);
  const { items } = JSON.parse(await talk.read(stage.sentOf("post")[1]));
  assert.deepEqual([items[0].state, items[0].at], ["sent", 5]);
});

test("how long it took is told in four bands", () => {
  const DAY = 86_400;
  assert.deepEqual(
    [0, 1, 2, 7, 8, 30, 31].map((days) => bandOf(days * DAY)),
    [...["0-1", "0-1", "2-7", "2-7", "8-30", "8-30", "more"]],
  );
});

test("a site is known by its hosts, and any other by its own name", () => {
  assert.equal(siteOf("https://m.facebook.com/x"), "Facebook");
  assert.equal(siteOf("https://notfacebook.com/x"), "notfacebook.com");
  assert.equal(siteOf("https://t.me/x"), "Telegram");
});

test("a notice says where, why, in good faith and by whom; as a trusted flagger only who is one", () => {
  use(JSON.parse(readFileSync(CATALOGUE, "utf8")), "nl");
  const of = { site: "Instagram", urls: [ITEM.url], organisation: "Offlimits", mail: "a@b.example" };
  const plain = siteNotice({ ...of, ground: "adult", flagger: false });
  for (const part of [
    "Aan Instagram",
    `- ${ITEM.url}`,
    "zonder toestemming",
    "te goeder trouw",
    "Offlimits, a@b.example",
  ])
    assert.ok(plain.includes(part), part);
  assert.ok(!plain.includes("artikel 22"));
  assert.ok(siteNotice({ ...of, ground: "child", flagger: true }).includes("artikel 22"));
  assert.ok(!plain.includes("console."), "every sentence is there");
});

test("twenty-five links stand there, and the twenty-sixth is refused with a reason", async () => {
  const { talk, seat } = await setUp();
  for (let n = 0; n < 25; n++)
    await talk.says(box({ id: freshItemId(), url: `https://a.example/${n}` }), { kind: "case" });
  await until(() => seat.removal.items.length === 25);
  assert.equal(seat.removal.wrong("https://a.example/25"), "full");
  assert.equal(seat.removal.wrong("https://a.example/1"), "known");
  assert.equal(seat.removal.wrong("hallo"), "nolink");
});
