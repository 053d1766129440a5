"""Limits the number of websockets. Some are reserved for staff, so that a flood of callers cannot keep
counsellors out."""

from typing import Any

from autobahn.websocket import types
from twisted.python.failure import Failure

from helpline.lib import bounds
from helpline.lib.open_files import Places
from helpline.lib.transport import pages
from helpline.lib.transport.frames import Frames

CONSOLE, DESK = "/ws/console/", "/ws/desk/"
FULL = 503
_Deny: Any = types.ConnectionDeny


class Sockets:
    """Counts the open sockets and, separately, those of callers."""

    def __init__(self, places: Places) -> None:
        self.most, self.kept = places.sockets, places.kept
        self.open = self.callers = 0
        self.full = bounds.watch("sockets", lambda: self.open, self.most)
        self.full_for_callers = bounds.watch(
            "sockets_of_callers", lambda: self.callers, self.most - self.kept
        )

    def enter(self, path: str) -> bool:
        """Takes a place for a socket. Returns False if no place is free. Sockets of desks may take only half
        of the places reserved for staff: guests use the same path as desks, and a guest's socket is accepted
        before the server knows who the guest is."""
        of_callers = path not in {CONSOLE, DESK}
        most = self.most - self.kept // 2 if path == DESK else self.most
        if of_callers and self.callers >= self.most - self.kept:
            self.full_for_callers()
            return False
        if self.open >= most:
            self.full()
            return False
        self.open += 1
        self.callers += of_callers
        return True

    def leave(self, path: str) -> None:
        self.open -= 1
        self.callers -= path not in {CONSOLE, DESK}


class Socket(Frames):
    """Takes a place for the websocket before anything is known about its client, and frees this place when
    the connection is lost."""

    here: Sockets
    place = ""

    def connectionMade(self) -> None:  # noqa: N802 – Twisted's name
        super().connectionMade()
        pages.no_more(self.transport)

    def onConnect(self, request: Any) -> Any:  # noqa: N802 – autobahn's name
        if not self.here.enter(request.path):
            raise _Deny(FULL, "Service Unavailable")
        self.place = request.path
        return super().onConnect(request)

    def onClose(self, wasClean: bool, code: int, reason: str) -> None:  # noqa: N802, N803 – autobahn's names
        if self.place:
            super().onClose(wasClean, code, reason)

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802 – Twisted's name
        super().connectionLost(reason)
        if self.place:
            self.here.leave(self.place)
            self.place = ""
