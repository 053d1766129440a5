"""Somebody who steals the whole database and all of Redis of an installation in use can neither sign in nor
read."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from benchmarks.signin import SignIn
from tests.guards.loot import Loot, copied, loot_of
from tests.guards.thief import Thief
from tests.support.cast import anna, bilal, carla, daan, esra, floor, gijs
from tests.support.counsellor import CounsellorClient, GuestClient
from tests.support.guests import a_link
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]
DECOYS = ["A" * 43, "B" * 22, bytes(32), b"\4" * 65, {"session": "C" * 64}]


@dataclass
class InUse:
    """Holds the running installation, its copy, and the secrets of its people that the copy must not
    contain."""

    thief: Thief
    half: SignIn
    copy: Loot
    secrets: dict[str, Any]


@pytest.fixture
async def in_use(postgres: Postgres, redis: Redis) -> AsyncIterator[InUse]:
    database, store = postgres.database_with_people(), redis.url.removesuffix("0") + "7"
    with Platform(database_url=database, redis_url=store, processes=2) as platform:
        yield await _evening(platform, database, store)


async def _evening(platform: Platform, database: str, store: str) -> InUse:
    """Plays an evening: conversations, an open invitation by link, a seated guest, and people who have signed
    in completely or by half."""
    first, second, third = await anna(platform), await bilal(platform), await anna(platform, name="Chris")
    consoles = [await carla(platform), await daan(platform), await esra(platform)]
    await floor(platform)
    await gijs(platform)
    for caller in (first, second, third):
        await caller.start()
        talk = await consoles[0].take()
        await caller.post("hallo")
        await consoles[0].post(talk.conversation, "dag")
    token, pin = await a_link(platform, first, consoles[0])
    guest = GuestClient(*platform.urls)
    platform.guests.append(guest)
    await guest.desk(*await a_link(platform, second, consoles[0]))
    half = SignIn(platform.url, platform.people("administrator")[0])
    half.submit(half.get("/login/"), "username", **half.credentials())
    consoles[1].spawn(consoles[1].typing(third.conversation))
    copy = copied(database, store)
    return InUse(
        thief=Thief(platform.urls, consoles[0].cookie),
        half=half,
        copy=copy,
        secrets={
            "session": _session(consoles[0].cookie),
            "half": half.cookies["sessionid"],
            "caller": first.token,
            "link": [token, pin],
            "resume": guest.resume_token,
            "guest": guest.key.public,
            "epoch": third.talk.secrets[third.epoch],
            "device": _scalar(consoles[0]),
            "device id": consoles[0].device,
            "seed": platform.people()[0].totp_secret,
            "seeds": [person.totp_secret for person in platform.people()],
        },
    )


def _session(cookie: str) -> str:
    return dict(part.strip().split("=", 1) for part in cookie.split(";"))["sessionid"]


def _scalar(console: CounsellorClient) -> bytes:
    return console.key.private.private_numbers().private_value.to_bytes(32)


async def test_nothing_in_a_stolen_copy_signs_in_reads_resumes_or_takes_a_seat(in_use: InUse) -> None:
    thief, copy, true = in_use.thief, in_use.copy, in_use.secrets
    assert len(copy.texts) > 500, "there was something to steal"
    assert true["device id"] in copy.texts
    assert thief.opens(copy) == []
    assert thief.makes_codes(copy, true["seeds"]) == []
    assert thief.signs_in(copy) == []
    assert thief.signs_in_with_a_code(copy, in_use.half) == []
    assert await thief.proves_a_device(copy) == []
    assert await thief.resumes(copy) == []
    assert await thief.takes_a_guest_s_seat(copy) == []


async def test_the_thief_finds_each_thing_that_opens_when_one_lies_in_the_copy(in_use: InUse) -> None:
    """Otherwise the thief above might find nothing because the search is wrong."""
    thief, copy, true = in_use.thief, in_use.copy, in_use.secrets

    def with_one(*names: str) -> Loot:
        loot = loot_of([*DECOYS, *(true[name] for name in names)])
        loot.conversations = copy.conversations
        return loot

    assert thief.signs_in(with_one("session"))
    assert thief.signs_in(with_one("half"))
    assert thief.makes_codes(with_one("seed"), true["seeds"])
    whole = with_one("epoch")
    whole.blobs |= copy.blobs
    assert thief.opens(whole)
    whole = with_one("device")
    whole.blobs |= copy.blobs
    assert thief.opens(whole)
    assert await thief.proves_a_device(with_one("device", "device id"))
    assert await thief.resumes(with_one("caller"))
    assert await thief.takes_a_guest_s_seat(with_one("resume", "guest"))
    assert await thief.takes_a_guest_s_seat(with_one("link"))
