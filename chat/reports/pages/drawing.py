"""Prepares a report for its page: the labels, the numbers of this period and of the year before, and the
length of each bar."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext

from chat.figures import counters
from chat.figures.own_codes import OWN
from chat.models import Line
from chat.reports.models import Theme
from chat.reports.pages.names import Names
from chat.reports.periods import QUARTER
from chat.reports.report import Report, Span, Staffed, Total
from helpline.languages import for_staff

FULL = 100
MANY = 10  # no change is shown if the earlier number is smaller than this
PARTS = (
    ("served", ("waits", "foretold", "talks", "by_hand", "letters_sent", "letters")),
    ("whom", ("detail", "age", "for", "asks", "gender", "contact")),
    ("what", ("place", "image", "passed_on", "ground", "escalation")),
    ("ended", ("outcome", "referral", "referral_outcome", "handoff_service", "handoff_outcome")),
    ("quality", ("feedback_heard", "feedback_knows_on", "feedback_reached", "weight", "debriefs")),
)
AT_ONCE = "0_1"


@dataclass(frozen=True, slots=True)
class BarRow:
    """Holds a row of a bar chart: its label, the numbers of this span and of the year before, and the lengths
    of both bars in per cent."""

    words: str
    now: str
    before: str
    width: float
    width_before: float


@dataclass(frozen=True, slots=True)
class Bars:
    title: str
    rows: list[BarRow]


@dataclass(frozen=True, slots=True)
class Fact:
    """Holds a number at the top of the page, and how it changed compared with the year before."""

    words: str
    number: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Holds a crossed table of subjects by the answers to a question. Each cell has its number as text, and
    its shade from 0 (none) to 5 (darkest)."""

    title: str
    columns: list[str]
    rows: list[tuple[str, list[tuple[str, int]]]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Holds a report and everything else that the templates show."""

    report: Report
    names: Names
    line: Line
    look: str
    organisation: str
    themes: list[Theme]
    made: datetime

    def facts(self) -> dict[str, Any]:
        now, before = self.report.now, self.report.before
        return {
            "line": self.line,
            "look": self.look,
            "organisation": self.organisation,
            "period": now.name,
            "title": period_in_words(now.name),
            "before_title": earlier_title(self.report),
            "lacking": [f"{month:%m}" for month in now.expected if month not in now.months],
            "lacking_quarters": [f"Q{first.month // QUARTER + 1}" for first in now.lacking_quarters],
            "heads": list(self._heads()),
            "by_month": _bars(gettext("report.by_month"), _by_month(now, before), _month_in_words),
            "parts": [
                (name, gettext(f"report.part.{name}"), [self.table(one, self._rows(one)) for one in known])
                for name, tables in (*PARTS, ("own", [one for one in now.tables if one.startswith(OWN)]))
                if (known := [one for one in tables if now.tables.get(one)])
            ],
            "subject": self.table("subject", self._rows("subject")) if "subject" in now.tables else None,
            "grids": [self._grid(question, rows) for question, rows in now.crosses.items()],
            "themes": [(one.slug, for_staff(one.says)) for one in self.themes],
            "made": self.made,
        }

    def table(self, name: str, rows: Mapping[str, tuple[Total, Total]]) -> Bars:
        return _bars(self.names.table(name), rows, lambda key: self.names.code(name, key))

    def compared(self, now: Total, before: Total) -> Fact:
        return Fact("", told(now), growth(now, before) if self.report.is_like else "")

    def _growth(self, of: Callable[[Span], Total]) -> str:
        return growth(of(self.report.now), of(self.report.before)) if self.report.is_like else ""

    def _rows(self, name: str) -> dict[str, tuple[Total, Total]]:
        before = self.report.before.tables.get(name, {})
        return {
            key: (one, before.get(key, Total())) for key, one in self.report.now.tables.get(name, {}).items()
        }

    def _heads(self) -> Iterable[Fact]:
        now, before = self.report.now, self.report.before
        yield Fact(gettext("report.answered"), told(_answered(now)), self._growth(_answered))
        yield Fact(gettext("report.requests"), told(_requests(now)), self._growth(_requests))
        yield Fact(gettext("report.at_once"), _share(now) or "–", _was(_share(before)))
        hours = now.staffed.totals[0], before.staffed.totals[0]
        since = growth(*hours) if self.report.is_like_in_hours else ""
        yield Fact(gettext("report.open"), told(hours[0]), since)
        yield Fact(gettext("report.staffed"), _covered(now.staffed), "")

    def _grid(self, question: str, rows: Mapping[str, Mapping[str, Total]]) -> Grid:
        codes = list(dict.fromkeys(code for row in rows.values() for code in row))
        most = max([1, *(one.value or 0 for row in rows.values() for one in row.values())])
        return Grid(
            self.names.table(question),
            [self.names.code(question, code) for code in codes],
            [
                (
                    self.names.code("subject", subject),
                    [(told(row[code]), -(-(row[code].value or 0) * 5 // most)) for code in codes],
                )
                for subject, row in rows.items()
            ],
        )


def _bars[Key](title: str, rows: Mapping[Key, tuple[Total, Total]], words: Callable[[Key], str]) -> Bars:
    most = max([1, *(total.value or 0 for both in rows.values() for total in both)])
    return Bars(
        title,
        [
            BarRow(
                words(key), told(one), told(two), *(FULL * (total.value or 0) / most for total in (one, two))
            )
            for key, (one, two) in rows.items()
        ],
    )


def told(total: Total) -> str:
    """Returns the number as text, or a dash if it is hidden."""
    if total.value is None:
        return "–"
    number = str(number_format(total.value, force_grouping=True))
    return gettext("report.at_least") % {"n": number} if total.at_least else number


def earlier_title(report: Report) -> str:
    """Returns the title of the earlier period. If the published months of the two periods differ, the title
    also says how many months of the earlier period are published. Returns "" if none of its months is
    published."""
    before = report.before
    title = period_in_words(before.name)
    if not before.months or report.is_like:
        return title if before.months else ""
    return gettext("report.some_months") % {"period": title, "months": len(before.months)}


def growth(now: Total, before: Total) -> str:
    """Returns the change in whole per cent. Returns "" if a number is hidden or only a minimum, or if the
    earlier number is smaller than MANY."""
    if now.value is None or before.value is None or before.value < MANY or now.at_least or before.at_least:
        return ""
    change = round(100 * (now.value - before.value) / before.value)
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    return gettext("report.growth") % {"n": f"{sign}{abs(change)}"}


def period_in_words(name: str) -> str:
    year, _, quarter = name.partition("-Q")
    return gettext("report.quarter") % {"n": quarter, "year": year} if quarter else year


def _answered(span: Span) -> Total:
    return Total(span.answered) if span.months else Total()


def _requests(span: Span) -> Total:
    """Returns how many callers asked for help: those who were answered and those who left after waiting."""
    gone = span.tables.get("callers", {}).get(counters.ABANDONED, Total())
    whole = _answered(span)
    if whole.value is None:
        return whole
    unsure = whole.at_least or gone.at_least or gone.value is None
    return Total(whole.value + (gone.value or 0), at_least=unsure)


def _share(span: Span) -> str:
    """Returns the share of the answered callers who waited less than a minute; "" if it is hidden."""
    soon = span.tables.get("waits", {}).get(AT_ONCE, Total())
    if soon.value is None or not span.answered:
        return ""
    share = f"{round(100 * soon.value / span.answered)} %"
    return gettext("report.at_least") % {"n": share} if soon.at_least else share


def _was(share: str) -> str:
    return gettext("report.was") % {"n": share} if share else ""


def _covered(staffed: Staffed) -> str:
    return f"{round(100 * staffed.staffed / staffed.open)} %" if staffed.open else "–"


def _by_month(now: Span, before: Span) -> dict[date, tuple[Total, Total]]:
    both = zip(now.expected, before.expected, strict=True)
    return {one: (Total(now.months.get(one)), Total(before.months.get(two))) for one, two in both}


def _month_in_words(month: date) -> str:
    return gettext(f"report.month.{month.month}")
