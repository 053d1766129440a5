import assert from "node:assert/strict";
import test from "node:test";
import { LineForm } from "../../../frontend/board/lines/model/line-form.js";
import { ErrorReply } from "../../../frontend/shared/socket.js";

const SHOWN = {
  ...{ version: 3, name: "Helpwanted", formal: false, boost_soon: 0, boost_acute: 15, goal_at_once: null },
  ...{
    goal_soon: 90,
    phone: "020-1",
    on_call_phone: "",
    path: "praat",
    hosts: "",
    template: "young-victims",
    services: ["csg", "113"],
  },
  inside: { waiting: 0, talking: 0, letters: 0 },
  ...{ alert_url: "", templates: ["young-victims"], offered: {}, waits: {}, asked: [] },
};

/** @param {(fields: any) => object} sets */
async function form(sets) {
  /** @type {any[]} */
  const sent = [];
  const server = { shown: SHOWN };
  const request = async (/** @type {string} */ type, /** @type {object} */ fields) => {
    sent.push({ type, ...fields });
    return type === "setline" ? sets(fields) : server.shown;
  };
  const made = new LineForm("helpwanted", /** @type {any} */ ({ request, changed: () => {} }));
  await made.load();
  return { made, sent, server };
}

/** @param {string} code @param {string} [field] */
const refuse = (code, field) => {
  throw new ErrorReply(/** @type {any} */ ({ type: "error", ref: "1", code, detail: "", field }));
};

test("what is saved goes as numbers, and the order of services changes nothing", async () => {
  const { made, sent } = await form(({ settings }) => ({ ...SHOWN, ...settings, version: 4 }));
  made.write({ services: ["113", "csg"] });
  assert.equal(made.dirty, false);
  made.write({ boost_soon: "7", goal_soon: "" });
  assert.equal(await made.save(), true);
  const { type, version, settings } = sent[1];
  assert.deepEqual([type, version, settings.boost_soon, settings.goal_soon], ["setline", 3, 7, null]);
  assert.deepEqual([made.dirty, made.told, made.shown?.version], [false, "board.directory.saved", 4]);
});

test("what is wrong is said by its field and not sent", async () => {
  const { made, sent } = await form(() => SHOWN);
  made.write({
    name: " ",
    phone: "bel",
    path: "a b",
    alert_url: "http://x",
    boost_soon: "",
    goal_at_once: "100",
  });
  assert.equal(await made.save(), false);
  assert.deepEqual(
    [...made.problems.keys()],
    ["name", "phone", "path", "alert_url", "boost_soon", "goal_at_once"],
  );
  assert.equal(sent.length, 1);
});

test("a colleague's change keeps what was typed here, and takes over the rest", async () => {
  const { made, server } = await form(({ version }) =>
    version === 3 ? refuse("conflict") : { ...SHOWN, version: 5 },
  );
  made.write({ name: "Van mij" });
  server.shown = { ...SHOWN, version: 4, name: "Van haar", boost_acute: 20 };
  assert.equal(await made.save(), false);
  assert.deepEqual([made.typed.name, made.typed.boost_acute, made.refused], ["Van mij", "20", "conflict"]);
  assert.deepEqual([...made.moved], ["name"]);
  assert.equal(await made.save(), true);
  assert.equal(made.typed.name, "Helpwanted", "as the server answered");
});

test("what the server finds wrong stands beside its field until it is typed anew", async () => {
  const { made } = await form(() => refuse("bad_frame", "hosts"));
  made.write({ hosts: "hulp.example" });
  assert.equal(await made.save(), false);
  assert.deepEqual([...made.problems], [["hosts", "hosts"]]);
  made.write({ hosts: "" });
  assert.equal(made.problems.size, 0);
});

test("asking anew while somebody types neither stops the typing nor takes it away", async () => {
  const { made, server } = await form(() => SHOWN);
  made.write({ name: "Half get" });
  server.shown = { ...SHOWN, version: 4, phone: "020-2", waits: /** @type {any} */ ({ path: "x" }) };
  const asking = made.load();
  assert.equal(made.busy, false);
  await asking;
  assert.deepEqual([made.typed.name, made.typed.phone, made.shown?.version], ["Half get", "020-2", 4]);
});

test("an end is asked for and waits, and while somebody is inside the form says why it cannot be", async () => {
  /** @type {any[]} */
  const sent = [];
  let inside = true;
  const request = async (/** @type {string} */ type, /** @type {object} */ fields) => {
    sent.push({ type, ...fields });
    if (type === "endline" && inside) refuse("conflict", "ended");
    return type === "endline" ? { waits: true } : { ...SHOWN, ended: null };
  };
  const made = new LineForm("helpwanted", /** @type {any} */ ({ request, changed: () => {} }));
  await made.load();
  made.askToEnd(true);
  await made.end(true);
  assert.deepEqual([made.refused, made.ending, made.told], ["still_inside", false, ""]);
  inside = false;
  await made.end(true);
  assert.deepEqual([made.refused, made.told], ["", "board.approval.asked"]);
  assert.deepEqual(sent.at(-2), { type: "endline", line: "helpwanted", ended: true });
});

test("what keeps a line from ending is known before anybody asks for its end", async () => {
  const { made, server } = await form(() => SHOWN);
  assert.deepEqual(made.keptOpenBy, []);
  server.shown = { ...SHOWN, inside: { waiting: 2, talking: 0, letters: 1 } };
  await made.load();
  assert.deepEqual(made.keptOpenBy, [
    ["waiting", 2],
    ["letters", 1],
  ]);
});
