// Asks the server whether a page has been signed out: a refused handshake gives no reason.
import assert from "node:assert/strict";
import test from "node:test";
import { signedOut } from "../../../frontend/staff/page.js";

test("a page that everybody may see asks at one that only who is signed in sees", async () => {
  /** @type {string[]} */
  const asked = [];
  // The page by which a newcomer joins is shown to everybody; any other redirects to the page to sign in.
  const fetch = async (/** @type {string} */ path) => {
    asked.push(path);
    return { type: path === "/join/" ? "basic" : "opaqueredirect" };
  };
  Object.assign(globalThis, { fetch, location: { pathname: "/join/" } });
  assert.equal(await signedOut(), false);
  assert.equal(await signedOut("/account/"), true);
  assert.deepEqual(asked, ["/join/", "/account/"]);
});
