"""Describes a line to newcomers: whether the line is open, full, closed or ended, whether a counsellor is on
duty or on a break, and how long the wait is expected to be."""

from dataclasses import dataclass
from datetime import datetime

from chat.lines import open_now, staff
from chat.models import Line
from chat.queue import admission, estimates, rank
from helpline import languages


@dataclass(frozen=True, slots=True)
class Found:
    """Describes a line to a newcomer. `opens`: when a closed line opens, if that is known. `minutes`: the
    shortest and longest expected wait, if the line is open and has an estimate. `unspoken`:
    if the line is open, the languages that none of its counsellors on duty or on a break speaks."""

    open: bool
    opens: datetime | None
    full: bool
    minutes: tuple[int, int] | None
    ended: bool = False
    unspoken: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        if self.ended:
            return "ended"
        return "closed" if not self.open else "full" if self.full else "open"


def look(line: Line, *, now: datetime) -> Found:
    opening = open_now.opening(line, now=now)
    if not opening.open:
        return Found(False, opening.opens, False, None, ended=line.ended)
    ahead = rank.ahead_of(line.pk, rank.rank_of(line, 0, now))
    (minutes,) = estimates.ranges_for(line.pk, [rank.rounded(ahead)], now=now)
    there = staff.people_there(line.pk)
    unspoken = tuple(code for code in languages.codes() if not staff.is_spoken(code, there))
    return Found(True, None, admission.is_full(line), minutes, unspoken=unspoken)
