"""What is written to a socket leaves at once and in order, also to a slow client, or a closing one."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from twisted.internet import main, tcp
from twisted.internet.protocol import Protocol

from helpline.lib.transport.at_once import send_now


class Reactor:
    """Remembers who asked for a turn."""

    def __init__(self) -> None:
        self.writers: set[object] = set()

    def addWriter(self, writer: object) -> None:  # noqa: N802 – Twisted's names
        self.writers.add(writer)

    def removeWriter(self, writer: object) -> None:  # noqa: N802
        self.writers.discard(writer)

    def removeReader(self, _: object) -> None:  # noqa: N802
        pass


connection: Any = tcp.Connection


class Way(connection):  # type: ignore[misc]
    """A connection whose turns this test gives."""

    def __init__(self, ours: socket.socket, reactor: Reactor) -> None:
        super().__init__(ours, Protocol(), reactor)
        self.connected = True


@pytest.fixture
def ends() -> Iterator[tuple[Way, Reactor, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    reactor = Reactor()
    yield Way(ours, reactor), reactor, theirs
    ours.close()
    theirs.close()


type Ends = tuple[Way, Reactor, socket.socket]


def read(theirs: socket.socket) -> bytes:
    found = b""
    try:
        while part := theirs.recv(2**20):
            found += part
    except BlockingIOError:
        pass
    return found


def test_a_small_frame_is_there_before_the_next_turn(ends: Ends) -> None:
    way, reactor, theirs = ends
    way.write(b"frame")
    send_now(way)
    assert read(theirs) == b"frame"
    assert reactor.writers == set()


def test_what_does_not_fit_follows_in_order(ends: Ends) -> None:
    way, reactor, theirs = ends
    sent = bytes(range(256)) * 8192
    way.write(sent)
    send_now(way)
    found = read(theirs)
    assert len(found) < len(sent), "the network takes no more just now"
    way.write(b"and this")
    send_now(way)
    assert read(theirs) == b"", "who comes later waits behind it"
    while reactor.writers:
        way.doWrite()
        found += read(theirs)
    assert found == sent + b"and this"


def test_a_connection_that_closes_after_its_last_frame_is_closed_by_the_reactor(ends: Ends) -> None:
    way, reactor, theirs = ends
    way.write(b"goodbye")
    way.loseConnection()
    send_now(way)
    assert reactor.writers == {way}
    assert way.doWrite() is main.CONNECTION_DONE
    assert read(theirs) == b"goodbye"


def test_a_connection_that_is_gone_is_the_reactor_s_to_notice(ends: Ends) -> None:
    way, reactor, theirs = ends
    theirs.close()
    way.write(b"frame")
    send_now(way)
    assert reactor.writers == {way}
    assert way.doWrite() is main.CONNECTION_LOST
