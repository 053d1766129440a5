// A guest by a link is in the conversation, and the caller comes back with the return code. Of the caller's yes
// only the server's log tells.
import assert from "node:assert/strict";
import test from "node:test";
import * as sealing from "../../../frontend/shared/sealing.js";
import { page, Server, Storage, settle, shown, until } from "../fakes/caller-server.js";
import { Certifier } from "../fakes/certifying.js";

const people = await new Certifier().prepare();
const trust = await people.trust();

/** Makes a conversation with a guest who was let in, and opens it elsewhere by its code. */
async function back() {
  const server = new Server();
  const first = page(server, new Storage(), undefined, { trust }).conversation;
  await until(() => first.begun && first.settled, "begun");
  const carla = await server.joins({ certify: people });
  await until(() => server.epoch === 1, "granted");
  const invited = { invitation: "i1", how: "handoff", to: { name: "CSG", service: "csg", guest: true } };
  server.append("invited", { ...invited, brief: null, history: null, state: "asked" });
  await until(() => first.rows.some(({ kind }) => kind === "invited"), "asked");
  await first.consent("i1", { service: "csg", history: false, guest: true });
  server.append("invited", { ...invited, brief: null, history: false, state: "joined" });
  const noor = await server.joins({ role: "partner", alias: "Noor", service: "csg", invitation: "i1" });
  await until(() => server.epoch === 2, "the guest is let in");
  const code = sealing.freshCode();
  await first.keepCode(code);
  first.stop();
  const all = page(server, new Storage(), undefined, { trust, code });
  await until(() => all.conversation.turnedAway.length === 1, "the guest is in doubt");
  return { ...all, carla, noor };
}

test("nothing is sent that a guest would read of whom only the log says that the caller agreed", async () => {
  const { server, conversation } = await back();
  assert.equal(conversation.doubts(conversation.turnedAway[0]), true);
  await conversation.outbox.add("message", "for Carla alone");
  await settle();
  assert.equal(server.sent("post").length, 0);
});

test("once the caller says that they agreed it is sent, the guest stays unverified, and a reload asks no more", async () => {
  const { server, noor, conversation, reload } = await back();
  await conversation.outbox.add("message", "for both");
  await conversation.agreed(conversation.turnedAway[0]);
  await until(() => shown(conversation).length === 1, "sent");
  assert.deepEqual(await server.reads(noor), ["for both"]);
  assert.deepEqual(conversation.turnedAway, []);
  const [guest] = conversation.company.filter(({ role }) => role === "partner");
  assert.equal(conversation.isVerified(guest), false);
  const again = reload();
  await until(() => shown(again.conversation).length === 1, "shown again");
  assert.deepEqual(again.conversation.turnedAway, []);
});

test("the guest who stays when the counsellor has left is let in anew after that answer", async () => {
  const { server, carla, noor, conversation } = await back();
  await conversation.agreed(conversation.turnedAway[0]);
  server.leaves(carla);
  await until(() => server.epoch === 3, "granted anew");
  await conversation.outbox.add("message", "for Noor");
  await until(() => shown(conversation).length === 1, "sent");
  assert.deepEqual((await server.reads(noor)).slice(-1), ["for Noor"]);
});
