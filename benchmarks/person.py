"""Speaks the wire contract over one socket: requests with their replies, and boxes that only look sealed.

Boxes and wraps are random bytes behind a correct header: the server cannot tell the difference, and a driver
that sealed them would mostly measure its own encryption.
"""

import asyncio
import base64
import secrets
from typing import Any

import msgspec

from benchmarks.wire import SUBPROTOCOL, Frame, Shut, Socket, connect, read_frame

BOX_BYTES = 352  # the smallest size: 256 bytes of text, header, commitment, tag
WRAP_BYTES = 113
REPLY_SECONDS = 30

type Fields = dict[str, Any]


class Refused(Exception):
    """The server answered with an error; `fields` is the frame."""

    def __init__(self, fields: Fields) -> None:
        self.code: str = fields["code"]
        self.fields = fields
        super().__init__(self.code)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_id() -> str:
    return b64(secrets.token_bytes(16))


class Person:
    """Represents one socket and its requests. `heard` gets each frame that is not a reply or a beat."""

    path = ""

    def __init__(self, url: str, cookie: str = "") -> None:
        self.url = url
        self.cookie = cookie
        self.socket: Socket | None = None
        self.refused: dict[str, int] = {}
        self.frames = 0
        self._refs = 0
        self._replies: dict[str, asyncio.Future[bytes]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def connect(self) -> None:
        self.socket = await connect(
            self.url, self.path, self._on_text, subprotocol=SUBPROTOCOL, cookie=self.cookie
        )

    async def request(self, request_type: str, **fields: object) -> Fields:
        """Sends a request and returns its `ok`. Raises Refused, Shut or TimeoutError."""
        ref = self.next_ref()
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._replies[ref] = future
        self.send(msgspec.json.encode({"type": request_type, "ref": ref, **fields}))
        closed = self._socket.closed
        both: list[asyncio.Future[Any]] = [future, closed]
        await asyncio.wait(both, timeout=REPLY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        self._replies.pop(ref, None)
        if not future.done():
            if closed.done():
                raise Shut(closed.result())
            raise TimeoutError(f"{request_type}: no reply in {REPLY_SECONDS} s")
        reply: Fields = msgspec.json.decode(future.result())
        if reply["type"] == "error":
            raise Refused(reply)
        return reply

    def send(self, text: bytes) -> None:
        self._socket.send(text)

    def next_ref(self) -> str:
        self._refs += 1
        return str(self._refs)

    def heard(self, frame: Frame, text: bytes) -> None:
        """Handles a pushed frame; `text` is its bytes."""

    def cut(self) -> None:
        """Drops the connection, as a network failure does."""
        if self.socket is not None:
            self.socket.cut()

    async def goodbye(self) -> None:
        """Closes the socket properly."""
        for task in self._tasks:
            task.cancel()
        if self.socket is not None:
            await self.socket.close()

    def spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(self._quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def _socket(self) -> Socket:
        if self.socket is None:
            raise Shut(0)
        return self.socket

    async def _quietly(self, work: Any) -> None:
        try:
            await work
        except Refused as error:
            self._count(error.code)
        except (OSError, TimeoutError):
            return

    def _on_text(self, text: bytes) -> None:
        self.frames += 1
        frame = read_frame(text)
        if frame.type in {"ok", "error"} and (future := self._replies.get(frame.ref or "")) is not None:
            if not future.done():
                future.set_result(text)
        elif frame.type == "error":
            self._count(str(frame.code))
        elif frame.type == "beat":
            self.send(b'{"type":"beat","ref":"%b"}' % self.next_ref().encode())
        elif frame.type != "ok":
            self.heard(frame, text)

    def _count(self, code: str) -> None:
        self.refused[code] = self.refused.get(code, 0) + 1


class Writer:
    """Holds what a seat needs to post: its ids for the header, and the epoch."""

    def __init__(self, conversation: str, member: str) -> None:
        self.conversation = conversation
        self.member = member
        self.epoch = 0
        self._ids = unb64(conversation), unb64(member)

    def box(self, message: str) -> bytes:
        conversation, member = self._ids
        box = b"\1\1\1\0" + conversation + self.epoch.to_bytes(4) + member + unb64(message)
        box += secrets.token_bytes(BOX_BYTES - len(box))
        return base64.urlsafe_b64encode(box).rstrip(b"=")
