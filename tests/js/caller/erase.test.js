import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Erasing, whenItGoes } from "../../../frontend/caller/leaving/erase.js";
import { use } from "../../../frontend/shared/text.js";
import { page, Server, settle, talking, until } from "../fakes/caller-server.js";

/** @type {import("../../../frontend/shared/protocol.d.ts").StandingHold} */
const HOLD = { reason: "legal", until: "2026-12-06T12:00:00.000Z" };

const GONE = { copies: true, hold: null };

/** Makes the request to erase, as the page does. @param {Pick<Awaited<ReturnType<typeof talking>>, "conversation" | "memory">} of */
function erasure({ conversation, memory }) {
  /** @type {(import("../../../frontend/caller/leaving/erase.js").Erased | undefined)[]} what the page was told */
  const told = [];
  const erasing = new Erasing(conversation, { memory, gone: (erased) => told.push(erased) });
  return { erasing, told };
}

test("what is erased is told as gone once the server has said so", async () => {
  const { erasing, told } = erasure(await talking());
  await erasing.ask();
  assert.deepEqual(told, [GONE]);
});

test("where copies could not be erased yet the page is told", async () => {
  const all = await talking();
  all.server.copies = false;
  const { erasing, told } = erasure(all);
  await erasing.ask();
  assert.deepEqual(told, [{ copies: false, hold: null }]);
});

test("what a hold of the line keeps is told as held", async () => {
  const all = await talking();
  all.server.hold = HOLD;
  const { erasing, told } = erasure(all);
  await erasing.ask();
  assert.deepEqual(told, [{ copies: true, hold: HOLD }]);
});

test("a caller whom nobody has joined yet can erase too", async () => {
  const all = page();
  await until(() => all.conversation.rows.length === 1, "open");
  const { erasing, told } = erasure(all);
  await erasing.ask();
  assert.deepEqual(told, [GONE]);
});

test("when the reply is lost nobody knows until the page is back, and then it is gone", async () => {
  const all = await talking();
  all.server.faults.erase = "reply";
  const { erasing, told } = erasure(all);
  await erasing.ask();
  assert.equal(erasing.state, "lost");
  assert.equal(all.memory.state?.erasing, "sure");
  await all.world.pass(1000);
  await until(() => all.conversation.stopped, "the server knows nothing of it");
  assert.equal(all.conversation.stopped?.error?.code, "not_found");
  erasing.look();
  assert.deepEqual([erasing.state, told], ["lost", []]); // its tab had stored that the request was sent
});

test("when the request is lost the page is told, once it is back, that the conversation is still there", async () => {
  const all = await talking();
  all.server.faults.erase = "request";
  const { erasing, told } = erasure(all);
  await erasing.ask();
  assert.equal(erasing.state, "lost");
  erasing.look();
  assert.equal(erasing.state, "lost", "not before it is back");
  await all.world.pass(1000);
  await until(() => all.conversation.connection === "open", "back");
  erasing.look();
  assert.deepEqual([erasing.state, all.memory.state?.erasing, told], ["failed", "", []]);
  await erasing.ask();
  assert.deepEqual(told, [GONE]);
});

test("a reload while nobody knows still knows what was asked, and tells that it failed", async () => {
  const all = await talking();
  all.server.faults.erase = "request";
  await erasure(all).erasing.ask();
  const again = all.reload();
  const { erasing } = erasure(again);
  assert.equal(erasing.state, "lost");
  await until(() => again.conversation.connection === "open", "back");
  erasing.look();
  assert.equal(erasing.state, "failed");
});

test("without a connection nothing is sent, and nothing is lost", async () => {
  const all = await talking();
  all.server.drop();
  const { erasing, told } = erasure(all);
  await erasing.ask();
  assert.deepEqual([erasing.state, told, all.server.sent("erase")], ["offline", [], []]);
  assert.equal(all.memory.state?.conversation, all.server.conversation);
  assert.ok(!all.memory.state?.erasing);
  await all.world.pass(1000);
  await until(() => all.conversation.connection === "open", "back");
  erasing.look();
  assert.equal(erasing.state, "none");
});

test("a server that cannot erase now leaves the conversation, and the next try erases it", async () => {
  const all = await talking();
  all.server.faults.erase = { code: "try_again" };
  const { erasing, told } = erasure(all);
  await erasing.ask();
  assert.deepEqual([erasing.state, told], ["failed", []]);
  await all.conversation.outbox.add("message", "still here");
  await until(() => all.conversation.outbox.items.length === 0, "stored");
  await erasing.ask();
  assert.deepEqual(told, [GONE]);
});

test("two taps send one request", async () => {
  const all = await talking();
  const { erasing } = erasure(all);
  await Promise.all([erasing.ask(), erasing.ask()]);
  await settle();
  assert.equal(all.server.sent("erase").length, 1);
});

test("a no forgets why an earlier try failed", async () => {
  const all = await talking();
  all.server.faults.erase = { code: "try_again" };
  const { erasing } = erasure(all);
  await erasing.ask();
  erasing.forget();
  assert.equal(erasing.state, "none");
});

test("what went by itself while its end was on the screen is told as gone, not as a failure", async () => {
  const all = await talking();
  const { erasing, told } = erasure(all);
  all.server.append("ended", { reason: "counsellor" });
  await until(() => all.conversation.ended, "ended");
  all.server.drop(4410);
  await erasing.ask();
  assert.deepEqual([told, all.server.sent("erase")], [[undefined], []]);
});

/** Returns what the end card says about how long the conversation is kept. @param {Pick<Awaited<ReturnType<typeof talking>>, "conversation" | "memory">} of @param {{answered?: number}} [line] */
function atTheEnd({ conversation, memory }, line = {}) {
  const { keeps, review, hold } =
    /** @type {import("../../../frontend/caller/coming-back/tab-memory.js").Remembered} */ (memory.state);
  return whenItGoes(conversation, { keeps: keeps && { ...keeps, ...line }, review, hold });
}

/** @param {string} language */
function speak(language) {
  const texts = new URL(`../../../helpline/locale/${language}/caller.json`, import.meta.url);
  use(JSON.parse(readFileSync(texts, "utf8")), language);
}

for (const language of ["nl", "en"])
  test(`the end names one moment, by what was said at the start (${language})`, async () => {
    speak(language);
    const parts = /** @type {const} */ ({ weekday: "long", day: "numeric", month: "long" });
    const day = (/** @type {string} */ iso) => new Intl.DateTimeFormat(language, parts).format(new Date(iso));
    const all = await talking();
    all.server.append("ended", { reason: "caller" });
    await until(() => all.conversation.ended, "ended");
    assert.ok(atTheEnd(all).includes(day("2026-11-26T12:00Z")));
    assert.ok(!atTheEnd(all).includes(day("2026-11-27T01:00Z")), "the latest one stands in the privacy text");
    assert.match(atTheEnd(all), /back-?up/);
    assert.ok(atTheEnd(all, { answered: 90 * 86_400 }).includes(day("2027-02-23T12:00Z")));
    const now = { nl: /^We wissen het nu meteen/, en: /^We are erasing it now/ }[language];
    assert.match(atTheEnd(all, { answered: 0 }), now ?? /never/);
  });

test("the end names a hold that lasts longer, with its reason, also one that comes while it is on the screen", async () => {
  speak("nl");
  const all = await talking();
  all.server.append("ended", { reason: "caller" });
  await until(() => all.conversation.ended, "ended");
  const { erasing } = erasure(all);
  let shown = 0;
  erasing.watch(() => shown++);
  erasing.look();
  assert.match(atTheEnd(all), /donderdag 26 november.* wissen we het/);
  all.server.deliver({ type: "held", reason: "safeguarding", until: "2026-11-26T10:00:00.000Z" });
  await until(() => all.memory.state?.hold, "told");
  assert.match(atTheEnd(all), /wissen we het/, "it ends sooner than the conversation");
  all.server.deliver({ type: "held", ...HOLD });
  await until(() => all.memory.state?.hold?.reason === "legal", "told again");
  erasing.look();
  erasing.look();
  assert.equal(shown, 1);
  const parts = atTheEnd(all).split(". ");
  assert.match(parts[0] ?? "", /^Op donderdag 26 november.* is het weg voor jou en voor wie je hielp$/);
  assert.match(parts[1] ?? "", /houdt het vast tot zondag 6 december.*, omdat de wet dat vraagt$/);
  assert.match(parts[2] ?? "", /^Daarna kan niemand het meer openen/);
});

test("who comes back is told of a hold that came meanwhile", async () => {
  const all = await talking();
  all.server.hold = HOLD;
  const again = all.reload();
  await until(() => again.memory.state?.hold, "told");
  assert.deepEqual(again.memory.state?.hold, HOLD);
});

test("where nobody came it goes an hour after the end, also when the line's review seat was let in", async () => {
  speak("nl");
  const server = new Server();
  const review = await server.person({ role: "review", alias: "Helpwanted" });
  server.review = { member: review.member, key: review.key };
  const all = page(server);
  await until(() => all.conversation.rows.length === 1, "open");
  await server.joins(review);
  await until(() => server.epoch === 1 && all.conversation.rows.at(-1)?.kind === "granted", "let in");
  server.append("ended", { reason: "caller" });
  await until(() => all.conversation.ended, "ended");
  const at = new Intl.DateTimeFormat("nl", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  assert.ok(atTheEnd(all).includes(at.format(new Date("2026-11-25T13:00:00Z"))));
});

test("only on a line that can hold does the page speak of holding", async () => {
  speak("nl");
  const all = await talking();
  all.server.append("ended", { reason: "caller" });
  await until(() => all.conversation.ended, "ended");
  assert.doesNotMatch(atTheEnd(all), /vasthouden/);
  if (all.memory.state) all.memory.state.review = "a key";
  assert.match(
    atTheEnd(all),
    /vasthouden. Dat is om iemand te beschermen, of omdat de wet dat vraagt. Dat duurt nooit langer dan 90 dagen/,
  );
});
