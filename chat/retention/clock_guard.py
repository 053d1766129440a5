"""Halts the purge while the clock may be wrong, and with it all deletions of data that is kept for days or
years. The helpline continues; the purge waits until an operator confirms the clock.

The last trusted time is when a purge last ran with a clock that was not in doubt, or when an operator last
confirmed the clock. The purge halts in each of these cases: while the process runs, the clock jumps by more
than an hour compared with the monotonic clock or the database's clock; the clock runs backwards; the last
trusted time is more than 48 h ago; the purge would destroy the key of a conversation that was open at the
last trusted time. That time is stored in a file beside the journal, outside the database, so that a restored
backup does not replace it with an older time.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Q

from chat import states
from chat.models import Conversation
from helpline.lib.file_timeouts import in_time

MAX_JUMP = timedelta(hours=1)
MAX_SILENCE = timedelta(hours=48)
BACKWARDS = timedelta(minutes=5)  # a correction by a time server is smaller than this


@dataclass(slots=True)
class _Run:
    """Holds what the clocks showed when this process first read them or, if that was later, when an operator
    confirmed the clock."""

    wall: datetime | None = None
    steady: float = 0.0
    apart: timedelta = timedelta()
    halted: bool = False


_run = _Run()


class ClockHalted(Exception):
    """The clock cannot be trusted; nothing is purged until `helpline purge --clock-is-right`."""


class ClocksApart(Exception):
    """One of the two clocks is wrong by more than an hour, so nothing is purged. Synchronise both hosts with
    a time server, and run the command again."""


def check(now: datetime) -> None:
    """Stores `now` as the last trusted time. Raises ClockHalted instead if the clock is in doubt now, or was
    in doubt at an earlier check and no operator has confirmed it since."""
    reason = doubt(now)
    if reason:
        _run.halted = True
        _write(last_sign(), reason)
        raise ClockHalted(reason)
    _write(now, "")


def trust(now: datetime) -> None:
    """Ends the halt, after an operator has checked that the clock is right."""
    _stands(now, apart=_from_database(now))
    _write(now, "")


def require_one_time(now: datetime) -> None:
    """Raises ClocksApart if the clock of the database's host differs by more than an hour, because nobody can
    then tell which of the two clocks is right."""
    if abs(_from_database(now)) > MAX_JUMP:
        raise ClocksApart


def is_halted() -> bool:
    return bool(_read()[1])


def doubt(now: datetime) -> str:
    """Returns a code for the reason why the purge is halted or would halt in its next round; "" if there is
    no reason."""
    alive, halted = _read()
    if _run.halted and alive is not None and not halted:
        _stands(now, apart=_from_database(now))  # an operator confirmed the clock in another process
    return halted or _suspicion(now, alive)


def last_sign() -> datetime | None:
    """Returns the last trusted time, or None if none is stored."""
    return _read()[0]


def database_clock() -> datetime | None:
    """Returns the time of the database's host, or None for SQLite, which runs on this host."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def _suspicion(now: datetime, alive: datetime | None) -> str:
    if alive is not None and now - alive < -BACKWARDS:
        return "backwards"
    if alive is not None and now - alive > MAX_SILENCE:
        return "silence"
    if _run.wall is None:
        _stands(now)
    if _run.wall is not None and abs(now - _run.wall - timedelta(seconds=_steady() - _run.steady)) > MAX_JUMP:
        return "jump"
    if abs(_from_database(now) - _run.apart) > MAX_JUMP:
        return "database"
    return "open" if _was_open(now, alive) else ""


def _stands(now: datetime, *, apart: timedelta = timedelta()) -> None:
    _run.wall, _run.steady, _run.apart, _run.halted = now, _steady(), apart, False


def _steady() -> float:
    """Returns the seconds of a clock that also runs while the machine sleeps, so that sleep does not look
    like a jump. On macOS, CLOCK_MONOTONIC is such a clock."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _from_database(now: datetime) -> timedelta:
    theirs = database_clock()
    return now - theirs if theirs else timedelta()


def _was_open(now: datetime, alive: datetime | None) -> bool:
    """Returns whether the hour D (`purge_at`) of a conversation that was open at the last trusted time has
    passed since that time.

    A conversation that has ended since then is included, because it may have ended at a deadline, which was
    measured with the same clock.
    """
    passed = Conversation.objects.filter(purge_at__lte=now)
    if alive is None:
        return passed.filter(state__in=states.OPEN).exists()
    if now - alive <= MAX_JUMP:
        return False
    open_then = Q(state__in=states.OPEN) | Q(ended_at__gt=alive)
    return passed.filter(open_then, purge_at__gt=alive).exists()


def _file() -> Path:
    return Path(settings.JOURNAL).with_suffix(".alive")


def _read() -> tuple[datetime | None, str]:
    """Returns the last trusted time, or None, and the reason for the halt, or "". The file holds `<seconds>
    <reason>`. Raises TimeoutError (an OSError), within seconds, if the file's folder does not answer."""
    try:
        seconds, _, reason = in_time(_file().read_text).partition(" ")
        return (datetime.fromtimestamp(float(seconds), UTC) if seconds else None), reason
    except (FileNotFoundError, ValueError):
        return None, ""


def _write(alive: datetime | None, reason: str) -> None:
    """Replaces the file atomically, because a partly written file would look like a first start."""
    _file().parent.mkdir(parents=True, exist_ok=True)
    draft = _file().with_suffix(".new")
    draft.write_text(f"{alive.timestamp() if alive else ''} {reason}")
    draft.replace(_file())
