import assert from "node:assert/strict";
import test from "node:test";
import { BoardStage } from "../fakes/board-stage.js";
import { until } from "../fakes/browser.js";
import { error, ok } from "../fakes/staff-server.js";

const LINE = "helpwanted";
const AT = "2026-11-25T14:00:00Z";

/** @param {object} facts */
const aWish = (facts) => ({
  ...{ approval: "w1", kind: "retention", line: LINE, name: "", value: "720", mail: "", url: "" },
  ...{ asked: "Hanna", own: false, at: AT, until: AT, rests: null, may: true, may_drop: true, others: [] },
  ...facts,
});

/** Plays a server that stores requests that wait, and the line's keys. */
class Desk extends BoardStage {
  /** @type {object[]} */
  approvals = [];
  /** @type {object[]} */
  approvers = [];
  /** @type {object[]} */
  holds = [];
  /** @type {object[]} */
  readings = [];
  /** @type {object[]} */
  keys = [];
  /** @type {any[]} */
  asked = [];
  /** @type {import("../fakes/staff-server.js").Reply | null} */
  refusal = null;

  static async make(prepare = (/** @type {Desk} */ _desk) => {}) {
    const desk = new Desk(await BoardStage.player());
    prepare(desk);
    await desk.board.start();
    await until(() => desk.board.line !== undefined);
    return desk;
  }

  /** @param {any} frame */
  answer(frame) {
    const { keys } = this;
    const device = { id: "d2", person: "hanna", alias: "Hanna", label: "Firefox", key: this.own.key };
    const line = { line: LINE, name: "Helpwanted", hours: 24, two: true, cases: true, stale: false, keys };
    if (frame.type === "phones") return ok({ phones: [] });
    if (frame.type === "keys") return ok({ lines: [{ ...line, devices: [device] }] });
    if (frame.type === "approvals") return ok({ approvals: this.approvals, approvers: this.approvers });
    if (frame.type === "reviewapprovals") return ok({ holds: this.holds, readings: this.readings });
    if (
      ["confirmapproval", "dropapproval", "keeping", "revoke", "setcontact", "makekey"].includes(frame.type)
    ) {
      this.asked.push(frame);
      return this.refusal ?? ok({ waits: frame.type !== "keeping" || frame.hours > 24 });
    }
    return super.answer(frame);
  }
}

test("the tab counts what waits for this supervisor, not what she asked herself", async () => {
  const desk = await Desk.make((one) => {
    one.approvals = [
      aWish({}),
      aWish({ approval: "w2", own: true, may: false }),
      aWish({ approval: "w3", may: false }),
    ];
  });
  assert.equal(desk.board.approvals.mine, 1);
  assert.equal(desk.board.approvals.rows.length, 3);
});

test("before something is asked, the board says who can say yes, that nobody can, or that it counts at once", async () => {
  const { approvals } = (
    await Desk.make((one) => {
      one.approvers = [
        { line: null, alone: false, others: [] },
        { line: LINE, alone: false, others: ["Hanna", "Ilse"] },
        { line: "gesprek", alone: true, others: [] },
      ];
    })
  ).board;
  const key = (/** @type {string | null} */ line) => [approvals.isAlone(line), approvals.saysOfTwo(line)];
  assert.deepEqual(key(LINE), [false, "board.two.others"]);
  assert.deepEqual(key(null), [false, "board.two.nobody"]);
  assert.deepEqual(key("gesprek"), [true, "board.two.at_once"]);
  approvals.clear();
  assert.deepEqual(key("gesprek"), [false, "board.two"], "not known yet");
});

test("a request to hold and a request to read count, and ring once, as all that waits for two", async () => {
  const desk = await Desk.make();
  let rung = 0;
  desk.floor.addEventListener("alarm", () => rung++);
  desk.holds = [
    { hold: "h1", own: false },
    { hold: "h2", own: true },
  ];
  desk.readings = [{ reading: "r1", own: false }];
  await desk.board.refresh();
  assert.deepEqual([desk.board.approvals.mine, rung], [2, 1]);
  await desk.board.refresh();
  assert.equal(rung, 1);
  desk.approvals = [aWish({})];
  await desk.board.refresh();
  assert.deepEqual([desk.board.approvals.mine, rung], [3, 2]);
});

test("a request to read is declined, and one that is over says so", async () => {
  const desk = await Desk.make();
  await desk.board.retention.dropReading("r1");
  assert.equal(desk.sentOf("dropreading")[0].reading, "r1");
  desk.answer = (frame) => (frame.type === "dropreading" ? error("not_found") : ok());
  await desk.board.retention.dropReading("r1");
  assert.equal(desk.board.problem, "approval_conflict");
});

test("an approval request that changed elsewhere is asked for anew", async () => {
  const desk = await Desk.make();
  desk.approvals = [aWish({})];
  desk.deliver({ type: "approvals" });
  await until(() => desk.board.approvals.rows.length === 1);
});

test("a longer retention says that it waits, a shorter one that it is kept", async () => {
  const desk = await Desk.make();
  await desk.board.approvals.keep(LINE, 2, true);
  assert.equal(desk.floor.told, "board.approval.done");
  await desk.board.approvals.keep(LINE, 720, true);
  assert.equal(desk.floor.told, "board.approval.asked");
});

test("a yes that came too late says so in its own words", async () => {
  const desk = await Desk.make((one) => {
    one.approvals = [aWish({})];
    one.refusal = error("conflict");
  });
  await desk.board.approvals.confirm("w1");
  assert.equal(desk.board.problem, "approval_conflict");
});

test("a review key that waits is not the line's key, is not given on, and no other is made from it", async () => {
  const first = { generation: 1, public: "A", made: AT, confirmed: AT, retired: null };
  const waits = { generation: 2, public: "B", made: AT, confirmed: null, retired: null };
  const desk = await Desk.make((one) => {
    one.keys = [
      { ...waits, share: "x", devices: [] },
      { ...first, share: null, devices: [] },
    ];
    one.approvals = [aWish({ kind: "review_key", value: "2", own: true, may: false, others: ["Hanna"] })];
  });
  const { board } = desk;
  assert.equal(board.keys.present?.generation, 1);
  assert.equal(board.keys.waiting?.generation, 2);
  assert.deepEqual(board.approvals.keyOf(LINE)?.others, ["Hanna"]);
  await board.keys.give(/** @type {any} */ ({ id: "d2", key: desk.own.key }));
  assert.equal(board.problem, "");
});

test("another supervisor's device is asked for, or lost and gone at once", async () => {
  const desk = await Desk.make();
  assert.ok(desk.board.supervises("hanna"));
  assert.ok(!desk.board.supervises("carla"));
  await desk.board.approvals.revoke("d2", false);
  await desk.board.approvals.revoke("d2", true);
  assert.deepEqual(
    desk.asked.map(({ lost }) => lost),
    [false, true],
  );
});

test("what waits goes from the screen with the access to it", async () => {
  const desk = await Desk.make((one) => {
    one.approvals = [aWish({})];
  });
  desk.board.clear();
  assert.deepEqual(desk.board.approvals.rows, []);
});
