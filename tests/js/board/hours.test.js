import assert from "node:assert/strict";
import test from "node:test";
import { HoursForm } from "../../../frontend/board/lines/model/hours-form.js";
import { clockIn, filled, problemsOf } from "../../../frontend/board/lines/model/hours-rules.js";
import { ErrorReply } from "../../../frontend/shared/socket.js";

/** @typedef {import("../../../frontend/board/lines/model/hours-rules.js").Span} Span */

/** @param {string} text  "09:00-17:00 22:00-02:00" @returns {Span[]} */
const spans = (text) =>
  text
    .split(" ")
    .filter(Boolean)
    .map((span) => span.split("-"))
    .map(([opens, closes]) => ({ opens, closes }));
/** @param {string[]} days  Monday first; the rest is closed */
const week = (...days) => Array.from({ length: 7 }, (_, index) => spans(days[index] ?? ""));
const none = { holidays: {}, dates: [] };

/** Makes a form whose server stores what it is sent. */
async function setUp() {
  const stands = {
    week: week("09:00-17:00"),
    holidays: {},
    dates: [],
    feasts: ["Koningsdag"],
    version: "first",
    preview: [
      { date: "2026-11-30", spans: spans("09:00-17:00"), why: "" },
      { date: "2026-12-01", spans: [], why: "" },
    ],
  };
  const stage = {
    sent: /** @type {any[]} */ ([]),
    later: /** @type {(() => void)[]} */ ([]),
    answer: /** @type {(frame: any) => any} */ (
      (frame) => ({ ...stands, ...frame, preview: [{ ...stands.preview[0], spans: frame.week[0] }] })
    ),
  };
  const form = new HoursForm("helpwanted", {
    request: /** @type {any} */ (
      async (/** @type {string} */ type, /** @type {object} */ fields) => {
        stage.sent.push({ type, ...fields });
        return type === "hours" ? { ...stands } : stage.answer(fields);
      }
    ),
    changed: () => {},
    after: (_ms, act) => {
      stage.later = [act];
      return () => {
        stage.later = [];
      };
    },
  });
  await form.load();
  const passes = async () => {
    for (const act of stage.later.splice(0)) act();
    await new Promise((done) => setTimeout(done, 0));
  };
  return { stage, form, passes, stands };
}

for (const [title, found, schedule] of /** @type {const} */ ([
  ["two spans that touch are fine", undefined, { ...none, week: week("09:00-12:00 12:00-17:00") }],
  ["two spans that overlap are not", "overlap", { ...none, week: week("12:00-17:00 09:00-12:30") }],
  [
    "a night that runs into the next day's span is not",
    "next_day",
    { ...none, week: week("22:00-03:00", "02:00-05:00") },
  ],
  [
    "a night that ends as the next day begins is fine",
    undefined,
    { ...none, week: week("22:00-03:00", "03:00-05:00") },
  ],
  ["a span without its end is not", "half", { ...none, week: week("09:00-") }],
  ["a span of no length is not", "nothing", { ...none, week: week("09:00-09:00") }],
  ["a whole day is fine", undefined, { ...none, week: week("00:00-00:00", "00:00-00:00") }],
  ["a whole day with more on it is not", "overlap", { ...none, week: week("00:00-00:00 09:00-12:00") }],
])) {
  test(title, () => assert.equal(problemsOf(schedule).get("week 0"), found));
}

test("Sunday's night is checked against Monday", () => {
  const days = week("01:00-02:00");
  days[6] = spans("22:00-01:30");
  assert.deepEqual([...problemsOf({ ...none, week: days })], [["week 6", "next_day"]]);
});

test("a date stands there once, and is a date", () => {
  const dates = ["2026-12-24", "", "2026-12-24"].map((date) => ({ date, spans: [], reason: "" }));
  const found = [...problemsOf({ week: week(), holidays: {}, dates })];
  assert.deepEqual(found, [
    ["date 1", "no_date"],
    ["date 2", "twice"],
  ]);
});

test("a night fills the end of its own day and the morning after", () => {
  assert.deepEqual(filled(spans("22:00-02:00"), []), [[1320, 1440]]);
  assert.deepEqual(filled(spans("09:00-10:00"), spans("22:00-02:00")), [
    [0, 120],
    [540, 600],
  ]);
  assert.deepEqual(filled(spans("00:00-00:00"), spans("00:00-00:00")), [[0, 1440]]);
});

test("a change is tried without being kept, once for a burst of keys, and shows what it would make", async () => {
  const { stage, form, passes } = await setUp();
  form.setDay(0, spans("10:00-17:00"));
  form.setDay(0, spans("11:00-17:00"));
  await passes();
  const [{ type, keep, week: days }, ...more] = stage.sent.slice(1);
  assert.deepEqual([type, keep, days[0], more], ["sethours", false, spans("11:00-17:00"), []]);
  assert.deepEqual([form.preview[0].spans, [...form.changes]], [spans("11:00-17:00"), ["2026-11-30"]]);
  assert.deepEqual([form.dirty, form.saved], [true, false]);
});

test("what is wrong is not sent", async () => {
  const { stage, form, passes } = await setUp();
  form.setDay(0, spans("10:00-"));
  await passes();
  await form.save();
  assert.deepEqual([stage.sent.length, form.problems.get("week 0")], [1, "half"]);
});

test("of two tries the later one is shown, whichever answers first", async () => {
  const { stage, form, passes } = await setUp();
  /** @type {((value: any) => void)[]} */
  const answers = [];
  const { answer } = stage;
  stage.answer = (frame) => new Promise((done) => answers.push(() => done(answer(frame))));
  form.setDay(0, spans("10:00-17:00"));
  await passes();
  form.setDay(0, spans("11:00-17:00"));
  await passes();
  for (const say of answers.reverse()) {
    say(null);
    await new Promise((done) => setTimeout(done, 0));
  }
  assert.deepEqual(form.preview[0].spans, spans("11:00-17:00"));
});

test("what is kept stands from then on", async () => {
  const { stage, form } = await setUp();
  form.setHoliday("Koningsdag", []);
  form.addDate();
  form.setDate(0, { date: "2026-12-24", reason: "eerder dicht", spans: spans("09:00-12:00") });
  await form.save();
  const { keep, holidays, dates, line } = stage.sent.at(-1);
  assert.deepEqual([line, keep, holidays], ["helpwanted", true, { Koningsdag: [] }]);
  assert.deepEqual(dates, [{ date: "2026-12-24", spans: spans("09:00-12:00"), reason: "eerder dicht" }]);
  assert.deepEqual([form.dirty, form.saved, stage.later.length], [false, true, 0]);
});

test("after a no the form stays as it was typed, and says so", async () => {
  const { stage, form } = await setUp();
  stage.answer = () => {
    throw new ErrorReply(/** @type {any} */ ({ type: "error", code: "bad_frame", detail: "" }));
  };
  form.setDay(0, spans("10:00-17:00"));
  await form.save();
  assert.deepEqual(
    [form.refused, form.dirty, form.schedule.week[0]],
    ["bad_frame", true, spans("10:00-17:00")],
  );
  form.reset();
  assert.deepEqual([form.refused, form.dirty, form.schedule.week[0]], ["", false, spans("09:00-17:00")]);
});

test("a rule that is taken back leaves nothing to keep", async () => {
  const { form } = await setUp();
  form.setHoliday("any", []);
  form.setHoliday("any", null);
  form.addDate();
  form.setDate(0, null);
  assert.equal(form.dirty, false);
});

test("looking again fetches what stands, but never over what was changed here", async () => {
  const { form, stands } = await setUp();
  form.setDay(0, spans("10:00-17:00"));
  await form.load();
  assert.deepEqual(form.schedule.week[0], spans("10:00-17:00"));
  form.reset();
  stands.week = week("12:00-13:00");
  await form.load();
  assert.deepEqual(form.schedule.week[0], spans("12:00-13:00"));
});

test("a time may be typed as people write it, and what is no time stays as it was typed", () => {
  const typed = ["9", "9.30", "0930", "24:00", "25:00", "12:75", "noon"];
  assert.deepEqual(typed.map(clockIn), ["09:00", "09:30", "09:30", "00:00", "25:00", "12:75", "noon"]);
});

test("hours that a colleague changed meanwhile are fetched, and what was typed is compared with them", async () => {
  const { stage, form, stands } = await setUp();
  form.setDay(1, spans("10:00-12:00"));
  stands.version = "theirs";
  stands.preview = [{ date: "2026-12-25", spans: [], why: "Kerst" }];
  stage.answer = () => {
    throw new ErrorReply(/** @type {any} */ ({ type: "error", code: "conflict", detail: "" }));
  };
  await form.save();
  assert.deepEqual(
    [form.refused, form.dirty, form.schedule.week[1]],
    ["conflict", true, spans("10:00-12:00")],
  );
  assert.equal(stage.sent.at(-2).version, "first");
  stage.answer = (frame) => ({ ...stands, ...frame });
  await form.save();
  assert.equal(stage.sent.at(-1).version, "theirs");
});
