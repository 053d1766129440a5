"""Reads a line's signs, the numbers from which its pressure is computed, at most once per second in this
process.

The cached values are exact enough to decide about work; the exact limit is checked in the database
(admission.py).
"""

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, Sum

from chat.figures import counters
from chat.lines import open_now
from chat.models import Entry, Figure, Line
from chat.queue import pressure, rank
from chat.queue.pressure import Level, Pressure, Signs

CACHE_TTL = timedelta(seconds=1)
# A process that has let more callers into the queue than this share of the places reads the signs again,
# because other processes may have let in as many callers.
MAX_UNSEEN_SHARE = 0.02
USUAL_DAYS = 28
UNSERIOUS_FOR = timedelta(hours=1)
MIN_RETRY_SECONDS, MAX_RETRY_SECONDS = 10, 120  # limits of the time after which a refused caller tries again

_lock = threading.Lock()
_looks: dict[str, "Look"] = {}
_usual: dict[str, tuple[datetime, float]] = {}


@dataclass(frozen=True, slots=True)
class Look:
    """Holds the signs of a line as they were at the time `at`."""

    at: datetime
    signs: Signs
    pressure: Pressure
    let_in: int = 0  # callers whom this process has let into the queue since `at`

    def is_fresh(self, now: datetime) -> bool:
        """Returns whether these signs may still be used. The signs of a full line are read again each time,
        because a place may just have become free."""
        few = self.let_in <= self.signs.most * MAX_UNSEEN_SHARE
        return few and abs(now - self.at) < CACHE_TTL and self.pressure.level != Level.FULL

    @property
    def again(self) -> int:
        """Returns after how many seconds a refused caller should try again. It assumes that callers leave as
        fast as they came within PRESSURE_WINDOW."""
        between = settings.PRESSURE_WINDOW.total_seconds() / max(1, self.signs.came)
        return round(min(MAX_RETRY_SECONDS, max(MIN_RETRY_SECONDS, between)))


def look(slug: str, *, now: datetime) -> Look | None:
    """Returns the line's signs, or None for a line that is unknown or closed."""
    seen = _looks.get(slug)
    if seen is None or not seen.is_fresh(now):
        seen = _read(slug, now)
        with _lock:
            if seen is None:
                _looks.pop(slug, None)
            else:
                _looks[slug] = seen
    return seen


def level_of(slug: str, *, now: datetime) -> Level:
    seen = look(slug, now=now)
    return seen.pressure.level if seen else Level.NONE


def let_in(slug: str) -> None:
    """Adds one caller to the cached signs without a query, because very many callers may arrive within a
    second."""
    with _lock:
        if (seen := _looks.pop(slug, None)) is not None:
            signs = replace(seen.signs, here=seen.signs.here + 1, came=seen.signs.came + 1)
            # If the other signs matter from this caller on, nothing is cached, so that `look` reads all signs
            # again.
            if pressure.may_begin(signs) == pressure.may_begin(seen.signs):
                _looks[slug] = Look(seen.at, signs, pressure.of(signs), seen.let_in + 1)


def forget() -> None:
    """Clears this process's caches, which last a second or an hour."""
    _looks.clear()
    _usual.clear()


def _read(slug: str, now: datetime) -> Look | None:
    line = Line.objects.filter(pk=slug).first()
    if line is None or not open_now.opening(line, now=now).open:
        return None
    most = settings.QUEUE_MAX if line.most_waiting is None else line.most_waiting
    lately = Count("pk", filter=Q(opened_at__gt=now - settings.PRESSURE_WINDOW))
    waiting = rank.waiting(slug).order_by().aggregate(here=Count("pk"), came=lately)
    signs = Signs(most, here=waiting["here"])
    if signs.here >= most:  # the line is full, unless some of the waiting callers are away
        signs = _with_here(slug, signs)
    if signs.here < most:
        signs = _with_the_others(slug, signs, waiting["came"], now)
    else:  # whoever is refused is told when to try again, by how many came lately
        signs = replace(signs, came=waiting["came"])
    return Look(now, signs, pressure.of(signs))


def _with_the_others(slug: str, signs: Signs, came: int, now: datetime) -> Signs:
    """Adds the remaining signs. All except `unserious` matter only if many callers wait, and are read only
    then."""
    signs = replace(signs, unserious=_unserious(slug, now))
    if not pressure.may_begin(signs):
        return signs
    if not signs.away:
        signs = _with_here(slug, signs)
    return replace(signs, came=came, unread=_unread(slug), usual=_usual_of(slug, now))


def _with_here(slug: str, signs: Signs) -> Signs:
    here = rank.here(slug)
    return replace(signs, here=here, away=max(0, signs.here - here))


def _unread(slug: str) -> int:
    """Returns how many connected callers have written although no staff has been granted access yet."""
    wrote = Entry.objects.filter(conversation=OuterRef("pk"), kind="message")
    waits = rank.waiting(slug).filter(rank.caller_is_here(), answered=False)
    return waits.filter(Exists(wrote)).count()


def _unserious(slug: str, now: datetime) -> int:
    """Returns how many conversations were closed as unserious in the last sixty minutes. Each counter
    covers one minute: its key is the number of that minute within the hour."""
    hour, since = now.replace(minute=0, second=0, microsecond=0), now - UNSERIOUS_FOR
    rows = Figure.objects.filter(line=slug, name=counters.UNSERIOUS, hour__gte=hour - UNSERIOUS_FOR)
    return sum(
        value
        for at, minute, value in rows.values_list("hour", "key", "value")
        if at + timedelta(minutes=int(minute)) > since
    )


def _usual_of(slug: str, now: datetime) -> float:
    """Returns how many callers start within PRESSURE_WINDOW at this hour of the day: the mean of four weeks.
    The mean is read from the database every hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    at, usual = _usual.get(slug, (None, 0.0))
    if at != hour:
        hours = [hour - timedelta(days=days) for days in range(1, USUAL_DAYS + 1)]
        rows = Figure.objects.filter(line=slug, name=counters.STARTED, hour__in=hours)
        started = rows.aggregate(Sum("value"))["value__sum"] or 0
        usual = started / USUAL_DAYS * (settings.PRESSURE_WINDOW / timedelta(hours=1))
        _usual[slug] = hour, usual
    return usual
