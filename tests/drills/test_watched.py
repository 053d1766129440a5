"""Prometheus is set up as docs/operations.md says. Each query has an answer, and each alert fires by its
cause."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable
from pathlib import Path

import pytest

from benchmarks.signin import Person
from tests.drills import installed
from tests.drills.document import blocks
from tests.drills.installed import CALLERS
from tests.drills.root import Root
from tests.faults.pairs import Console, Pair, Phone
from tests.support.frames import Disconnected, Refused
from tests.support.prometheus import asked, unanswered

PROMETHEUS = "http://127.0.0.1:9090"
WITHIN = 240  # seconds: the slowest of these alerts waits for two minutes, and for the next scrape


def test_each_question_is_answered_and_four_alerts_fire_by_their_causes(
    empty_machine: Root, release: Path
) -> None:
    machine = empty_machine
    here, _ = installed.from_page(machine, release)
    installed.wait_until_ready(machine)
    for block in blocks("operations.md"):
        if "prometheus" in block.text:
            here.type(block)
    floor = installed.comes_in("floor", here.link_of("floor"))
    asyncio.run(_watch(machine, floor))


async def _watch(machine: Root, person: Person) -> None:
    floor = await installed.console(person)
    pair = await installed.lets_talk(floor)
    with pytest.raises(Refused):
        await pair.caller.request("nonsense")
    assert await asyncio.to_thread(unanswered, PROMETHEUS, 120) == []

    await _fires("FaultsOfOurs", _a_request_breaks(machine, floor))
    waits = Phone(CALLERS, name="waits", stays=True)
    await _fires("NobodyOnDuty", _somebody_waits_for_nobody(pair, waits))
    for client in (waits, pair.caller, floor):
        await client.disconnect()
    await _fires("ProcessGone", _types(machine, "systemctl stop helpline-callers"))
    await _types(machine, "systemctl start helpline-callers")
    await _fires("DatabaseAway", _types(machine, "systemctl stop postgresql"))
    await _types(machine, "systemctl start postgresql")
    await _falls_silent("ProcessGone", "DatabaseAway")


async def _a_request_breaks(machine: Root, floor: Console) -> None:
    """Causes the first failure of this installation: a table is missing."""
    rename = "runuser -u postgres -- psql -q helpline -c 'ALTER TABLE {} RENAME TO {}'"
    await _types(machine, rename.format("counsellors_device", "counsellors_elsewhere"))
    with contextlib.suppress(Disconnected, Refused):
        await floor.request("devices")
    await _types(machine, rename.format("counsellors_elsewhere", "counsellors_device"))


async def _somebody_waits_for_nobody(pair: Pair, waits: Phone) -> None:
    await pair.counsellor.close(pair.conversation)
    await pair.counsellor.duty("off")
    await pair.counsellor.disconnect()
    await waits.start("helpwanted")


async def _types(machine: Root, script: str) -> None:
    await asyncio.to_thread(machine.run, script)


async def _fires(alert: str, cause: Awaitable[None]) -> None:
    """Checks that the alert was silent before its cause and fires after it."""
    assert alert not in _firing()
    await cause
    until = time.monotonic() + WITHIN
    while alert not in await asyncio.to_thread(_firing):
        assert time.monotonic() < until, f"{alert} stayed silent"
        await asyncio.sleep(1)


async def _falls_silent(*alerts: str) -> None:
    until = time.monotonic() + WITHIN
    while still := _firing() & set(alerts):
        assert time.monotonic() < until, f"{still} fire for ever"
        await asyncio.sleep(1)


def _firing() -> set[str]:
    rows = asked(PROMETHEUS, "alerts")["alerts"]
    return {row["labels"]["alertname"] for row in rows if row["state"] == "firing"}
