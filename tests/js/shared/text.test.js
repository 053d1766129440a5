import assert from "node:assert/strict";
import test from "node:test";
import { composes } from "../../../frontend/shared/text.js";

/** @param {Partial<KeyboardEvent>} key */
const pressed = (key) => composes(/** @type {KeyboardEvent} */ ({ isComposing: false, keyCode: 13, ...key }));

test("Enter that chooses a word of an input method is no Enter, also in Safari, whose composition ends first", () => {
  assert.equal(pressed({}), false);
  assert.equal(pressed({ isComposing: true }), true);
  assert.equal(pressed({ keyCode: 229 }), true);
});
