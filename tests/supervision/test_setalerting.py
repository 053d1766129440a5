"""A supervisor sets when a line raises an alert."""

from tests.support.cast import anna, floor
from tests.support.platform import Platform

LOOKING = 15.0


async def test_thresholds_raise_an_alert_on_the_floor(platform: Platform) -> None:
    supervisor = await floor(platform)
    assert (await supervisor.request("alerting", line="helpwanted"))["told"] is False
    kept = await supervisor.request("setalerting", line="helpwanted", waiting=1, minutes=90)
    assert (kept["waiting"], kept["minutes"]) == (1, 90)
    await supervisor.request("floor", look=True)
    caller = await anna(platform)
    await caller.start()
    await supervisor.until(
        lambda frame: frame["type"] == "floor" and "waiting" in frame["lines"][0]["alerts"], LOOKING
    )
    await supervisor.request("setalerting", line="helpwanted", waiting=None, minutes=None)
    await supervisor.until(
        lambda frame: frame["type"] == "floor" and "waiting" not in frame["lines"][0]["alerts"], LOOKING
    )
    await caller.leave()
