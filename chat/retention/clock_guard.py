"""A clock that is wrong must not purge. The helpline goes on; the purge waits for somebody to say so.

Halted by: a jump of more than 48 h against the monotonic clock within a run, a clock that runs backwards, or
a start more than 48 h after the last sign of life. That sign lies beside the journal, outside the database,
so that a restored backup does not bring an old one back.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

MAX_JUMP = timedelta(hours=48)
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
    reason = doubt(now)
    if reason:
        _write(last_sign(), reason)
        raise ClockHalted(reason)
    _write(now, "")


def trust(now: datetime) -> None:
    """Somebody looked: the clock is right."""
    _run.wall, _run.monotonic = now, time.monotonic()
    _write(now, "")


def is_halted() -> bool:
    return bool(_read()[1])


def doubt(now: datetime) -> str:
    """Why the purge is halted, or would be at its next round; or ""."""
    alive, halted = _read()
    return halted or _suspicion(now, alive)


def last_sign() -> datetime | None:
    """When a purge last found the clock right."""
    return _read()[0]


def _suspicion(now: datetime, alive: datetime | None) -> str:
    if alive is not None and now - alive < -BACKWARDS:
        return "backwards"
    if alive is not None and now - alive > MAX_JUMP:
        return "silence"
    if _run.wall is None:
        _run.wall, _run.monotonic = now, time.monotonic()
    expected = _run.wall + timedelta(seconds=time.monotonic() - _run.monotonic)
    return "jump" if abs(now - expected) > MAX_JUMP else ""


def _file() -> Path:
    return Path(settings.JOURNAL).with_suffix(".alive")


def _read() -> tuple[datetime | None, str]:
    """The last sign of life, and why the purge halted, if it did: `<seconds> <reason>`."""
    try:
        seconds, _, reason = _file().read_text().partition(" ")
        return (datetime.fromtimestamp(float(seconds), UTC) if seconds else None), reason
    except (FileNotFoundError, ValueError):
        return None, ""


def _write(alive: datetime | None, reason: str) -> None:
    """At once: a torn file would look like a first start."""
    _file().parent.mkdir(parents=True, exist_ok=True)
    draft = _file().with_suffix(".new")
    draft.write_text(f"{alive.timestamp() if alive else ''} {reason}")
    draft.replace(_file())
