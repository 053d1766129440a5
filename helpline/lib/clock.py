"""The present, in one place that tests can move."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    """ISO 8601 in UTC with `Z` and milliseconds, as on the wire."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
