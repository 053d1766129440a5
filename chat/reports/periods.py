"""Defines the fixed periods of the local calendar (months, quarters, years), and when each can be
published."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from chat.figures import counters, small_numbers
from chat.models import Figure

SETTLING_TIME = timedelta(hours=1)  # an action at the end of a period may be counted a little after that end
QUARTER = 3

type Months = Mapping[date, int]  # number of answered callers by the first day of each published month


def months(line: str, now: datetime) -> dict[date, int]:
    """Returns, by first day of the month, how many callers were answered in it. Months that are not over, or
    in which fewer than five were answered, are left out."""
    rows = Figure.objects.filter(line=line, name=counters.ANSWERED).annotate(month=TruncMonth("hour"))
    totals = rows.values_list("month").annotate(Sum("value")).order_by()
    return {
        month.date(): total
        for month, total in totals
        if total >= small_numbers.MIN_COUNT and midnight(later(month.date(), 1)) + SETTLING_TIME <= now
    }


def quarters(found: Months) -> list[date]:
    """Returns the first month of each quarter whose three months are all published. No other quarter may be
    published: if only one month is missing, a reader could subtract the two published months from the
    quarter."""
    firsts = [month for month in found if month.month % QUARTER == 1]
    return [first for first in firsts if all(month in found for month in of_quarter(first))]


def of_quarter(first: date) -> list[date]:
    return [later(first, ahead) for ahead in range(QUARTER)]


def of_year(year: int) -> list[date]:
    return [date(year, month, 1) for month in range(1, 13)]


def later(month: date, ahead: int) -> date:
    years, index = divmod(month.month - 1 + ahead, 12)
    return date(month.year + years, index + 1, 1)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 – local midnight


def month_name(month: date) -> str:
    """Returns a name such as `2026-10`."""
    return f"{month:%Y-%m}"


def quarter_name(first: date) -> str:
    """Returns a name such as `2026-Q3`."""
    return f"{first.year}-Q{first.month // QUARTER + 1}"
