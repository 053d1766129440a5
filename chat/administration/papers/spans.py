"""Collects the spans of time that the code and the settings enforce, and formats them in words."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.utils.formats import number_format

from chat.administration import backups
from chat.care import carrying
from chat.lines import hidden, stays, templates
from chat.models.lines import LONGEST_KEPT
from chat.queue import work
from chat.retention import holds, readings
from chat.supervision import approval_requests, missed, samples
from counsellors import audit, devices
from counsellors.certificates import signing
from counsellors.signin import entry_links, known_browsers, locks, replacements
from helpline import optional_apps

MINUTE, HOUR, DAY, YEAR = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=365)


def all_of() -> dict[str, timedelta]:
    """Returns every span that a paper may name, including those of the installed optional apps."""
    found = {
        "approval": settings.APPROVAL,
        "approval_kept": approval_requests.RETENTION,
        "audit": audit.RETENTION,
        "backups": backups.RETENTION,
        "care": carrying.RETENTION,
        "certificate": timedelta(seconds=signing.RETENTION_SECONDS),
        "entry_link": entry_links.LINK_TTL,
        "forget_staff": settings.FORGET_STAFF,
        "guesses": locks.RETENTION,
        "hold": holds.MAX_HOLD,
        "known_browser": known_browsers.KNOWN_FOR,
        "longest_retention": LONGEST_KEPT,
        "missed": missed.RETENTION,
        "open": settings.OPEN_SPAN,
        "practice": hidden.MAX_DURATION,
        "reading": readings.READING_TTL,
        "replacement": replacements.RETENTION,
        "retention": templates.longest_retention(),
        "samples": samples.RETENTION,
        "session": settings.SIGNED_IN,
        "session_idle": settings.SIGNED_IN_IDLE,
        "shelf": settings.SHELF,
        "staff_keys": settings.STAFF_WRAPS,
        "unanswered": stays.UNANSWERED,
        "unused_device": devices.UNUSED_AFTER,
        "work": work.CHALLENGE_TTL,
    }
    for app in optional_apps.modules("keeping"):
        found |= app.SPANS
    return found


def told(span: timedelta, texts: Mapping[str, str]) -> str:
    """Formats a span. Two or more whole years are given in years, other spans of two or more whole days in
    days. All other spans are rounded up: to minutes below an hour, to hours from an hour on. The number has
    the format of the active language."""
    if span >= 2 * YEAR and span % YEAR == timedelta(0):
        return _counted("years", span // YEAR, texts)
    if span >= 2 * DAY and span % DAY == timedelta(0):
        return _counted("days", span // DAY, texts)
    if span < HOUR:
        return _counted("minutes", -(-span // MINUTE), texts)
    return _counted("hours", -(-span // HOUR), texts)


def _counted(unit: str, number: int, texts: Mapping[str, str]) -> str:
    plural = "one" if number == 1 else "other"
    return texts[f"span.{unit}.{plural}"].format(number=number_format(number))
