"""Adds what Daphne's transport lacks: close codes for servers, and limits on the memory that clients can make
a process use."""

from daphne import http_protocol
from daphne.ws_protocol import WebSocketFactory
from django.conf import settings
from twisted.internet import tcp

from helpline.lib.transport import accept_throttle, files, frames, pages, sockets, unread

__all__ = ["install"]


def install() -> str:
    """Installs the limits for servers that this process starts afterwards. Returns what to tell the operator,
    or ""."""
    open_files = files.raise_limit()
    places = files.divide(open_files)
    unread.Connection.here = unread.Bytes("unread_bytes", settings.UNREAD_BYTES)
    frames.Daphne.waiting = unread.Bytes("waiting_bytes", settings.WAITING_BYTES)
    pages.Channel.here = pages.Pages(places.pages)
    sockets.Socket.here = sockets.Sockets(places)
    tcp.Port.transport = unread.Connection
    accept_throttle.install()
    http_protocol.HTTPFactory.protocol = pages.Channel
    http_protocol.WebRequest = frames.Request
    WebSocketFactory.protocol = sockets.Socket
    return files.complaint(open_files)
