"""The tests' own client follows the contract: what it reports as a fault was one of the server's."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.support.caller import CallerClient
from tests.support.counsellor import CounsellorClient
from tests.support.frames import Disconnected, Frame
from tests.support.wire import SUBPROTOCOL

TALK = "A" * 22
type Answer = Callable[[ServerConnection, Frame], Awaitable[None]]


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    """Runs a server that answers each frame as it is told."""

    async def talk(opened: ServerConnection) -> None:
        async with asyncio.TaskGroup() as answering:
            with suppress(ConnectionClosed):
                async for text in opened:
                    answering.create_task(answer_while_open(opened, json.loads(text)))

    async def answer_while_open(opened: ServerConnection, frame: Frame) -> None:
        with suppress(ConnectionClosed):
            await answer(opened, frame)

    async with serve(talk, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL]) as running:  # type: ignore[list-item]
        port = next(iter(running.sockets)).getsockname()[1]
        yield f"http://127.0.0.1:{port}"


async def ok(opened: ServerConnection, frame: Frame, **fields: Any) -> None:
    await opened.send(json.dumps({"type": "ok", "ref": frame["ref"], **fields}))


async def refused(opened: ServerConnection, frame: Frame, code: str) -> None:
    await opened.send(json.dumps({"type": "error", "ref": frame["ref"], "code": code, "detail": ""}))


async def started(opened: ServerConnection, frame: Frame) -> None:
    own: dict[str, Any] = {"conversation": TALK, "member": "A" * 11, "token": "t", "shelf": None}
    await ok(opened, frame, **own, epoch=0, review=None, letters=None)


async def resumed(opened: ServerConnection, frame: Frame) -> None:
    await ok(opened, frame, member="A" * 11, state="waiting", shelf=None, epoch=0, seq=0)


@pytest.mark.long
async def test_a_socket_that_closes_before_its_opening_frame_is_answered_is_come_back_from_once() -> None:
    """This happens if an upgrade meets a page that is just coming back. A second reconnect would take the
    seat from the first."""
    resumes = 0

    async def answer(opened: ServerConnection, frame: Frame) -> None:
        nonlocal resumes
        if frame["type"] == "start":
            await started(opened, frame)
            await opened.close(1012)
            return
        resumes += 1
        await (opened.close(1012) if resumes < 3 else resumed(opened, frame))

    async with server(answer) as url, CallerClient(url, stays=True) as client:
        await client.start()
        await client.becomes(lambda: not client.opened)
        await client.becomes(lambda: client.opened, 10)
        await asyncio.sleep(2.5)  # the longest pause of another one that came back
        assert client.faults == []
        assert resumes == 3


async def test_what_the_server_could_not_store_is_not_sent_on_a_next_socket_before_it_is_open() -> None:
    asked: list[str] = []

    async def answer(opened: ServerConnection, frame: Frame) -> None:
        asked.append(frame["type"])
        match frame["type"]:
            case "start":
                await started(opened, frame)
            case "resume":
                await asyncio.sleep(0.5)
                asked.append("(resumed)")
                await resumed(opened, frame)
            case _ if asked[-2:-1] == ["start"]:
                await refused(opened, frame, "try_again")
            case _:
                await ok(opened, frame, seq=1, at="")

    async with server(answer) as url, CallerClient(url, stays=True, grants=False) as client:
        await client.start()
        posting = asyncio.create_task(client.post("hoi"))
        await client.becomes(lambda: len(asked) == 2)
        client.cut()
        await client.connect()
        client.spawn(client.resume())
        await posting
        assert asked == ["start", "post", "resume", "(resumed)", "post"]


async def test_what_a_cut_socket_had_still_to_say_is_not_heard() -> None:
    """On a busy machine it is still unread, and its request is over."""

    async def answer(opened: ServerConnection, frame: Frame) -> None:
        if frame["type"] == "start":
            await started(opened, frame)
        else:
            await ok(opened, frame)

    async with server(answer) as url, CallerClient(url) as client:
        await client.start()
        take = client._receive

        async def cut_first(frame: Frame) -> None:
            client.cut()
            await take(frame)

        client._receive = cut_first  # type: ignore[method-assign]
        await asyncio.gather(client.beat(), return_exceptions=True)
        assert client.faults == []


async def test_a_console_that_was_never_opened_leaves_connecting_again_to_whoever_opens_it() -> None:
    """A process whose database is just back accepts a socket and closes it with 1012. The test that opens the
    console then says hello again: a second hello on the same socket would be refused."""
    hellos = 0

    async def answer(opened: ServerConnection, frame: Frame) -> None:
        nonlocal hellos
        hellos += 1
        await (opened.close(1012) if hellos == 1 else ok(opened, frame, device=None, prove=None))

    async with server(answer) as url, CounsellorClient(url, stays=True) as client:
        with pytest.raises(Disconnected):
            await client.hello()
        await asyncio.sleep(0.6)  # the longest first pause before a client that comes back by itself
        assert hellos == 1
        await client.hello()
        assert client.faults == []
