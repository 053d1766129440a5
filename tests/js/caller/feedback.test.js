import assert from "node:assert/strict";
import test from "node:test";
import { feedbackBox } from "../../../frontend/caller/leaving/feedback.js";
import { fakePage } from "../fakes/browser.js";

/** Makes a card. Returns its first question's buttons, the reply to the caller, and what is sent. @param {() => Promise<any>} answer */
function asked(answer) {
  fakePage();
  /** @type {any[]} */
  const sent = [];
  const send = /** @type {any} */ (
    (/** @type {any[]} */ ...what) => {
      sent.push(what);
      return answer();
    }
  );
  const box = /** @type {any} */ (feedbackBox({ ticket: "once" }, "", send));
  const said = () => box.all("p")[0].textContent || box.all("p")[0].children.join("");
  return { buttons: box.all("button").slice(0, 3), said, sent };
}

test("the answer that was tapped is the pressed one, and goes with the ticket and without a cookie", async () => {
  const { buttons, said, sent } = asked(async () => ({ ok: true, status: 204 }));
  await buttons[1].does.click();
  assert.deepEqual(
    buttons.map((/** @type {any} */ { told }) => told["aria-pressed"]),
    [undefined, "true", undefined],
  );
  assert.ok(buttons.every((/** @type {any} */ { disabled }) => disabled));
  assert.deepEqual(JSON.parse(sent[0][1].body), { ticket: "once", heard: "some" });
  assert.equal(sent[0][1].credentials, "omit");
  assert.equal(said(), "caller.feedback.thanks");
});

test("an answer that the server refuses is not thanked for, not asked for again and not the pressed one", async () => {
  const { buttons, said } = asked(async () => ({ ok: false, status: 403 }));
  await buttons[0].does.click();
  assert.equal(said(), "caller.feedback.refused");
  assert.ok(buttons.every((/** @type {any} */ { disabled }) => disabled));
  assert.equal(buttons[0].told["aria-pressed"], "false");
});

for (const [what, answer] of /** @type {const} */ ([
  ["a connection that is away", () => Promise.reject(new TypeError())],
  ["a server that is away", async () => ({ ok: false, status: 503 })],
]))
  test(`${what} leaves the question open`, async () => {
    const { buttons, said } = asked(answer);
    await buttons[2].does.click();
    assert.equal(said(), "caller.feedback.lost");
    assert.ok(buttons.every((/** @type {any} */ { disabled }) => !disabled));
  });

test("only who comes back after a referral is asked whether it worked, with a yes or a no", async () => {
  const { buttons } = asked(async () => ({ ok: true, status: 204 }));
  assert.equal(buttons.length, 3);
  /** @type {any[]} */
  const sent = [];
  const send = /** @type {any} */ (
    async (/** @type {any[]} */ ...what) => {
      sent.push(what);
      return { ok: true, status: 204 };
    }
  );
  const plain = /** @type {any} */ (feedbackBox({ ticket: "once" }, "", send));
  assert.equal(plain.all("button").length, 6);
  const box = /** @type {any} */ (feedbackBox({ ticket: "once" }, "CSG", send));
  const all = box.all("button");
  assert.equal(all.length, 8);
  await all[7].does.click();
  assert.deepEqual(JSON.parse(sent[0][1].body), { ticket: "once", reached: "no" });
});
