import assert from "node:assert/strict";
import test from "node:test";
import {
  secondOnes,
  takesCallers,
  whomToCall,
} from "../../../frontend/board/supervision/model/whom-to-call.js";
import { BoardStage } from "../fakes/board-stage.js";
import { until } from "../fakes/browser.js";
import { ok } from "../fakes/staff-server.js";

const phone = (/** @type {string} */ alias, /** @type {object} */ changes = {}) => ({
  ...{ line: "helpwanted", id: alias.toLowerCase(), alias, phone: `06-${alias}`, counsels: true },
  ...changes,
});

test("whom to call: the rota's people with their numbers, then the others of this line who gave one", () => {
  const phones = [phone("Carla"), phone("Daan"), phone("Esra", { line: "stopitnow" })];
  const rota = { from: "", names: ["Daan", "Imre"] };
  assert.deepEqual(whomToCall(phones, "helpwanted", rota).planned, [
    { alias: "Daan", phone: "06-Daan", busy: false },
    { alias: "Imre", phone: "", busy: false },
  ]);
  const others = whomToCall(phones, "helpwanted", rota).others.map(({ alias }) => alias);
  assert.deepEqual(others, ["Carla"]);
  assert.equal(whomToCall(phones, "helpwanted", null).others.length, 2);
});

test("who is in a conversation comes after those who are free, and is shown as such", () => {
  const phones = [phone("Carla"), phone("Daan"), phone("Hanna", { counsels: false })];
  const talking = new Set(["Carla", "Imre"]);
  const rota = { from: "", names: ["Imre", "Jip"] };
  const { planned, others } = whomToCall(phones, "helpwanted", rota, "", talking);
  const told = (/** @type {{alias: string, busy?: boolean}[]} */ calls) =>
    calls.map(({ alias, busy }) => [alias, busy]);
  assert.deepEqual(told(planned), [
    ["Jip", false],
    ["Imre", true],
  ]);
  assert.deepEqual(told(others), [
    ["Daan", false],
    ["Hanna", false],
    ["Carla", true],
  ]);
});

test("who needs somebody is not named among those to call", () => {
  const phones = [phone("Carla"), phone("Daan")];
  const rota = { from: "", names: ["Carla", "Imre"] };
  const { planned, others } = whomToCall(phones, "helpwanted", rota, "Carla");
  assert.deepEqual(
    [...planned, ...others].map(({ alias }) => alias),
    ["Imre", "Daan"],
  );
});

test("who can confirm is another supervisor of the line with an approved device, and alone it is nobody", () => {
  const device = (/** @type {string} */ alias) => ({ person: alias.toLowerCase(), alias });
  const line = (/** @type {string[]} */ ...names) =>
    /** @type {any} */ ([{ line: "helpwanted", devices: names.map(device) }]);
  const phones = [phone("Hanna", { counsels: false })];
  assert.deepEqual(secondOnes(line("Floor", "Hanna", "Hanna", "Imre"), "helpwanted", "floor", phones), [
    { alias: "Hanna", phone: "06-Hanna" },
    { alias: "Imre", phone: "" },
  ]);
  assert.deepEqual(secondOnes(line("Floor"), "helpwanted", "floor", phones), []);
});

test("only a supervisor who is also a counsellor of the line is told to take a caller", () => {
  const me = { roles: ["supervisor"], lines: ["helpwanted"] };
  const both = { ...me, roles: ["counsellor", "supervisor"] };
  assert.equal(takesCallers(me, "helpwanted", "unstaffed"), "no");
  assert.equal(takesCallers(both, "helpwanted", "unstaffed"), "yes");
  assert.equal(takesCallers(both, "stopitnow", "unstaffed"), "no");
  assert.equal(takesCallers(both, "helpwanted", "letters_late"), "");
});

test("a board fetches the numbers, and forgets them when it closes", async () => {
  const stage = new BoardStage(await BoardStage.player());
  stage.answers.phones = () => ok({ phones: [phone("Carla")] });
  await stage.board.start();
  await until(() => stage.board.phones.length === 1);
  stage.board.clear();
  assert.deepEqual(stage.board.phones, []);
});
