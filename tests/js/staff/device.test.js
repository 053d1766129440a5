import assert from "node:assert/strict";
import test from "node:test";
import { makeDeviceKey, pointOf, toBase64url } from "../../../frontend/shared/sealing.js";
import { eightWords } from "../../../frontend/staff/eight-words.js";
import { BoardStage } from "../fakes/board-stage.js";
import { error, ok, quiet, Stage, until } from "../fakes/console-stage.js";
import { holdNext } from "../fakes/proof.js";

/** @typedef {import("../../../frontend/console/console.js").Console} Console */

const A_SECRET = toBase64url(crypto.getRandomValues(new Uint8Array(32)));

/** Makes a value that begins with a point, as a box does. */
const A_BOX_OF_NOBODY = new Uint8Array(113);
A_BOX_OF_NOBODY.set(new Uint8Array(Buffer.from(await pointOf(await makeDeviceKey()), "base64url")));

/** @param {(stage: Stage) => unknown} [prepare] */
async function setUp(prepare) {
  const stage = await Stage.make(prepare);
  return { stage, desk: /** @type {Console} */ (stage.console) };
}

/** Makes a browser in which nobody has worked yet. @param {Stage} stage */
function newBrowser(stage) {
  stage.keys.clear();
  stage.memory.held.clear();
}

/** @param {string} state @returns {(stage: Stage) => void} */
const enrolledAs = (state) => (stage) => {
  stage.rows[0].state = state;
};

/** Makes the next proofs arrive with another secret. @param {Stage} stage */
function spoil(stage, times = Number.POSITIVE_INFINITY) {
  let left = times;
  stage.answers.prove = (frame) => stage.proves(left-- > 0 ? { secret: A_SECRET } : frame);
}

/** Makes the next proof wait for the test. @param {Stage} stage */
function stall(stage) {
  let answer = () => {};
  stage.answers.prove = (frame) => new Promise((done) => (answer = () => done(stage.proves(frame))));
  return () => {
    delete stage.answers.prove;
    answer();
  };
}

/** @param {{sent: {type: string}[]}} stage */
const typesOf = ({ sent }) => sent.map(({ type }) => type);

test("a browser that has a key says hello with its device, and proves it before anything else goes out", async () => {
  const { stage, desk } = await setUp((stage) => stage.talk());
  await until(() => desk.current?.hindrance === "");
  assert.deepEqual(typesOf(stage).slice(0, 3), ["hello", "prove", "open"]);
  assert.equal(stage.sentOf("hello")[0].device, "device-1");
  assert.deepEqual([desk.device.state, desk.nextHindrance, stage.early], ["approved", "", []]);
});

test("until the proof the console is told who it is and its lines, and only going off duty is asked", async () => {
  const stage = await Stage.built((made) => made.talk());
  const goOn = stall(stage);
  await stage.begin();
  const desk = /** @type {Console} */ (stage.console);
  await until(() => stage.sentOf("prove").length);
  assert.deepEqual([desk.me?.id, desk.lines.length, desk.services.length], ["carla", 1, 0]);
  assert.deepEqual([desk.conversations.size, desk.nextHindrance], [0, "device_proving"]);
  await desk.next();
  await desk.setDuty("break", 2);
  await desk.takeOver(stage.held[0].id);
  assert.deepEqual(typesOf(stage), ["hello", "prove"]);
  await desk.setDuty("off", 2);
  assert.deepEqual([typesOf(stage), stage.early], [["hello", "prove", "duty"], []]);
  goOn();
  await until(() => desk.conversations.size === 1 && desk.services.length === 1);
});

test("a connection that comes back is proven anew; what is on the screen stays meanwhile, and nothing is sent", async () => {
  const { stage, desk } = await setUp((stage) => stage.talk());
  const [talk] = stage.held;
  await talk.says("hello");
  await until(() => stage.texts(talk).length === 1);
  const goOn = stall(stage);
  stage.drop();
  stage.seat(talk).writing.post("still here");
  stage.pass(0);
  await until(() => stage.sentOf("prove").length === 2);
  await quiet();
  stage.deliver({ type: "beat", at: new Date(0).toISOString(), seqs: { [talk.id]: 99 } });
  await until(() => typesOf(stage).at(-1) === "beat");
  await quiet();
  assert.equal(stage.texts(talk)[0], "hello");
  assert.deepEqual(stage.early, []);
  assert.deepEqual(typesOf(stage).slice(-3), ["hello", "prove", "beat"]);
  assert.equal(stage.sentOf("post").length, 0);
  goOn();
  await until(() => stage.sentOf("post").length === 1);
  assert.deepEqual([desk.conversations.size, stage.early], [1, []]);
});

test("a connection that goes during the proof leaves nothing behind: the next one has a box of its own", async () => {
  const stage = await Stage.built();
  const goOn = stall(stage);
  await stage.begin();
  await until(() => stage.sentOf("prove").length === 1);
  stage.drop();
  goOn();
  stage.pass(0);
  await until(() => stage.console?.device.state === "approved");
  const [first, second] = stage.sentOf("prove");
  assert.notEqual(first.secret, second.secret);
  assert.equal(stage.connections, 2);
});

test("a box that opens only when its connection has gone is sent on no other, where it would be wrong", async () => {
  const stage = await Stage.built();
  /** @type {ReturnType<typeof holdNext> | undefined} */
  let held;
  stage.answers.hello = async (frame) => {
    delete stage.answers.hello;
    const reply = await stage.greets(frame);
    held = holdNext("deriveBits");
    return reply;
  };
  await stage.begin();
  await until(() => held?.isHeld && stage.console?.device.state === "proving");
  const finish = stall(stage);
  stage.drop();
  stage.pass(0);
  await until(() => stage.sentOf("prove").length === 1);
  held?.goOn();
  await quiet();
  finish();
  await until(() => stage.console?.device.state === "approved");
  assert.deepEqual([stage.sentOf("prove").length, stage.connections], [1, 2]);
});

test("a box that does not open when its connection has gone costs the next one nothing", async () => {
  const stage = await Stage.built((made) => made.memory.held.clear());
  /** @type {ReturnType<typeof holdNext> | undefined} */
  let held;
  stage.answers.enrol = async () => {
    delete stage.answers.enrol;
    held = holdNext("deriveBits");
    return ok({ device: { id: "device-1", state: "unproven" }, prove: toBase64url(A_BOX_OF_NOBODY) });
  };
  await stage.begin();
  await until(() => held?.isHeld);
  stage.drop();
  stage.pass(0);
  await until(() => stage.console?.device.state === "approved");
  held?.goOn();
  await quiet();
  assert.deepEqual([stage.console?.device.state, stage.connections], ["approved", 2]);
});

test("a secret that arrives wrong costs the connection, and the next one is proven; and so later on", async () => {
  const { stage, desk } = await setUp((stage) => spoil(stage, 1));
  await until(() => desk.device.state === "approved");
  assert.deepEqual([typesOf(stage), stage.connections], [["hello", "prove", "hello", "prove"], 2]);
  spoil(stage, 1);
  stage.drop();
  stage.pass(0);
  await until(() => stage.sentOf("prove").length === 4 && desk.proven);
  assert.equal(stage.connections, 4);
});

test("a proof that fails twice is said, and no third connection is opened for it", async () => {
  const { stage, desk } = await setUp((stage) => spoil(stage));
  await until(() => desk.device.state === "refused");
  stage.pass(20_000);
  await quiet();
  assert.deepEqual([desk.device.why, desk.nextHindrance], ["unproven", "device_refused"]);
  assert.deepEqual([stage.connections, desk.connection], [2, "open"]);
});

test("after a proof that failed a new key is proven on a new connection", async () => {
  const { stage, desk } = await setUp((stage) => spoil(stage));
  await until(() => desk.device.state === "refused");
  delete stage.answers.prove;
  await desk.device.make();
  await until(() => desk.device.state === "approved");
  assert.deepEqual([stage.connections, desk.device.id], [3, "device-2"]);
  assert.equal(stage.sentOf("prove").length, 3, "nothing is tried where it cannot succeed");
});

test("a key that was made since the id was noted is enrolled on the same connection", async () => {
  const { stage, desk } = await setUp(async (stage) => {
    stage.keys.set("carla", await makeDeviceKey());
  });
  assert.deepEqual([typesOf(stage), stage.connections], [["hello", "enrol", "prove"], 1]);
  assert.deepEqual([desk.device.id, desk.device.state], ["device-2", "approved"]);
});

test("a known key whose id this browser forgot gets its device back", async () => {
  const { stage, desk } = await setUp((stage) => stage.memory.held.clear());
  assert.deepEqual(typesOf(stage), ["hello", "enrol", "prove"]);
  assert.deepEqual([desk.device.id, stage.rows.length], ["device-1", 1]);
});

test("a browser without its key says so before it takes next, and asks for nothing", async () => {
  const { stage, desk } = await setUp(async (stage) => {
    await stage.talk();
    stage.keys.clear();
  });
  assert.equal(stage.sentOf("hello")[0].device, null);
  assert.deepEqual([desk.device.state, desk.nextHindrance], ["missing", "device_missing"]);
  await desk.next();
  assert.deepEqual([typesOf(stage), desk.conversations.size], [["hello"], 0]);
});

test("making a key enrols and proves it, keeps it for the person, and uses the device at the next load", async () => {
  const { stage, desk } = await setUp(newBrowser);
  await desk.device.make();
  assert.equal(desk.device.state, "approved");
  assert.deepEqual(typesOf(stage).slice(0, 3), ["hello", "enrol", "prove"]);
  assert.equal(stage.keys.get("carla")?.privateKey.extractable, false);
  await stage.load();
  assert.equal(stage.sentOf("hello").at(-1)?.device, "device-2");
});

test("nothing is noted of a device before its proof", async () => {
  const { stage, desk } = await setUp((stage) => {
    newBrowser(stage);
    spoil(stage);
  });
  await desk.device.make();
  await until(() => desk.device.state === "refused");
  assert.deepEqual([stage.memory.held.size, stage.rows.length], [0, 1]);
});

test("a full disk keeps nobody from their console", async () => {
  const { desk } = await setUp((stage) => {
    stage.memory.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await until(() => desk.device.state === "approved");
});

test("a device that waits for a supervisor says so with its eight words, and asks for nothing", async () => {
  const { stage, desk } = await setUp(enrolledAs("pending"));
  assert.equal(desk.nextHindrance, "device_pending");
  await until(() => desk.device.words);
  assert.equal(desk.device.words, (await eightWords(stage.own.key)).join(" "));
  await desk.next();
  assert.deepEqual([typesOf(stage), stage.early], [["hello", "prove"], []]);
});

test("a device that is approved while it waits is proven on a new connection, by itself", async () => {
  const { stage, desk } = await setUp(enrolledAs("pending"));
  stage.rows[0].state = "approved";
  stage.deliver({ type: "device", id: "device-7", state: "approved", person: "carla" });
  assert.equal(stage.connections, 1);
  stage.deliver({ type: "device", id: "device-1", state: "approved", person: "carla" });
  await until(() => desk.device.state === "approved");
  assert.deepEqual([typesOf(stage), stage.connections], [["hello", "prove", "hello", "prove"], 2]);
  assert.equal(desk.nextHindrance, "");
  stage.deliver({ type: "device", id: "device-1", state: "approved", person: "carla" });
  await quiet();
  assert.equal(stage.connections, 2);
});

test("an approval that overtakes the answer to the proof is not lost", async () => {
  const { stage, desk } = await setUp((stage) => {
    stage.rows[0].state = "pending";
    stage.answers.prove = (frame) => {
      delete stage.answers.prove;
      const waits = stage.proves(frame);
      stage.rows[0].state = "approved";
      stage.deliver({ type: "device", id: "device-1", state: "approved", person: "carla" });
      return waits;
    };
  });
  await until(() => desk.device.state === "approved");
  assert.equal(stage.connections, 2);
});

test("a second person in this browser gets a device of their own", async () => {
  const { stage } = await setUp();
  stage.me = { ...stage.me, id: "daan" };
  await stage.load();
  assert.equal(stage.sentOf("hello").at(-1)?.device, "device-1");
  assert.equal(stage.console?.device.state, "missing");
  await stage.console?.device.make();
  assert.deepEqual([...stage.keys.keys()], ["carla", "daan"]);
  assert.deepEqual(
    stage.rows.map(({ person }) => person),
    ["carla", "daan"],
  );
});

test("a key that was being made for one person is not used for the next", async () => {
  const { stage, desk } = await setUp(newBrowser);
  /** @type {(() => void) | undefined} */
  let goOn;
  const { set } = stage.keys;
  stage.keys.set = (person, pair) =>
    /** @type {any} */ (new Promise((done) => (goOn = () => done(set.call(stage.keys, person, pair)))));
  const making = desk.device.make();
  stage.me = { ...stage.me, id: "daan" };
  stage.drop();
  stage.pass(0);
  await until(() => desk.me?.id === "daan" && desk.device.state === "missing");
  await until(() => goOn); // making a key takes a while
  goOn?.();
  await making;
  assert.deepEqual(
    [[...stage.keys.keys()], desk.device.pair, stage.sentOf("enrol").length],
    [["carla"], null, 0],
  );
});

test("another person who signed in takes the first one's texts off the screen before any proof", async () => {
  const { stage, desk } = await setUp((stage) => stage.talk());
  await until(() => desk.current?.hindrance === "");
  stage.me = { ...stage.me, id: "daan" };
  stage.drop();
  stage.pass(0);
  await until(() => desk.device.state === "missing");
  assert.deepEqual([desk.conversations.size, desk.selected], [0, ""]);
});

test("a key of another person is refused, and opens nothing", async () => {
  const { stage, desk } = await setUp((stage) => {
    stage.rows[0].person = "daan";
  });
  assert.deepEqual(typesOf(stage), ["hello", "enrol", "prove"]);
  assert.deepEqual([desk.device.state, desk.device.why], ["refused", "withdrawn"]);
});

test("a key that was withdrawn is said to be refused, its texts are gone, and a new one can be made", async () => {
  const { stage, desk } = await setUp((stage) => stage.talk());
  await until(() => desk.current?.hindrance === "");
  stage.rows[0].state = "revoked";
  stage.drop();
  stage.pass(0);
  await until(() => desk.device.state === "refused");
  assert.deepEqual([desk.device.why, desk.conversations.size], ["withdrawn", 0]);
  await desk.device.make();
  await until(() => desk.device.state === "approved");
  assert.equal(desk.device.id, "device-2");
});

test("a store that cannot keep a key is said, and nothing is enrolled", async () => {
  const { stage, desk } = await setUp((stage) => {
    newBrowser(stage);
    stage.keys.set = () => {
      throw new Error("no space");
    };
  });
  await desk.device.make();
  assert.equal(desk.device.state, "broken");
  assert.equal(stage.sentOf("enrol").length, 0);
});

test("a key that takes its time to come out of the store is not missing, whatever the connection does", async () => {
  const stage = await Stage.built((made) => {
    made.memory.held.clear();
  });
  const slow = stage.keys.get.bind(stage.keys);
  /** @type {any} */ (stage.keys).get = async (/** @type {string} */ person) => {
    await new Promise((done) => setTimeout(done, 30));
    return slow(person);
  };
  await stage.begin();
  const desk = /** @type {Console} */ (stage.console);
  await until(() => desk.me);
  stage.drop();
  stage.pass(0);
  /** @type {string[]} */
  const states = [];
  desk.addEventListener("change", () => states.push(desk.device.state));
  await until(() => desk.device.state === "approved");
  assert.equal(states.includes("missing"), false);
});

/** Makes a board with a key of its own, whose device is in this state. @param {string} state */
async function aBoard(state) {
  const stage = new BoardStage(await BoardStage.player());
  stage.rows = [{ id: "device-1", key: stage.own.key, person: "floor", state }];
  await stage.board.start();
  return stage;
}

test("the board looks at nothing before the proof, and at everything after it", async () => {
  const stage = await aBoard("approved");
  await until(() => stage.sentOf("holds").length || stage.sentOf("trail").length);
  assert.deepEqual(typesOf(stage).slice(0, 3), ["hello", "enrol", "prove"]);
  assert.ok(typesOf(stage).includes("watch"));
  assert.deepEqual([stage.early, stage.board.hindrance], [[], ""]);
});

test("a board that waits for approval looks at nothing, says its words, and looks once it is approved", async () => {
  const stage = await aBoard("pending");
  const { board } = stage;
  await until(() => board.device.words);
  await board.refresh();
  await board.floor.look();
  await quiet();
  assert.deepEqual([typesOf(stage), board.hindrance], [["hello", "enrol", "prove"], "device_pending"]);
  stage.rows[0].state = "approved";
  stage.deliver({ type: "device", id: "device-1", state: "approved", person: "floor" });
  await until(() => stage.sentOf("watch").length === 1 && stage.sentOf("trail").length === 1);
  assert.deepEqual([stage.early, stage.connections], [[], 2]);
});

test("a board in a new browser makes its key by itself, once", async () => {
  const stage = new BoardStage(await BoardStage.player());
  const { board } = stage;
  await board.start();
  await until(() => board.hindrance === "");
  assert.deepEqual([stage.rows.length, stage.sentOf("enrol").length], [1, 1]);
});

test("what was being looked up when access was withdrawn is not shown any more", async () => {
  const stage = await aBoard("approved");
  const { board } = stage;
  await until(() => stage.sentOf("trail").length && board.hindrance === "");
  await quiet();
  const device = {
    id: "x",
    state: "pending",
    person: "carla",
    alias: "Carla",
    label: "Firefox",
    key: stage.own.key,
  };
  /** @type {ReturnType<typeof holdNext> | undefined} */
  let held;
  stage.answers.devices = () => {
    held = holdNext("digest");
    return ok({ devices: [device] });
  };
  const looking = board.refresh();
  await until(() => held?.isHeld);
  stage.drop(4403);
  held?.goOn();
  await looking;
  assert.deepEqual([board.devices, board.stopped], [[], "4403"]);
});

test("a board knows its own device by its key, whatever others call it", async () => {
  const stage = await aBoard("approved");
  await until(() => stage.board.hindrance === "");
  assert.deepEqual([stage.board.isOwn(stage.own.key), stage.board.isOwn("another")], [true, false]);
});

test("an error that nobody foresaw is tried once more, and then said", async () => {
  const { stage, desk } = await setUp((stage) => {
    stage.answers.prove = () => error("bad_frame");
  });
  await until(() => desk.device.state === "refused");
  assert.deepEqual([desk.device.why, stage.connections], ["unproven", 2]);
});

test("while the database is away the key is proven again and again, and never called wrong", async () => {
  let away = 4;
  const stage = await Stage.built((made) => {
    made.answers.prove = (frame) => (away-- > 0 ? error("try_again") : made.proves(frame));
  });
  await stage.begin();
  const desk = /** @type {Console} */ (stage.console);
  for (let tries = 1; tries <= 4; tries++) {
    await until(() => stage.sentOf("prove").length === tries && stage.waitsFor(3000));
    assert.deepEqual([desk.device.state, stage.connections], ["proving", tries]);
    stage.pass(3000);
  }
  await until(() => desk.device.state === "approved");
});

/** Makes two tabs of one new browser, of which the first has made the key. */
async function twoTabs() {
  const other = await Stage.make((made) => {
    newBrowser(made);
    made.rows = [];
  });
  const stage = await Stage.make((made) => {
    newBrowser(made);
    made.rows = other.rows;
  });
  const desk = /** @type {Console} */ (stage.console);
  assert.equal(desk.device.state, "missing");
  stage.keys = other.keys;
  await other.console?.device.make();
  await until(() => other.console?.device.state === "approved");
  const key = other.console?.device.key;
  const held = await pointOf(/** @type {CryptoKeyPair} */ (other.keys.get("carla")));
  assert.equal(held, key);
  return { stage, desk, key };
}

test("a second tab in which somebody makes a key uses the one that the first has made", async () => {
  const { stage, desk, key } = await twoTabs();
  desk.device.make();
  await until(() => desk.device.state === "approved");
  assert.deepEqual([desk.device.key, stage.rows.length], [key, 1]);
});

test("a second tab without a key finds the first one's when it connects again", async () => {
  const { stage, desk, key } = await twoTabs();
  stage.drop();
  stage.pass(0);
  await until(() => desk.device.state === "approved");
  assert.deepEqual([desk.device.key, stage.rows.length], [key, 1]);
});
