"""The server stores no typed text, no caller's address and no guest's link anywhere."""

import asyncio
import contextlib
import json
import socket
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.caller import CallerClient
from tests.support.cast import anna, carla, go_home
from tests.support.frames import is_entry, is_frame
from tests.support.mail import Inbox, token_of
from tests.support.platform import Platform
from tests.support.sealing import CASE
from tests.support.servers import Postgres, Redis

CANARY_OF_THE_CALLER = "kanarie-zingt-zacht-in-de-nacht"
CANARY_OF_THE_COUNSELLOR = "kanarie-antwoordt-bij-dageraad"
LINK, REFERENCE, ITEM = "https://kanarie.example/foto/37", "kenmerk-van-kanarie", "00aa11bb22cc33dd"
SECRETS = (CANARY_OF_THE_CALLER, CANARY_OF_THE_COUNSELLOR, LINK, "kanarie.example", REFERENCE)
FORWARDED = "203.0.113.77"
AGENT = "Kanariebrowser/1.0"


@contextlib.asynccontextmanager
async def monitored(redis: Redis) -> AsyncIterator[bytearray]:
    """Returns everything that Redis receives meanwhile, by MONITOR."""
    heard = bytearray()
    reader, writer = await asyncio.open_connection("127.0.0.1", redis.port)
    writer.write(b"MONITOR\r\n")

    async def listen() -> None:
        while chunk := await reader.read(65536):
            heard.extend(chunk)

    task = asyncio.create_task(listen())
    try:
        yield heard
    finally:
        task.cancel()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def a_case(**facts: str) -> str:
    item = {"id": ITEM, "url": LINK, "what": "image", "by": "me", "state": "open", "ref": "", "note": ""}
    return json.dumps({"items": [item | {"at": 1} | facts]})


async def talk(platform: Platform) -> CallerClient:
    caller = await anna(platform, first=0)
    await caller.start()
    await caller.post(CANARY_OF_THE_CALLER)
    counsellor = await carla(platform, first=1)
    conversation = await counsellor.take()
    await counsellor.post(conversation.conversation, CANARY_OF_THE_COUNSELLOR)
    await caller.post(a_case(), kind=CASE)
    await counsellor.post(conversation.conversation, a_case(state="removed", ref=REFERENCE), kind=CASE)
    await counsellor.request(
        "caseresult", conversation=conversation.conversation, item=ITEM, outcome="removed"
    )
    await caller.becomes(lambda: CANARY_OF_THE_COUNSELLOR in caller.talk.texts())
    await counsellor.becomes(lambda: CANARY_OF_THE_CALLER in conversation.texts())
    return caller


def found_in(folder: Path, needles: list[bytes]) -> list[str]:
    return [
        f"{path.name}: {needle!r}"
        for path in folder.rglob("*")
        if path.is_file() and not path.is_socket()
        for needle in needles
        if needle in path.read_bytes()
    ]


def spellings(text: str) -> list[bytes]:
    return [text.encode(), text.encode("utf-16-le"), text.encode().hex().encode()]


async def test_a_typed_sentence_is_nowhere_on_a_laptop(laptop: Platform) -> None:
    caller = await talk(laptop)
    needles = [n for text in SECRETS for n in spellings(text)]
    needles.append(caller.token.encode())
    assert found_in(laptop.var, needles) == []
    assert found_in(laptop.output.parent, needles) == []
    # This shows that the search works: it finds the conversation's id.
    assert found_in(laptop.var, [caller.conversation.encode()])
    await caller.leave()
    await go_home(laptop)


@pytest.mark.stack
async def test_a_typed_sentence_is_nowhere_in_postgresql_its_wal_redis_or_the_logs(
    stack: Platform, postgres: Postgres, redis: Redis
) -> None:
    async with monitored(redis) as heard:
        caller = await talk(stack)
    postgres.execute("CHECKPOINT")
    needles = [n for text in SECRETS for n in spellings(text)]
    needles.append(caller.token.encode())
    for folder in (postgres.folder, redis.folder, stack.var, stack.output.parent):
        assert found_in(folder, needles) == []
    assert heard, "MONITOR heard nothing"
    assert not [needle for needle in needles if needle in heard]
    assert found_in(postgres.folder, [caller.conversation.encode()])
    await caller.leave()
    await go_home(stack)


async def a_link_is_mailed(platform: Platform) -> tuple[CallerClient, str]:
    caller = await anna(platform, first=0)
    await caller.start()
    counsellor = await carla(platform, first=1)
    talk = await counsellor.take()
    inbox = Inbox(platform)
    invitation = await counsellor.invite(talk.conversation, "handoff", {"service": "veilig-thuis"})
    await caller.until(is_entry("invited", state="asked"))
    await caller.consent(invitation)
    token = token_of(await inbox.link())
    await counsellor.until(is_frame("invitation", contact="taken"))
    return caller, token


def outside_the_mail(platform: Platform, needles: list[bytes]) -> list[str]:
    mailed = {path.name for path in (platform.var / "mail").iterdir()}
    everywhere = found_in(platform.output.parent, needles)
    return [found for found in everywhere if found.split(":")[0] not in mailed]


async def test_a_guest_s_link_is_nowhere_on_a_laptop_but_in_the_mail(laptop: Platform) -> None:
    caller, token = await a_link_is_mailed(laptop)
    assert found_in(laptop.var / "mail", [token.encode()]), "the search can find"
    assert outside_the_mail(laptop, spellings(token)) == []
    await caller.leave()
    await go_home(laptop)


@pytest.mark.stack
async def test_a_guest_s_link_is_nowhere_in_postgresql_its_wal_redis_or_the_logs(
    stack: Platform, postgres: Postgres, redis: Redis
) -> None:
    async with monitored(redis) as heard:
        caller, token = await a_link_is_mailed(stack)
    postgres.execute("CHECKPOINT")
    needles = spellings(token)
    for folder in (postgres.folder, redis.folder):
        assert found_in(folder, needles) == []
    assert outside_the_mail(stack, needles) == []
    assert not [needle for needle in needles if needle in heard]
    await caller.leave()
    await go_home(stack)


@pytest.mark.stack
async def test_nothing_of_a_bell_is_readable_in_redis(stack: Platform, redis: Redis) -> None:
    async with monitored(redis) as heard:
        caller = await talk(stack)
    needles = [caller.conversation, "helpwanted", "NewEntry", "QueueChanged", "PeopleChanged", "conversation"]
    assert b"helpline:group:bells" in heard, "MONITOR heard no bell"
    assert [needle for needle in needles if needle.encode() in heard] == []
    await caller.leave()
    await go_home(stack)


async def test_where_a_caller_comes_from_is_written_nowhere_also_after_an_error(laptop: Platform) -> None:
    """Loopback is every server's own address, so a forwarded address and the client's port stand for it."""

    def ask(path: str) -> None:
        request = urllib.request.Request(
            laptop.url + path,
            headers={"X-Forwarded-For": FORWARDED, "User-Agent": AGENT, "Forwarded": FORWARDED},
        )
        with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=5) as answer:
            answer.read()

    for path in (
        "/",
        "/nl/helpwanted/",
        "/api/lines/helpwanted/",
        "/nowhere/",
        "/login/",
        "/app/x/y",
        "/%00",
    ):
        await asyncio.to_thread(ask, path)
    await force_a_failure(laptop)
    client = await CallerClient(laptop.url).connect()
    assert client._socket is not None
    port = client._socket.local_address[1]
    await client.raw("x" * 200_000)
    await client.closed()
    await client.disconnect()
    needles = [FORWARDED.encode(), AGENT.encode(), f":{port}".encode(), f", {port}".encode()]
    assert found_in(laptop.var, needles[:2]) == []
    assert found_in(laptop.output.parent, needles) == []


async def force_a_failure(platform: Platform) -> None:
    """Sends half a request, a broken handshake, and a method that no page accepts."""
    host, port = platform.url.removeprefix("http://").split(":")
    for raw in (
        b"GET / HTTP/1.1\r\nHost: \x00\r\n\r\n",
        b"GET /ws/caller/ HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        f"BREW / HTTP/1.1\r\nHost: {host}:{port}\r\nX-Forwarded-For: {FORWARDED}\r\n\r\n".encode(),
        b"\x00" * 2000,
    ):
        await asyncio.to_thread(send_raw, host, int(port), raw)


def send_raw(host: str, port: int, raw: bytes) -> None:
    with socket.create_connection((host, port), 5) as connection:
        connection.sendall(raw)
        connection.settimeout(1)
        with contextlib.suppress(OSError):
            connection.recv(1000)
