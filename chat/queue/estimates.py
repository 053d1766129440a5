"""Estimates the wait as a range of minutes, for a caller with a given number of callers ahead of them.

It simulates the rest of the evening a hundred times. In each simulation, a slot of a counsellor on duty
becomes free when its talk ends. The length of that talk is drawn from recent talks that lasted at least as
long as this talk has lasted so far. After a pause, whose length is drawn from recent pauses, the slot takes
the next caller. Urgent callers arrive and waiting callers give up as often as they recently did. The range
leaves out the few shortest and the few longest of the hundred results. With too little data there is no range
(docs/decisions/estimate.md).
"""

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heapreplace
from random import Random

from django.db.models import Sum

from chat import states
from chat.figures import counters
from chat.lines import staff
from chat.models import Figure, Line, Member
from counsellors.models import Duty

RECENT = timedelta(weeks=4)  # older talks are a poor guide: callers' problems and counsellors change
MIN_TALKS = 10  # with fewer talks, both ends of the range depend on chance
EVENINGS = 100
TRIMMED_EVENINGS = 4  # so many results are left out at each end of the range
MAX_CALLERS_BEFORE = 40  # with more callers ahead, an estimate is no better than a guess
MAX_MINUTES = 120  # an estimate of a longer wait is no better than a guess
HOUR_MINUTES = 60  # callers see a notice if the wait may be longer
MAX_PASSING = 20
MAX_TALKS = MAX_CALLERS_BEFORE + 1 + MAX_PASSING
BREAKS = 0.2  # this share of the pauses counts as breaks: the longest ones
MAX_REMAINING_MINUTES = 15.0  # limit for the rest of a talk that is already longer than all recent ones
PICKUP_MINUTES = 1.0  # limit for the rest of a pause that is already longer than all recent ones
CACHE_TTL = timedelta(seconds=1)
RECENT_CACHE_TTL = timedelta(minutes=1)

type Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Recent:
    """Holds recent talks and pauses in minutes, sorted. `giving_up`: how many callers give up per minute of
    waiting.

    `passing`: for each urgency, the head start of its callers in minutes, and how many of them come per
    minute.
    """

    talks: list[int]
    pauses: list[int]
    giving_up: float = 0.0
    passing: tuple[tuple[float, float], ...] = ()

    @property
    def breaks(self) -> list[int]:
        """Returns the longest pauses. A counsellor on a break is assumed to take a pause of one of these
        lengths."""
        return self.pauses[-math.ceil(len(self.pauses) * BREAKS) :]


@dataclass(frozen=True, slots=True)
class Slot:
    """Describes a counsellor's slot. `minutes`: how long it has been in a talk, or free. `on_break`: whether
    its counsellor is on a break."""

    talking: bool
    on_break: bool
    minutes: float


_curves: dict[str, tuple[datetime, list[Range | None]]] = {}
_recent: dict[str, tuple[datetime, Recent]] = {}


def ranges_for(line: str, aheads: Sequence[int], *, now: datetime) -> list[Range | None]:
    """Returns the range in minutes for each number of callers ahead in `aheads`, or None where there is no
    estimate."""
    if not aheads:
        return []
    curve = _curve(line, now)
    return [curve[ahead] if ahead < len(curve) else None for ahead in aheads]


def may_take_an_hour(line: str, found: Range | None, *, now: datetime) -> bool:
    """Returns whether a wait with that range may exceed an hour. For a wait without a range, returns True if
    the line has estimates, because the wait is then too long to estimate."""
    return found[1] > HOUR_MINUTES if found else can_tell(line, now=now)


def can_tell(line: str, *, now: datetime) -> bool:
    """Returns whether this line has enough data for an estimate."""
    return bool(_curve(line, now))


def _curve(line: str, now: datetime) -> list[Range | None]:
    made_at, curve = _curves.get(line, (now - CACHE_TTL, []))
    if abs(now - made_at) >= CACHE_TTL:
        curve = curve_of(_recent_of(line, now), _slots(line, now))
        _curves[line] = now, curve
    return curve


def forget() -> None:
    """Clears this process's caches, which last a second or a minute."""
    _curves.clear()
    _recent.clear()


def curve_of(recent: Recent, slots: Sequence[Slot]) -> list[Range | None]:
    """Returns the ranges, indexed by the number of callers ahead. The list is empty if there is too little
    data."""
    if len(recent.talks) < MIN_TALKS or not slots:
        return []
    # The seed is always the same, so that the estimate changes with the state of the line and not by chance.
    dice = Random(MAX_CALLERS_BEFORE)  # noqa: S311 – no secret
    evenings = [_evening(recent, slots, dice) for _ in range(EVENINGS)]
    places = (sorted(waits) for waits in zip(*evenings, strict=True))
    return [_shown(waits[TRIMMED_EVENINGS], waits[-1 - TRIMMED_EVENINGS]) for waits in places]


def _evening(recent: Recent, slots: Sequence[Slot], dice: Random) -> list[float]:
    """Simulates one evening. Returns the minutes until each place in the queue is served."""
    free = [_until_free(slot, recent, dice) for slot in slots]
    heapify(free)
    passing = _passing(recent, dice)
    waits: list[float] = []
    talks, pauses = dice.choices(recent.talks, k=MAX_TALKS), dice.choices(recent.pauses, k=MAX_TALKS)
    for talk, pause in zip(talks, pauses, strict=True):
        at = free[0]
        if passing and passing[-1] < at:
            passing.pop()  # an urgent caller takes this slot
        else:
            waits.append(at)
            if dice.random() > math.exp(-recent.giving_up * at):
                continue  # the caller gave up: the slot goes to the next one
        heapreplace(free, at + talk + pause + 2 * dice.random())  # `talk` and `pause` were rounded down
    return waits[: MAX_CALLERS_BEFORE + 1]


def _until_free(slot: Slot, recent: Recent, dice: Random) -> float:
    pauses = recent.breaks if slot.on_break else recent.pauses
    if slot.talking:
        return (
            _rest(recent.talks, slot.minutes, dice, MAX_REMAINING_MINUTES)
            + dice.choice(pauses)
            + dice.random()
        )
    return _rest(pauses, slot.minutes, dice, PICKUP_MINUTES)


def _rest(times: Sequence[int], gone: float, dice: Random, most: float) -> float:
    """Returns the remaining minutes of a talk or pause that has lasted `gone` minutes: a random one of the
    longer durations in `times`, minus `gone`. If `times` has none that is longer, the result is random
    between 0 and `most`."""
    longer = bisect_right(times, gone - 1)
    if longer == len(times):
        return most * dice.random()
    return max(0.0, times[dice.randrange(longer, len(times))] + dice.random() - gone)


def _passing(recent: Recent, dice: Random) -> list[float]:
    """Returns the simulated arrival times, latest first, of urgent callers who will be served before the
    others."""
    times = []
    for minutes, rate in recent.passing:
        at = dice.expovariate(rate)
        while at < minutes:
            times.append(at)
            at += dice.expovariate(rate)
    return sorted(times[:MAX_PASSING], reverse=True)


def _shown(low: float, high: float) -> Range | None:
    """Rounds the range outwards to whole minutes, and above 20 to multiples of five. Returns None above
    MAX_MINUTES."""
    if high > MAX_MINUTES:
        return None
    least, most = (math.floor(low / _step(low)) * _step(low), math.ceil(high / _step(high)) * _step(high))
    return least, max(2, least + 1, most)


def _step(minutes: float) -> int:
    return 1 if minutes <= 20 else 5


def _recent_of(line: str, now: datetime) -> Recent:
    read_at, recent = _recent.get(line, (now - RECENT_CACHE_TTL, Recent([], [])))
    if abs(now - read_at) >= RECENT_CACHE_TTL:
        recent = _read(line, now)
        _recent[line] = now, recent
    return recent


def _read(line: str, now: datetime) -> Recent:
    names = (counters.HANDLING, counters.PAUSE, counters.WAITED, counters.LEFT)
    rows = Figure.objects.filter(line=line, name__in=names, hour__gt=now - RECENT)
    counts: dict[str, Counter[int]] = {name: Counter() for name in names}
    for name, key, value in rows.values_list("name", "key").annotate(Sum("value")).order_by():
        counts[name][int(key)] += value
    left = counts[counters.LEFT]
    waited = sum((minutes + 0.5) * people for minutes, people in (counts[counters.WAITED] + left).items())
    return Recent(
        talks=sorted(counts[counters.HANDLING].elements()),
        pauses=sorted(counts[counters.PAUSE].elements()) or [0],
        giving_up=left.total() / waited if waited else 0.0,
        passing=_urgent(line, now),
    )


def _urgent(line: str, now: datetime) -> tuple[tuple[float, float], ...]:
    """Returns the boost of each urgency in minutes, and how many callers with this urgency came per minute in
    this hour and the one before."""
    since = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    rows = Figure.objects.filter(line=line, name=counters.STARTED, hour__gte=since)
    came = dict(rows.values_list("key").annotate(Sum("value")).order_by())
    boosts = Line.objects.values_list("boost_soon", "boost_acute").get(pk=line)
    return tuple(
        (_minutes(boost), came[key] / _minutes(now - since))
        for key, boost in zip(("1", "2"), boosts, strict=True)
        if boost and key in came
    )


def _slots(line: str, now: datetime) -> list[Slot]:
    """Returns the slots of the line's counsellors who are on duty or on a break and take callers, or none
    while nobody is on duty.

    Of a counsellor who has more talks than slots, the longest ones are left out: these probably end first,
    and nobody is taken after them.
    """
    rows = staff.who_can_come(Line.objects.filter(pk=line))
    there = {row.person_id: row.person.duty for row in rows}
    if all(duty.state == Duty.State.BREAK for duty in there.values()):
        return []
    begun: defaultdict[int, list[datetime]] = defaultdict(list)
    talks = Member.objects.present().filter(person__in=there, conversation__state=states.Conversation.ACTIVE)
    for person, since in talks.values_list("person", "conversation__active_at"):
        begun[person].append(since or now)
    ends = counters.last_ends(there, now=now)
    slots: list[Slot] = []
    for person, duty in there.items():
        on_break, free = duty.state == Duty.State.BREAK, max(0, duty.slots - len(begun[person]))
        freed = [*ends.get(person, [])[:free], *[now - counters.MAX_PAUSE] * free][:free]
        latest = sorted(begun[person], reverse=True)[: duty.slots]
        slots += [Slot(True, on_break, _minutes(now - since)) for since in latest]
        slots += [Slot(False, on_break, _minutes(now - since)) for since in freed]
    return slots


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60
