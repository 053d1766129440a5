"""Sends what is written to a socket immediately: Twisted would wait for the reactor's next iteration."""

from typing import Any


def send_now(way: Any) -> None:
    """Sends what was just written, if nothing older waits. What does not fit is left to the reactor.

    An error occurs again in the reactor, which handles it. A transport that is about to close closes when its
    last byte was sent, which is left to the reactor, too.
    """
    if way.connected and not way.dataBuffer and way._tempDataLen and not way.disconnecting:  # noqa: SLF001
        way.doWrite()
