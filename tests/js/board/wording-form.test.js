import assert from "node:assert/strict";
import test from "node:test";
import { OwnCodes } from "../../../frontend/board/figures/model/own-codes.js";
import { WordingForm } from "../../../frontend/board/lines/model/wording-form.js";
import { ErrorReply } from "../../../frontend/shared/socket.js";
import { says } from "../fakes/page-languages.js";

const NOW = Date.parse("2026-11-26T19:00:00Z");
const said = (/** @type {string} */ text) => says(`${text} nl`, `${text} en`);
const STANDARD = {
  is_for: said("for"),
  danger: said("danger"),
  tips: [said("one"), said("two"), said("three")],
  questions: [{ asks: said("money"), tips: [0, 2], danger: false }],
  numbers: [
    { service: "112", says: said("112"), always: true, acute: true },
    { service: "113", says: said("113"), always: true, acute: false },
  ],
};

/** Makes a form whose server stores what it is sent. */
async function setUp() {
  const stage = {
    sent: /** @type {any[]} */ ([]),
    editions: /** @type {any[]} */ ([]),
    refuses: "",
  };
  const request = /** @type {any} */ (
    async (/** @type {string} */ type, /** @type {any} */ fields) => {
      stage.sent.push({ type, ...fields });
      if (stage.refuses) throw new ErrorReply(/** @type {any} */ ({ code: stage.refuses }));
      if (type === "setwording") {
        for (const one of stage.editions) if (!fields.begins && one.state === "now") one.state = "past";
        const { begins, wording } = fields;
        const made = { edition: stage.editions.length + 1, by: "Floor", wording };
        stage.editions.unshift({ ...made, begins: begins ?? "now", state: begins ? "coming" : "now" });
      }
      if (type === "dropwording")
        stage.editions = stage.editions.filter(({ edition }) => edition !== fields.edition);
      const services = { 112: "112", 113: "113", csg: "CSG" };
      const phones = { 112: "112", 113: "0800-0113", csg: "0800-0188" };
      return { standard: STANDARD, editions: [...stage.editions], services, phones };
    }
  );
  const form = new WordingForm("helpwanted", { request, changed: () => {}, now: () => NOW });
  await form.load();
  return { stage, form };
}

test("a form begins with what callers read now, and is kept only when something was changed", async () => {
  const { stage, form } = await setUp();
  assert.deepEqual(form.wording, STANDARD);
  assert.equal(form.dirty, false);
  form.setTip(0, "nl", "Betaal niet.");
  assert.equal(form.dirty, true);
  await form.save();
  const { type, line, begins, wording } = stage.sent.at(-1);
  assert.deepEqual(
    [type, line, begins, wording.tips[0].nl],
    ["setwording", "helpwanted", null, "Betaal niet."],
  );
  assert.deepEqual([form.saved, form.dirty, form.stands.tips[0].nl], [true, false, "Betaal niet."]);
});

test("a question keeps its tips when these are moved or dropped, and goes with the rest", async () => {
  const { stage, form } = await setUp();
  const fit = () => form.wording.questions.map(({ tips }) => tips.map((tip) => form.wording.tips[tip].en));
  form.moveTip(0, 1);
  assert.deepEqual(fit(), [["one en", "three en"]]);
  form.moveTip(2, 1); // nowhere to go
  form.dropTip(0);
  assert.deepEqual(fit(), [["one en", "three en"]]);
  form.dropTip(1);
  assert.deepEqual(fit(), [["one en"]]);
  form.addQuestion();
  assert.ok(form.problems.has("empty"), "it asks nothing yet");
  form.setQuestion(1, { asks: said("danger"), danger: true });
  form.setFits(1, 0, true);
  form.setFits(0, 0, false);
  assert.ok(form.problems.has("no_fit"), "a yes would lead nowhere");
  form.setQuestion(0, { danger: true });
  await form.save();
  assert.deepEqual(stage.sent.at(-1).wording.questions, [
    { asks: said("money"), tips: [], danger: true },
    { asks: said("danger"), tips: [0], danger: true },
  ]);
  assert.deepEqual(form.askedBy(0), [2]);
  form.moveQuestion(1, -1);
  assert.deepEqual(form.askedBy(0), [1]);
  form.dropQuestion(1);
  assert.deepEqual(
    form.wording.questions.map(({ asks }) => asks),
    [said("danger")],
  );
});

test("a sentence that was changed in one language alone is told before it is saved", async () => {
  const { form } = await setUp();
  assert.deepEqual(form.unchanged, []);
  form.setTip(0, "nl", "Betaal niet.");
  assert.deepEqual(form.unchanged, ["en"]);
  form.setTip(0, "en", "Do not pay.");
  assert.deepEqual(form.unchanged, []);
  form.addTip(); // a new text has to be written in all languages anyway
  assert.deepEqual(form.unchanged, []);
});

test("tips and numbers are moved, added and dropped", async () => {
  const { form } = await setUp();
  const tips = () => form.wording.tips.map(({ en }) => en);
  form.moveTip(2, -1);
  assert.deepEqual(tips(), ["one en", "three en", "two en"]);
  form.moveTip(0, -1);
  assert.deepEqual(tips(), ["one en", "three en", "two en"], "the first cannot go up");
  form.dropTip(0);
  form.addTip();
  assert.deepEqual(tips(), ["three en", "two en", undefined]);
  assert.deepEqual(form.unused, [["csg", "CSG"]]);
  form.addNumber("csg");
  form.moveNumber(2, -1);
  form.setNumber(1, { acute: true });
  assert.deepEqual(
    form.wording.numbers.map(({ service, acute }) => [service, acute]),
    [
      ["112", true],
      ["csg", true],
      ["113", false],
    ],
  );
  assert.deepEqual(form.unused, []);
});

test("a gap, no tip, no 112 and a moment that passed are told, and nothing is sent", async () => {
  const { stage, form } = await setUp();
  form.setWhom("en", " ");
  for (const _ of STANDARD.tips) form.dropTip(0);
  form.setNumber(0, { acute: false });
  form.setSince("2020-01-01T09:00");
  assert.deepEqual([...form.problems].sort(), ["empty", "no_fit", "no_tip", "past", "without_112"]);
  await form.save();
  assert.equal(stage.sent.length, 1);
});

test("what is saved for later waits in the list, and can be called off", async () => {
  const { stage, form } = await setUp();
  form.addTip();
  form.setTip(3, "nl", "vier");
  form.setTip(3, "en", "four");
  form.setSince("2026-12-24T18:00");
  await form.save();
  assert.equal(stage.sent.at(-1).begins, new Date("2026-12-24T18:00").toISOString());
  assert.deepEqual([form.editions[0].state, form.stands.tips.length], ["coming", 3]);
  await form.drop(form.editions[0]);
  assert.deepEqual(form.editions, []);
});

test("after texts that are saved for some days, today's can follow", async () => {
  const { stage, form } = await setUp();
  const { stands } = form;
  form.setTip(0, "nl", "deze week een ander nummer");
  form.setTip(0, "en", "this week another number");
  form.setSince("2026-12-24T18:00");
  await form.save();
  form.copy(null);
  assert.equal(form.dirty, false, "these are the texts of now");
  form.setSince("2026-12-28T18:00");
  assert.equal(form.dirty, true);
  await form.save();
  assert.equal(stage.sent.at(-1).begins, new Date("2026-12-28T18:00").toISOString());
  assert.equal(form.stands, stands);
});

test("an earlier version, and the release's words, are put into the form and counted only when saved", async () => {
  const { stage, form } = await setUp();
  form.setTip(0, "nl", "eerst");
  await form.save();
  form.setTip(0, "nl", "later");
  await form.save();
  form.copy(form.editions[1]);
  assert.deepEqual([form.wording.tips[0].nl, form.stands.tips[0].nl], ["eerst", "later"]);
  form.copy(null);
  await form.save();
  assert.equal(stage.sent.at(-1).wording, null, "not copied: the next release's words will count");
});

test("what the server refuses stays in the form", async () => {
  const { stage, form } = await setUp();
  form.setTip(0, "nl", "Betaal niet.");
  stage.refuses = "bad_frame";
  await form.save();
  assert.deepEqual([form.refused, form.saved, form.dirty], ["bad_frame", false, true]);
});

test("what is typed before the reply stays, and an edition that was not called off is said to stand", async () => {
  const { stage, form } = await setUp();
  const looking = form.load();
  form.setTip(0, "nl", "Betaal niet.");
  await looking;
  assert.equal(form.wording.tips[0].nl, "Betaal niet.");
  stage.refuses = "not_found";
  await form.drop(/** @type {any} */ ({ edition: 1 }));
  assert.deepEqual([form.refused, form.wording.tips[0].nl], ["not_found", "Betaal niet."]);
  stage.refuses = "";
  const dropping = form.drop(/** @type {any} */ ({ edition: 1 }));
  form.setTip(0, "nl", "Betaal nooit.");
  await dropping;
  assert.equal(form.wording.tips[0].nl, "Betaal nooit.");
});

test("a line's own codes are added and ended, and a refusal is told", async () => {
  /** @type {any[]} */
  let codes = [];
  let refuses = "";
  const request = /** @type {any} */ (
    async (/** @type {string} */ type, /** @type {any} */ { question, says, code }) => {
      if (refuses) throw new ErrorReply(/** @type {any} */ ({ code: refuses }));
      if (type === "addcode") codes = [...codes, { question, says, code: "new", ended: null }];
      if (type === "endcode")
        codes = codes.map((one) => (one.code === code ? { ...one, ended: "now" } : one));
      if (type === "backcode")
        codes = codes.map((one) => (one.code === code ? { ...one, ended: null } : one));
      return { codes };
    }
  );
  const own = new OwnCodes("helpwanted", { request, changed: () => {} });
  await own.load();
  assert.equal(await own.add("detail", says("Nieuw", "New")), true);
  assert.deepEqual(
    own.offered.map(({ says }) => says.nl),
    ["Nieuw"],
  );
  await own.end("new");
  assert.deepEqual([own.offered.length, own.ended.length], [0, 1]);
  assert.equal(own.canComeBack(own.ended[0]), true);
  await own.bringBack("new");
  assert.deepEqual([own.offered.length, own.ended.length], [1, 0]);
  const gone = { ...own.rows[0], question: "q_new", ended: "now" };
  own.rows = [{ ...gone, question: "", code: "q_new" }, gone];
  assert.deepEqual(own.rows.map(own.canComeBack), [true, false], "an answer after its question");
  refuses = "conflict";
  assert.equal(await own.add("detail", says("Nieuw", "New")), false);
  assert.equal(own.refused, "conflict");
});

test("texts that a colleague changed meanwhile are not saved over, and what was typed stays", async () => {
  const { stage, form } = await setUp();
  form.setTip(0, "nl", "Betaal niet.");
  const theirs = { ...STANDARD, danger: said("theirs") };
  stage.editions.unshift({ edition: 7, by: "Hanna", begins: "now", state: "now", wording: theirs });
  stage.refuses = "conflict";
  const saving = form.save();
  stage.refuses = "";
  await saving;
  assert.deepEqual([form.refused, form.wording.tips[0].nl], ["overtaken", "Betaal niet."]);
  assert.deepEqual(form.stands, theirs);
  await form.save();
  assert.equal(stage.sent.at(-1).newest, 7);
});
