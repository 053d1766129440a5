"""Implements a small websocket client (RFC 6455) on asyncio.

It needs little CPU, because the driver shares two cores with the servers that it measures. It needs only the
standard library and msgspec, so that `manage.py load` runs in a production image.
"""

import asyncio
import base64
import secrets
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

SUBPROTOCOL = "helpline.v1"
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
MASK = 0x80
HANDSHAKE_SECONDS = 30
MORE_THAN_16_BITS = 0x10000


class Shut(ConnectionError):
    """The socket is closed, or was never accepted; `code` is the close code or the HTTP status."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(f"closed with {code}")


class Frame(msgspec.Struct):
    """Holds what a driver reads of a frame, ours or a baseline's; the rest is skipped."""

    type: str = ""
    kind: str = ""
    id: str = ""
    ref: str | None = None
    conversation: str = ""
    seq: int = 0
    member: str = ""
    code: str | bool = ""  # an error's code; in presence, whether only a return code brings the caller back
    ahead: int = -1


read_frame = msgspec.json.Decoder(Frame).decode


class Socket(asyncio.Protocol):
    """Represents one websocket. `on_text` gets each text frame; the result of `closed` is the close code."""

    def __init__(self, handshake: bytes, on_text: Callable[[bytes], None]) -> None:
        loop = asyncio.get_running_loop()
        self.on_text = on_text
        self.accepted: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[int] = loop.create_future()
        self._handshake = handshake
        self._buffer = b""
        self._open = False

    # asyncio's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.transport.write(self._handshake)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if not self._open and not self._read_handshake():
            return
        self._read_frames()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 – asyncio names it
        self._ended(1006)

    # For drivers

    def send(self, text: bytes) -> None:
        """Sends a text frame. Its mask is zero: masking protects proxies, and there are none here."""
        size = len(text)
        if size < 126:
            head = bytes((MASK | TEXT, MASK | size))
        elif size < MORE_THAN_16_BITS:
            head = bytes((MASK | TEXT, MASK | 126)) + size.to_bytes(2)
        else:
            head = bytes((MASK | TEXT, MASK | 127)) + size.to_bytes(8)
        self.transport.write(head + b"\0\0\0\0" + text)

    def cut(self) -> None:
        """Drops the connection without a close frame."""
        self.transport.abort()

    async def close(self) -> None:
        """Sends a close frame, and waits a moment for the server's."""
        if not self.closed.done():
            self.transport.write(bytes((MASK | CLOSE, MASK | 2)) + b"\0\0\0\0" + (1000).to_bytes(2))
            await asyncio.wait([self.closed], timeout=2)
        self.transport.abort()

    # Reading

    def _read_handshake(self) -> bool:
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return False
        status = int(head[9:12])
        if status != 101:
            self._ended(status)
            self.transport.abort()
            return False
        self._open, self._buffer = True, rest
        if not self.accepted.done():
            self.accepted.set_result(None)
        return True

    def _read_frames(self) -> None:
        data, at, end = self._buffer, 0, len(self._buffer)
        while end - at >= 2:
            size, start = data[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(data[start : start + 2]), start + 2
            elif size == 127:
                size, start = int.from_bytes(data[start : start + 8]), start + 8
            if start + size > end:
                break
            kind = data[at] & 0x0F
            at = start + size
            if kind == TEXT:
                self.on_text(data[start:at])
            else:
                self._control(kind, data[start:at])
        self._buffer = data[at:]

    def _control(self, kind: int, body: bytes) -> None:
        if kind == PING:
            self.transport.write(bytes((MASK | PONG, MASK | len(body))) + b"\0\0\0\0" + body)
        elif kind == CLOSE:
            self._ended(int.from_bytes(body[:2]) or 1005)
            self.transport.close()

    def _ended(self, code: int) -> None:
        if not self.accepted.done():
            self.accepted.set_exception(Shut(code))
        if not self.closed.done():
            self.closed.set_result(code)


async def connect(
    url: str,
    path: str,
    on_text: Callable[[bytes], None],
    *,
    origin: str = "",
    subprotocol: str = "",
    cookie: str = "",
) -> Socket:
    """Returns a socket that the server has accepted; raises Shut or OSError otherwise. `url` is
    http(s)://host:port."""
    place = urlsplit(url)
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {place.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Origin: {origin or url}",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(secrets.token_bytes(16)).decode()}",
    ]
    lines += [f"Sec-WebSocket-Protocol: {subprotocol}"] if subprotocol else []
    lines += [f"Cookie: {cookie}"] if cookie else []
    handshake = "\r\n".join([*lines, "", ""]).encode()
    secure = place.scheme == "https"
    _, socket = await asyncio.get_running_loop().create_connection(
        lambda: Socket(handshake, on_text),
        place.hostname or "",
        place.port or (443 if secure else 80),
        ssl=ssl.create_default_context() if secure else None,
    )
    async with asyncio.timeout(HANDSHAKE_SECONDS):
        await socket.accepted
    return socket
