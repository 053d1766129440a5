"""A grant that does not fit is a conflict, with the present epoch and the members to name."""

from typing import Any

from tests.support.cast import anna, carla
from tests.support.frames import Refused, is_entry
from tests.support.platform import Platform
from tests.support.sealing import b64url


def wrapped(member: str, size: int = 113) -> dict[str, Any]:
    return {"member": member, "wrap": b64url(bytes(size))}


async def test_only_the_next_epoch_for_exactly_those_present_is_granted(platform: Platform) -> None:
    caller = await anna(platform, grants=False)
    await caller.start()
    counsellor = await carla(platform)
    seat = await counsellor.next()
    await counsellor.open(seat["conversation"])
    await caller.until(is_entry("joined"))
    member = seat["member"]
    mine = [wrapped(member)]
    wrong: list[dict[str, Any]] = [
        {"epoch": 1, "wraps": [], "history": []},
        {"epoch": 2, "wraps": mine, "history": []},
        {"epoch": 0, "wraps": mine, "history": []},
        {"epoch": 1, "wraps": mine * 2, "history": []},
        {"epoch": 1, "wraps": [*mine, wrapped(caller.member)], "history": []},
        {"epoch": 1, "wraps": [wrapped(b64url(bytes(8)))], "history": []},
        {"epoch": 1, "wraps": mine, "history": [{"epoch": 1, **wrapped(member)}]},
        {"epoch": 1, "wraps": mine, "history": [{"epoch": 0, **wrapped(member)}] * 2},
        {"epoch": 1, "wraps": mine, "history": [{"epoch": 0, **wrapped(b64url(bytes(8)))}]},
    ]
    for fields in wrong:
        try:
            await caller.request("grant", **fields)
        except Refused as error:
            found = (error.code, error.frame.get("epoch"), error.frame.get("members"))
            assert found == ("conflict", 0, [member]), fields
        else:
            raise AssertionError(fields)
    await caller.request("grant", epoch=1, wraps=mine, history=[{"epoch": 0, **wrapped(member)}])
    told = await counsellor.until(is_entry("granted"))
    assert (told["epoch"], told["members"], len(told["wrap"])) == (1, [member], 151)
    assert [row["epoch"] for row in told["history"]] == [0]
    own = await caller.until(is_entry("granted"))
    assert not {"wrap", "history"} & own.keys(), "the caller is not named"
    await caller.leave()
