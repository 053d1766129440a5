import assert from "node:assert/strict";
import test from "node:test";
import { feedbackBox } from "../../../frontend/caller/feedback.js";
import { fakePage } from "../fakes/browser.js";

test("the answer that was tapped is the pressed one, and goes without a cookie", () => {
  fakePage();
  /** @type {any[]} */
  const sent = [];
  const box = /** @type {any} */ (
    feedbackBox("helpwanted", async (...asked) => /** @type {any} */ (sent.push(asked)))
  );
  const [yes, some, no] = box.all("button");
  some.does.click();
  assert.deepEqual(
    [yes, some, no].map(({ told }) => told["aria-pressed"]),
    [undefined, "true", undefined],
  );
  assert.ok([yes, some, no].every(({ disabled }) => disabled));
  assert.deepEqual(JSON.parse(sent[0][1].body), { line: "helpwanted", heard: "some" });
  assert.equal(sent[0][1].credentials, "omit");
});
