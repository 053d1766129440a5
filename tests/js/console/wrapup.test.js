import assert from "node:assert/strict";
import test from "node:test";
import { codeInWords } from "../../../frontend/console/words.js";
import { error, ok, player, Stage, Talk, until } from "../fakes/console-stage.js";
import { says } from "../fakes/page-languages.js";

const CODES = {
  subject: ["peers", "none"],
  for: ["self", "other"],
  age: ["under_12", "12_15", "16_17", "18_25", "26_up", "unknown"],
  outcome: ["helped", "referred", "handed_off"],
  referral: ["none", "police", "veilig_thuis", "own_code", "other"],
  weight: ["light", "heavy"],
};

/** Makes a console whose person was let in by one caller, and that knows the codes. @param {{role?: import("../../../frontend/shared/sealing.js").Role, before?: (talk: import("../fakes/console-stage.js").Talk) => unknown}} [how] */
async function setUp({ role = "counsellor", before } = {}) {
  const stage = await Stage.make(async (made) => {
    made.codes = CODES;
    made.own = { ...made.own, role };
    await made.talk(before);
  });
  const [talk] = stage.held;
  await until(() => stage.seat(talk).hindrance === "");
  const form = () => stage.seat(talk).wrapup;
  const ends = async () => {
    talk.state = "ended";
    talk.add("ended", { reason: "caller" }, talk.caller);
    await until(() => stage.seat(talk).state === "ended");
  };
  stage.answers.leave = () => {
    talk.leaves(talk.own);
    return ok();
  };
  const listed = () => stage.console?.conversations.has(talk.id);
  return { stage, talk, form, ends, listed };
}

test("the form is due when the conversation is over, and does not take the last words from the screen", async () => {
  const { form, ends } = await setUp();
  assert.deepEqual([form().stage, form().pending], ["", false]);
  await ends();
  assert.deepEqual([form().stage, form().shows], ["due", false]);
  form().open();
  assert.equal(form().shows, true);
  form().back();
  assert.equal(form().shows, false);
});

test("what was chosen is sent, nothing else, and the conversation leaves the list", async () => {
  const { stage, talk, form, ends, listed } = await setUp();
  await ends();
  for (const [name, code] of Object.entries({ subject: "none", weight: "light", outcome: "helped" }))
    form().choose(name, code);
  form().choose("outcome", "helped"); // choosing the same code again removes it
  await form().send();
  await until(() => !listed());
  const [{ ref: _, ...sent }] = stage.sentOf("wrapup");
  const codes = { subject: "none", weight: "light" };
  assert.deepEqual(sent, { type: "wrapup", conversation: talk.id, codes });
});

test("choices that are not sent would be lost with the page, and what the page chose itself would not", async () => {
  const { stage, form, ends } = await setUp();
  const desk = /** @type {import("../../../frontend/console/console.js").Console} */ (stage.console);
  assert.equal(desk.wouldLose, true, "the conversation is open");
  await ends();
  assert.deepEqual([form().stage, desk.wouldLose], ["due", false]);
  form().choose("weight", "light");
  assert.equal(desk.wouldLose, true);
  await form().send();
  await until(() => !desk.wouldLose);
});

test("it can be skipped: nothing is sent and the conversation leaves the list", async () => {
  const { stage, form, ends, listed } = await setUp();
  await ends();
  form().finish();
  await until(() => !listed());
  assert.deepEqual([stage.sentOf("wrapup").length, stage.sentOf("leave").length], [0, 1]);
});

test("a form is there again after a reload, with its time counted from the end of the conversation", async () => {
  const { stage, talk, form, ends } = await setUp();
  await ends();
  const { since } = form();
  await stage.load();
  await until(() => stage.console?.conversations.get(talk.id)?.wrapup.stage === "due");
  assert.deepEqual([form().since, since], [since, Date.parse(String(talk.entries.at(-1)?.at))]);
});

test("a form that was sent is not there again after a reload, and the conversation can be put away", async () => {
  const { stage, talk, form, ends, listed } = await setUp();
  await ends();
  talk.wrapped = true;
  await stage.load();
  await until(() => stage.seat(talk).state === "ended" && stage.seat(talk).complete);
  assert.deepEqual([form().stage, form().pending, listed()], ["", false, true]);
});

test("the pause that a heavy form proposes is there again after a reload, until it has been read", async () => {
  const { stage, talk, form, ends, listed } = await setUp();
  await ends();
  form().choose("weight", "heavy");
  await form().send();
  assert.equal(form().stage, "sent", "nobody has put it away yet");
  talk.wrapped = true;
  await stage.load();
  await until(() => form().stage === "sent");
  assert.deepEqual([form().heavy, form().shows, stage.sentOf("wrapup").length], [true, true, 1]);
  form().finish();
  await until(() => !listed());
  assert.deepEqual([...stage.kept.keys()], [], "no mark of it stays in this tab");
});

test("whoever handed the conversation on wraps it up too, with what the console knows already chosen", async () => {
  const { stage, talk, form, listed } = await setUp({
    before: (talk) => talk.says({ for: "me", before: "yes", age: "12-15" }, { kind: "intake" }),
  });
  await talk.grants({ history: [0] });
  await until(() => stage.seat(talk).log.intake !== null);
  talk.leaves(talk.own, "handed_off");
  await until(() => form().stage === "due");
  assert.deepEqual(form().codes, { for: "self", contact: "again", age: "12_15", outcome: "handed_off" });
  assert.deepEqual([form().shows, listed()], [true, true]);
  await form().send();
  assert.deepEqual([listed(), stage.sentOf("leave").length], [false, 0]);
});

test("who leaves while others stay is asked before the conversation leaves the list", async () => {
  const { stage, talk, form, listed } = await setUp();
  await stage.seat(talk).leave();
  await until(() => form().stage === "due");
  assert.equal(listed(), true);
  form().finish();
  assert.equal(listed(), false);
});

test("a colleague beside the counsellor only says how heavy it was", async () => {
  const { form, ends } = await setUp({ role: "colleague" });
  await ends();
  assert.deepEqual(form().questions, ["weight"]);
});

test("a seat that was not let in in time has nothing to wrap up", async () => {
  const { stage } = await setUp();
  const talk = new Talk(stage.own);
  stage.talks.set(talk.id, talk);
  talk.joins(talk.own);
  stage.answers.next = () => ok(talk.seat);
  await stage.console?.next();
  await until(() => stage.seat(talk).role === "counsellor");
  talk.leaves(talk.own, "lost");
  await until(() => stage.seat(talk).emptied === "lost");
  assert.equal(stage.seat(talk).wrapup.stage, "");
});

test("a conversation that is purged before the form was sent needs no form", async () => {
  const { stage, talk, form, ends } = await setUp();
  await ends();
  stage.deliver({ type: "gone", conversation: talk.id });
  await until(() => stage.seat(talk).emptied === "gone");
  assert.deepEqual([form().stage, form().shows], ["", false]);
});

test("a form that was sent before is told kindly, one of a purged conversation too", async () => {
  for (const [code, stage_] of /** @type {const} */ ([
    ["conflict", "already"],
    ["not_found", "gone"],
  ])) {
    const { stage, form, ends, listed } = await setUp();
    await ends();
    stage.answers.wrapup = () => error(code);
    form().choose("weight", "light");
    await form().send();
    assert.deepEqual([form().stage, stage.console?.problems, listed()], [stage_, [], true]);
    form().finish();
    await until(() => !listed());
  }
});

test("a form whose reply is lost can be sent again", async () => {
  const { stage, form, ends } = await setUp();
  await ends();
  stage.answers.wrapup = () => {
    stage.drop();
    return null;
  };
  form().choose("weight", "light");
  await form().send();
  assert.deepEqual([form().stage, stage.console?.problems], ["due", ["dropped"]]);
});

for (const [title, heavy] of /** @type {const} */ ([
  ["a conversation that was heavy", (/** @type {any} */ { form }) => form().choose("weight", "heavy")],
  [
    "a conversation flagged acute",
    (/** @type {any} */ { stage, talk }) =>
      stage.deliver({ type: "flagged", conversation: talk.id, risk: 2, known: false, steps: [] }),
  ],
])) {
  test(`after ${title} it stays until its care has been read`, async () => {
    const made = await setUp();
    await made.ends();
    made.form().choose("subject", "peers");
    heavy(made);
    await made.form().send();
    assert.deepEqual([made.form().stage, made.form().heavy, made.listed()], ["sent", true, true]);
    made.form().finish();
    await until(() => !made.listed());
  });
}

test("a line's own code stands in its forms in its own words, in no other line's, and a new one comes at once", async () => {
  const { stage } = await setUp();
  const { console: desk } = stage;
  assert.ok(desk);
  const codes = { ...CODES, subject: ["peers", "fake_qr", "theirs", "none"] };
  const of = (/** @type {string} */ line, /** @type {string} */ code) => ({
    ...{ line, code, question: "subject", says: says(`${code} nl`, `${code} en`) },
    ...{ made: "2026-11-26T19:00:00.000Z", ended: null },
  });
  stage.deliver({
    type: "codes",
    codes,
    own_codes: [of("helpwanted", "fake_qr"), of("stopitnow", "theirs")],
  });
  await until(() => desk.codes.subject.length === 4);
  assert.deepEqual(desk.codesFor("helpwanted", "subject"), ["peers", "fake_qr", "none"]);
  assert.equal(codeInWords(desk, "helpwanted", "subject", "fake_qr"), "fake_qr nl");
});

test("a form without one answer is not sent, and says why", async () => {
  const { stage, form, ends } = await setUp();
  await ends();
  await form().send();
  assert.deepEqual([form().nothingChosen, form().stage, stage.sentOf("wrapup").length], [true, "due", 0]);
  form().choose("weight", "light");
  assert.equal(form().nothingChosen, false);
  await form().send();
  assert.equal(stage.sentOf("wrapup").length, 1);
});

for (const [service, code] of /** @type {const} */ ([
  ["politie", "police"],
  ["veilig-thuis", "veilig_thuis"],
  ["own-code", "own_code"],
  ["perspectief", "other"],
]))
  test(`who was referred to ${service} has that chosen already`, async () => {
    const { talk, form, ends } = await setUp({
      before: (made) => made.add("referred", { service: "113" }, made.own.member),
    });
    talk.add("referred", { service }, talk.own.member);
    await ends();
    assert.deepEqual(form().codes, { outcome: "referred", referral: code });
  });

test("where a service came in that is what is chosen, whoever else the caller was referred to", async () => {
  const { talk, form, ends } = await setUp();
  talk.add("referred", { service: "politie" }, talk.own.member);
  talk.joins(await player("partner", "Veilig Thuis"), "invitation-1", "veilig-thuis");
  await talk.grants();
  await ends();
  assert.deepEqual(form().codes, { outcome: "handed_off", referral: "veilig_thuis" });
});

test("of two services the caller was referred to, the one that the form can name is chosen", async () => {
  const { talk, form, ends } = await setUp();
  talk.add("referred", { service: "politie" }, talk.own.member);
  talk.add("referred", { service: "112" }, talk.own.member);
  await ends();
  assert.deepEqual(form().codes, { outcome: "referred", referral: "police" });
});
