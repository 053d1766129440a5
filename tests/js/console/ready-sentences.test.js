import assert from "node:assert/strict";
import test from "node:test";
import { ReadySentences } from "../../../frontend/console/conversation/model/ready-sentences.js";
import { Stage, until } from "../fakes/console-stage.js";
import { says } from "../fakes/page-languages.js";

const HERE = { line: "helpwanted", locale: "nl", formal: false };
const KNOWN = { nickname: "Sam", me: "Carla", line: "Helpwanted" };

/** @param {object} more */
const sentence = (more) => ({
  ...{ sentence: "s", line: "helpwanted", folder: "Tijdens", says: {}, by: "" },
  ...{ made: "2026-11-27T10:00:00Z", ended: null, ...more },
});

/** @param {object[]} sentences @param {Record<string, string[]>} [own] */
function ready(sentences, own = {}) {
  const made = new ReadySentences({
    request: /** @type {any} */ (async () => ({})),
    attempt: async () => {},
    changed: () => {},
  });
  made.learn(/** @type {any} */ ({ sentences, own_sentences: own }));
  return made;
}

/** @param {ReadySentences} made @param {string} draft @param {object} [seat] @param {object} [known] */
const texts = (made, draft, seat = {}, known = {}) =>
  made.offered(draft, { ...HERE, ...seat }, { ...KNOWN, ...known }).map(({ text }) => text);

const THREE = [
  sentence({ says: says("Neem de tijd.", "Take your time.") }),
  sentence({ says: says("Ik vraag het na.", "I ask a colleague.") }),
  sentence({ folder: "Gevaar", says: says("Bel 112.", "Call 112.") }),
];

test("a message that begins with a slash offers the sentences that hold the rest", () => {
  const made = ready(THREE);
  assert.deepEqual(texts(made, "/"), ["Neem de tijd.", "Ik vraag het na.", "Bel 112."]);
  assert.deepEqual(texts(made, "/CALL", { locale: "en" }), ["Call 112."]);
  for (const draft of ["", "en/of", "/a\nb", "//"]) assert.deepEqual(texts(made, draft), []);
});

test("two letters find what begins with them first, by its folder too", () => {
  assert.deepEqual(texts(ready(THREE), "/ge"), ["Bel 112."]);
  assert.deepEqual(
    texts(ready([sentence({ says: says("Wanneer?") }), sentence({ says: says("Neem even tijd.") })]), "/ne"),
    ["Neem even tijd.", "Wanneer?"],
  );
});

test("a line that says u is offered u first, and je behind it", () => {
  const made = ready([sentence({ says: says("Ben je veilig?", "", "Bent u veilig?") })]);
  assert.deepEqual(texts(made, "/"), ["Ben je veilig?", "Bent u veilig?"]);
  assert.deepEqual(texts(made, "/", { formal: true }), ["Bent u veilig?", "Ben je veilig?"]);
  const how = made.offered("/", HERE, KNOWN).map((one) => one.with);
  assert.deepEqual(how, ["informal", "formal"], "two that look alike are told apart");
});

test("what stands between braces is filled in, or said without it", () => {
  const made = ready([sentence({ says: says("Hoi {nickname|}, ik ben {me|van de chat}.") })]);
  assert.deepEqual(texts(made, "/"), ["Hoi Sam, ik ben Carla."]);
  assert.deepEqual(texts(made, "/", {}, { nickname: "", me: "" }), ["Hoi, ik ben van de chat."]);
});

test("another line's sentences are not offered, one's own come first", () => {
  const made = ready(
    [sentence({ says: says("Van ons.") }), sentence({ line: "stopitnow", says: says("Van hen.") })],
    {
      nl: ["Van mij."],
      en: ["Mine."],
    },
  );
  assert.deepEqual(texts(made, "/"), ["Van mij.", "Van ons."]);
});

test("a console learns them at hello and after a change, and keeps one's own at the server", async () => {
  const stage = await Stage.make((made) => {
    made.sentences = [sentence({ says: says("Bel 112.") })];
    made.ownSentences = { nl: ["Van mij."] };
    return made.talk();
  });
  const seat = stage.seat(stage.held[0]);
  await until(() => seat.hindrance === "");
  seat.writing.setDraft("/");
  const shown = () => stage.console?.offered(seat).map(({ text }) => text);
  assert.deepEqual(shown(), ["Van mij.", "Bel 112."]);
  stage.deliver({
    type: "sentences",
    sentences: [sentence({ says: says("Bel nu 112.") })],
    own_sentences: {},
  });
  assert.deepEqual(shown(), ["Bel nu 112."]);
  await stage.console?.sentences.keep("nl", "Een.\n\n Twee. ");
  assert.deepEqual(
    stage.sentOf("ownsentences").map(({ language, texts: kept }) => [language, kept]),
    [["nl", ["Een.", "Twee."]]],
  );
});
