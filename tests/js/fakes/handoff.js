// Plays a handoff: Carla invites CSG, Gijs of CSG joins, and Daan may join after him.
import { openQuestion } from "../../../frontend/caller/conversation/question-cards.js";
import * as sealing from "../../../frontend/shared/sealing.js";
import { shown, talking, until } from "./caller-server.js";

/** @typedef {import("./caller-server.js").Person} Person */
/** @typedef {import("./caller-server.js").Server} Server */
/** @typedef {Awaited<ReturnType<typeof talking>>} Playing */

export const CSG = { name: "Centrum Seksueel Geweld", service: "csg", guest: false };

/** @param {Server} server @param {Person} by @param {string} state @param {Record<string, unknown>} [what] */
export const invited = (server, by, state, what = {}) =>
  server.append("invited", {
    ...{ by: by.member, invitation: "i1", how: "handoff", to: CSG, brief: null, history: null, state },
    ...what,
  });

/** Makes Carla invite CSG, up to the caller's card. */
export async function asked() {
  const all = await talking();
  invited(all.server, all.carla, "asked");
  await until(() => question(all) !== null, "the card");
  return all;
}

/** @param {Pick<Playing, "conversation">} playing */
export const question = ({ conversation }) => (conversation.settled ? openQuestion(conversation) : null);

/** @param {Playing} playing @param {boolean} history */
export async function agree({ server, conversation, carla }, history, invitation = "i1") {
  await conversation.consent(invitation, { service: "csg", history, guest: false });
  invited(server, carla, "ringing", { invitation, history });
}

/** Seats Gijs of CSG, who is let in. @param {Playing} playing @param {Partial<Person>} [what] */
export async function gijsComes({ server, conversation }, what = {}) {
  const partner = { role: /** @type {const} */ ("partner"), alias: "Gijs", service: "csg", invitation: "i1" };
  const gijs = await server.joins({ ...partner, ...what });
  await until(() => conversation.company.some(({ member }) => member === gijs.member), "Gijs is let in");
  return gijs;
}

/** @param {Server} server @param {Person} person @returns {number[]} the earlier epochs that it was given */
export const historyOf = ({ grants }, { member }) =>
  grants
    .flatMap(({ history }) => history.filter((one) => one.member === member).map(({ epoch }) => epoch))
    .sort();

/** @param {Playing} playing @param {string} text */
export async function writes({ conversation }, text) {
  await conversation.outbox.add("message", text);
  await until(() => shown(conversation).includes(text), `${text} is stored`);
}

/** @param {Server} server @param {Person} person @param {string} text @returns {Promise<string>} its id */
export async function summary(server, person, text) {
  const { conversation, epoch } = server;
  const where = { conversation, epoch, sender: person.member, secret: await server.secretOf(person, epoch) };
  const { id, box } = await sealing.seal("brief", text, where);
  server.append("message", { by: person.member, id, epoch, box });
  return id;
}

/** Makes Carla hand over to Gijs, to whom the caller writes alone; then he is lost. */
export async function aloneWithGijs() {
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
export async function daanComes({ server, conversation }, what = {}) {
  const daan = await server.joins({ alias: "Daan", ...what });
  await until(() => conversation.company.some(({ member }) => member === daan.member), "Daan is let in");
  return daan;
}
