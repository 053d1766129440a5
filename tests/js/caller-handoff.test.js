import assert from "node:assert/strict";
import test from "node:test";
import { openQuestion } from "../../frontend/caller/cards.js";
import * as sealing from "../../frontend/shared/sealing.js";
import { page, Server, settle, shown, talking, until, untilLater } from "./caller-server.js";

/** @typedef {import("./caller-server.js").Person} Person */
/** @typedef {Awaited<ReturnType<typeof talking>>} Playing */

const CSG = { name: "Centrum Seksueel Geweld", service: "csg" };

/** @param {Server} server @param {Person} by @param {string} state @param {Record<string, unknown>} [what] */
const invited = (server, by, state, what = {}) =>
  server.append("invited", {
    ...{ by: by.member, invitation: "i1", how: "handoff", to: CSG, brief: null, history: null, state },
    ...what,
  });

/** Carla asks for CSG, and the card is there. */
async function asked() {
  const all = await talking();
  invited(all.server, all.carla, "asked");
  await until(() => question(all) !== null, "the card");
  return all;
}

/** @param {Pick<Playing, "talk">} playing */
const question = ({ talk }) => (talk.settled ? openQuestion(talk) : null);

/** @param {Playing} playing @param {boolean} history */
async function agree({ server, talk, carla }, history, invitation = "i1") {
  await talk.consent(invitation, { service: "csg", history });
  invited(server, carla, "ringing", { invitation, history });
}

/** Gijs of CSG sits down, and is let in. @param {Playing} playing @param {Partial<Person>} [what] */
async function gijsComes({ server, talk }, what = {}) {
  const partner = { role: /** @type {const} */ ("partner"), alias: "Gijs", service: "csg", invitation: "i1" };
  const gijs = await server.joins({ ...partner, ...what });
  await until(() => talk.company.some(({ member }) => member === gijs.member), "Gijs is let in");
  return gijs;
}

/** @param {Server} server @param {Person} person @returns {number[]} the earlier epochs that it was given */
const historyOf = ({ grants }, { member }) =>
  grants
    .flatMap(({ history }) => history.filter((one) => one.member === member).map(({ epoch }) => epoch))
    .sort();

/** @param {Playing} playing @param {string} text */
async function writes({ talk }, text) {
  await talk.outbox.add("message", text);
  await until(() => shown(talk).includes(text), `${text} is stored`);
}

/** @param {Server} server @param {Person} person @param {string} text @returns {Promise<string>} its id */
async function summary(server, person, text) {
  const { conversation, epoch } = server;
  const where = { conversation, epoch, sender: person.member, secret: await server.secretOf(person, epoch) };
  const { id, box } = await sealing.seal("brief", text, where);
  server.append("message", { by: person.member, id, epoch, box });
  return id;
}

/** Carla hands over to Gijs, to whom the caller writes alone; then he is lost. */
async function aloneWithGijs() {
  const all = await asked();
  await writes(all, "to Carla");
  await agree(all, false);
  const gijs = await gijsComes(all);
  all.server.leaves(all.carla, "handed_off");
  await until(() => all.server.epoch === 3, "without Carla");
  await writes(all, "to Gijs alone");
  all.server.leaves(gijs, "lost");
  all.server.append("requeued");
  await until(() => all.server.epoch === 4, "without Gijs");
  return { ...all, gijs };
}

/** @param {Playing} playing @param {Partial<Person>} [what] */
async function daanComes({ server, talk }, what = {}) {
  const daan = await server.joins({ alias: "Daan", ...what });
  await until(() => talk.company.some(({ member }) => member === daan.member), "Daan is let in");
  return daan;
}

test("a yes is kept, with the service and the history on the card, before its frame is sent", async () => {
  const all = await asked();
  let kept = {};
  all.server.answers.consent = () => {
    kept = JSON.parse(all.storage.text).yes;
    return {};
  };
  await agree(all, true);
  assert.deepEqual(kept, { i1: { service: "csg", history: true } });
  const [{ ref, ...sent }] = all.server.sent("consent");
  assert.deepEqual(sent, { type: "consent", invitation: "i1", yes: true, history: true });
});

test("a no keeps nothing, and lets nobody in", async () => {
  const all = await asked();
  await all.talk.consent("i1", null);
  const [{ ref, ...sent }] = all.server.sent("consent");
  assert.deepEqual(sent, { type: "consent", invitation: "i1", yes: false, history: false });
  assert.deepEqual(all.keep.state?.yes, {});
  await all.server.joins({ role: "partner", service: "csg", invitation: "i1" });
  await until(() => all.talk.turnedAway.length === 1, "turned away");
});

test("a no takes back a yes that never arrived", async () => {
  const all = await asked();
  all.server.faults.consent = "request";
  await assert.rejects(all.talk.consent("i1", { service: "csg", history: true }));
  assert.deepEqual(Object.keys(all.keep.state?.yes ?? {}), ["i1"]);
  await all.world.pass(1000);
  await until(() => question(all) !== null, "the card is still there");
  await all.talk.consent("i1", null);
  assert.deepEqual(all.keep.state?.yes, {});
});

test("a yes that comes too late is refused with the invitation's state, and ends with its invitation", async () => {
  const all = await asked();
  all.server.faults.consent = { code: "conflict", state: "withdrawn" };
  const answer = all.talk.consent("i1", { service: "csg", history: true });
  await assert.rejects(answer, (/** @type {any} */ error) => error.frame.state === "withdrawn");
  for (const state of ["refused", "declined", "expired", "withdrawn"]) {
    all.keep.consent("i1", { service: "csg", history: true });
    invited(all.server, all.carla, state);
    await until(() => all.talk.rows.at(-1)?.state === state, state);
    assert.deepEqual(all.keep.state?.yes, {}, state);
  }
  await all.server.joins({ role: "partner", service: "csg", invitation: "i1" });
  await until(() => all.talk.turnedAway.length === 1, "turned away");
});

test("without a connection a yes is neither kept nor sent, and the card stays", async () => {
  const all = await asked();
  all.server.drop();
  await assert.rejects(all.talk.consent("i1", { service: "csg", history: true }));
  assert.deepEqual(all.keep.state?.yes, {});
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
  await until(() => second.talk.rows.at(-1)?.state === "ringing", "it rings");
  assert.equal(openQuestion(second.talk), null);
  const third = { ...second, ...second.reload() };
  await until(() => third.talk.settled, "the log is complete");
  assert.equal(openQuestion(third.talk), null);
});

test("an invitation of a colleague or a transfer asks the caller nothing", async () => {
  const all = await talking();
  for (const how of ["consult", "transfer"]) invited(all.server, all.carla, "asked", { how });
  await until(() => all.talk.rows.at(-1)?.how === "transfer", "both came");
  assert.equal(openQuestion(all.talk), null);
});

test("a partner whom the caller said 'from now on' to is given no earlier epoch, also over a reload", async () => {
  const first = await asked();
  await writes(first, "before");
  await agree(first, false);
  const second = { ...first, ...first.reload() };
  await until(() => second.talk.settled, "the log is complete");
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
  await until(() => all.talk.turnedAway.length === 1, "turned away");
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
  await until(() => second.talk.settled, "the log is complete");
  await second.server.joins({ role: "partner", alias: "Eve", service: "csg", invitation: "i1" });
  await until(() => second.talk.turnedAway.length === 1, "turned away");
  await settle();
  assert.equal(second.server.epoch, 3);
});

test("what was said to a partner alone is withheld from the next counsellor, who gets all else", async () => {
  const all = await aloneWithGijs();
  const daan = await daanComes(all);
  assert.deepEqual(historyOf(all.server, daan), [0, 1, 2, 4]);
  await assert.rejects(all.server.secretOf(daan, 3), /not granted/);
  assert.deepEqual(openQuestion(all.talk), { kind: "share", id: daan.member, name: CSG.name, alias: "Daan" });
});

test("after the caller's yes the counsellor gets it with the next grant, and is asked about no more", async () => {
  const all = await aloneWithGijs();
  const daan = await daanComes(all);
  all.talk.share(daan.member, true);
  await until(() => historyOf(all.server, daan).includes(3), "given");
  assert.deepEqual(await all.server.reads(daan), ["to Carla", "to Gijs alone"]);
  assert.equal(openQuestion(all.talk), null);
  await settle();
  assert.equal(all.server.sent("grant").length, 6, "one grant for it");
});

test("after the caller's no it stays withheld, and a reload does not ask again", async () => {
  const first = await aloneWithGijs();
  const daan = await daanComes(first);
  first.talk.share(daan.member, false);
  const second = { ...first, ...first.reload() };
  await until(() => second.talk.settled, "the log is complete");
  assert.equal(openQuestion(second.talk), null);
  await second.server.joins({ alias: "Farid", role: "colleague" });
  await until(() => second.talk.company.length === 2, "Farid is let in");
  await assert.rejects(second.server.secretOf(daan, 3), /not granted/);
});

test("a yes about one counsellor is none about a colleague, who is asked about apart", async () => {
  const all = await aloneWithGijs();
  const daan = await daanComes(all);
  all.talk.share(daan.member, true);
  await until(() => historyOf(all.server, daan).includes(3), "given");
  const farid = await all.server.joins({ alias: "Farid", role: "colleague" });
  await until(() => all.talk.company.length === 2, "Farid is let in");
  assert.deepEqual(historyOf(all.server, farid), [0, 1, 2, 4, 5, 6]);
  assert.equal(openQuestion(all.talk)?.id, farid.member);
});

for (const lost of /** @type {const} */ (["request", "reply"]))
  test(`a yes said while a grant is under way is not forgotten when its ${lost} is lost and the page reloads`, async () => {
    const first = await aloneWithGijs();
    const daan = await daanComes(first);
    first.server.faults.grant = lost;
    await first.server.joins({ alias: "Farid", role: "colleague" });
    await until(() => first.talk.connection === "waiting", "the line is down");
    first.talk.share(daan.member, true);
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
  assert.equal(openQuestion(all.talk), null);
  invited(all.server, gijs, "asked", { invitation: "i2" });
  await until(() => question(all)?.id === "i2", "the card");
  await agree(all, false, "i2");
  const hanna = await gijsComes(all, { alias: "Hanna", invitation: "i2" });
  assert.equal(openQuestion(all.talk), null);
  assert.deepEqual(historyOf(all.server, hanna), []);
});

test("nothing is asked any more about a counsellor who has left", async () => {
  const all = await aloneWithGijs();
  const daan = await daanComes(all);
  await until(() => question(all) !== null, "the card");
  all.server.answers.grant = () => ({ type: "error", code: "try_again", detail: "" });
  all.server.leaves(daan);
  await until(() => all.talk.rows.at(-1)?.kind === "left", "he left");
  assert.equal(openQuestion(all.talk), null);
});

test("nothing is asked about what this page can no longer give", async () => {
  const first = await aloneWithGijs();
  await daanComes(first);
  await settle(); // one grant may have answered several changes, or each had its own
  const before = first.server.epoch;
  const state = JSON.parse(first.storage.items.get("tab") ?? "");
  first.storage.items.set("tab", JSON.stringify({ ...state, secrets: null }));
  const second = { ...first, ...first.reload() };
  await until(() => first.server.epoch > before && second.talk.settled, "granted anew");
  assert.equal(openQuestion(second.talk), null);
});

test("nothing is asked about a time with a partner in which nobody wrote", async () => {
  const all = await asked();
  await agree(all, false);
  const gijs = await gijsComes(all);
  all.server.leaves(all.carla, "handed_off");
  await until(() => all.server.epoch === 3, "without Carla");
  all.server.leaves(gijs, "lost");
  const daan = await daanComes(all);
  assert.ok(!historyOf(all.server, daan).includes(3));
  assert.equal(openQuestion(all.talk), null);
});

test("a counsellor on the way back gets what was said to the partner alone exactly as the card had it", async () => {
  for (const history of [true, false]) {
    const all = await asked();
    await agree(all, false);
    const gijs = await gijsComes(all);
    all.server.leaves(all.carla, "handed_off");
    await until(() => all.server.epoch === 3, "without Carla");
    await writes(all, "to Gijs alone");
    const back = { invitation: "i2", to: { name: "Helpwanted", service: "helpwanted" } };
    invited(all.server, gijs, "asked", back);
    await until(() => question(all)?.id === "i2", "the card");
    assert.equal(/** @type {any} */ (question(all)).back, true);
    await all.talk.consent("i2", { service: "helpwanted", history });
    invited(all.server, gijs, "ringing", { ...back, history });
    const daan = await daanComes(all, { invitation: "i2" });
    assert.equal(historyOf(all.server, daan).includes(3), history);
    assert.equal(openQuestion(all.talk), null, "the card asked it already");
  }
});

test("the line's review seat is never given what was said to a partner alone", async () => {
  const server = new Server();
  const review = await server.person({ role: "review", alias: "Helpwanted" });
  server.review = review;
  const all = { ...page(server), carla: review };
  await until(() => all.talk.rows.length === 1, "open");
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
  all.talk.share(daan.member, true);
  await until(() => historyOf(server, daan).includes(alone), "given to Daan");
  const again = await server.joins({ ...review, member: "AAAAAAAAAAA" });
  await untilLater(all.world, () => server.grants.at(-1)?.wraps.length === 2, "review is let in again");
  assert.ok(historyOf(server, again).includes(0));
  assert.ok(!historyOf(server, again).includes(alone));
  assert.equal(openQuestion(all.talk), null, "nor is anything asked about it");
});
