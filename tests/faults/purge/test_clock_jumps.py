"""A clock jumps while people talk: nothing is purged, an alarm reports it, and nothing is lost."""

import asyncio
import subprocess
import sys

import pytest

from tests.faults.pairs import pair
from tests.support.platform import ROOT, Platform

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]
AT = """import time_machine, datetime
from django.core.management import call_command
then = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days={days})
with time_machine.travel(then, tick=True):
    call_command({command!r})"""


def at(platform: Platform, days: int, command: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command on a host whose clock is this many days off; the database's clock is right."""
    words = [sys.executable, "manage.py", "shell", "-v", "0", "-c", AT.format(days=days, command=command)]
    return subprocess.run(
        words, cwd=ROOT, env=platform._environment(), capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("days", [100, -1])
async def test_a_host_whose_clock_jumped_purges_nothing_and_says_so(steady: Platform, days: int) -> None:
    talking = await pair(steady)
    await talking.exchange("voor de sprong")
    keys = sorted((steady.var / "keys").glob("*.slots"))
    assert keys
    purged = await asyncio.to_thread(at, steady, days, "purge")
    assert purged.returncode != 0
    assert "clock" in purged.stderr.lower()
    looked = await asyncio.to_thread(at, steady, days, "check")
    assert "WRONG clock" in looked.stdout
    assert sorted((steady.var / "keys").glob("*.slots")) == keys
    await talking.exchange("na de sprong")
    await talking.caller.disconnect()
    await talking.caller.reopen()
    assert "voor de sprong" in talking.caller.talk.texts()
    talking.compare()
    talking.assert_undisturbed()
