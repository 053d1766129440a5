"""Represents one websocket of the wire contract: requests with their one reply, pushed frames, and ways to
lose it."""

import asyncio
import json
import logging
import random
import socket
import struct
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus

from tests.support.frames import Disconnected, Frame, HandshakeRefused, Predicate, Refused

SUBPROTOCOL = "helpline.v1"
SAME_ORIGIN = "(the url)"
LATER = frozenset({"try_again", "slow_down"})
type Hook = Callable[[Frame], None]
_quiet = logging.getLogger("tests.wire")
_quiet.setLevel(logging.CRITICAL)


class WireClient:
    """Opens a socket at `path`; `urls` are tried in turn, one at each connect, from index `first` on. Beats
    are answered unless `silent`. With `stays` it reconnects by itself as a page does, except after 44xx,
    `cut`, `vanish` and `disconnect`. `origin` None leaves the header out. What the server did against the
    contract is collected in `faults`."""

    path = ""

    def __init__(
        self,
        *urls: str,
        name: str = "somebody",
        origin: str | None = SAME_ORIGIN,
        cookie: str = "",
        subprotocols: Sequence[str] = (SUBPROTOCOL,),
        silent: bool = False,
        stays: bool = False,
        first: int | None = None,
    ) -> None:
        self.urls = urls
        self.name = name
        self.origin = origin
        self.cookie = cookie
        self.subprotocols = subprotocols
        self.silent = silent
        self.stays = stays
        self.close_code: int | None = None
        self.pushed: deque[Frame] = deque(maxlen=10_000)
        self.beats: list[Frame] = []
        self.faults: list[str] = []
        self.connections = 0
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._ghosts: list[ClientConnection] = []
        self._replies: dict[str, tuple[asyncio.Future[Frame], Hook | None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._refs = 0
        self._turn = random.randrange(len(urls)) if first is None else first
        self._pulse = asyncio.Event()
        self._leaving = False
        self._comes_back = False

    @property
    def connected(self) -> bool:
        """Returns whether a socket is open."""
        return self._socket is not None

    async def connect(self) -> Self:
        """Opens the socket. Raises HandshakeRefused or OSError."""
        if self._socket is not None:
            raise RuntimeError(f"{self.name} is connected already: the earlier socket would leak")
        url = self.urls[self._turn % len(self.urls)]
        self._turn += 1
        headers = {"Cookie": self.cookie} if self.cookie else {}
        try:
            opened = await connect(
                url.replace("http", "ws", 1) + self.path,
                origin=url if self.origin == SAME_ORIGIN else self.origin,  # type: ignore[arg-type]
                subprotocols=self.subprotocols or None,  # type: ignore[arg-type]
                additional_headers=headers,
                user_agent_header=None,
                compression=None,
                ping_interval=None,
                proxy=None,
                close_timeout=2,
                logger=_quiet,
            )
        except InvalidStatus as error:
            raise HandshakeRefused(error.response.status_code) from error
        except (InvalidMessage, InvalidHandshake, ConnectionClosed, TimeoutError) as error:
            raise ConnectionResetError(str(error)) from error
        self._socket, self.close_code, self._leaving = opened, None, False
        self.connections += 1
        self._reader = asyncio.create_task(self._read(opened))
        return self

    async def request(
        self, request_type: str, *, within: float = 10, then: Hook | None = None, **fields: object
    ) -> Frame:
        """Send a request and return its ok; Refused, Disconnected or TimeoutError.

        `then` is called with the ok before any frame behind it is handled.
        """
        self._refs += 1
        ref = str(self._refs)
        future: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._replies[ref] = future, then
        try:
            await self.raw(json.dumps({"type": request_type, "ref": ref, **fields}))
            async with asyncio.timeout(within):
                reply = await future
        finally:
            self._replies.pop(ref, None)
            future.cancel()
        if reply["type"] == "error":
            raise Refused(reply)
        return reply

    async def raw(self, data: str | bytes) -> None:
        """Send any bytes: text as a text frame, bytes as a binary one. Disconnected if there is no socket."""
        if self._socket is None:
            raise Disconnected(self.close_code)
        try:
            await self._socket.send(data)
        except ConnectionClosed as error:
            raise Disconnected(error.rcvd.code if error.rcvd else None) from error

    async def until(self, predicate: Predicate, within: float = 5) -> Frame:
        """Returns the first pushed frame, also one that came before, that the predicate accepts, and removes
        it."""

        def found() -> bool:
            return any(map(predicate, self.pushed))

        await self.becomes(found, within)
        frame = next(filter(predicate, self.pushed))
        self.pushed.remove(frame)
        return frame

    async def becomes(self, condition: Callable[[], object], within: float = 5) -> None:
        """Wait until the condition holds, looking after every frame and every change of connection."""
        try:
            async with asyncio.timeout(within):
                while not condition():
                    self._pulse.clear()
                    await self._pulse.wait()
        except TimeoutError as error:
            raise TimeoutError(f"{self.name} waited {within:g} s in vain; {self.situation()}") from error

    async def closed(self, within: float = 5) -> int | None:
        """Waits until the server has closed the socket. Returns the close code (1006 if none came)."""
        await self.becomes(lambda: not self.connected, within)
        return self.close_code

    async def disconnect(self, code: int = 1000) -> None:
        """Closes the socket properly, does not reconnect, and ends every task of this client."""
        self._leaving = True
        if self._socket is not None:
            await self._socket.close(code)
        for ghost in self._ghosts:
            ghost.transport.abort()
        mine = [task for task in (*self._tasks, self._reader) if task and task is not asyncio.current_task()]
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)
        self._socket = None

    def cut(self) -> None:
        """Drop the TCP connection with a reset, without a close frame: the network was cut, noticeably."""
        opened = self._lose()
        wire = opened.transport.get_extra_info("socket")
        with suppress(OSError):  # a process that was killed may have closed it a moment earlier
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        opened.transport.abort()

    def vanish(self) -> None:
        """Leaves the socket open but sends and reads nothing: the network was cut, and no FIN ever comes."""
        opened = self._lose()
        if self._reader is not None:
            self._reader.cancel()
        opened.transport.pause_reading()
        self._ghosts.append(opened)

    def fault(self, sentence: str) -> None:
        """Note something that the server did against the contract."""
        self.faults.append(f"{self.name}: {sentence}")

    async def handle(self, frame: Frame) -> None:
        """Handles a pushed frame before tests see it; a subclass keeps its log with it."""

    async def reopen(self) -> None:
        """Connect again and send the opening frame; a subclass says how."""
        await self.connect()

    async def come_back(self) -> None:
        """Reconnect as a page does: 0.5 s doubling to 15, full jitter, until the opening frame is ok.

        A socket that goes before that is of this same coming back: two would take the seat from each other.
        """
        if self._comes_back:
            return
        self._comes_back = True
        try:
            await self._come_back()
        finally:
            self._comes_back = False

    def situation(self) -> str:
        """Returns where this client is, for messages."""
        recent = [frame.get("kind", frame["type"]) for frame in self.pushed]
        where = "connected" if self.connected else f"disconnected ({self.close_code})"
        return f"{where}, frames not taken: {recent[-20:]}, faults: {self.faults}"

    def spawn(self, work: Any) -> None:
        """Runs a coroutine beside the test. What it raises is a fault, unless the connection was lost."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Cancelled before its first step, it has not begun the coroutine, which nobody would await then.
        task.add_done_callback(lambda _done: work.close())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.disconnect()

    async def _come_back(self) -> None:
        wait = 0.5
        while not self.connected:
            await asyncio.sleep(random.uniform(0, wait))
            wait = min(15, wait * 2)
            try:
                await self.reopen()
            except Refused as error:
                if error.code not in LATER:
                    self.fault(f"could not come back: {error}")
                    return
                self._cut_if_open()
            except (OSError, HandshakeRefused, TimeoutError):
                self._cut_if_open()

    async def _guarded(self, work: Any) -> None:
        try:
            await work
        except (Disconnected, TimeoutError):
            return
        except Refused as error:
            if error.code not in LATER:
                self.fault(f"beside: {error}")
        except Exception as error:
            self.fault(f"beside: {error!r}")

    async def _read(self, opened: ClientConnection) -> None:
        try:
            async for text in opened:
                if self._socket is not opened:
                    return  # after a cut, unread data was never received
                await self._receive(json.loads(text))
        except ConnectionClosed:
            pass
        except Exception as error:  # otherwise a crash here would look like silence
            self.fault(f"could not take a frame: {error!r}")
            opened.transport.abort()
        if self._socket is opened:
            self._lost(opened.close_code)
            if self.stays and not self._leaving and not 4400 <= (self.close_code or 0) < 4500:
                self.spawn(self.come_back())

    async def _receive(self, frame: Frame) -> None:
        waiting = self._replies.get(frame.get("ref") or "")
        if frame["type"] in {"ok", "error"} and waiting is not None:
            self._answer(frame, *waiting)
        elif frame["type"] == "beat":
            self.beats.append(frame)
            await self.handle(frame)
            if not self.silent:
                self.spawn(self.request("beat"))
        else:
            await self.handle(frame)
            self.pushed.append(frame)
        self._pulse.set()

    def _answer(self, frame: Frame, future: asyncio.Future[Frame], then: Hook | None) -> None:
        if future.done():
            if not future.cancelled():
                self.fault(f"a second reply: {frame}")
            return
        if then is not None and frame["type"] == "ok":
            then(frame)
        future.set_result(frame)

    def _cut_if_open(self) -> None:
        with suppress(Disconnected):
            self.cut()

    def _lose(self) -> ClientConnection:
        if self._socket is None:
            raise Disconnected(self.close_code)
        opened = self._socket
        self._lost(1006)
        return opened

    def _lost(self, code: int | None) -> None:
        self._socket, self.close_code = None, code
        for future, _ in self._replies.values():
            if not future.done():
                future.set_exception(Disconnected(code))
        self._replies.clear()
        self._pulse.set()
