import assert from "node:assert/strict";
import test from "node:test";
import { Outbox } from "../../../frontend/caller/conversation/outbox.js";
import * as sealing from "../../../frontend/shared/sealing.js";
import { ErrorReply } from "../../../frontend/shared/socket.js";
import { until } from "../fakes/browser.js";

const id = () => sealing.toBase64url(crypto.getRandomValues(new Uint8Array(16)));
const conversation = id();
const sender = sealing.toBase64url(crypto.getRandomValues(new Uint8Array(8)));
const secrets = new Map([0, 1].map((epoch) => [epoch, sealing.freshSecret()]));

/** Returns the place in which a text is sealed in this epoch. @param {number} epoch */
const at = (epoch) => ({ conversation, epoch, sender, secret: /** @type {any} */ (secrets.get(epoch)) });

test("a text that was held back because somebody left meanwhile goes out sealed for who is there then", async () => {
  let [open, saves] = [true, 0];
  /** @type {{epoch: number, box: string}[]} */
  const posted = [];
  const grants = /** @type {any} */ ({ counts: true, current: 0, place: at(0), secrets });
  const memory = /** @type {any} */ ({
    state: { conversation, member: sender, unsent: [] },
    save: async () => {
      if (++saves === 2) open = false; // they leave while the tab stores what is about to be sent
    },
  });
  const outbox = new Outbox(memory, grants, {
    post: async (item) => posted.push(item),
    open: () => open,
    isLetter: () => false,
    changed: () => {},
    grant: () => {},
    after: (_, act) => act(),
  });
  await outbox.restore();
  saves = 0;
  await outbox.add("message", "hallo");
  await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual([open, posted.length], [false, 0], "nothing was sent");
  Object.assign(grants, { current: 1, place: at(1) });
  open = true;
  await outbox.send();
  assert.deepEqual(
    posted.map(({ epoch }) => epoch),
    [1],
  );
  assert.equal((await sealing.openOwn(posted[0].box, at(1))).text, "hallo");
  assert.deepEqual(outbox.items, []);
});

test("what is too much for a letter goes, as the same bytes, once it is answered, and holds nothing else up", async () => {
  /** @type {string[]} */
  const posted = [];
  let full = true;
  const grants = /** @type {any} */ ({ counts: true, current: 0, place: at(0), secrets });
  const memory = /** @type {any} */ ({
    state: { conversation, member: sender, unsent: [] },
    save: async () => {},
  });
  const outbox = new Outbox(memory, grants, {
    post: async ({ box }) => {
      posted.push(box);
      if (full) throw new ErrorReply(/** @type {any} */ ({ type: "error", code: "conflict", detail: "" }));
    },
    open: () => true,
    isLetter: () => true,
    changed: () => {},
    grant: () => {},
    after: (_, act) => act(),
  });
  await outbox.restore();
  await outbox.add("message", "an eleventh");
  await until(() => outbox.items[0].state === "later");
  full = false;
  await outbox.add("message", "a line that fits");
  await until(() => posted.length === 2 && outbox.items.length === 1);
  assert.deepEqual([outbox.items[0].content, outbox.items[0].state], ["an eleventh", "later"]);
  outbox.holdsMore();
  await until(() => outbox.items.length === 0);
  assert.equal(posted[2], posted[0]);
});
