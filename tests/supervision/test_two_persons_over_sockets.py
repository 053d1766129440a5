"""Two supervisors use two consoles: what one asks waits for the other, and only one of two who confirm
succeeds."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.cast import carla, floor, staff
from tests.support.counsellor import CounsellorClient
from tests.support.frames import Refused
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis
from tests.support.supervisor import a_second_supervisor, all_came_long_ago, give_key, keys_of, make_key

ROUNDS = 20
HEALED = 10.0  # seconds: a lost bell is noticed with the next packet, two seconds later at the latest
LINE = "helpwanted"


@pytest.fixture(scope="module")
def quiet_laptop() -> Iterator[Platform]:
    """Provides a platform of its own, because on others one supervisor is enough."""
    with Platform() as running:
        yield running


@pytest.fixture(scope="module")
def quiet_stack(postgres: Postgres, redis: Redis) -> Iterator[Platform]:
    with Platform(
        database_url=postgres.database_with_people(), redis_url=redis.url, processes=2, APPROVAL_SECONDS=60
    ) as running:
        yield running


@pytest.fixture(params=["quiet_laptop", pytest.param("quiet_stack", marks=pytest.mark.stack)])
def platform(request: pytest.FixtureRequest) -> Platform:
    running: Platform = request.getfixturevalue(request.param)
    return running


async def another(platform: Platform, alias: str) -> CounsellorClient:
    who = a_second_supervisor(platform, alias)
    all_came_long_ago(platform)
    return await staff(platform, who, name=alias, duty="")


async def waiting(who: CounsellorClient) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await who.request("approvals"))["approvals"]
    return rows


async def keep(who: CounsellorClient, hours: int) -> bool:
    return bool((await who.request("keeping", line=LINE, hours=hours, two=False))["waits"])


async def hours_of(who: CounsellorClient) -> float:
    return float((await keys_of(who, LINE))["hours"])


def outcome(answer: object) -> str:
    return answer.code if isinstance(answer, Refused) else "ok"


@pytest.mark.long
async def test_what_one_asks_rings_at_the_other_who_confirms_it(platform: Platform) -> None:
    asker = await floor(platform)
    second = await another(platform, "Hanna")
    before = await hours_of(asker)
    assert await keep(asker, 720)
    await second.until(lambda frame: frame["type"] == "approvals", HEALED)
    (hers,) = await waiting(second)
    assert (hers["kind"], hers["line"], hers["value"], hers["may"]) == ("retention", LINE, "720", True)
    (own,) = await waiting(asker)
    assert (own["own"], own["may"]) == (True, False)
    assert "Hanna" in own["others"]
    assert await hours_of(asker) == before
    with pytest.raises(Refused) as refused:
        await asker.request("confirmapproval", approval=own["approval"])
    assert refused.value.code == "conflict"
    await second.request("confirmapproval", approval=own["approval"])
    assert await hours_of(asker) == 720
    assert not await keep(asker, round(before)), "shorter is done at once"
    assert await waiting(asker) == []


@pytest.mark.long
async def test_a_key_that_one_supervisor_plants_seats_nobody_and_is_not_given_on(platform: Platform) -> None:
    planter = await floor(platform)
    second = await another(platform, "Hanna")
    await make_key(planter, LINE)
    row = (await keys_of(planter, LINE))["keys"][0]
    assert row["confirmed"] is None
    with pytest.raises(Refused) as refused:
        await give_key(planter, LINE, second)
    assert refused.value.code == "conflict"
    (approval,) = await waiting(second)
    await second.request("confirmapproval", approval=approval["approval"])
    assert (await keys_of(planter, LINE))["keys"][0]["confirmed"]
    await give_key(planter, LINE, second)


async def test_nobody_but_a_supervisor_hears_or_decides(platform: Platform) -> None:
    counsellor = await carla(platform)
    empty = {"service": "csg", "mail": "", "url": ""}
    for name, fields in (
        ("approvals", {}),
        ("confirmapproval", {"approval": "x"}),
        ("dropapproval", {"approval": "x"}),
        ("contacts", {}),
        ("setcontact", empty),
    ):
        with pytest.raises(Refused) as refused:
            await counsellor.request(name, **fields)  # type: ignore[arg-type]
        assert refused.value.code == "forbidden"


@pytest.mark.timeout(240)
@pytest.mark.long
async def test_of_two_who_confirm_and_one_who_refuses_at_once_one_decides(platform: Platform) -> None:
    asker = await floor(platform)
    rivals = [await another(platform, alias) for alias in ("Hanna", "Jet", "Imre")]
    done = 0
    for number in range(ROUNDS):
        before = await hours_of(asker)
        assert await keep(asker, 800 + number)
        (approval,) = await waiting(asker)
        actions = ("confirmapproval", "confirmapproval", "dropapproval" if number % 2 else "confirmapproval")
        answers = await asyncio.gather(
            *(
                who.request(action, approval=approval["approval"])
                for who, action in zip(rivals, actions, strict=True)
            ),
            return_exceptions=True,
        )
        outcomes = [outcome(answer) for answer in answers]
        assert sorted(outcomes) == ["conflict", "conflict", "ok"]
        confirmed = actions[outcomes.index("ok")] == "confirmapproval"
        assert await hours_of(asker) == (800 + number if confirmed else before)
        done += confirmed
    trail = (await asker.request("trail"))["rows"]
    assert sum(row["action"] == "approval_confirmed" and " 8" in row["detail"] for row in trail) == done
