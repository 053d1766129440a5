// Removal cases: what a box may contain, and the list that the boxes of both sides result in.
import assert from "node:assert/strict";
import test from "node:test";
import {
  boxesOf,
  boxOf,
  CaseList,
  carriedOn,
  changed,
  freshItemId,
  isLink,
  itemsIn,
  linkIn,
  newIn,
} from "../../../frontend/shared/cases.js";

/** @typedef {import("../../../frontend/shared/cases.js").Item} Item */

const URL_ = "https://voorbeeld.example/p/1?x=2#y";
/** @type {Item} */
const ITEM = {
  ...{ id: "00112233445566aa", url: URL_, what: "image", by: "other", state: "open" },
  ...{ at: 1764460800, ref: "", note: "" },
};

test("links are read by a browser that has no URL.canParse, too", (t) => {
  const { canParse } = URL;
  t.after(() => Object.assign(URL, { canParse }));
  Object.assign(URL, { canParse: undefined });
  assert.equal(linkIn("voorbeeld.example/p/1"), "https://voorbeeld.example/p/1");
  assert.deepEqual(itemsIn(boxOf([ITEM])), [ITEM]);
  assert.equal(isLink("https://[voorbeeld/"), false);
});

test("a box with exactly the known fields is read, however it is spaced", () => {
  assert.deepEqual(itemsIn(boxOf([ITEM])), [ITEM]);
  assert.deepEqual(itemsIn(JSON.stringify({ items: [ITEM] }, null, 2)), [ITEM]);
  const quotes = { ...ITEM, note: 'hij zei: "stuur" \\ "id":' };
  assert.deepEqual(itemsIn(boxOf([quotes])), [quotes]);
});

/** @type {[string, string][]} */
const REFUSED = [
  ["no JSON", "{"],
  ["null", "null"],
  ["a list", "[]"],
  ["no item", '{"items":[]}'],
  ["an item that is none", '{"items":[null]}'],
  ["a field more in the box", JSON.stringify({ items: [ITEM], more: 1 })],
  ["a field more in the item", boxOf([/** @type {any} */ ({ ...ITEM, more: 1 })])],
  ["an item twice", boxOf([ITEM, ITEM])],
  ["a field twice", boxOf([ITEM]).replace('"what"', '"url":"https://a.example/","what"')],
  [
    "a field twice, once as an escape",
    boxOf([ITEM]).replace('"what"', '"\\u0075rl":"https://a.example/","what"'),
  ],
  ["twenty-six", boxOf(Array.from({ length: 26 }, () => ({ ...ITEM, id: freshItemId() })))],
  .../** @type {[string, object][]} */ ([
    ["an id that is none", { id: "00112233445566AA" }],
    ["a kind that is none", { what: "text" }],
    ["a maker that is none", { by: "" }],
    ["a state that is none", { state: "lost" }],
    ["a time that is none", { at: 1.5 }],
    ["a reference that is too long", { ref: "a".repeat(65) }],
    ["a note that is too long", { note: "a".repeat(301) }],
    ["a field that is missing", { note: undefined }],
    ["a script", { url: "javascript:alert(1)" }],
    ["a file", { url: "file:///etc/passwd" }],
    ["a user part", { url: "https://me@a.example/" }],
    ["a user part behind a backslash", { url: "https://a.example\\@b.example/" }],
    ["a link with a space", { url: "https://a.example/ b" }],
    ["a link with a letter that is no ASCII", { url: "https://a.example/é" }],
    ["a link that is too long", { url: `https://a.example/${"a".repeat(1000)}` }],
  ]).map(([why, facts]) => /** @type {[string, string]} */ ([why, boxOf([{ ...ITEM, ...facts }])])),
];
for (const [why, text] of REFUSED)
  test(`a box with ${why} could not be verified`, () => assert.equal(itemsIn(text), null));

test("what somebody types becomes a link, and nothing else does", () => {
  assert.equal(linkIn(" instagram.com/p/1 "), "https://instagram.com/p/1");
  assert.equal(linkIn("http://a.example"), "http://a.example/");
  assert.equal(linkIn("https://a.example/é"), "https://a.example/%C3%A9");
  assert.equal(linkIn("a.example:8080/x"), "https://a.example:8080/x");
  assert.equal(linkIn("kijk hier https://a.example/v/1 echt erg"), "https://a.example/v/1");
  for (const none of [
    "",
    "hallo",
    "foto.jpg",
    "javascript:alert(1)",
    "mailto:a@a.example",
    "https://",
    "me@a.example/x",
  ])
    assert.equal(linkIn(none), "", none);
  assert.ok(isLink(URL_));
});

test("the first box says what an item is, the line how it stands, and each side keeps its own note", () => {
  const list = new CaseList();
  assert.ok(list.take([{ ...ITEM, note: "van mijn ex", state: "removed", ref: "?" }], true));
  /** @type {Item} */
  const ours = {
    ...ITEM,
    url: "https://other.example/",
    what: "video",
    state: "sent",
    ref: "A-1",
    at: 5,
    note: "n",
  };
  assert.ok(list.take([ours], false));
  assert.ok(list.take([{ ...ITEM, state: "gone", ref: "B", at: 9, note: "nieuw" }], true));
  const notes = { caller: "nieuw", line: "n" };
  const { note: _, ...rest } = ITEM;
  assert.deepEqual(list.items, [{ ...rest, state: "sent", at: 5, ref: "A-1", notes, asked: 5 }]);
});

test("when a notice was sent is known after its outcome, and no box holds it", () => {
  const list = new CaseList();
  list.take([ITEM], true);
  assert.equal(list.items[0].asked, 0);
  list.take([{ ...ITEM, state: "sent", at: 5 }], false);
  list.take([{ ...ITEM, state: "refused", at: 9 }], false);
  assert.equal(list.items[0].asked, 5);
  assert.ok(itemsIn(boxOf([changed(list.items[0], { note: "" })])));
});

test("what waits to be sent is new unless the list knows it", () => {
  const list = new CaseList();
  list.take([ITEM], true);
  const fresh = { ...ITEM, id: "ffffffffffffffff" };
  assert.deepEqual(newIn(boxOf([ITEM, fresh]), list.items), [fresh]);
  assert.deepEqual(newIn("hallo", list.items), []);
});

test("the caller drops an item, and what the line says later stands", () => {
  const list = new CaseList();
  list.take([ITEM], true);
  list.take([{ ...ITEM, state: "dropped", at: 7 }], true);
  assert.equal(list.items[0].state, "dropped");
  list.take([{ ...ITEM, state: "open", at: 8 }], true);
  assert.equal(list.items[0].state, "dropped");
  list.take([{ ...ITEM, state: "removed", at: 9 }], false);
  assert.equal(list.items[0].state, "removed");
});

test("of a box that names a twenty-sixth item nothing counts", () => {
  const list = new CaseList();
  const many = Array.from({ length: 25 }, () => ({ ...ITEM, id: freshItemId() }));
  assert.ok(list.take(many, true));
  assert.ok(!list.take([{ ...many[0], state: "dropped" }, ITEM], true));
  assert.equal(list.items.length, 25);
  assert.equal(list.items[0].state, "open");
});

test("what is gone stays behind, and how the rest stood goes along in words", () => {
  const list = new CaseList();
  const [one, two] = [ITEM, { ...ITEM, id: "ffffffffffffffff", url: "https://b.example/" }];
  list.take([{ ...one, note: "van mijn ex" }, two], true);
  list.take(
    [
      { ...one, state: "sent", ref: "A" },
      { ...two, state: "gone" },
    ],
    false,
  );
  const on = carriedOn(list.items, ({ state, ref }) => `${state} ${ref}`);
  assert.deepEqual(
    on.map(({ url, note }) => [url, note]),
    [[URL_, "sent A · van mijn ex"]],
  );
});

test("what goes along to another conversation has new ids, and three go in a box that is never too long", () => {
  const list = new CaseList();
  /** @type {Item} */
  const longest = {
    ...ITEM,
    url: `https://a.example/${"a".repeat(980)}`,
    note: "😀".repeat(300),
    ref: "😀".repeat(64),
  };
  list.take(
    Array.from({ length: 6 }, () => ({ ...longest, id: freshItemId() })),
    true,
  );
  list.take([{ ...longest, id: list.items[0].id, state: "dropped" }], true);
  const on = carriedOn(list.items, ({ state }) => `was: ${state}`);
  assert.equal(on.length, 5);
  assert.ok(on.every(({ id }) => list.items.every((item) => item.id !== id)));
  const boxes = boxesOf(on);
  assert.deepEqual(
    boxes.map((box) => itemsIn(box)?.length),
    [3, 2],
  );
  for (const box of boxes) assert.ok(Buffer.byteLength(box) <= 8190);
  assert.deepEqual(boxesOf([]), []);
});
