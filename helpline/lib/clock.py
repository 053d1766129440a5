"""Returns the current time. All code calls `now`, so that tests can set the time."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    """Formats a time as on the wire: ISO 8601 in UTC with `Z` and milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def stamp_or_none(at: datetime | None) -> str | None:
    return stamp(at) if at else None
