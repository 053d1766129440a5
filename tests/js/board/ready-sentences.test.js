import assert from "node:assert/strict";
import test from "node:test";
import { ReadySentences } from "../../../frontend/board/lines/model/ready-sentences.js";
import { ErrorReply } from "../../../frontend/shared/socket.js";
import { says } from "../fakes/page-languages.js";

/** @param {object} more */
const row = (more) => ({
  ...{ sentence: "s", line: "helpwanted", folder: "Begin", says: {}, by: "Floor" },
  ...{ made: "2026-11-27T10:00:00Z", ended: null, ...more },
});
const FIRST = row({ sentence: "1", says: says("Hoi", "Hi") });
const LATER = row({ sentence: "2", folder: "Einde", says: says("Dag", "Bye") });
const PAST = row({ sentence: "3", says: says("Oud", "Old"), ended: "2026-11-27T11:00:00Z" });

/** Makes a card whose server answers with these rows, or refuses. @param {object[]} rows @param {{refuses?: string}} [server] */
function card(rows, server = {}) {
  /** @type {any[]} */
  const sent = [];
  const request = async (/** @type {string} */ type, /** @type {object} */ fields) => {
    sent.push({ type, ...fields });
    if (server.refuses && type !== "sentences")
      throw new ErrorReply(
        /** @type {any} */ ({ type: "error", ref: "1", code: server.refuses, detail: "" }),
      );
    return { sentences: rows };
  };
  const made = new ReadySentences("helpwanted", /** @type {any} */ ({ request, changed: () => {} }));
  return { made, sent };
}

test("what is offered stands by folder and is found by a word, accents or not", async () => {
  const { made } = card([FIRST, LATER, PAST]);
  await made.load();
  assert.deepEqual(
    made.folders.map(([folder]) => folder),
    ["Begin", "Einde"],
  );
  assert.deepEqual(
    made.past.map(({ sentence }) => sentence),
    ["3"],
  );
  made.sought = "DÁG";
  assert.deepEqual(
    made.folders.map(([folder]) => folder),
    ["Einde"],
  );
});

test("a sentence that is taken up is changed; one that ended begins anew", async () => {
  const { made, sent } = card([FIRST, PAST]);
  await made.load();
  made.take(made.rows[0]);
  made.write({ says: says("Hallo", "Hi") });
  await made.save();
  assert.deepEqual(
    [sent[1].type, sent[1].sentence, sent[1].says.nl, made.saved],
    ["changesentence", "1", "Hallo", true],
  );
  made.take(made.rows[1]);
  await made.save();
  assert.deepEqual([sent[2].type, sent[2].says.nl, sent[2].line], ["addsentence", "Oud", "helpwanted"]);
});

test("what the server refuses stays in the form", async () => {
  const { made } = card([FIRST], { refuses: "bad_frame" });
  await made.load();
  made.write({ folder: "Begin", says: says("{iets}", "x") });
  await made.save();
  assert.deepEqual([made.refused, made.written.says.nl, made.saved], ["bad_frame", "{iets}", false]);
});

test("the one that ends leaves the form, too", async () => {
  const { made, sent } = card([FIRST]);
  await made.load();
  made.take(made.rows[0]);
  made.askToEnd("1");
  await made.end("1");
  assert.deepEqual(
    [sent[1].type, made.changing, made.ending, made.written.says],
    ["endsentence", "", "", {}],
  );
});
