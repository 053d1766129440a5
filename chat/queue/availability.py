"""Describes a line to newcomers: whether the line is open, full, closed or ended, whether a counsellor is on
duty or on a break, and how long the wait is expected to be."""

from dataclasses import dataclass
from datetime import datetime

from chat.lines import open_now, staff
from chat.models import Line
from chat.queue import admission, estimates, rank


@dataclass(frozen=True, slots=True)
class Found:
    """Describes a line to a newcomer. `opens`: when a closed line opens, if that is known. `minutes`: the
    shortest and longest expected wait, if the line is open and has an estimate. `nobody`: whether the line is
    open and none of its counsellors is on duty or on a break."""

    open: bool
    opens: datetime | None
    full: bool
    minutes: tuple[int, int] | None
    ended: bool = False
    nobody: bool = False

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
    nobody = not staff.is_staffed(line)
    return Found(True, None, admission.is_full(line), minutes, nobody=nobody)
