import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { formOf, furnishNotice, letter } from "../../../frontend/caller/start/notice.js";
import { use } from "../../../frontend/shared/text.js";
import { FakeElement, fakePage } from "../fakes/browser.js";

const texts = (/** @type {string} */ language) =>
  JSON.parse(
    readFileSync(
      new URL(`../../../helpline/locale/${language}/lines/young-victims.json`, import.meta.url),
      "utf8",
    ),
  );
const of = /** @type {const} */ ({ platform: "Snapchat", where: "https://example.org/x" });

for (const language of ["nl", "en"])
  test(`a request says where, why and in good faith, in ${language}; for a child without a name`, () => {
    use(texts(language), language);
    for (const what of /** @type {const} */ (["child", "adult", "fake", "threat", "account"])) {
      const text = letter({ ...of, what });
      const said = texts(language);
      for (const part of [
        "Snapchat",
        of.where,
        said[`caller.notice.letter.why.${what}`],
        said["caller.notice.letter.faith"],
      ])
        assert.ok(text.includes(part), part);
      const nameless = text.includes(said["caller.notice.letter.nameless"]);
      assert.equal(nameless, what === "child");
      assert.ok(!text.includes("caller."), "every sentence is there");
    }
  });

test("an app's own form is known in whichever letters its name was written, and no other site's", () => {
  assert.equal(new URL(formOf("snapchat")).host, "help.snapchat.com");
  assert.equal(formOf("Instagram"), formOf("INSTAGRAM"));
  for (const unknown of ["Discord", "mijnsite.example", ""]) assert.equal(formOf(unknown), "");
});

test("the text is shown once all is known that it says, and not before", () => {
  fakePage();
  const place = new FakeElement("div");
  furnishNotice(/** @type {any} */ (place));
  const [made, make, wrong] = [...place.children].reverse();
  make.onclick();
  assert.deepEqual([made.hidden, wrong.hidden], [true, false]);
  const [platform, child] = place.all("input");
  const [where] = place.all("textarea");
  platform.value = "Snapchat";
  where.value = of.where;
  Object.assign(child, { checked: true, value: "child" });
  make.onclick();
  assert.deepEqual([made.hidden, wrong.hidden], [false, true]);
});
