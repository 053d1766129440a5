"""The referral directory: what there is for whom, and what is open now."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chat.lines import hours, open_now, schedules
from chat.models import Line, Service

FRESH = timedelta(days=365)  # afterwards a row is read again on its source


@dataclass(frozen=True, slots=True)
class Listed:
    """A service, and whether it is open: None where its hours are not known."""

    service: Service
    open: bool | None


def listed(*, now: datetime) -> list[Listed]:
    """All of them, by name."""
    own = {line.pk: line for line in Line.objects.prefetch_related(*schedules.PARTS)}
    services = Service.objects.prefetch_related(*schedules.PARTS).order_by("name")
    return [Listed(service, _is_open(service, own.get(service.pk), now)) for service in services]


def search(words: str = "", *, age: int | None = None, language: str = "", now: datetime) -> list[Listed]:
    """Each word begins a word of the name, the purpose or the needs; age and language exclude what is known.

    Names found come first, then what is open now, then what may be.
    """
    wanted = _words(words)
    found = [
        row
        for row in listed(now=now)
        if _begins(wanted, _all_words(row.service))
        and _welcomes(row.service, age)
        and _speaks(row.service, language)
    ]
    openness = {True: 0, None: 1, False: 2}
    return sorted(found, key=lambda row: (not _begins(wanted, _words(row.service.name)), openness[row.open]))


def is_stale(service: Service, *, today: date) -> bool:
    """Read on its source more than a year ago, or never."""
    return service.verified_on is None or service.verified_on < today - FRESH


def _is_open(service: Service, line: Line | None, now: datetime) -> bool | None:
    """A service that is a line of this platform is as open as the line."""
    if line is not None:
        return open_now.opening(line, now=now).open
    schedule = schedules.of_service(service)
    return None if schedule is None else hours.is_open(schedule, now)


def _begins(wanted: Iterable[str], words: list[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in wanted)


def _all_words(service: Service) -> list[str]:
    return _words(f"{service.name} {service.slug} {service.purpose} {service.needs}")


def _welcomes(service: Service, age: int | None) -> bool:
    youngest = 0 if service.age_from is None else service.age_from
    oldest = age if service.age_to is None else service.age_to
    return age is None or (oldest is not None and youngest <= age <= oldest)


def _speaks(service: Service, language: str) -> bool:
    return not language or not service.languages or language in service.languages.split()


def _words(text: str) -> list[str]:
    """In small letters without accents, split at whatever is neither letter nor digit."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign)
    )
    return "".join(sign if sign.isalnum() else " " for sign in plain).split()
