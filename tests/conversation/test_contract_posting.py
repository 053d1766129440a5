"""`post` is checked in a fixed order: shape, id, ended, epoch, pace."""

import secrets
from typing import Any

import pytest

from tests.support.caller import CallerClient
from tests.support.cast import anna, carla
from tests.support.counsellor import CounsellorClient
from tests.support.frames import Frame, Refused
from tests.support.platform import Platform
from tests.support.sealing import BRIEF, INTAKE, MESSAGE, NOTE, Item, b64url, unb64url

SECRET = bytes(32)


def sealed(conversation: str, sender: str, item: bytes, epoch: int, kind: int, text: str) -> Frame:
    box = Item(item, kind, text).seal(SECRET, unb64url(conversation), epoch, unb64url(sender))
    return {"id": b64url(item), "epoch": epoch, "box": b64url(box)}


async def code_of(client: CallerClient | CounsellorClient, request: str, **fields: Any) -> str:
    try:
        await client.request(request, **fields)
    except Refused as error:
        return error.code
    return "ok"


async def post(
    caller: CallerClient, *, item: bytes | None = None, epoch: int = 0, kind: int = MESSAGE, text: str = "x"
) -> str:
    item = item or secrets.token_bytes(16)
    fields = sealed(caller.conversation, caller.member, item, epoch, kind, text)
    return await code_of(caller, "post", **fields)


@pytest.mark.short("stack")  # the rule is read on the loop's own connection there
async def test_the_id_comes_before_the_end_the_epoch_and_the_pace(platform: Platform) -> None:
    caller = await anna(platform, grants=False)
    await caller.start()
    known = secrets.token_bytes(16)
    assert await post(caller, item=known) == "ok"
    assert await post(caller, item=known, kind=NOTE) == "bad_frame", "shape comes first"
    assert await post(caller, epoch=1) == "stale_epoch"
    while await post(caller) == "ok":
        pass
    assert await post(caller, epoch=1) == "stale_epoch", "epoch comes before pace"
    assert await post(caller, item=known) == "ok", "the same bytes"
    assert await post(caller, item=known, text="y") == "replayed"
    await caller.request("grant", epoch=1, wraps=[], history=[])
    assert await post(caller, item=known) == "ok", "also in an older epoch"
    await caller.leave()
    assert await post(caller, item=known) == "ok", "also after the end"
    assert await post(caller, item=known, text="y") == "replayed"
    assert await post(caller, epoch=9) == "ended", "the end comes before the epoch"


async def test_each_seat_has_its_own_kinds_of_boxes(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    counsellor = await carla(platform)
    talk = await counsellor.take()
    assert await post(caller, epoch=1, kind=INTAKE) == "ok"
    assert await post(caller, epoch=1, kind=BRIEF) == "bad_frame"
    for request, kinds in (("post", {MESSAGE, BRIEF}), ("note", {NOTE})):
        for kind in (MESSAGE, INTAKE, NOTE, BRIEF):
            fields = sealed(talk.conversation, talk.me, secrets.token_bytes(16), talk.epoch, kind, "x")
            wanted = "ok" if kind in kinds else "bad_frame"
            found = await code_of(counsellor, request, conversation=talk.conversation, **fields)
            assert found == wanted, (request, kind)
    await counsellor.close(talk.conversation)


async def test_a_seat_that_no_grant_names_is_told_the_present_epoch(platform: Platform) -> None:
    caller = await anna(platform, grants=False)
    await caller.start()
    counsellor = await carla(platform)
    seat = await counsellor.next()
    fields = sealed(seat["conversation"], seat["member"], secrets.token_bytes(16), 0, MESSAGE, "x")
    try:
        await counsellor.request("post", conversation=seat["conversation"], **fields)
    except Refused as error:
        assert (error.code, error.frame["epoch"]) == ("stale_epoch", 0)
    else:
        raise AssertionError("a seat that was not let in could post")
    await caller.leave()
