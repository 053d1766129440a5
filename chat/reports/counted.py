"""Reads a line's counters over a period, by name and key."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Sum

from chat.models import Figure

type Counted = dict[str, Counter[str]]


def of(line: str, begin: datetime, end: datetime) -> Counted:
    """Returns the line's counters from `begin` until just before `end`. It makes one query."""
    rows = Figure.objects.filter(line=line, hour__gte=begin, hour__lt=end)
    found: Counted = {}
    for name, key, value in rows.values_list("name", "key").annotate(Sum("value")).order_by():
        found.setdefault(name, Counter())[key] += value
    return found


def together(parts: Iterable[Counted]) -> Counted:
    found: Counted = {}
    for part in parts:
        for name, values in part.items():
            found.setdefault(name, Counter()).update(values)
    return found


def by(counted: Counted, name: str) -> Counter[str]:
    return counted.get(name, Counter())
