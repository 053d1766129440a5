import assert from "node:assert/strict";
import test from "node:test";
import { coming, use } from "../../../frontend/shared/text.js";

const at = (/** @type {number} */ days, /** @type {number} */ hour) => {
  const when = new Date();
  when.setDate(when.getDate() + days);
  when.setHours(hour, 30, 0, 0);
  return when.toISOString();
};

test("today and tomorrow are called so, and any other day by its date", () => {
  use({ opens: "on {when}", "opens.today": "today at {time}", "opens.tomorrow": "tomorrow at {time}" }, "en");
  assert.equal(coming("opens", at(0, 23)), "today at 23:30");
  assert.equal(coming("opens", at(1, 0)), "tomorrow at 00:30");
  assert.match(coming("opens", at(2, 9)), /^on .*09:30$/);
  assert.match(coming("opens", at(-1, 9)), /^on /);
});
