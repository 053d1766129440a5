"""The size limit of frames applies to received ones: the lists that a console is sent may be longer."""

import pytest

from tests.support.cast import floor
from tests.support.frames import Refused
from tests.support.platform import Platform

EDITIONS = 8
LONG = {"nl": "lang " * 30, "en": "long " * 30}


async def test_an_answer_longer_than_any_frame_that_may_come_in_reaches_the_console(
    platform: Platform,
) -> None:
    supervisor = await floor(platform)
    ok = await supervisor.request("wording", line="helpwanted")
    wording = ok["standard"] | {"tips": [LONG] * 12}
    for _ in range(EDITIONS):
        ok = await supervisor.request("setwording", line="helpwanted", wording=wording, begins=None)
    assert sum(len(str(one)) for one in ok["editions"]) > 2 * 16 * 1024
    assert len(ok["editions"]) >= EDITIONS
    await supervisor.request("setwording", line="helpwanted", wording=None, begins=None)
    with pytest.raises(Refused, match="bad_frame"):
        await supervisor.request(
            "setwording", line="helpwanted", wording=wording | {"tips": [LONG] * 13}, begins=None
        )
