"""Counts the notices to platforms in a year, as article 22(3) of the Digital Services Act (EU 2022/2065)
requires a trusted flagger to publish them: by platform, by type, and by the action taken. The numbers are
exact, because they describe notices and not people."""

from dataclasses import dataclass
from datetime import date, datetime

from chat import line_scope
from chat.cases import results
from chat.reports import counted, periods
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import NotFound


@dataclass(frozen=True, slots=True)
class Notices:
    """Holds the counters of a line's removal cases in a year, by name and code. Codes that were never counted
    are included as 0."""

    line: str
    year: int
    tables: dict[str, dict[str, int]]

    @property
    def sent(self) -> int:
        return sum(self.tables["platform"].values())

    @property
    def silent(self) -> int:
        """Returns how many notices the staff recorded as never answered by the platform."""
        return self.tables["outcome"]["silent"]


def of(person: Person, line: str, year: int, *, now: datetime) -> Notices:
    """Returns a year's notices of one of the person's lines, and writes an audit row. Raises NotFound for any
    other line, and for a year that has not begun."""
    own = line_scope.own_line(person, line).pk
    if not date.min.year < year < date.max.year:
        raise NotFound
    first, *_ = months = periods.of_year(year)
    if periods.midnight(first) > now:
        raise NotFound
    audit.record(person, "figures", subject=line, detail=f"notices {year}")
    found = counted.of(own, periods.midnight(first), periods.midnight(periods.later(months[-1], 1)))
    tables = {
        name: {code: counted.by(found, results.counter(name))[code] for code in codes}
        for name, codes in results.CODES.items()
    }
    return Notices(own, year, tables)
