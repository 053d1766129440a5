"""The metrics say what a process did, and how its lines are."""

import re
import time
from urllib.request import urlopen

import pytest

from tests.support.cast import caller
from tests.support.frames import Refused
from tests.support.platform import Platform


def number(platform: Platform, name: str) -> float:
    """Returns a metric, or 0 if it was never counted."""
    with urlopen(f"{platform.url}/metrics", timeout=10) as answer:
        found = re.search(rf"^{re.escape(name)} (\S+)$", answer.read().decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


async def test_what_is_delivered_and_what_is_refused_is_counted_by_kind(laptop: Platform) -> None:
    delivered = number(laptop, "helpline_deliveries_total")
    refused = number(laptop, 'helpline_refusals_total{code="bad_frame"}')
    anna = await caller(laptop)
    await anna.start()
    await anna.post("hallo")
    await anna.becomes(lambda: bool(anna.talk.texts()), 10)
    assert number(laptop, "helpline_deliveries_total") >= delivered + 2  # opened, and her own words
    with pytest.raises(Refused):
        await anna.request("nonsense")
    await anna.leave()
    assert number(laptop, 'helpline_refusals_total{code="bad_frame"}') == refused + 1


def test_the_loop_the_layer_and_the_database_are_told(laptop: Platform) -> None:
    until = time.monotonic() + 20
    while number(laptop, "helpline_loop_lag_seconds") == 0:  # before its first look
        assert time.monotonic() < until
        time.sleep(0.2)
    assert number(laptop, "helpline_database_up") == 1
    assert number(laptop, "helpline_layer_up") == 1
