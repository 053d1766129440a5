"""A clock that is wrong must not purge. The helpline goes on; the purge waits for somebody to say so.

Halted by: a jump of more than 48 h against the monotonic clock within a run, a clock that runs backwards, or
a start more than 48 h after the last sign of life. That sign lies beside the journal, outside the database,
so that a restored backup does not bring an old one back.
"""

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

MOST_JUMP = timedelta(hours=48)
BACKWARDS = timedelta(minutes=5)  # smaller steps are a time server at work


@dataclass(slots=True)
class _Run:
    """Where both clocks stood when this process looked first."""

    wall: datetime | None = None
    monotonic: float = 0.0


_run = _Run()


class ClockHalted(Exception):
    """The clock cannot be trusted; nothing is purged until `manage.py purge --clock-is-right`."""


def check(now: datetime) -> None:
    """A sign of life at `now`; ClockHalted when the clock has jumped, now or earlier."""
    kept = _read()
    reason = kept.get("halted") or _suspicion(now, kept)
    if reason:
        _write({**kept, "halted": reason})
        raise ClockHalted(str(reason))
    _write({"alive": now.timestamp()})


def trust(now: datetime) -> None:
    """Somebody looked: the clock is right."""
    _run.wall, _run.monotonic = now, time.monotonic()
    _write({"alive": now.timestamp()})


def is_halted() -> bool:
    return bool(_read().get("halted"))


def _suspicion(now: datetime, kept: dict[str, object]) -> str | None:
    alive = kept.get("alive")
    if isinstance(alive, int | float):
        quiet = now - datetime.fromtimestamp(alive, UTC)
        if quiet < -BACKWARDS:
            return "backwards"
        if quiet > MOST_JUMP:
            return "silence"
    if _run.wall is None:
        _run.wall, _run.monotonic = now, time.monotonic()
        return None
    expected = _run.wall + timedelta(seconds=time.monotonic() - _run.monotonic)
    return "jump" if abs(now - expected) > MOST_JUMP else None


def _file() -> Path:
    return Path(settings.JOURNAL).with_suffix(".alive")


def _read() -> dict[str, object]:
    try:
        kept = json.loads(_file().read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(state: dict[str, object]) -> None:
    """At once: a torn file would look like a first start."""
    _file().parent.mkdir(parents=True, exist_ok=True)
    draft = _file().with_suffix(".new")
    draft.write_text(json.dumps(state))
    os.replace(draft, _file())
