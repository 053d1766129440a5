import assert from "node:assert/strict";
import test from "node:test";
import { Dropped, ErrorReply, Socket } from "../../../frontend/shared/socket.js";

/** @typedef {import("../../../frontend/shared/socket.js").Frame} Frame */
/** @typedef {import("../../../frontend/shared/socket.js").Stop} Stop */

/** Plays a WebSocket whose server is the test. */
class FakeLine {
  /** @type {WebSocket["onopen"]} */
  onopen = null;
  /** @type {WebSocket["onmessage"]} */
  onmessage = null;
  /** @type {WebSocket["onclose"]} */
  onclose = null;
  /** @type {Frame[]} */
  sent = [];
  closed = false;

  /** @param {string} url @param {string} protocol */
  constructor(url, protocol) {
    this.url = url;
    this.protocol = protocol;
  }
  /** @param {unknown} data */
  send(data) {
    this.sent.push(JSON.parse(String(data)));
  }
  close() {
    this.closed = true;
  }

  accept() {
    this.onopen?.call(/** @type {WebSocket} */ (/** @type {unknown} */ (this)), new Event("open"));
  }
  /** @param {Frame} frame */
  deliver(frame) {
    const event = new MessageEvent("message", { data: JSON.stringify(frame) });
    this.onmessage?.call(/** @type {WebSocket} */ (/** @type {unknown} */ (this)), event);
  }
  /** @param {number} code */
  drop(code) {
    const event = /** @type {CloseEvent} */ (/** @type {unknown} */ ({ code }));
    this.onclose?.call(/** @type {WebSocket} */ (/** @type {unknown} */ (this)), event);
  }
  get last() {
    return this.sent[this.sent.length - 1];
  }
}

/** Makes a socket in a world in which time passes only by `pass`, and randomness is what the test says. */
function setUp() {
  let time = 0;
  let seq = 0;
  /** @type {Set<{at: number, act: () => void}>} */
  const timers = new Set();
  /** @type {FakeLine[]} */
  const lines = [];
  /** @type {Frame[]} */
  const frames = [];
  /** @type {string[]} */
  const states = [];
  /** @type {Stop[]} */
  const stops = [];
  /** @type {Frame[]} */
  const opened = [];
  const world = {
    random: 1,
    /** @param {number} ms */
    pass(ms) {
      const end = time + ms;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers.delete(next);
        time = next.at;
        next.act();
      }
      time = end;
    },
    /** Time passes while the page sleeps: no timer fires. @param {number} ms */
    sleep(ms) {
      time += ms;
      for (const timer of timers) timer.at += ms;
    },
    get line() {
      return lines[lines.length - 1];
    },
    /** Opens the newest connection and answers its opening frame with ok. */
    welcome() {
      world.line.accept();
      world.line.deliver({ type: "ok", ref: world.line.last.ref, epoch: 0 });
    },
    timers,
  };
  const socket = new Socket(
    "wss://example.org/ws/caller/",
    {
      opening: () => ({ type: "resume", since: ++seq }),
      opened: (ok) => opened.push(ok),
      frame: (frame) => frames.push(frame),
      state: (state) => states.push(state),
      stopped: (why) => stops.push(why),
    },
    {
      connect: (url, protocol) => {
        const line = new FakeLine(url, protocol);
        lines.push(line);
        return line;
      },
      after: (ms, act) => {
        const timer = { at: time + ms, act };
        timers.add(timer);
        return () => timers.delete(timer);
      },
      now: () => time,
      random: () => world.random,
    },
  );
  return { socket, world, lines, frames, states, stops, opened };
}

/** Makes the same, connected. */
function setUpOpen() {
  const all = setUp();
  all.socket.start();
  all.world.welcome();
  return all;
}

/** Returns the milliseconds until the next connection, found by letting them pass one by one. @param {ReturnType<typeof setUp>} all */
function waited({ world, lines }) {
  const before = lines.length;
  for (let ms = 0; ms <= 20_000; ms += 50) {
    if (lines.length > before) return ms;
    world.pass(50);
  }
  throw new Error("no new connection");
}

test("a connection asks for the protocol and sends one opening frame, before anything else", () => {
  const { socket, world, lines, opened, states } = setUp();
  socket.start();
  socket.start();
  assert.equal(lines.length, 1);
  assert.equal(world.line.protocol, "helpline.v1");
  assert.deepEqual(world.line.sent, []);
  world.line.accept();
  assert.deepEqual(world.line.sent, [{ type: "resume", since: 1, ref: "1" }]);
  assert.deepEqual(opened, []);
  world.line.deliver({ type: "ok", ref: "1", epoch: 0 });
  assert.equal(opened.length, 1);
  assert.deepEqual(states, ["connecting", "open"]);
});

test("each connection makes its opening frame anew", () => {
  const { world } = setUpOpen();
  world.line.drop(1006);
  world.pass(500);
  world.line.accept();
  assert.deepEqual([world.line.last.type, world.line.last.since], ["resume", 2]);
});

test("a request before the opening frame is ok is dropped and not sent", async () => {
  const { socket, world } = setUp();
  await assert.rejects(socket.request("typing"), Dropped);
  socket.start();
  world.line.accept();
  await assert.rejects(socket.request("typing"), Dropped);
  assert.equal(world.line.sent.length, 1);
});

test("replies go to the request of their ref, in whatever order they come", async () => {
  const { socket, world, frames } = setUpOpen();
  const first = socket.request("post", { id: "a" });
  const second = socket.request("post", { id: "b" });
  const [, one, two] = world.line.sent;
  world.line.deliver({ type: "ok", ref: two.ref, seq: 2 });
  world.line.deliver({ type: "ok", ref: one.ref, seq: 1 });
  assert.equal((await first).seq, 1);
  assert.equal((await second).seq, 2);
  assert.deepEqual(frames, []);
});

test("an error reply rejects its request with code and frame", async () => {
  const { socket, world } = setUpOpen();
  const posting = socket.request("post");
  world.line.deliver({ type: "error", ref: world.line.last.ref, code: "stale_epoch", detail: "", epoch: 3 });
  await assert.rejects(posting, (error) => {
    assert.ok(error instanceof ErrorReply);
    return error.code === "stale_epoch" && error.frame.epoch === 3;
  });
});

test("a reply that nobody waits for is ignored", () => {
  const { world, frames, socket } = setUpOpen();
  world.line.deliver({ type: "ok", ref: "999" });
  world.line.deliver({ type: "error", ref: null, code: "bad_frame", detail: "" });
  assert.deepEqual(frames, []);
  assert.equal(socket.state, "open");
});

test("requests in flight at a drop are rejected as Dropped, and never sent again by the socket", async () => {
  const { socket, world } = setUpOpen();
  const posting = socket.request("post");
  world.line.drop(1006);
  await assert.rejects(posting, Dropped);
  world.pass(500);
  world.welcome();
  assert.equal(world.line.sent.length, 1);
});

test("each beat is answered with a beat and handed on", () => {
  const { world, frames } = setUpOpen();
  world.line.deliver({ type: "beat", at: "2030-01-01T00:00:00Z", seqs: {} });
  assert.equal(world.line.last.type, "beat");
  assert.equal(frames.length, 1);
});

test("the ok of the opening is handled before the entries behind it", () => {
  const all = setUp();
  all.socket.start();
  all.world.line.accept();
  all.world.line.deliver({ type: "ok", ref: "1" });
  assert.equal(all.opened.length, 1);
  all.world.line.deliver({ type: "entry", seq: 1 });
  assert.equal(all.frames.length, 1);
});

test("45 s without a frame is a drop, although the line closes nothing", async () => {
  const { socket, world, lines } = setUpOpen();
  const posting = socket.request("post");
  world.pass(44_999);
  assert.equal(socket.state, "open");
  world.pass(1);
  await assert.rejects(posting, Dropped);
  assert.ok(lines[0].closed);
  world.pass(500);
  assert.equal(lines.length, 2);
});

test("whoever waits for a reply is told after 8 s without a word, and again when one comes", async () => {
  const { socket, world, states } = setUpOpen();
  world.pass(20_000);
  assert.equal(socket.stalled, false, "nothing was asked");
  const posting = socket.request("post");
  const { ref } = world.line.last;
  const told = states.length;
  world.pass(7_999);
  assert.equal(socket.stalled, false);
  world.pass(1);
  assert.deepEqual([socket.stalled, states.length, socket.state], [true, told + 1, "open"]);
  world.line.deliver({ type: "ok", ref });
  assert.deepEqual([socket.stalled, states.length], [false, told + 2]);
  await posting;
});

test("a browser without a network gives the line up at once, and comes back when it has one", async () => {
  const { socket, world, lines } = setUpOpen();
  const posting = socket.request("post");
  socket.lose();
  assert.equal(socket.state, "waiting");
  await assert.rejects(posting, Dropped);
  socket.wake();
  assert.equal(lines.length, 2);
  world.welcome();
  assert.equal(socket.state, "open");
});

test("every frame begins the 45 s again", () => {
  const { socket, world } = setUpOpen();
  for (let beat = 0; beat < 5; beat++) {
    world.pass(40_000);
    world.line.deliver({ type: "beat", at: "", seqs: {} });
  }
  assert.equal(socket.state, "open");
});

test("a handshake that hangs for 45 s is given up", () => {
  const { socket, world, lines } = setUp();
  socket.start();
  world.pass(45_500);
  assert.equal(lines.length, 2);
});

test("what a given-up line still says is not heard", () => {
  const { world, frames, lines, stops } = setUpOpen();
  world.pass(45_500);
  lines[0].deliver({ type: "entry", seq: 9 });
  lines[0].drop(4409);
  assert.deepEqual([frames, stops], [[], []]);
});

test("backoff doubles from 0.5 s to 15 s and stays there", () => {
  const all = setUp();
  all.socket.start();
  const waits = Array.from({ length: 8 }, () => {
    all.world.line.drop(1006);
    return waited(all);
  });
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test("jitter is full: from nothing up to the whole backoff", () => {
  const all = setUp();
  all.socket.start();
  for (const [random, expected] of [
    [0.5, 250],
    [0.1, 100],
    [0.5, 1000],
  ]) {
    all.world.random = random;
    all.world.line.drop(1006);
    assert.equal(waited(all), expected);
  }
  all.world.random = 0;
  all.world.line.drop(1006);
  all.world.pass(0);
  assert.equal(all.lines.length, 5);
});

test("backoff begins anew after the opening is ok, and not already when the line opens", () => {
  const all = setUp();
  all.socket.start();
  for (const expected of [500, 1000, 2000]) {
    all.world.line.accept();
    all.world.line.drop(1006);
    assert.equal(waited(all), expected);
  }
  all.world.welcome();
  all.world.line.drop(1006);
  assert.equal(waited(all), 500);
});

for (const code of [1000, 1001, 1006, 1009, 1011, 1012]) {
  test(`it comes back after a close with ${code}`, () => {
    const all = setUpOpen();
    all.world.line.drop(code);
    assert.equal(all.socket.state, "waiting");
    assert.equal(waited(all), 500);
    assert.deepEqual(all.stops, []);
  });
}

test("a page that slept through its handshake connects anew, instead of being told that it said nothing", () => {
  const all = setUp();
  all.socket.start();
  all.world.pass(12_000); // longer than the server waits for an opening
  all.world.line.accept();
  const [slept] = all.lines;
  assert.deepEqual(slept.sent, []);
  assert.equal(all.socket.state, "waiting");
  all.world.pass(500);
  assert.equal(all.lines.length, 2);
  all.world.welcome();
  assert.equal(all.socket.state, "open");
  assert.deepEqual(all.stops, []);
});

test("a network that goes between the handshake and the reply costs no connection for good", () => {
  const { socket, world, lines, stops } = setUp();
  socket.start();
  for (const tried of [1, 2, 3]) {
    lines.at(-1)?.accept();
    world.pass(8_000);
    world.pass(20_000);
    assert.ok(lines.length > tried, "given up before the server closes it");
  }
  lines.at(-1)?.accept();
  const tries = lines.length;
  world.pass(9_000);
  assert.deepEqual([lines.length, stops], [tries, []], "a server may be as slow as that");
});

test("on a network where each handshake takes that long, the fourth one is used", () => {
  const all = setUp();
  all.socket.start();
  for (let late = 0; late < 3; late++) {
    all.world.pass(12_000);
    all.world.line.accept();
    all.world.pass(15_000);
  }
  all.world.pass(12_000);
  all.world.line.accept();
  assert.equal(all.world.line.sent.length, 1);
});

for (const code of [4400, 4403, 4408, 4409, 4410, 4499]) {
  test(`it stays away after a close with ${code} and reports it once`, async () => {
    const { socket, world, lines, stops, states } = setUpOpen();
    const posting = socket.request("post");
    world.line.drop(code);
    await assert.rejects(posting, Dropped);
    world.pass(600_000);
    assert.equal(lines.length, 1);
    assert.equal(world.timers.size, 0);
    assert.deepEqual(stops, [{ code, error: null }]);
    assert.equal(states.at(-1), "stopped");
  });
}

test("an opening frame that is refused stops it, with the error", () => {
  const { socket, world, stops, lines } = setUp();
  socket.start();
  world.line.accept();
  world.line.deliver({ type: "error", ref: "1", code: "line_closed", detail: "", opens: null });
  world.pass(600_000);
  assert.equal(lines.length, 1);
  assert.equal(stops[0].error?.code, "line_closed");
  assert.ok(world.line.closed);
});

for (const code of ["try_again", "slow_down"]) {
  test(`an opening frame answered with ${code} is tried again with backoff`, () => {
    const all = setUp();
    all.socket.start();
    for (const expected of [500, 1000]) {
      all.world.line.accept();
      all.world.line.deliver({ type: "error", ref: all.world.line.last.ref, code, detail: "" });
      assert.equal(waited(all), expected);
      assert.ok(all.socket.refused, "the server is there");
    }
    all.world.line.drop(1006);
    assert.ok(!all.socket.refused, "it is not");
  });
}

test("stop closes for good and says nothing, and start begins anew", async () => {
  const { socket, world, lines, stops } = setUpOpen();
  const posting = socket.request("post");
  socket.stop();
  await assert.rejects(posting, Dropped);
  world.pass(600_000);
  assert.ok(lines[0].closed);
  assert.deepEqual([lines.length, stops], [1, []]);
  socket.start();
  world.welcome();
  assert.equal(socket.state, "open");
});

test("stop while waiting cancels the return", () => {
  const { socket, world, lines } = setUpOpen();
  world.line.drop(1006);
  socket.stop();
  world.pass(600_000);
  assert.equal(lines.length, 1);
});

test("waking ends the wait at once", () => {
  const { socket, world, lines } = setUpOpen();
  world.line.drop(1006);
  socket.wake();
  assert.equal(lines.length, 2);
  world.pass(500);
  assert.equal(lines.length, 2);
});

test("waking after a sleep of 45 s reconnects without waiting for the late timer", () => {
  const { socket, world, lines } = setUpOpen();
  world.sleep(44_000);
  socket.wake();
  assert.equal(lines.length, 1);
  world.sleep(1_000);
  socket.wake();
  assert.equal(lines.length, 2);
});

test("a frame that waited out a sleep of 45 s is old: it is not believed, and a new connection asks", () => {
  const { world, lines, frames } = setUpOpen();
  world.sleep(44_000);
  world.line.deliver({ type: "beat", at: "", seqs: {} });
  world.sleep(45_000);
  world.line.deliver({ type: "beat", at: "", seqs: {} });
  assert.deepEqual([lines.length, frames.length], [2, 1]);
});

test("waking does not bring back what was stopped", () => {
  const { socket, world, lines } = setUpOpen();
  world.line.drop(4409);
  world.sleep(60_000);
  socket.wake();
  assert.equal(lines.length, 1);
});
