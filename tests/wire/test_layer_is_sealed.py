"""Somebody who reaches Redis without the server's secret can read no bell and ring none."""

import asyncio
import contextlib
import runpy
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as redis_py
from channels_redis.core import RedisChannelLayer
from pytest_django import Settings

from chat import bells
from chat.administration import reach
from chat.bells import Bell, Hint, kinds, ringing
from tests.conftest import started
from tests.support.cast import anna, carla, go_home
from tests.support.forgery import forge
from tests.support.people import compare_all, settle
from tests.support.platform import Platform
from tests.support.servers import Redis

SETTINGS = Path(__file__).parents[2] / "helpline" / "settings.py"
SECRET = "only for tests"
CONVERSATION = "the-conversation-id-00"
FORGED = Hint(
    seq=1, kind="message", by="nobody", at="2026-11-26T14:00:00Z", id="x", epoch=0, box=b"", line_only=False
)


def config(monkeypatch: pytest.MonkeyPatch, url: str, secret: str = SECRET, also: str = "") -> dict[str, Any]:
    """Returns the layer of a server that starts with this Redis and this secret, and also accepts others."""
    monkeypatch.setenv("REDIS_URL", url)
    monkeypatch.setenv("HELPLINE_SECRET_KEY", secret)
    monkeypatch.setenv("HELPLINE_SECRET_KEY_ALSO", also)
    layers: dict[str, Any] = runpy.run_path(str(SETTINGS))["CHANNEL_LAYERS"]["default"]
    return layers


@contextlib.asynccontextmanager
async def neighbours(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, layer: dict[str, Any]
) -> AsyncIterator[tuple[ringing._Tower, ringing._Tower, list[Bell]]]:
    """Connects two processes to one layer. Returns what is heard about the conversation."""
    heard: list[Bell] = []
    settings.CHANNEL_LAYERS = {"default": layer}
    towers = ringing._Tower(), ringing._Tower()
    one = RedisChannelLayer(**layer["CONFIG"])
    monkeypatch.setattr(ringing, "_layer", lambda: one)
    bells.listen(kinds.conversation(CONVERSATION), heard.append)
    tasks = []
    for tower in towers:
        tower.loop = asyncio.get_running_loop()
        tasks.append(asyncio.create_task(tower.subscribe()))
    await until(lambda: all(tower.connected for tower in towers))
    for tower in towers:
        tasks += [asyncio.create_task(tower.receive()), asyncio.create_task(tower.publish())]
    try:
        yield (*towers, heard)
    finally:
        bells.stop_listening(kinds.conversation(CONVERSATION), heard.append)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await one.flush()


async def until(holds: Any) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 – nothing rings when it does
            await asyncio.sleep(0.02)


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    """Starts a Redis even if the environment names one, because that one is not ours to lock."""
    own = Redis()
    own.external = None
    yield from started(own)


@pytest.mark.stack
async def test_a_bell_crosses_the_sealed_layer_with_its_hint(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, own_redis: Redis
) -> None:
    layer = config(monkeypatch, own_redis.url)
    async with neighbours(monkeypatch, settings, layer) as (tower, _, heard):
        tower.ring(bells.NewEntry(CONVERSATION, FORGED))
        await until(lambda: len(heard) == 2)
        assert heard == [bells.NewEntry(CONVERSATION, FORGED)] * 2


@pytest.mark.stack
async def test_a_forged_bell_is_thrown_away_and_the_next_true_one_is_heard_at_once(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, own_redis: Redis
) -> None:
    layer = config(monkeypatch, own_redis.url)
    async with neighbours(monkeypatch, settings, layer) as (tower, other, heard):
        looks: list[None] = []
        tower.on_return = other.on_return = lambda: looks.append(None)
        assert forge(own_redis, bells.NewEntry(CONVERSATION, FORGED), garbage=50) == 2
        await asyncio.sleep(0.5)
        assert (heard, looks) == ([], [])
        assert tower.connected
        assert other.connected
        tower.ring(bells.PeopleChanged(CONVERSATION))
        await until(lambda: len(heard) == 2)
        assert looks == [], "heard, not found by looking"


@pytest.mark.stack
async def test_another_installation_s_bells_are_thrown_away(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, own_redis: Redis
) -> None:
    stranger = RedisChannelLayer(**config(monkeypatch, own_redis.url, secret="another")["CONFIG"])
    layer = config(monkeypatch, own_redis.url)
    async with neighbours(monkeypatch, settings, layer) as (tower, _, heard):
        rung = ringing._pack([bells.NewEntry(CONVERSATION, FORGED)])
        packet = {"type": ringing.GROUP, "from": "x", "listens": True, "number": 1, "bells": rung}
        await stranger.group_send(ringing.GROUP, packet)
        true_bell = bells.PeopleChanged(CONVERSATION)
        tower.ring(true_bell)  # after the other one in each queue
        await until(lambda: len(heard) >= 2)
        assert heard == [true_bell, true_bell]
        assert tower.connected
    await stranger.flush()


@pytest.mark.stack
@pytest.mark.parametrize(
    ("one", "other"),
    [(("old", ""), ("old", "new")), (("old", "new"), ("new", "old")), (("new", "old"), ("new", ""))],
)
async def test_processes_that_restart_one_after_the_other_for_a_new_secret_hear_each_other(
    monkeypatch: pytest.MonkeyPatch, own_redis: Redis, one: tuple[str, str], other: tuple[str, str]
) -> None:
    """The new secret is accepted first and used later, so that no process gets a bell that it cannot open."""
    processes = [
        RedisChannelLayer(**config(monkeypatch, own_redis.url, *secrets_of)["CONFIG"])
        for secrets_of in (one, other)
    ]
    names = [await process.new_channel() for process in processes]
    for process, name in zip(processes, names, strict=True):
        await process.group_add(ringing.GROUP, name)
    for number, process in enumerate(processes):
        await process.group_send(ringing.GROUP, {"type": ringing.GROUP, "number": number})
    for process, name in zip(processes, names, strict=True):
        heard = [(await process.receive(name))["number"] for _ in processes]
        assert heard == [0, 1]
    for process in processes:
        await process.flush()


@pytest.mark.stack
async def test_a_hint_that_anybody_could_have_written_is_not_used(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, own_redis: Redis
) -> None:
    layer = config(monkeypatch, own_redis.url)
    layer["CONFIG"]["symmetric_encryption_keys"] = []
    async with neighbours(monkeypatch, settings, layer) as (_, _, heard):
        assert forge(own_redis, bells.NewEntry(CONVERSATION, FORGED), garbage=0) == 2
        await until(lambda: len(heard) == 2)
        assert heard == [bells.NewEntry(CONVERSATION)] * 2, "what it tells of is read"


@pytest.mark.stack
@pytest.mark.parametrize(
    "packet",
    [
        {},
        {"from": "x", "listens": True, "number": "one", "bells": b""},
        {"from": "x", "listens": True, "number": 1, "bells": b"\xc1"},
        {"from": "x", "listens": True, "number": 1, "bells": ringing._pack([{"bell": "OfANewerRelease"}])},
    ],
)
async def test_a_packet_of_another_release_is_thrown_away_and_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, own_redis: Redis, packet: dict[str, Any]
) -> None:
    layer = config(monkeypatch, own_redis.url)
    async with neighbours(monkeypatch, settings, layer) as (tower, _, heard):
        await ringing._layer().group_send(ringing.GROUP, {"type": ringing.GROUP, **packet})
        await asyncio.sleep(0.1)
        tower.ring(bells.PeopleChanged(CONVERSATION))
        await until(lambda: len(heard) == 2)


def test_without_a_secret_the_layer_does_not_count_as_sealed(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    assert ringing._layer_is_sealed(), "the one in memory is this process's own"
    for secret, sealed in (("", False), (SECRET, True)):
        settings.CHANNEL_LAYERS = {"default": config(monkeypatch, "redis://127.0.0.1:1/0", secret)}
        assert ringing._layer_is_sealed() == sealed


@pytest.mark.stack
async def test_a_password_in_the_address_of_redis_opens_it(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, own_redis: Redis
) -> None:
    password = secrets.token_hex(16)
    locked = own_redis.url
    own_redis.command("CONFIG", "SET", "requirepass", password)
    with_password = locked.replace("//", f"//:{password}@")
    async with neighbours(monkeypatch, settings, config(monkeypatch, with_password)) as (tower, _, heard):
        tower.ring(bells.PeopleChanged(CONVERSATION))
        await until(lambda: len(heard) == 2)
    settings.REDIS_URL = with_password
    assert reach.layer().is_well
    settings.REDIS_URL = locked
    assert not reach.layer().is_well
    with pytest.raises(redis_py.AuthenticationError):
        redis_py.Redis.from_url(locked).ping()


@pytest.mark.stack
async def test_while_somebody_forges_bells_in_redis_everybody_talks_on(stack: Platform, redis: Redis) -> None:
    caller = await anna(stack, first=0)
    await caller.start()
    counsellor = await carla(stack, first=1)
    talk = await counsellor.take()
    before, said_before = stack.pids, len(stack.output.read_text())
    for number in range(3):
        hint = Hint(
            seq=talk.newest + 1, kind="message", by=caller.talk.me, at="2026-11-26T14:00:00Z",
            id=secrets.token_urlsafe(16), epoch=0, box=b"forged", line_only=False,
        )  # fmt: skip
        assert forge(redis, bells.NewEntry(caller.conversation, hint)) >= 2
        await asyncio.sleep(0.2)
        await caller.post(f"vraag {number}")
        await counsellor.post(talk.conversation, f"antwoord {number}")
    await settle(caller, counsellor, conversation=talk.conversation)
    compare_all(caller, counsellor, conversation=talk.conversation)
    assert caller.connections == counsellor.connections == 1
    assert stack.pids == before
    said = stack.output.read_text()
    assert "bells_thrown_away" in said
    assert "layer_lost" not in said[said_before:]
    await caller.leave()
    await go_home(stack)
