"""The privacy statement for callers, as this installation really is: what is kept, and for how long."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.formats import number_format

from chat.models import Line
from chat.retention.holds import MOST
from chat.runtime.backups import KEPT
from counsellors import organisation

TEXTS = Path(__file__).parents[1] / "data" / "privacy"
LANGUAGES = ("nl", "en")
DAY = timedelta(days=1)
WORDS = {
    "nl": {
        "line": "- **{name}**: {kept} na het einde weg. Uiterlijk {longest} na het begin onleesbaar.",
        "at_once": "- **{name}**: meteen na het einde weg. Uiterlijk {longest} na het begin onleesbaar.",
        "hours": "{number} uur",
        "days": "{number} dagen",
        "backups": "Van de database maken wij elke nacht een kopie, op slot, die na {number} dagen weg is.",
        "no_backups": "Wij maken zelf geen kopieën van de database.",
        "contact": "Mail of site: {contact}. ",
    },
    "en": {
        "line": "- **{name}**: gone {kept} after the end. Unreadable within {longest} of the beginning.",
        "at_once": "- **{name}**: gone right after the end. Unreadable within {longest} of the beginning.",
        "hours": "{number} hours",
        "days": "{number} days",
        "backups": "Each night we make a copy of the database, locked, which is gone after {number} days.",
        "no_backups": "We make no copies of the database ourselves.",
        "contact": "Mail or site: {contact}. ",
    },
}


def statement(language: str) -> str:
    """In Markdown, for the organisation's own site."""
    words = WORDS[language]
    lines = "\n".join(_of_line(line, words) for line in Line.objects.real().order_by("name"))
    copies = settings.BACKUP_FOLDER is not None
    contact = " ".join(one.removeprefix("mailto:") for one in settings.SECURITY_CONTACT)
    return (
        (TEXTS / f"{language}.md")
        .read_text()
        .format(
            organisation=organisation.name() or "⟨organisatie⟩",
            lines=lines,
            backups=words["backups"].format(number=KEPT.days) if copies else words["no_backups"],
            hold=MOST.days,
            neutral=urlsplit(settings.NEUTRAL_SITE).hostname,
            contact=words["contact"].format(contact=contact) if contact else "",
        )
    )


def _of_line(line: Line, words: dict[str, str]) -> str:
    longest = _told(settings.OPEN_SPAN + line.retention + settings.PURGE_HOUR, words)
    if not line.retention:
        return words["at_once"].format(name=line.name, longest=longest)
    return words["line"].format(name=line.name, kept=_told(line.retention, words), longest=longest)


def _told(span: timedelta, words: dict[str, str]) -> str:
    """Whole days as days, everything else in hours, rounded up."""
    if span >= 3 * DAY and span % DAY == timedelta(0):
        return words["days"].format(number=span // DAY)
    return words["hours"].format(number=number_format(-(-span // timedelta(hours=1))))
