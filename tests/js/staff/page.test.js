// Asks the server whether a page has been signed out: a refused handshake gives no reason.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { signedOut } from "../../../frontend/staff/page.js";

/** Redirects to the page to sign in: everything but the page that a newcomer joins by, which everybody may see. */
const asked = /** @type {string[]} */ ([]);
globalThis.fetch = /** @type {any} */ (
  async (/** @type {string} */ path) => {
    asked.push(path);
    return { type: path === "/join/" ? "basic" : "opaqueredirect" };
  }
);

afterEach(() => {
  asked.length = 0;
});

test("a page that everybody may see asks at one that only who is signed in sees", async () => {
  Object.assign(globalThis, { location: { pathname: "/join/" } });
  assert.equal(await signedOut(), false, "the page that a newcomer joins by is shown to everybody");
  assert.equal(await signedOut("/account/"), true);
  assert.deepEqual(asked, ["/join/", "/account/"]);
});
