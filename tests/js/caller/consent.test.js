import assert from "node:assert/strict";
import test from "node:test";
import { openQuestion } from "../../../frontend/caller/conversation/question-cards.js";
import { settle, talking, until, whatIsKept } from "../fakes/caller-server.js";
import {
  agree,
  asked,
  CSG,
  daanComes,
  gijsComes,
  historyOf,
  invited,
  question,
  summary,
  writes,
} from "../fakes/handoff.js";

test("a yes is kept, with the service and the history on the card, before its frame is sent", async () => {
  const all = await asked();
  let kept = "";
  all.server.answers.consent = () => {
    kept = all.storage.text;
    return {};
  };
  await agree(all, true);
  assert.deepEqual((await whatIsKept(kept, all.server.shelf)).yes, {
    i1: { service: "csg", history: true, guest: false },
  });
  const [{ ref, ...sent }] = all.server.sent("consent");
  assert.deepEqual(sent, { type: "consent", invitation: "i1", yes: true, history: true });
});

test("a no keeps nothing, and lets nobody in", async () => {
  const all = await asked();
  await all.conversation.consent("i1", null);
  const [{ ref, ...sent }] = all.server.sent("consent");
  assert.deepEqual(sent, { type: "consent", invitation: "i1", yes: false, history: false });
  assert.deepEqual(all.memory.state?.yes, {});
  await all.server.joins({ role: "partner", service: "csg", invitation: "i1" });
  await until(() => all.conversation.turnedAway.length === 1, "turned away");
});

test("a no takes back a yes that never arrived", async () => {
  const all = await asked();
  all.server.faults.consent = "request";
  await assert.rejects(all.conversation.consent("i1", { service: "csg", history: true, guest: false }));
  assert.deepEqual(Object.keys(all.memory.state?.yes ?? {}), ["i1"]);
  await all.world.pass(1000);
  await until(() => question(all) !== null, "the card is still there");
  await all.conversation.consent("i1", null);
  assert.deepEqual(all.memory.state?.yes, {});
});

test("a yes that comes too late is refused with the invitation's state, and ends with its invitation", async () => {
  const all = await asked();
  all.server.faults.consent = { code: "conflict", state: "withdrawn" };
  const answer = all.conversation.consent("i1", { service: "csg", history: true, guest: false });
  await assert.rejects(answer, (/** @type {any} */ error) => error.frame.state === "withdrawn");
  for (const state of ["refused", "declined", "expired", "withdrawn"]) {
    all.memory.consent("i1", { service: "csg", history: true, guest: false });
    invited(all.server, all.carla, state);
    await until(() => all.conversation.rows.at(-1)?.state === state, state);
    assert.deepEqual(all.memory.state?.yes, {}, state);
  }
  await all.server.joins({ role: "partner", service: "csg", invitation: "i1" });
  await until(() => all.conversation.turnedAway.length === 1, "turned away");
});

test("without a connection a yes is neither kept nor sent, and the card stays", async () => {
  const all = await asked();
  all.server.drop();
  await assert.rejects(all.conversation.consent("i1", { service: "csg", history: true, guest: false }));
  assert.deepEqual(all.memory.state?.yes, {});
  await all.world.pass(1000);
  await until(() => question(all)?.id === "i1", "the card");
  assert.equal(all.server.sent("consent").length, 0);
});

test("the card names who asks and for which service, and holds the inviter's summary", async () => {
  const all = await talking();
  const { server, carla } = all;
  const id = await summary(server, carla, "pictures were passed on");
  invited(server, carla, "asked", { brief: id });
  await until(() => question(all) !== null, "the card");
  assert.deepEqual(question(all), {
    ...{ kind: "consent", id: "i1", service: "csg", name: CSG.name, alias: "Carla", back: false },
    ...{ guest: false, review: false },
    brief: "pictures were passed on",
  });
});

test("what is not the inviter's own summary is not shown on the card as one", async () => {
  const all = await talking();
  const message = await all.server.says(all.carla, "just a message");
  invited(all.server, all.carla, "asked", { brief: message.id });
  await until(() => question(all) !== null, "the card");
  assert.equal(/** @type {any} */ (question(all)).brief, "caller.unverified");
});

test("a summary that somebody else wrote is not shown as the inviter's", async () => {
  const all = await talking();
  const daan = await daanComes(all, { alias: "Daan" });
  const id = await summary(all.server, daan, "not Carla's words");
  invited(all.server, all.carla, "asked", { brief: id });
  await until(() => question(all) !== null, "the card");
  assert.equal(/** @type {any} */ (question(all)).brief, "caller.unverified");
});

test("a reload while the card is open shows it again, and after the answer no more", async () => {
  const first = await asked();
  const second = { ...first, ...first.reload() };
  await until(() => question(second)?.id === "i1", "the card");
  await agree(second, false);
  await until(() => second.conversation.rows.at(-1)?.state === "ringing", "it rings");
  assert.equal(openQuestion(second.conversation), null);
  const third = { ...second, ...second.reload() };
  await until(() => third.conversation.settled, "the log is complete");
  assert.equal(openQuestion(third.conversation), null);
});

test("an invitation of a colleague or a transfer asks the caller nothing", async () => {
  const all = await talking();
  for (const how of ["consult", "transfer"]) invited(all.server, all.carla, "asked", { how });
  await until(() => all.conversation.rows.at(-1)?.how === "transfer", "both came");
  assert.equal(openQuestion(all.conversation), null);
});

test("a partner whom the caller said 'from now on' to is given no earlier epoch, also over a reload", async () => {
  const first = await asked();
  await writes(first, "before");
  await agree(first, false);
  const second = { ...first, ...first.reload() };
  await until(() => second.conversation.settled, "the log is complete");
  const gijs = await gijsComes(second);
  assert.deepEqual(historyOf(second.server, gijs), []);
  await assert.rejects(second.server.secretOf(gijs, 1), /not granted/);
  await writes(second, "after");
  assert.ok(await second.server.secretOf(gijs, second.server.epoch));
});

test("a partner whom the caller said 'everything' to is given every earlier epoch", async () => {
  const all = await asked();
  await writes(all, "before");
  await agree(all, true);
  const gijs = await gijsComes(all);
  await writes(all, "after");
  assert.deepEqual(historyOf(all.server, gijs), [0, 1]);
  assert.deepEqual(await all.server.reads(gijs), ["before", "after"]);
});

test("a partner of another service than on the card is turned away on the page", async () => {
  const all = await asked();
  await agree(all, true);
  await all.server.joins({ role: "partner", alias: "Eve", service: "113", invitation: "i1" });
  await until(() => all.conversation.turnedAway.length === 1, "turned away");
  await settle();
  assert.equal(all.server.epoch, 1);
});

test("a second partner on one yes is turned away, also over a reload and after the first one left", async () => {
  const first = await asked();
  await agree(first, true);
  const gijs = await gijsComes(first);
  first.server.leaves(gijs, "lost");
  await until(() => first.server.epoch === 3, "without Gijs");
  const second = { ...first, ...first.reload() };
  await until(() => second.conversation.settled, "the log is complete");
  await second.server.joins({ role: "partner", alias: "Eve", service: "csg", invitation: "i1" });
  await until(() => second.conversation.turnedAway.length === 1, "turned away");
  await settle();
  assert.equal(second.server.epoch, 3);
});

test("the card of a guest says so, and that the line may read on while its review seat is there", async () => {
  const all = await talking();
  const { server, carla } = all;
  const shown = () => /** @type {any} */ (question(all));
  const guest = { to: { name: "Veilig Thuis", service: "veilig-thuis", guest: true } };
  invited(server, carla, "asked", guest);
  await until(() => question(all) !== null, "the card");
  assert.deepEqual([shown().guest, shown().review], [true, false]);
  const review = await server.person({ role: "review", alias: "Helpwanted" });
  if (all.memory.state) all.memory.state.review = review.key;
  await server.joins(review);
  await until(() => shown()?.review === true, "the line's review seat");
  server.leaves(review);
  await until(() => shown()?.review === false, "it has left");
});

test("a yes to a guest is kept as one, so that nobody else comes in by it", async () => {
  const all = await asked();
  await all.conversation.consent("i1", { service: "csg", history: false, guest: true });
  assert.equal(all.memory.state?.yes.i1?.guest, true);
});
