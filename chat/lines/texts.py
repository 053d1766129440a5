"""Collects the facts that the texts of a caller's page mention, from the settings that determine these
facts."""

from datetime import timedelta
from typing import Any

from chat.lines import stays
from chat.models import Line


def of_line(line: Line) -> dict[str, Any]:
    """Returns the line's own words and numbers, which pages insert into the sentences of the catalogue."""
    return {
        "name": line.name,
        "formal": line.formal,
        "phone": line.phone,
        "reason": line.reason,
        "retention_hours": _hours(line.retention),
        "unanswered_hours": _hours(stays.unanswered(line.retention)),
        "review": line.review_key is not None,
    }


def _hours(span: timedelta) -> float:
    return round(span.total_seconds() / 3600, 2)
