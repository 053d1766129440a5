"""The board is sent over a socket, and a closing line is announced."""

import pytest

from tests.support.cast import anna, carla, floor
from tests.support.frames import Refused
from tests.support.platform import Platform


async def test_a_supervisor_sees_a_caller_come_and_go_and_nobody_else_may_look(platform: Platform) -> None:
    supervisor = await floor(platform)
    await supervisor.request("watch", board=True)
    first = await supervisor.until(lambda frame: frame["type"] == "board")
    (line,) = first["lines"]
    assert line["line"] == "helpwanted"
    caller = await anna(platform)
    await caller.start(urgency=2)
    more = line["waiting"] + 1
    await supervisor.until(lambda frame: frame["type"] == "board" and frame["lines"][0]["waiting"] == more)
    await caller.leave()
    await supervisor.until(
        lambda frame: frame["type"] == "board" and frame["lines"][0]["waiting"] == line["waiting"], within=12
    )
    counsellor = await carla(platform)
    with pytest.raises(Refused) as refused:
        await counsellor.request("watch", board=True)
    assert refused.value.code == "forbidden"


async def test_closing_a_line_is_told_to_those_who_wait_and_refuses_who_comes(platform: Platform) -> None:
    supervisor = await floor(platform)
    caller = await anna(platform)
    await caller.start()
    await caller.until(lambda frame: frame["type"] == "queue")
    await supervisor.request("line", line="helpwanted", state="closed", most=None, reason="storing")
    try:
        await caller.until(lambda frame: frame["type"] == "notice" and frame["code"] == "line_closing")
        late = await anna(platform)
        with pytest.raises(Refused) as refused:
            await late.start()
        assert refused.value.code == "line_closed"
        assert refused.value.frame["opens"] is None
        counsellor = await carla(platform)
        with pytest.raises(Refused) as refused:
            await counsellor.request("line", line="helpwanted", state="open", most=None, reason=None)
        assert refused.value.code == "forbidden"
        with pytest.raises(Refused) as refused:
            await supervisor.request("line", line="stopitnow", state="closed", most=None, reason=None)
        assert refused.value.code == "not_found"
    finally:
        await supervisor.request("line", line="helpwanted", state="open", most=None, reason=None)
    await caller.leave()
