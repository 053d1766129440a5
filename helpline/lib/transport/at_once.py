"""Sends what is written to a socket immediately: Twisted would wait for the reactor's next iteration."""

from typing import Any


def send_now(way: Any) -> None:
    """Sends what was just written, if nothing older waits. The reactor sends what the socket does not take
    now.

    A transport that is about to close is left to the reactor, which closes it after its last byte. So is an
    error: it occurs again in the reactor, which handles it.
    """
    if way.connected and not way.dataBuffer and way._tempDataLen and not way.disconnecting:  # noqa: SLF001
        way.doWrite()
