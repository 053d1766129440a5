"""Generates the legal documents from one source: the statement for callers, the DPIA, the register.

Each is a template in a language's folder (`privacy/`), filled with what this installation does. So the three
cannot contradict each other, and a span that changes in the code changes in all of them.
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext

from chat.administration import backups
from chat.care import carrying
from chat.lines import stays
from chat.models import Line
from chat.models.lines import LONGEST_KEPT
from chat.protocol.fields import HoldReason
from chat.retention import holds, readings
from counsellors import audit, devices, organisation
from helpline import languages, optional_apps

STATEMENT, DPIA, REGISTER = "statement", "dpia", "register"
DOCUMENTS = (STATEMENT, DPIA, REGISTER)
DAY, YEAR = timedelta(days=1), timedelta(days=365)
FILLED = ("organisation", "lines", "contact", "basis", "processors")  # the organisation sets these


def document(name: str, language: str) -> str:
    """Returns the document in Markdown for this installation. What is not set appears between ⟨ and ⟩."""
    with translation.override(language):
        lines = "\n".join(map(_of_line, Line.objects.real().order_by("name")))
    given = {
        "organisation": organisation.name(),
        "lines": lines,
        "contact": ", ".join(one.removeprefix("mailto:") for one in settings.PRIVACY_CONTACT),
        "basis": settings.PRIVACY_BASIS,
        "processors": settings.PRIVACY_PROCESSORS,
    }
    return _filled(name, language, {key: value for key, value in given.items() if value})


def template(name: str, language: str) -> str:
    """Returns the document for no particular installation, with the default spans, as `docs/` has it."""
    return _filled(name, language, {})


def not_set() -> list[str]:
    """Returns the variables that the documents need and this installation lacks."""
    wanted = ("PRIVACY_CONTACT", "PRIVACY_BASIS", "PRIVACY_PROCESSORS")
    return [f"HELPLINE_{name}" for name in wanted if not getattr(settings, name)]


def languages_of(name: str) -> list[str]:
    """Returns the languages in which this document exists. Only staff languages count, since the texts that
    fill it are among the staff's texts."""
    return [code for code in languages.staff_codes() if _file(name, code).is_file()]


def _file(name: str, language: str) -> Path:
    return settings.LANGUAGE_FOLDERS[language] / "privacy" / f"{name}.md"


def _filled(name: str, language: str, given: dict[str, str]) -> str:
    with translation.override(language):
        unset = {key: gettext(f"privacy.unset.{key}") for key in FILLED}
        return _with_our_rows(_file(name, language).read_text()).format(**unset | given | terms())


def _with_our_rows(text: str) -> str:
    """Leaves out rows about tables that no installed app has. A row names its tables in a comment."""
    ours = {f"{one.label}.{model.__name__}" for one in apps.get_app_configs() for model in one.get_models()}
    named = (
        (line, re.findall(r"\w+\.\w+", "".join(re.findall("<!--(.*?)-->", line))))
        for line in text.splitlines(True)
    )
    return "".join(line for line, tables in named if not tables or not ours.isdisjoint(tables))


def terms() -> dict[str, str]:
    """Returns the values that the code itself enforces, such as spans and reasons, in the active language."""
    copies = settings.BACKUP_FOLDER is not None
    spans = {
        "retention": settings.RETENTION,
        "open_span": settings.OPEN_SPAN,
        "staff_wraps": settings.STAFF_WRAPS,
        "longest_retention": LONGEST_KEPT,
        "hold": holds.MAX_HOLD,
        "reading": readings.READING_TTL,
        "backups_kept": backups.RETENTION,
        "care": carrying.RETENTION,
        "unused_device": devices.UNUSED_AFTER,
        "audit": audit.RETENTION,
    }
    for app in optional_apps.modules("keeping"):
        spans |= app.SPANS
    reasons = [gettext(f"privacy.hold.{code}") for code in get_args(HoldReason.__value__)]
    return {name: _told(span) for name, span in spans.items()} | {
        "hold_reasons": gettext("privacy.or").join(reasons),
        "backups": gettext("privacy.backups") % {"number": backups.RETENTION.days}
        if copies
        else gettext("privacy.no_backups"),
        "neutral": urlsplit(settings.NEUTRAL_SITE).hostname or "",
    }


def _of_line(line: Line) -> str:
    longest = _told(stays.longest(line.retention))
    if not line.retention:
        return gettext("privacy.at_once") % {"name": line.name, "longest": longest}
    return gettext("privacy.line") % {"name": line.name, "kept": _told(line.retention), "longest": longest}


def _told(span: timedelta) -> str:
    """Formats a span in years if it is two or more whole years, in whole days if three or more, otherwise in
    hours, rounded up."""
    if span >= 2 * YEAR and span % YEAR == timedelta(0):
        return gettext("privacy.years") % {"number": span // YEAR}
    if span >= 3 * DAY and span % DAY == timedelta(0):
        return gettext("privacy.days") % {"number": number_format(span // DAY)}
    return gettext("privacy.hours") % {"number": number_format(-(-span // timedelta(hours=1)))}
