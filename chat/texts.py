"""Facts for the texts of a caller's page, from the settings that they speak of."""

from datetime import timedelta
from typing import Any

from chat import dates, directory, retention
from chat.models import Line
from helpline.lib import clock


def of_line(line: Line) -> dict[str, Any]:
    """The line's own words and numbers; the sentences around them stand in the catalogue."""
    return {
        "name": line.name,
        "formal": line.formal,
        "phone": line.phone,
        "reason": line.reason,
        "retention_hours": _hours(line.retention),
        "unanswered_hours": _hours(dates.unanswered(line.retention)),
        "backup_hours": _hours(retention.longest(line.retention)),
        "review": line.review_key is not None,
    }


def _hours(span: timedelta) -> float:
    return round(span.total_seconds() / 3600, 2)


def services() -> list[dict[str, Any]]:
    """The directory, urgent help first."""
    rows = directory.listed(now=clock.now())
    return [_of_service(row) for row in sorted(rows, key=lambda row: row.service.pk != "112")]


def _of_service(row: directory.Listed) -> dict[str, Any]:
    service = row.service
    return {
        "service": service.pk,
        "name": service.name,
        "purpose": service.purpose,
        "phone": service.phone,
        "chat": service.chat,
        "site": service.site,
        "free": service.free,
        "open": row.open,
    }
