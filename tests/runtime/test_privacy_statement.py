"""What callers are told of their data is what the installation does."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from chat.models import Line
from tests.support.domain.cast import a_line


@pytest.fixture
def helpwanted(db: None) -> Line:
    return a_line()


def told(language: str = "nl") -> str:
    out = StringIO()
    call_command("privacy", language=language, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("retention", "nl", "en"),
    [
        (timedelta(hours=24), "24 uur na het einde weg", "gone 24 hours after the end"),
        (timedelta(days=7), "7 dagen na het einde weg", "gone 7 days after the end"),
        (timedelta(0), "meteen na het einde weg", "gone right after the end"),
    ],
)
def test_it_names_each_line_s_own_dates(helpwanted: Line, retention: timedelta, nl: str, en: str) -> None:
    Line.objects.update(retention=retention)
    assert f"**{helpwanted.name}**: {nl}" in told()
    assert f"**{helpwanted.name}**: {en}" in told("en")


def test_the_longest_is_from_the_beginning_to_the_hour_of_the_key(helpwanted: Line, settings: Any) -> None:
    settings.OPEN_SPAN, settings.PURGE_HOUR = timedelta(hours=12), timedelta(hours=1)
    Line.objects.update(retention=timedelta(hours=24))
    assert "Uiterlijk 37 uur na het begin onleesbaar" in told()


def test_it_speaks_of_copies_only_where_they_are_made(helpwanted: Line, settings: Any) -> None:
    settings.BACKUP_FOLDER = None
    assert "geen kopieën" in told()
    settings.BACKUP_FOLDER = Path("/var/backups/helpline")
    assert "na 7 dagen weg" in told()


def test_where_the_quick_exit_leads_and_whom_to_ask_stand_in_it(helpwanted: Line, settings: Any) -> None:
    settings.NEUTRAL_SITE, settings.SECURITY_CONTACT = (
        "https://weer.example/nl",
        ["mailto:hulp@veilig.example"],
    )
    assert "weer.example" in told()
    assert "hulp@veilig.example" in told("en")
    assert "hooguit 90 dagen" in told()
    assert "{" not in told() + told("en")
