"""Plays pairs of people who talk, on any of the four servers. A message counts when it arrives at the other
end."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from benchmarks.people import Caller, Console
from benchmarks.person import new_id
from benchmarks.wire import Socket, connect, read_frame

TEXT_CHARACTERS = 120  # a usual message; on our platform it is sealed in a box of 352 bytes
STRAGGLERS_SECONDS = 5.0
STUCK_SECONDS = 2.0


@dataclass(slots=True)
class End:
    """Represents one person's end of a pair: a function that sends a message with an id."""

    say: Callable[[str], None]


@dataclass
class Pair:
    """Represents both ends. Each end, the sender's too, calls `arrived` with its index and the message's
    id."""

    ends: list[End] = field(default_factory=list)
    sent: dict[str, tuple[int, float]] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)  # seconds
    on_arrival: Callable[[int], None] | None = None
    moved: float = 0.0

    def say(self, end: int) -> None:
        """Sends one message from this end."""
        message = new_id()
        self.sent[message] = end, time.perf_counter()
        self.ends[end].say(message)

    def arrived(self, end: int, message: str) -> None:
        sender, at = self.sent.get(message, (end, 0.0))
        if sender == end:
            return  # the sender's own copy, or of an earlier measurement
        del self.sent[message]
        self.moved = time.perf_counter()
        self.latencies.append(self.moved - at)
        if self.on_arrival is not None:
            self.on_arrival(end)


@dataclass(frozen=True)
class Loop:
    """Holds a closed loop's result: how many messages arrived, in how many seconds, and how many were
    lost."""

    messages: int
    seconds: float
    lost: int

    @property
    def rate(self) -> float:
        return self.messages / self.seconds


async def gentle(pairs: list[Pair], seconds: float) -> tuple[list[float], int]:
    """Sends a message a second per pair, from each end in turn. Returns the latencies in seconds, and how
    many messages were lost."""
    loop = asyncio.get_running_loop()
    begin = loop.time() + 0.1
    for place, pair in enumerate(pairs):
        pair.latencies.clear()
        pair.sent.clear()
        pair.on_arrival = None
        for number in range(int(seconds)):
            loop.call_at(begin + number + place / len(pairs), pair.say, number % 2)
    await asyncio.sleep(seconds + 0.1)
    deadline = loop.time() + STRAGGLERS_SECONDS
    while any(pair.sent for pair in pairs) and loop.time() < deadline:  # noqa: ASYNC110 – for stragglers
        await asyncio.sleep(0.05)
    return [latency for pair in pairs for latency in pair.latencies], sum(len(pair.sent) for pair in pairs)


async def closed_loop(pairs: list[Pair], seconds: float, mark: Callable[[], None]) -> Loop:
    """Lets each end answer a message as soon as it arrives, so that each pair has one message under way.

    `mark` is called when the measured window begins, after one second, and when it ends.
    """
    for place, pair in enumerate(pairs):
        pair.sent.clear()
        pair.on_arrival = pair.say
        pair.moved = time.perf_counter()
        pair.say(place % 2)
    lost = await _watch(pairs, 1.0)
    before, begun = _count(pairs), time.perf_counter()
    mark()
    lost += await _watch(pairs, seconds)
    mark()
    result = Loop(_count(pairs) - before, time.perf_counter() - begun, lost)
    for pair in pairs:
        pair.on_arrival = None
    await asyncio.sleep(0.5)
    return result


async def _watch(pairs: list[Pair], seconds: float) -> int:
    """Sends a new message in a pair that is stuck, so that one loss does not end its loop. Returns how many
    were lost."""
    lost = 0
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        await asyncio.sleep(min(left, 0.5))
        now = time.perf_counter()
        for pair in pairs:
            if now - pair.moved > STUCK_SECONDS:
                lost += len(pair.sent)
                pair.sent.clear()
                pair.moved = now
                pair.say(0)
    return lost


def _count(pairs: list[Pair]) -> int:
    return sum(len(pair.latencies) for pair in pairs)


async def room_pairs(url: str, many: int) -> tuple[list[Pair], list[Socket]]:
    """Returns pairs on a baseline, each with two sockets in its own room, and all sockets."""
    pairs, sockets = [], []
    for number in range(many):
        pair = Pair()
        for end in (0, 1):
            socket = await connect(url, f"/ws/chat/pair{number}/", _room_hears(pair, end))
            pair.ends.append(End(_room_says(socket)))
            sockets.append(socket)
        pairs.append(pair)
    return pairs, sockets


async def socketio_pairs(url: str, many: int) -> tuple[list[Pair], list[Socket]]:
    """Returns the same on Socket.IO, in packets of Engine.IO 4 and Socket.IO 5."""
    pairs, sockets = [], []
    for number in range(many):
        pair = Pair()
        for end in (0, 1):
            path = f"/socket.io/?EIO=4&transport=websocket&room=pair{number}"
            socket = await connect(url, path, _socketio_hears(pair, end))
            socket.send(b"40")  # connects to the default namespace
            pair.ends.append(End(_socketio_says(socket)))
            sockets.append(socket)
        pairs.append(pair)
    await asyncio.sleep(1)  # until each has been answered
    return pairs, sockets


def _socketio_hears(pair: Pair, end: int) -> Callable[[bytes], None]:
    def heard(text: bytes) -> None:
        if text.startswith(b"42"):  # an event: ["message", {…}]
            pair.arrived(end, msgspec.json.decode(text[2:])[1]["id"])

    return heard


def _socketio_says(socket: Socket) -> Callable[[str], None]:
    text = "x" * TEXT_CHARACTERS
    return lambda message: socket.send(
        b"42" + msgspec.json.encode(["message", {"id": message, "message": text}])
    )


def _room_hears(pair: Pair, end: int) -> Callable[[bytes], None]:
    return lambda text: pair.arrived(end, read_frame(text).id)


def _room_says(socket: Socket) -> Callable[[str], None]:
    text = "x" * TEXT_CHARACTERS
    return lambda message: socket.send(msgspec.json.encode({"id": message, "message": text}))


async def helpline_pairs(url: str, lines: dict[Console, str]) -> tuple[list[Pair], list[Caller]]:
    """Returns pairs on our platform: each console takes one caller of its line."""
    pairs, callers = [], []
    for console, line in lines.items():
        caller = Caller(url, line)
        await caller.start()
        taken = await console.take(line)
        if taken != caller.writer.conversation:
            raise RuntimeError("somebody else waits in the queue of a benchmark")
        pairs.append(pair_of(caller, console))
        callers.append(caller)
    return pairs, callers


def pair_of(caller: Caller, console: Console) -> Pair:
    """Returns the pair of a caller and the console that took the call."""
    pair, conversation = Pair(), caller.writer.conversation
    caller.on_message = lambda message: pair.arrived(0, message)
    console.on_message[conversation] = lambda message: pair.arrived(1, message)
    pair.ends = [End(caller.say), End(lambda message: console.say(conversation, message))]
    return pair
