"""What a client leaves unread counts from a full buffer on, and who leaves most goes first."""

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from twisted.internet import main, tcp
from twisted.internet.protocol import Protocol

from helpline.lib.transport.frames import Frames
from helpline.lib.transport.unread import Bytes, Unread

BUFFER = 2**16


class Transport:
    """Without a network."""

    bufferSize = 1  # noqa: N815 – Twisted's name

    def __init__(self) -> None:
        self.gone = False

    def abortConnection(self) -> None:  # noqa: N802 – Twisted's name
        self.gone = True


@pytest.fixture
def everybody(monkeypatch: pytest.MonkeyPatch) -> Bytes:
    limit = Bytes("unread_bytes", 1000)
    monkeypatch.setattr(Unread, "here", limit, raising=False)
    return limit


def leaves(size: int) -> Unread:
    """A client with a full buffer, who leaves as many bytes."""
    client = Unread(Transport())
    client.pauseProducing()
    client.wrote(size - 1)
    return client


def test_the_most_unread_go_until_enough_is_free(everybody: Bytes) -> None:
    little, more, most = leaves(100), leaves(300), leaves(600)
    assert not most.transport.gone
    little.wrote(10)
    assert (little.transport.gone, more.transport.gone, most.transport.gone) == (False, False, True)
    assert everybody.bytes == 410


def test_what_is_read_counts_no_more(everybody: Bytes) -> None:
    client = Unread(Transport())
    client.transport.disconnecting = False
    for _ in range(50):
        client.pauseProducing()
        client.wrote(899)
        client.resumeProducing()
    assert not client.transport.gone
    assert (everybody.bytes, everybody.of) == (0, {})


def test_who_reads_in_time_is_never_counted(everybody: Bytes) -> None:
    client = Unread(Transport())
    client.wrote(10_000)
    assert everybody.of == {}


class Reactor:
    """Remembers who wants to write."""

    def __init__(self) -> None:
        self.writers: set[object] = set()

    def addWriter(self, writer: object) -> None:  # noqa: N802 – Twisted's names
        self.writers.add(writer)

    def removeWriter(self, writer: object) -> None:  # noqa: N802
        self.writers.discard(writer)

    def removeReader(self, _: object) -> None:  # noqa: N802
        pass

    addReader = removeReader  # noqa: N815


connection: Any = tcp.Connection


class Way(connection):  # type: ignore[misc]
    """A connection whose turns this test gives."""

    def __init__(self, ours: socket.socket, reactor: Reactor) -> None:
        super().__init__(ours, Protocol(), reactor)
        self.connected = True


type Ends = tuple[Way, Reactor, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    reactor = Reactor()
    yield Way(ours, reactor), reactor, theirs
    ours.close()
    theirs.close()


def read(theirs: socket.socket) -> bytes:
    found = b""
    try:
        while part := theirs.recv(2**20):
            found += part
    except BlockingIOError:
        pass
    return found


def turns(way: Way, reactor: Reactor, theirs: socket.socket) -> tuple[bytes, Any]:
    """Writes and reads until nothing is left; all that came, and how the last turn ended."""
    found, ended = b"", None
    while way in reactor.writers and ended is None:
        ended = way.doWrite()
        found += read(theirs)
    return found, ended


def test_a_real_connection_tells_when_it_is_behind_and_when_all_is_sent(everybody: Bytes, ends: Ends) -> None:
    way, reactor, theirs = ends
    everybody.most = 2**30
    client = Unread(way)
    way.registerProducer(client, streaming=True)
    sent = bytes(range(256)) * 8192
    way.write(sent)
    client.wrote(len(sent))
    assert everybody.bytes == BUFFER + len(sent)
    found, _ = turns(way, reactor, theirs)
    assert (found, everybody.bytes) == (sent, 0)


def test_a_connection_that_closes_while_it_is_behind_closes_after_its_last_byte(
    everybody: Bytes, ends: Ends
) -> None:
    way, reactor, theirs = ends
    everybody.most = 2**30
    client = Unread(way)
    way.registerProducer(client, streaming=True)
    sent = bytes(2**20)
    way.write(sent)
    client.wrote(len(sent))
    way.loseConnection()
    found, ended = turns(way, reactor, theirs)
    assert (len(found), ended) == (2**20, main.CONNECTION_DONE)


class Served(Unread):
    """Whose bytes were handled meanwhile, without a word."""

    def recount(self) -> None:
        self.here.count(self, 0)


def test_before_anybody_is_cut_it_is_counted_who_has_nothing_left(everybody: Bytes) -> None:
    served = Served(Transport())
    everybody.count(served, 900)
    slow = leaves(300)
    assert (served.transport.gone, slow.transport.gone) == (False, False)
    assert everybody.bytes == 300


async def test_who_is_cut_loses_the_unanswered_frames_and_not_the_word_that_the_connection_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = Bytes("waiting_bytes", 1000)
    monkeypatch.setattr(Frames, "waiting", waiting, raising=False)
    protocol = Frames()
    protocol.application_queue = asyncio.Queue()
    for kind in ("receive", "receive", "disconnect"):
        protocol.application_queue.put_nowait({"type": f"websocket.{kind}"})
    protocol.sizes, protocol.size, protocol.transport = [400, 400], 800, None
    waiting.count(protocol, 800)
    protocol.cut()
    assert protocol.application_queue.get_nowait() == {"type": "websocket.disconnect"}
    assert protocol.application_queue.empty()
    assert (waiting.bytes, waiting.of) == (0, {})
