import assert from "node:assert/strict";
import test from "node:test";
import { openQuestion } from "../../../frontend/caller/conversation/question-cards.js";
import { losesSecrets, page, Server, settle, until, untilLater } from "../fakes/caller-server.js";
import {
  agree,
  aloneWithGijs,
  asked,
  CSG,
  daanComes,
  gijsComes,
  historyOf,
  invited,
  question,
  writes,
} from "../fakes/handoff.js";

test("what was said to a partner alone is withheld from the next counsellor, who gets all else", async () => {
  const all = await aloneWithGijs();
  const daan = await daanComes(all);
  assert.deepEqual(historyOf(all.server, daan), [0, 1, 2, 4]);
  await assert.rejects(all.server.secretOf(daan, 3), /not granted/);
  assert.deepEqual(openQuestion(all.conversation), {
    kind: "share",
    id: daan.member,
    name: CSG.name,
    alias: "Daan",
  });
});

test("after the caller's yes the counsellor gets it with the next grant, and is asked about no more", async () => {
  const all = await aloneWithGijs();
  const daan = await daanComes(all);
  all.conversation.share(daan.member, true);
  await until(() => historyOf(all.server, daan).includes(3), "given");
  assert.deepEqual(await all.server.reads(daan), ["to Carla", "to Gijs alone"]);
  assert.equal(openQuestion(all.conversation), null);
  await settle();
  assert.equal(all.server.sent("grant").length, 6, "one grant for it");
});

test("after the caller's no it stays withheld, and a reload does not ask again", async () => {
  const first = await aloneWithGijs();
  const daan = await daanComes(first);
  await first.conversation.share(daan.member, false);
  const second = { ...first, ...first.reload() };
  await until(() => second.conversation.settled, "the log is complete");
  assert.equal(openQuestion(second.conversation), null);
  await second.server.joins({ alias: "Farid", role: "colleague" });
  await until(() => second.conversation.company.length === 2, "Farid is let in");
  await assert.rejects(second.server.secretOf(daan, 3), /not granted/);
});

test("a yes about one counsellor is none about a colleague, who is asked about apart", async () => {
  const all = await aloneWithGijs();
  const daan = await daanComes(all);
  all.conversation.share(daan.member, true);
  await until(() => historyOf(all.server, daan).includes(3), "given");
  const farid = await all.server.joins({ alias: "Farid", role: "colleague" });
  await until(() => all.conversation.company.length === 2, "Farid is let in");
  assert.deepEqual(historyOf(all.server, farid), [0, 1, 2, 4, 5, 6]);
  assert.equal(openQuestion(all.conversation)?.id, farid.member);
});

for (const lost of /** @type {const} */ (["request", "reply"]))
  test(`a yes said while a grant is under way is not forgotten when its ${lost} is lost and the page reloads`, async () => {
    const first = await aloneWithGijs();
    const daan = await daanComes(first);
    first.server.faults.grant = lost;
    await first.server.joins({ alias: "Farid", role: "colleague" });
    await until(() => first.conversation.connection === "waiting", "the line is down");
    await first.conversation.share(daan.member, true);
    const second = { ...first, ...first.reload() };
    await untilLater(second.world, () => historyOf(second.server, daan).includes(3), "given");
    assert.ok(await second.server.secretOf(daan, 3));
  });

test("nothing is asked about a partner who may not read it, nor about the one who was there", async () => {
  const all = await asked();
  await agree(all, false);
  const gijs = await gijsComes(all);
  all.server.leaves(all.carla, "handed_off");
  await until(() => all.server.epoch === 3, "without Carla");
  await writes(all, "to Gijs alone");
  assert.equal(openQuestion(all.conversation), null);
  invited(all.server, gijs, "asked", { invitation: "i2" });
  await until(() => question(all)?.id === "i2", "the card");
  await agree(all, false, "i2");
  const hanna = await gijsComes(all, { alias: "Hanna", invitation: "i2" });
  assert.equal(openQuestion(all.conversation), null);
  assert.deepEqual(historyOf(all.server, hanna), []);
});

test("nothing is asked any more about a counsellor who has left", async () => {
  const all = await aloneWithGijs();
  const daan = await daanComes(all);
  await until(() => question(all) !== null, "the card");
  all.server.answers.grant = () => ({ type: "error", code: "try_again", detail: "" });
  all.server.leaves(daan);
  await until(() => all.conversation.rows.at(-1)?.kind === "left", "he left");
  assert.equal(openQuestion(all.conversation), null);
});

test("nothing is asked about what this page can no longer give", async () => {
  const first = await aloneWithGijs();
  await daanComes(first);
  await settle(); // one grant may have answered several changes, or each had its own
  const before = first.server.epoch;
  await losesSecrets(first);
  const second = { ...first, ...first.reload() };
  await until(() => first.server.epoch > before && second.conversation.settled, "granted anew");
  assert.equal(openQuestion(second.conversation), null);
});

test("nothing is asked about a time with a partner in which nobody wrote", async () => {
  const all = await asked();
  await agree(all, false);
  const gijs = await gijsComes(all);
  all.server.leaves(all.carla, "handed_off");
  await until(() => all.server.epoch === 3, "without Carla");
  all.server.leaves(gijs, "lost");
  const daan = await all.server.joins({ alias: "Daan" });
  // A grant that was under way may be refused, and is tried again after a pause.
  await untilLater(all.world, () => all.conversation.company.some(({ alias }) => alias === "Daan"), "let in");
  assert.ok(!historyOf(all.server, daan).includes(3));
  assert.equal(openQuestion(all.conversation), null);
});

test("a counsellor on the way back gets what was said to the partner alone exactly as the card had it", async () => {
  for (const history of [true, false]) {
    const all = await asked();
    await agree(all, false);
    const gijs = await gijsComes(all);
    all.server.leaves(all.carla, "handed_off");
    await until(() => all.server.epoch === 3, "without Carla");
    await writes(all, "to Gijs alone");
    const back = { invitation: "i2", to: { name: "Helpwanted", service: "helpwanted", guest: false } };
    invited(all.server, gijs, "asked", back);
    await until(() => question(all)?.id === "i2", "the card");
    assert.equal(/** @type {any} */ (question(all)).back, true);
    await all.conversation.consent("i2", { service: "helpwanted", history, guest: false });
    invited(all.server, gijs, "ringing", { ...back, history });
    const daan = await daanComes(all, { invitation: "i2" });
    assert.equal(historyOf(all.server, daan).includes(3), history);
    assert.equal(openQuestion(all.conversation), null, "the card asked it already");
  }
});

test("the line's review seat is never given what was said to a partner alone", async () => {
  const server = new Server();
  const review = await server.person({ role: "review", alias: "Helpwanted" });
  server.review = review;
  const all = { ...page(server), carla: review };
  await until(() => all.conversation.rows.length === 1, "open");
  await server.joins(review);
  await until(() => server.epoch === 1, "review is let in");
  all.carla = await daanComes(all, { alias: "Carla" });
  invited(server, all.carla, "asked");
  await until(() => question(all) !== null, "the card");
  await agree(all, false);
  const gijs = await gijsComes(all);
  server.leaves(all.carla, "handed_off");
  server.leaves(review);
  await untilLater(all.world, () => server.grants.at(-1)?.wraps.length === 1, "Gijs alone");
  const alone = server.epoch;
  await writes(all, "to Gijs alone");
  server.leaves(gijs, "lost");
  await until(() => server.grants.at(-1)?.wraps.length === 0, "nobody");
  const daan = await daanComes(all);
  all.conversation.share(daan.member, true);
  await until(() => historyOf(server, daan).includes(alone), "given to Daan");
  const again = await server.joins({ ...review, member: "AAAAAAAAAAA" });
  await untilLater(all.world, () => server.grants.at(-1)?.wraps.length === 2, "review is let in again");
  assert.ok(historyOf(server, again).includes(0));
  assert.ok(!historyOf(server, again).includes(alone));
  assert.equal(openQuestion(all.conversation), null, "nor is anything asked about it");
});

test("the review seat that stays beside a guest is nobody of the line: what was said then is withheld from the next counsellor", async () => {
  const all = await asked();
  const { server, conversation, memory, carla } = all;
  const review = await server.person({ role: "review", alias: "Helpwanted" });
  if (memory.state) memory.state.review = review.key;
  await server.joins(review);
  await until(() => server.epoch === 2 && conversation.settled, "the review seat is let in");
  await agree(all, false);
  const guest = await gijsComes(all, { alias: "Centrum Seksueel Geweld" });
  server.leaves(carla, "handed_off");
  await until(() => conversation.company.length === 1, "without Carla");
  await writes(all, "to the guest alone");
  const alone = server.epoch;
  assert.ok(await server.secretOf(review, alone), "the line may read it afterwards");
  server.leaves(guest, "lost");
  server.append("requeued");
  await until(() => server.epoch > alone, "without the guest");
  const daan = await daanComes(all);
  assert.ok(!historyOf(server, daan).includes(alone));
  assert.equal(openQuestion(conversation)?.id, daan.member);
});
