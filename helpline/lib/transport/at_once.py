"""What is written to a socket leaves at once: Twisted itself would wait for the reactor's next turn."""

from typing import Any


def send_now(way: Any) -> None:
    """What was just written, where nothing older waits. What does not fit stays, and leaves as ever.

    An error is met again in the reactor's turn, and handled there. A transport that is about to close
    closes when its last byte has left, which is the reactor's to do.
    """
    if way.connected and not way.dataBuffer and way._tempDataLen and not way.disconnecting:  # noqa: SLF001
        way.doWrite()
