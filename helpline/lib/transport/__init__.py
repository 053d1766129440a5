"""Adds what Daphne's transport lacks: the close codes that only a server may send, and limits on the memory
that clients can make a process use."""

from daphne.server import Server
from django.conf import settings

from helpline.lib.open_files import Places
from helpline.lib.transport import frames, pages, sockets, unread

__all__ = ["limit"]


def limit(server: Server, places: Places) -> None:
    """Sets the limits of a server. Daphne must have made the server's factories, and the server must not have
    accepted a connection yet."""
    unread.Unread.here = unread.Bytes("unread_bytes", settings.UNREAD_BYTES)
    frames.Frames.waiting = unread.Bytes("waiting_bytes", settings.WAITING_BYTES)
    pages.Channel.here = pages.Pages(places.pages)
    sockets.Socket.here = sockets.Sockets(places)
    server.http_factory.protocol = pages.Channel
    server.ws_factory.protocol = sockets.Socket
