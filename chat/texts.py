"""Facts for the texts of a caller's page, from the settings that they speak of."""

from typing import Any

from chat.models import Line, Service


def of_line(line: Line) -> dict[str, Any]:
    """The line's own words and numbers; the sentences around them stand in the catalogue."""
    return {
        "name": line.name,
        "formal": line.formal,
        "phone": line.phone,
        "reason": line.reason,
        "retention_hours": round(line.retention.total_seconds() / 3600, 2),
    }


def services() -> list[dict[str, Any]]:
    """The directory, urgent help first."""
    rows = Service.objects.order_by("name")
    return [
        {
            "service": row.pk,
            "name": row.name,
            "purpose": row.purpose,
            "phone": row.phone,
            "open": row.always_open,
        }
        for row in sorted(rows, key=lambda row: row.pk != "112")
    ]
