"""On a line under pressure newcomers earn their place over sockets, and those who are in notice nothing."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.caller import CallerClient
from tests.support.cast import anna, bilal, caller, carla, floor
from tests.support.frames import Frame, Refused, is_frame
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis
from tests.support.work import solve

PLACES, FREE = 10, 8
LOOKED = 2.0  # seconds: each process looks at a line once in one


def pressed_by(**stores: Any) -> Platform:
    """Makes a line of ten places, of which the last two have to be earned by little work."""
    return Platform(QUEUE_MAX=PLACES, PRESSURE_LEAST=2, WORK_SCALE=0.005, GRANT_SECONDS=4, **stores)


@pytest.fixture(scope="module")
def pressed_laptop() -> Iterator[Platform]:
    with pressed_by() as running:
        yield running


@pytest.fixture(scope="module")
def pressed_stack(postgres: Postgres, redis: Redis) -> Iterator[Platform]:
    with pressed_by(
        database_url=postgres.database_with_people(), redis_url=redis.url, processes=2
    ) as running:
        yield running


@pytest.fixture(params=["pressed_laptop", pytest.param("pressed_stack", marks=pytest.mark.stack)])
def pressed(request: pytest.FixtureRequest) -> Platform:
    running: Platform = request.getfixturevalue(request.param)
    return running


async def wait(platform: Platform, callers: int) -> list[CallerClient]:
    """Lets this many wait, until every process has read the signs again."""
    clients = [await caller(platform, name=f"caller {number}") for number in range(callers)]
    for client in clients:
        await client.start()
    await asyncio.sleep(LOOKED)
    return clients


async def asked_of(client: CallerClient, pad: str = "") -> str:
    """Returns the challenge with which a start is answered, after which a page closes its socket."""
    with pytest.raises(Refused) as refused:
        await client.start(pad=pad)
    assert refused.value.code == "work"
    await client.disconnect()
    return str(refused.value.frame["challenge"])


async def everybody_leaves(clients: list[CallerClient]) -> None:
    for client in clients:
        await client.leave()
    await asyncio.sleep(LOOKED)


@pytest.mark.long
async def test_a_bot_without_work_gets_no_place_and_a_browser_that_works_does(pressed: Platform) -> None:
    waiting = await wait(pressed, FREE)
    bot = await anna(pressed, name="a bot")
    for _ in range(20):
        with pytest.raises(Refused) as refused:
            await bot.start(work="AAAA")
        assert refused.value.code == "work"
    supervisor = await floor(pressed)
    await supervisor.request("watch", board=True)
    await supervisor.until(lambda frame: frame["type"] == "board" and pressure_in(frame)["asked"] >= 20)
    client = await bilal(pressed)
    challenge = await asked_of(client, pad="x" * 64)
    await client.start(work=solve(challenge))
    assert client.state == "waiting"
    await supervisor.until(lambda frame: frame["type"] == "board" and pressure_in(frame)["earned"] >= 1)
    await everybody_leaves([*waiting, client])


@pytest.mark.long
async def test_who_waits_or_talks_is_never_asked(pressed: Platform) -> None:
    talking, counsellor = await anna(pressed), await carla(pressed)
    await talking.start()
    seat = await counsellor.next()
    await talking.until(is_frame("entry", kind="joined"))
    await asyncio.sleep(LOOKED)
    waiting = await wait(pressed, FREE)
    await asked_of(await bilal(pressed))
    tab = talking.another_tab()
    pressed.guests.append(tab)
    await tab.reopen()
    await tab.becomes(lambda: tab.grants.may_seal, 10)
    await tab.post("I am still here")
    again = waiting[0]
    await again.disconnect()
    await again.reopen()
    assert again.state == "waiting"
    await counsellor.close(seat["conversation"])
    await everybody_leaves(waiting)


@pytest.mark.long
async def test_of_two_who_send_one_answer_at_once_one_gets_in(pressed: Platform) -> None:
    waiting = await wait(pressed, FREE)
    answer = solve(await asked_of(await anna(pressed)))
    thieves = [
        CallerClient(*pressed.urls, name=f"tab {number}", first=number % len(pressed.urls))
        for number in range(6)
    ]
    pressed.guests.extend(thieves)
    for thief in thieves:
        await thief.connect()
    answers = await asyncio.gather(*(thief.start(work=answer) for thief in thieves), return_exceptions=True)
    codes = [answer.code for answer in answers if isinstance(answer, Refused)]
    assert codes == ["work"] * 5
    await everybody_leaves([*waiting, *(thief for thief in thieves if thief.conversation)])


@pytest.mark.long
async def test_a_full_line_says_when_to_try_again(pressed: Platform) -> None:
    waiting = await wait(pressed, FREE)
    while len(waiting) < PLACES:
        client = await caller(pressed)
        challenge = await asked_of(client)
        await client.start(work=solve(challenge))
        waiting.append(client)
    await asyncio.sleep(LOOKED)
    late = await bilal(pressed)
    with pytest.raises(Refused) as refused:
        await late.start()
    assert refused.value.code == "line_full"
    assert 10 <= refused.value.frame["again"] <= 120
    assert "challenge" not in refused.value.frame
    await everybody_leaves(waiting)


def of_helpwanted(board: Frame) -> Frame:
    (line,) = [line for line in board["lines"] if line["line"] == "helpwanted"]
    return dict(line)


def pressure_in(board: Frame) -> Frame:
    return dict(of_helpwanted(board)["pressure"])


@pytest.mark.long
async def test_the_board_and_the_consoles_see_who_is_here_and_what_a_place_costs(pressed: Platform) -> None:
    supervisor, counsellor = await floor(pressed), await carla(pressed)
    waiting = await wait(pressed, FREE)
    await waiting[0].disconnect()
    await supervisor.request("watch", board=True)
    frame = await supervisor.until(lambda frame: frame["type"] == "board" and of_helpwanted(frame)["away"])
    line = of_helpwanted(frame)
    assert (line["waiting"], line["away"]) == (FREE, 1)
    assert line["pressure"]["level"] == 1, "who is away may come back"
    assert line["oldest"] < line["oldest_here"]
    queue = await counsellor.until(is_frame("queue", line="helpwanted", waiting=FREE, here=FREE - 1))
    assert queue["urgent"] == 0
    await waiting[0].reopen()
    await everybody_leaves(waiting)


@pytest.mark.long
async def test_a_counsellor_says_that_a_caller_is_not_serious_and_it_ends(pressed: Platform) -> None:
    troll, counsellor = await anna(pressed), await carla(pressed)
    await troll.start()
    seat = await counsellor.next()
    await counsellor.open(seat["conversation"])
    await counsellor.until(is_frame("entry", kind="granted"))
    await counsellor.request("unserious", conversation=seat["conversation"])
    ended = await troll.until(is_frame("entry", kind="ended"))
    assert ended["reason"] == "counsellor"
    await asyncio.sleep(LOOKED)
