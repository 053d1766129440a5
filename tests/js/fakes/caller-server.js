// Plays a server for one conversation, as docs/asyncapi.yaml describes it. A test can make it lose requests and replies.

import { createHash } from "node:crypto";
import { TabMemory } from "../../../frontend/caller/coming-back/tab-memory.js";
import { Conversation } from "../../../frontend/caller/conversation/conversation.js";
import * as sealing from "../../../frontend/shared/sealing.js";
import { Storage, until, World } from "./caller-world.js";

export { Storage, settle, until, untilLater, World } from "./caller-world.js";

/** @typedef {{member: string, role: sealing.Role, alias: string, key: string, pair: CryptoKeyPair, service: string | null, invitation: string | null}} Person */
/** @typedef {{epoch: number, wraps: {member: string, wrap: string}[], history: {epoch: number, member: string, wrap: string}[]}} Grant */
/** @typedef {Record<string, any>} Fields */

/** @param {number} size */
const id = (size) => sealing.toBase64url(crypto.getRandomValues(new Uint8Array(size)));

export class Server {
  conversation = id(16);
  caller = id(8);
  token = id(16);
  shelf = id(32);
  epoch = 0;
  /** @type {Fields[]} */
  log = [];
  /** @type {Map<string, Person>} */
  present = new Map();
  /** @type {Person[]} */
  everybody = [];
  /** @type {Grant[]} the ones that counted */
  grants = [];
  /** @type {Fields[]} every request, in order */
  requests = [];
  /** By request type, what goes wrong with the next one: "request" and "reply" are lost with the connection. @type {Record<string, "request" | "reply" | {code: string, [fact: string]: unknown}>} */
  faults = {};
  /** @type {{member: string, key: string, cert?: unknown} | null} */
  review = null;
  /** Of a letter. @type {{member: string, key: string, cert?: unknown, due: string} | null} */
  letters = null;
  /** Returns how long the line keeps them, from 12:00 on. */
  keeps = { answered: 24 * 3600, unanswered: 3600, backups: "2026-11-27T01:00:00.000Z" };
  /** Holds what was registered for a return code, and who used it. @type {{hash: string | null, box: string | null, user?: string} | null} */
  code = null;
  /** Tells whether the caller has erased it, and whether a hold keeps it. */
  erased = false;
  urgency = 0;
  copies = true;
  /** @type {import("../../../frontend/shared/protocol.d.ts").StandingHold | null} what two supervisors decided */
  hold = null;
  /** Moves its end so far back that the tab's key has ended. */
  ended = false;
  /** @type {any} */
  #line = null;

  connect = () => {
    /** @type {any} */
    const line = { send: (/** @type {string} */ text) => this.#receive(line, JSON.parse(text)), close() {} };
    this.#line = line;
    queueMicrotask(() => line.onopen?.());
    return line;
  };

  /** Cuts the network, or closes from the server's side. */
  drop(code = 1006) {
    const line = this.#line;
    this.#line = null;
    line?.onclose?.({ code });
  }

  /** @param {string} code */
  hashOf = (code) => createHash("sha256").update(Buffer.from(code, "base64url")).digest("base64url");

  /** @param {string} type */
  sent = (type) => this.requests.filter((request) => request.type === type);

  /** @param {Partial<Person>} [what] */
  async person(what = {}) {
    const pair = await sealing.makeDeviceKey();
    const key = await sealing.pointOf(pair);
    /** @type {Person} */
    const person = {
      ...{ member: id(8), role: "counsellor", alias: "Carla", key, pair, service: null, invitation: null },
      ...what,
    };
    return person;
  }

  /** @param {Partial<Person> & {cert?: unknown, certify?: import("./certifying.js").Certifier}} [what] */
  async joins(what = {}) {
    const { cert: shown, certify, ...who } = what;
    const person = await this.person(who);
    this.present.set(person.member, person);
    this.everybody.push(person);
    const { member, role, alias, key, service, invitation } = person;
    const cert = shown ?? (await certify?.certify(key)) ?? null;
    this.append("joined", { by: member, member, role, alias, key, service, invitation, cert });
    return person;
  }

  /** @param {Person} person */
  leaves({ member }, reason = "left") {
    this.present.delete(member);
    this.append("left", { by: member, member, reason });
  }

  /** @param {string} kind @param {Fields} [fields] @returns {Fields} */
  append(kind, fields = {}) {
    const seq = this.log.length + 1;
    const at = "2026-11-25T12:00:00.000Z";
    const entry = {
      type: "entry",
      conversation: this.conversation,
      seq,
      prev: seq - 1,
      by: null,
      at,
      kind,
      ...fields,
    };
    this.log.push(entry);
    this.deliver(entry);
    return entry;
  }

  /** @param {Fields} frame */
  deliver(frame, line = this.#line) {
    queueMicrotask(() => line && line === this.#line && line.onmessage?.({ data: JSON.stringify(frame) }));
  }

  /** Returns the secret that this person got of an epoch, by its own wrap or as history. @param {Person} person @param {number} epoch */
  async secretOf(person, epoch) {
    const { conversation } = this;
    const mine = (/** @type {{member: string}} */ { member }) => member === person.member;
    const grant = this.grants.find((one) => one.epoch === epoch);
    const own = grant?.wraps.find(mine);
    if (grant && own) {
      const named = new Set(grant.wraps.map(({ member }) => member));
      const seats = this.everybody.filter(({ member }) => named.has(member));
      return sealing.openWrap(own.wrap, person.pair, person.member, { conversation, epoch, seats });
    }
    const earlier = this.grants
      .flatMap(({ history }) => history.filter(mine))
      .find((one) => one.epoch === epoch);
    if (!earlier) throw new Error("not granted");
    return sealing.openHistory(earlier.wrap, person.pair, person.member, conversation, epoch);
  }

  /** @param {Person} person @param {string} text */
  async says(person, text, epoch = this.epoch) {
    const where = { conversation: this.conversation, epoch, sender: person.member };
    const item = await sealing.seal("message", text, {
      ...where,
      secret: await this.secretOf(person, epoch),
    });
    return this.append("message", { by: person.member, id: item.id, epoch, box: item.box });
  }

  /** Returns the caller's messages, opened by this person. @param {Person} person */
  async reads(person) {
    const opened = this.log.filter(({ kind, by }) => kind === "message" && by === this.caller);
    return Promise.all(
      opened.map(async ({ epoch, box }) => {
        const secret = await this.secretOf(person, epoch);
        const place = { conversation: this.conversation, epoch, sender: this.caller, secret };
        return (await sealing.openOwn(box, place)).text;
      }),
    );
  }

  /** @param {any} line @param {Fields} request */
  #receive(line, request) {
    if (line !== this.#line) return;
    const fault = this.faults[request.type];
    delete this.faults[request.type];
    if (fault === "request") return this.drop();
    this.requests.push(request);
    if (typeof fault === "object") return this.#answer(request, { type: "error", detail: "", ...fault });
    if (fault === "reply") this.#line = null; // nothing that it causes arrives
    const answer = this.answers[request.type] ?? (() => ({}));
    const { cause, ...fields } = answer(request);
    this.#answer(request, { type: "ok", ...fields });
    cause?.();
    if (fault === "reply") line.onclose?.({ code: 1006 });
  }

  /** @param {Fields} request @param {Fields} reply */
  #answer({ ref }, reply) {
    this.deliver({ ref, ...reply });
  }

  /** @param {number} since */
  #since(since) {
    for (const entry of this.log.filter(({ seq }) => seq > since)) this.deliver(entry);
  }

  /** @type {Record<string, (request: any) => Fields>} */
  answers = {
    start: () => ({
      ...{
        conversation: this.conversation,
        member: this.caller,
        token: this.token,
        shelf: this.shelf,
        epoch: 0,
      },
      review: this.review,
      ...(this.letters && { letters: this.letters, written: "draft" }),
      keeps: this.keeps,
      cause: () => this.append("opened", { by: this.caller, line: "helpwanted" }),
    }),

    resume: (/** @type {Fields} */ { since }) => {
      if (this.erased) return { type: "error", code: "not_found", detail: "" };
      const { caller: member, epoch, shelf, keeps, hold } = this;
      const seq = this.log.length;
      const state = this.ended ? "ended" : "active";
      const where = { path: "praat", member, state, urgency: this.urgency, epoch, seq };
      return { ...where, shelf: this.ended ? null : shelf, keeps, hold, cause: () => this.#since(since) };
    },

    return: (/** @type {Fields} */ { code, since, user }) => {
      const { box, hash, user: used } = this.code ?? {};
      if (!this.code || !box || this.hashOf(code) !== hash || (used && used !== user))
        return { type: "error", code: "not_found", detail: "" };
      this.code.user = user;
      const { conversation, caller: member, token, epoch, shelf, keeps, hold } = this;
      const where = {
        path: "praat",
        conversation,
        member,
        token,
        state: "active",
        urgency: this.urgency,
        epoch,
        seq: this.log.length,
      };
      const written = this.letters && { written: "new", due: this.letters.due, queued: false };
      return { ...where, ...written, shelf, box, keeps, hold, cause: () => this.#since(since) };
    },

    keepcode: ({ hash, box }) => {
      this.code = { hash, box };
      return {};
    },

    erase: () => {
      this.erased = true;
      return {
        copies: this.copies,
        ...(this.hold && { held: true, hold: this.hold }),
        cause: () => queueMicrotask(() => this.drop(4410)),
      };
    },

    sync: (/** @type {Fields} */ { since }) => ({ seq: this.log.length, cause: () => this.#since(since) }),

    grant: (/** @type {any} */ grant) => {
      const named = grant.wraps.map((/** @type {Fields} */ { member }) => member).sort();
      const members = [...this.present.keys()].sort();
      if (grant.epoch !== this.epoch + 1 || named.join() !== members.join())
        return { type: "error", code: "conflict", detail: "", epoch: this.epoch, members };
      this.epoch = grant.epoch;
      this.grants.push(grant);
      return {
        epoch: this.epoch,
        cause: () => this.append("granted", { by: this.caller, epoch: this.epoch, members }),
      };
    },

    post: (/** @type {Fields} */ post) => {
      const known = this.log.find((entry) => entry.id === post.id && entry.by === this.caller);
      if (known && known.box !== post.box) return { type: "error", code: "replayed", detail: "" };
      if (known) return { seq: known.seq, at: known.at };
      if (post.epoch !== this.epoch)
        return { type: "error", code: "stale_epoch", detail: "", epoch: this.epoch };
      const { id: message, epoch, box } = post;
      const cause = () => this.append("message", { by: this.caller, id: message, epoch, box });
      return { seq: this.log.length + 1, at: "2026-11-25T12:00:00.000Z", cause };
    },
  };
}

/** Makes a caller's page, with its tab's storage. */
export function page(server = new Server(), storage = new Storage(), world = new World(), more = {}) {
  const memory = new TabMemory(storage);
  const of = /** @type {const} */ ({ line: "helpwanted", locale: "nl", urgency: 0 });
  /** @type {string[][]} what the page named at each change */
  const named = [];
  /** @type {Conversation} */
  const conversation = new Conversation({
    ...{ ...of, ...more },
    url: "wss://example.org/ws/caller/",
    memory,
    changed: () => named.push([...conversation.people.keys()]),
    world: { ...world, connect: /** @type {any} */ (server.connect), now: world.now },
  });
  conversation.start();
  /** Reloads: makes another page on the same storage. The old one is gone. */
  const reload = () => {
    conversation.stop();
    return page(server, storage, world);
  };
  return { server, storage, world, memory, conversation, named, reload };
}

/** Opens what is sealed in a tab. @param {string} text @param {string} shelf @returns {Promise<Fields>} */
export const whatIsKept = async (text, shelf) =>
  JSON.parse(await sealing.openTab(shelf, JSON.parse(text).sealed));

/** Returns the tab's storage without its secrets. @param {{server: Server, storage: Storage, memory: TabMemory}} of */
export async function losesSecrets({ server, storage, memory }) {
  await memory.settled();
  const kept = { ...(await whatIsKept(storage.text, server.shelf)), secrets: null };
  const sealed = await sealing.sealTab(server.shelf, JSON.stringify(kept));
  storage.items.set("tab", JSON.stringify({ ...JSON.parse(storage.text), sealed }));
}

/** Returns the texts that a page shows, in order. @param {Conversation} conversation */
export const shown = (conversation) =>
  conversation.rows.flatMap(({ words }) => (words ? [words.text ?? words.kind] : []));

/** Makes a page that talks with Carla. */
export async function talking() {
  const all = page();
  await until(() => all.conversation.rows.length === 1, "the conversation is open");
  const carla = await all.server.joins();
  await until(() => all.conversation.company.length === 1, "Carla is let in");
  return { ...all, carla };
}
