// A page that is closed or loaded again asks first if a form of the board holds something that nobody has saved.
import assert from "node:assert/strict";
import test from "node:test";
import { Directory, NEW } from "../../../frontend/board/handoff/model/directory.js";
import { kept, wouldLose } from "../../../frontend/board/lines/model/kept-forms.js";
import { NewLine } from "../../../frontend/board/lines/model/new-line.js";
import { ReadySentences } from "../../../frontend/board/lines/model/ready-sentences.js";

const around = /** @type {any} */ ({
  request: async () => ({}),
  changed: () => {},
  saysOfTwo: () => "",
  isAlone: () => false,
});

const aBoard = () => /** @type {any} */ ({ chosen: "helpwanted", directory: new Directory(around) });

test("what was typed on another tab or for another line counts, and nothing counts before it was loaded", () => {
  const form = () => ({ load: async () => {}, loaded: true, dirty: false });
  const formOf = kept(form);
  const [board, other] = [aBoard(), aBoard()];
  formOf(board).dirty = true;
  assert.equal(wouldLose(other), false, "another board");
  board.chosen = "stopitnow";
  assert.equal(formOf(board).dirty, false);
  assert.equal(wouldLose(board), true, "the other line's form");
  board.chosen = "helpwanted";
  formOf(board).loaded = false;
  assert.equal(wouldLose(board), false);
});

test("an entry of the directory counts while it differs from what is saved", () => {
  const board = aBoard();
  board.directory.choose(NEW);
  assert.equal(wouldLose(board), false);
  board.directory.write({ name: "Slachtofferhulp" });
  assert.equal(wouldLose(board), true);
  board.directory.write({ name: "" });
  assert.equal(wouldLose(board), false);
});

test("a new line counts while its form is open, and a sentence while it differs from the one it changes", () => {
  const line = new NewLine(around);
  line.unfold(true);
  assert.equal(line.dirty, false);
  line.write({ name: "Zorgen" });
  assert.equal(line.dirty, true);
  line.unfold(false);
  assert.equal(line.dirty, false, "given up");

  const sentences = new ReadySentences("helpwanted", around);
  assert.equal(sentences.dirty, false);
  sentences.write({ says: { nl: "Dag" } });
  assert.equal(sentences.dirty, true);
  sentences.clear();
  const row = /** @type {any} */ ({ sentence: "s", folder: "Begin", says: { nl: "Hallo" }, ended: null });
  sentences.rows = [row];
  sentences.take(row);
  assert.equal(sentences.dirty, false, "nothing is changed yet");
  sentences.write({ says: { nl: "Hallo!" } });
  assert.equal(sentences.dirty, true);
});
