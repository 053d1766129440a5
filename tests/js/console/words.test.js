import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { dotOf, hindranceOf, idleTime, presenceOf, stopInWords } from "../../../frontend/console/words.js";
import { t, use } from "../../../frontend/shared/text.js";

const MINUTE = 60_000;
const ERRORS = [
  "bad_frame",
  "not_found",
  "forbidden",
  "conflict",
  "stale_epoch",
  "ended",
  "slow_down",
  "try_again",
];
const OWN = [
  "dropped", "broken", "not_kept", "too_long", "duty_lapsed", "next_not_found", "next_conflict", "takeover_conflict",
  "invite_conflict", "invite_only_refer", "invite_not_found", "invite_forbidden", "withdraw_conflict", "answer_joined", "answer_over",
  "answer_conflict", "key_stays",
]; // biome-ignore format: a list
const COLLEAGUE_STAGES = ["ringing", "joining", "declined", "expired", "withdrawn", "dropped"];
const SERVICE_STAGES = [
  ...COLLEAGUE_STAGES,
  "asked",
  "link",
  "arrived",
  "away",
  "refused",
  "unanswered",
  "stays",
];
const OUTCOMES = ["refused", "declined", "expired", "unanswered", "withdrawn"];
const HOW = ["consult", "transfer", "handoff"];
const REASONS = ["left", "released", "lost", "transferred", "handed_off", "gone"];
/** Lists for the beginning of a key everything that the code may append. */
const PUT_TOGETHER = {
  "console.problem.": [...ERRORS, ...OWN, "line_closing", "other"],
  "console.stopped.": ["4400", "4403", "4408", "4409", "forbidden", "unproven", "other"],
  "console.hindrance.": ["offline", "unverified", "awaiting", "not_granted"],
  "console.next.": ["offline", "taking", "off_duty", "full", "last"],
  "console.next.device_": ["unknown", "missing", "making", "proving", "pending", "refused", "broken"],
  "console.device.": ["missing", "making", "pending", "refused", "unproven", "broken"],
  "console.replies.": ["with_informal", "with_formal"],
  "console.duty.": ["on", "break", "off", "there"],
  "console.line.": [
    "opened",
    "joined",
    "granted",
    "requeued",
    "intake",
    "unverified",
    "referred",
    "brief_again",
  ],
  "console.left.": ["left", "released", "lost", "transferred", "handed_off"],
  "console.ended.": ["caller", "counsellor", "silent", "abandoned", "expired", "line_closed"],
  "console.emptied.": ["released", "lost", "transferred", "handed_off", "gone"],
  "console.fault.": ["unverified", "before", "wiped"],
  "console.sending.": ["waiting", "sending", "failed"],
  "console.tick.": ["stored", "read"],
  "console.role.": ["caller", "counsellor", "colleague", "partner", "guest", "review", "supervisor"],
  "console.state.": [
    "waiting",
    "active",
    "ended",
    "emptied",
    "typing",
    "away",
    "letting_in",
    "closing",
    "ending",
    "elsewhere",
  ],
  "console.waits.": ["amber", "red"],
  "console.urgency.": ["1", "2"],
  "console.urgency.said.": ["1", "2"],
  "console.urgency.mark.": ["1", "2"],
  "console.fact.": ["nickname", "for", "age", "topic", "urgency", "language"],
  "console.reach.": ["desk", "link", "refer"],
  "console.contact.": ["sending", "failing", "taken"],
  "console.open.": ["yes", "no", "unknown", "site"],
  "console.key.": [
    "next",
    "previous",
    "following",
    "close",
    "unserious",
    "last",
    "somebody",
    "undo",
    "flag",
    "break",
    "send",
    "new_line",
    "help",
    "note",
    "reply",
    ...HOW,
  ],
  "console.panel.": ["about", "notes", "invite"],
  "console.how.": HOW,
  "console.explain.": HOW,
  "console.ring.": [...HOW, "yes", "no", "no_device"],
  "console.invite_not.": ["busy", "open", "not_in_charge", "ended", "no_brief"],
  "console.strip.consult.": COLLEAGUE_STAGES,
  "console.strip.transfer.": COLLEAGUE_STAGES,
  "console.strip.handoff.": SERVICE_STAGES,
  "console.invited.": ["consult", "transfer", "asked", "agreed.all", "agreed.new", ...OUTCOMES],
  "console.nothing_open.": ["console", "partner"],
  "console.guest.": ["joining", "no_link", "wrong", "broken", "ended"],
  "console.guest.over.": REASONS,
};

/** @param {string} language @returns {Record<string, string>} */
const catalogue = (language) =>
  JSON.parse(
    readFileSync(new URL(`../../../helpline/locale/${language}/console.json`, import.meta.url), "utf8"),
  );

for (const language of ["nl", "en"]) {
  test(`every state, refusal and reason that the code names has words in ${language}`, () => {
    const texts = catalogue(language);
    const keys = Object.entries(PUT_TOGETHER).flatMap(([begin, ends]) => ends.map((end) => begin + end));
    assert.deepEqual(
      keys.filter((key) => !texts[key]),
      [],
    );
  });
}

test("a close code that nobody foresaw is still said, with its number", () => {
  use(catalogue("en"), "en-GB");
  assert.match(stopInWords("4499"), /4499/);
});

/** Makes a conversation in which somebody wrote last, this long ago. @param {string} by @param {string} [state] */
const talk = (by, state = "active") =>
  /** @type {any} */ ({
    state,
    startedAt: 0,
    lastText: { by, at: new Date(0).toISOString() },
    log: { caller: "caller", lines: [] },
  });

for (const [by, minutes, tone] of /** @type {const} */ ([
  ["caller", 1.9, ""],
  ["caller", 2, "amber"],
  ["caller", 4.9, "amber"],
  ["caller", 5, "red"],
  ["carla", 9, ""],
])) {
  test(`${minutes} minutes after a message of ${by} the timer is ${tone || "plain"}`, () => {
    assert.equal(idleTime(talk(by), minutes * MINUTE).tone, tone);
  });
}

test("a conversation that has ended waits for nobody's answer", () => {
  assert.equal(idleTime(talk("caller", "ended"), 9 * MINUTE).tone, "");
});

test("where nobody has said anything yet the time runs from the beginning of the conversation", () => {
  const begun = new Date(MINUTE).toISOString();
  const silent = { ...talk("caller"), lastText: undefined, startedAt: 8 * MINUTE };
  const { text } = idleTime({ ...silent, log: { caller: "caller", lines: [{ at: begun }] } }, 9 * MINUTE);
  assert.equal(text, "8 min");
});

test("after the end nobody is here any more", () => {
  const person = /** @type {any} */ ({ here: true });
  assert.equal(dotOf(presenceOf(talk("caller"), person)), "is-here");
  assert.deepEqual(presenceOf(talk("caller", "ended"), person), "was_here");
  assert.equal(dotOf("was_here"), "");
});

test("beside the field stands what hinders, and nothing where nothing does or the emptied view says it", () => {
  assert.deepEqual(["", "emptied"].map(hindranceOf), ["", ""]);
  assert.equal(hindranceOf("offline"), t("console.hindrance.offline"));
});
