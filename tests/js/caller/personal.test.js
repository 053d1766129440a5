// Before a text is sent, the page finds what could identify the caller, and does not ask about anything else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { personalIn, SecondThought } from "../../../frontend/caller/conversation/personal.js";
import { use } from "../../../frontend/shared/text.js";

/** @param {string} language @returns {Record<string, string>} */
const catalogue = (language) =>
  JSON.parse(
    readFileSync(new URL(`../../../helpline/locale/${language}/caller.json`, import.meta.url), "utf8"),
  );
/** @param {string} language */
const wordsOf = (language) => {
  const texts = catalogue(language);
  const [streets, not_streets, schools, called] = ["streets", "not_streets", "schools", "called"].map(
    (key) => texts[`caller.personal.words.${key}`],
  );
  return { streets, not_streets, schools, called };
};

/** @type {[string, string, string][]} */
const ASKED = [
  ["nl", "mijn nummer is 06 12345678", "phone"],
  ["nl", "bel me op +31 6 1234 5678", "phone"],
  ["nl", "0031612345678", "phone"],
  ["nl", "thuis is het 020-1234567", "phone"],
  ["en", "call me on +44 7911 123456", "phone"],
  ["nl", "hij wil het op NL91 ABNA 0417 1643 00", "account"],
  ["en", "it is GB82WEST12345698765432", "account"],
  ["nl", "ik woon op de Kerkstraat 12", "address"],
  ["nl", "postcode 1234 AB", "address"],
  ["nl", "2011GH in haarlem", "address"],
  ["en", "I live at 10 Downing Street", "address"],
  ["nl", "ik heet Anna de Vries en zit op het Vossius gymnasium", "name"],
  ["en", "my name is Anna Smith and my school is nearby", "name"],
];
for (const [language, text, kind] of ASKED)
  test(`asked once: ${text}`, () => assert.equal(personalIn(text, wordsOf(language)), kind));

/** @type {[string, string][]} */
const NOT_ASKED = [
  ["nl", "ik heb 0800-0113 gebeld en 112"],
  ["nl", "0800 0113 en 0900 0113 en 088 1234567"],
  ["nl", "ze zeiden bel 113 of 116 000"],
  ["nl", "hij wil € 1.500,00 of 250 euro"],
  ["nl", "ik betaalde 0612345678 euro, grapje"],
  ["nl", "het was op 06-12-2026 om 12:30 uur"],
  ["nl", "op 2026-11-30 12.45 en op 30/11/26 weer"],
  ["nl", "sinds 2026 IK weet het niet meer"],
  ["nl", "ik ben 14 en zit op school"],
  ["nl", "ik ben Bang en zit op school"],
  ["nl", "ik heet Anna"],
  ["nl", "hij zegt dat hij Jan Jansen heet"],
  ["nl", "mijn IBAN geef ik niet, NL00 ABNA 0000 0000 00"],
  ["nl", "hij loopt op straat 3 keer langs"],
  ["nl", "onderweg 2 keer gebeld"],
  ["en", "it costs $ 1500 and I am 15"],
  ["en", "my school called me"],
  ["en", "I am Very Tired"],
];
for (const [language, text] of NOT_ASKED)
  test(`not asked: ${text}`, () => assert.equal(personalIn(text, wordsOf(language)), ""));

test("the numbers that stand on the page are nobody's own", () => {
  assert.equal(personalIn("ik belde 020-2615275", wordsOf("nl")), "phone");
  assert.equal(personalIn("ik belde 020-2615275", wordsOf("nl"), new Set(["0202615275"])), "");
});

test("each text is asked about once, and never twice in a row", () => {
  use(catalogue("nl"), "nl");
  Object.assign(globalThis, {
    document: { documentElement: { lang: "nl" }, querySelectorAll: () => [] },
  });
  const thought = new SecondThought();
  assert.equal(thought.about("0612345678"), "phone");
  assert.equal(thought.about("0612345678"), "", "it goes");
  assert.equal(thought.about("of 0687654321"), "phone", "another text");
  assert.equal(thought.about("hallo"), "");
});
