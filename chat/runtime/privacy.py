"""The legal documents from one source: the statement for callers, the DPIA, the register.

Each is a text with blanks in `chat/data/privacy/`, filled with what this installation does. So the three
cannot disagree, and a term that changes in the code changes in all of them.
"""

from datetime import timedelta
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.formats import number_format

from chat.care import carrying
from chat.lines import stays
from chat.models import Line
from chat.models.lines import LONGEST_KEPT
from chat.planning import shifts
from chat.protocol.fields import HoldReason
from chat.retention import holds, readings
from chat.runtime import backups
from counsellors import audit, devices, organisation

TEXTS = Path(__file__).parents[1] / "data" / "privacy"
LANGUAGES = ("nl", "en")
STATEMENT, DPIA, REGISTER = "statement", "dpia", "register"
DOCUMENTS = (STATEMENT, DPIA, REGISTER)
DAY, YEAR = timedelta(days=1), timedelta(days=365)
# Of a template, and of what an installation has not set: for the organisation to fill in.
UNSET = {
    "nl": {
        "organisation": "⟨organisatie⟩",
        "lines": "⟨de lijnen⟩",
        "contact": "⟨HELPLINE_PRIVACY_CONTACT: mail of site⟩",
        "basis": "⟨HELPLINE_PRIVACY_BASIS: grondslag van artikel 6, en uitzondering van artikel 9⟩",
        "processors": "⟨HELPLINE_PRIVACY_PROCESSORS: wie de machine beheert, en waar die staat⟩",
    },
    "en": {
        "organisation": "⟨organisation⟩",
        "lines": "⟨the lines⟩",
        "contact": "⟨HELPLINE_PRIVACY_CONTACT: mail or site⟩",
        "basis": "⟨HELPLINE_PRIVACY_BASIS: ground of article 6, and exception of article 9⟩",
        "processors": "⟨HELPLINE_PRIVACY_PROCESSORS: who runs the machine, and where it is⟩",
    },
}
WORDS = {
    "nl": {
        "line": "- **{name}**: {kept} na het einde weg. Uiterlijk {longest} na het begin onleesbaar.",
        "at_once": "- **{name}**: meteen na het einde weg. Uiterlijk {longest} na het begin onleesbaar.",
        "hours": "{number} uur",
        "days": "{number} dagen",
        "years": "{number} jaar",
        "backups": "Van de database maken wij elke nacht een kopie, op slot, die na {number} dagen weg is.",
        "no_backups": "Wij maken zelf geen kopieën van de database.",
        "or": " of ",
    },
    "en": {
        "line": "- **{name}**: gone {kept} after the end. Unreadable within {longest} of the beginning.",
        "at_once": "- **{name}**: gone right after the end. Unreadable within {longest} of the beginning.",
        "hours": "{number} hours",
        "days": "{number} days",
        "years": "{number} years",
        "backups": "Each night we make a copy of the database, locked, which is gone after {number} days.",
        "no_backups": "We make no copies of the database ourselves.",
        "or": " or ",
    },
}
# Why two supervisors may hold a conversation beyond its date: each code has words, in each language.
HOLD_REASONS: dict[str, dict[str, str]] = {
    "nl": {"safeguarding": "iemand in gevaar is", "legal": "de wet het vraagt"},
    "en": {"safeguarding": "somebody is in danger", "legal": "the law asks for it"},
}


def document(name: str, language: str) -> str:
    """Returns it in Markdown for this installation; what is not set is between ⟨⟩."""
    lines = "\n".join(_of_line(line, language) for line in Line.objects.real().order_by("name"))
    given = {
        "organisation": organisation.name(),
        "lines": lines,
        "contact": ", ".join(one.removeprefix("mailto:") for one in settings.PRIVACY_CONTACT),
        "basis": settings.PRIVACY_BASIS,
        "processors": settings.PRIVACY_PROCESSORS,
    }
    return _filled(name, language, {key: value for key, value in given.items() if value})


def template(name: str, language: str) -> str:
    """Returns it for no installation in particular, with default terms: what `docs/` has."""
    return _filled(name, language, {})


def not_set() -> list[str]:
    """Returns the variables that the documents need and this installation lacks."""
    wanted = ("PRIVACY_CONTACT", "PRIVACY_BASIS", "PRIVACY_PROCESSORS")
    return [f"HELPLINE_{name}" for name in wanted if not getattr(settings, name)]


def _filled(name: str, language: str, given: dict[str, str]) -> str:
    text = (TEXTS / f"{name}.{language}.md").read_text()
    return text.format(**UNSET[language] | given | terms(language))


def terms(language: str) -> dict[str, str]:
    """Returns what the code itself keeps to, in words: spans, reasons, who may."""
    words = WORDS[language]
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
        "rota": shifts.RETENTION,
        "unused_device": devices.UNUSED_AFTER,
        "audit": audit.RETENTION,
    }
    reasons = [HOLD_REASONS[language][code] for code in get_args(HoldReason.__value__)]
    return {name: _told(span, words) for name, span in spans.items()} | {
        "hold_reasons": words["or"].join(reasons),
        "backups": words["backups"].format(number=backups.RETENTION.days) if copies else words["no_backups"],
        "neutral": urlsplit(settings.NEUTRAL_SITE).hostname or "",
    }


def _of_line(line: Line, language: str) -> str:
    words = WORDS[language]
    longest = _told(stays.longest(line.retention), words)
    if not line.retention:
        return words["at_once"].format(name=line.name, longest=longest)
    return words["line"].format(name=line.name, kept=_told(line.retention, words), longest=longest)


def _told(span: timedelta, words: dict[str, str]) -> str:
    """Formats whole years and days as such, everything else in hours, rounded up."""
    if span >= 2 * YEAR and span % YEAR == timedelta(0):
        return words["years"].format(number=span // YEAR)
    if span >= 3 * DAY and span % DAY == timedelta(0):
        return words["days"].format(number=number_format(span // DAY))
    return words["hours"].format(number=number_format(-(-span // timedelta(hours=1))))
