import assert from "node:assert/strict";
import test from "node:test";
import { NewLine } from "../../../frontend/board/lines/model/new-line.js";
import { ErrorReply } from "../../../frontend/shared/socket.js";

/** @param {() => object} answer */
function form(answer) {
  /** @type {any[]} */
  const sent = [];
  const request = async (/** @type {string} */ type, /** @type {object} */ fields) => {
    sent.push({ type, ...fields });
    return answer();
  };
  return { made: new NewLine(/** @type {any} */ ({ request, changed: () => {} })), sent };
}

const TYPED = { template: "worried-adults", name: "Zorgen", path: "zorgen", phone: "" };

/** @param {string} code @param {string} field */
const refuse = (code, field) => () => {
  throw new ErrorReply(/** @type {any} */ ({ type: "error", ref: "1", code, detail: "", field }));
};

test("what is wrong is said by its field, and nothing is asked", async () => {
  const { made, sent } = form(() => ({ waits: true }));
  made.write({ name: " ", path: "met spatie", phone: "bel" });
  assert.equal(await made.ask(), false);
  assert.deepEqual([...made.problems.keys()], ["template", "name", "path", "phone"]);
  assert.deepEqual(sent, []);
});

test("what was asked for empties and folds the form, and says whether it waits", async () => {
  for (const [waits, told] of [
    [true, "board.approval.asked"],
    [false, "board.new_line.made"],
  ]) {
    const { made, sent } = form(() => ({ waits }));
    made.unfold(true);
    made.write(TYPED);
    assert.equal(await made.ask(), true);
    assert.deepEqual(sent, [{ type: "addline", ...TYPED }]);
    assert.deepEqual([made.told, made.open, made.typed.name], [told, false, ""]);
  }
});

test("what the server refuses stands at its field until it is typed anew, and what was typed stays", async () => {
  const { made } = form(refuse("bad_frame", "path"));
  made.write(TYPED);
  assert.equal(await made.ask(), false);
  assert.deepEqual([made.problems.get("path"), made.typed.name], ["path", "Zorgen"]);
  made.write({ path: "anders" });
  assert.equal(made.problems.size, 0);
});

test("an address that a colleague asked for is said to be theirs first", async () => {
  const { made } = form(refuse("conflict", "path"));
  made.write(TYPED);
  await made.ask();
  assert.equal(made.problems.get("path"), "asked_already");
});
