"""What callers and the authority are told of personal data is what the installation does, in one voice."""

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, get_args

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import gettext

from chat.administration import privacy
from chat.models import Line
from chat.protocol.fields import HoldReason
from chat.retention import holds
from helpline import keeping
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
    settings.NEUTRAL_SITE, settings.PRIVACY_CONTACT = (
        "https://weer.example/nl",
        ["mailto:hulp@veilig.example"],
    )
    assert "weer.example" in told()
    assert "hulp@veilig.example" in told("en")
    assert "hooguit 90 dagen" in told()
    assert "{" not in told() + told("en")


ROOT = Path(__file__).parents[2]
DOCUMENTS = [("statement", "nl"), ("statement", "en"), ("dpia", "nl"), ("register", "nl")]
IN_DOCS = {"dpia": "dpia.md", "register": "verwerkingsregister.md"}
# Tables that hold nothing of a person; what each is for says its rule in helpline/keeping.py.
OF_NOBODY = {
    "chat.Purged", "chat.JournalHead", "chat.Process", "chat.Heartbeat", "chat.Line", "chat.Edition",
    "chat.ReadySentence", "chat.OwnCode", "reports.Theme", "chat.Service", "chat.WeeklyHours",
    "chat.HolidayHours", "chat.DatedHours", "counsellors.Organisation", "counsellors.PasskeyDemand",
    "auth.Group", "auth.Permission", "contenttypes.ContentType", "chat.SlotFile", "chat.Puncture",
}  # fmt: skip


@pytest.mark.parametrize("name", IN_DOCS)
def test_the_documents_are_the_templates_filled_with_the_code_s_own_terms(name: str) -> None:
    file = ROOT / "docs" / IN_DOCS[name]
    wanted = privacy.template(name, "nl")
    assert file.read_text() == wanted, (
        f"write it anew: manage.py privacy --document {name} --template > docs/{IN_DOCS[name]}"
    )


@pytest.mark.parametrize(("name", "language"), DOCUMENTS)
def test_each_document_names_the_hold_its_reasons_and_its_longest(name: str, language: str) -> None:
    text = " ".join(privacy.template(name, language).split())
    with translation.override(language):
        terms = privacy.terms()
        reasons = [gettext(f"privacy.hold.{reason}") for reason in get_args(HoldReason.__value__)]
    assert terms["hold"].startswith(str(holds.MAX_HOLD.days))
    for term in ("hold", "hold_reasons", "reading"):
        assert terms[term] in text, term
    for reason in reasons:
        assert reason in text


@pytest.mark.parametrize(("name", "language"), DOCUMENTS)
def test_each_document_names_who_reads_afterwards_who_answers_and_on_what_ground(
    name: str, language: str
) -> None:
    text = privacy.template(name, language)
    for variable in ("PRIVACY_CONTACT", "PRIVACY_BASIS", "PRIVACY_PROCESSORS"):
        assert f"HELPLINE_{variable}" in text
    review = {"statement": r"leidinggevende van de lijn, achteraf|supervisor of the line, afterwards"}
    assert re.search(review.get(name, r"\*\*reviewstoel\*\*"), text)
    rights = {"register": "rechten van betrokkenen"}
    assert re.search(rights.get(name, "bezwaar|object"), text, re.IGNORECASE)


def test_every_table_about_a_person_has_a_row_in_the_register() -> None:
    named = set(
        re.findall(
            r"[a-z_]+\.[A-Z]\w+", " ".join(re.findall("<!--(.*?)-->", privacy.template("register", "nl")))
        )
    )
    assert named | OF_NOBODY == set(keeping.rules()), (
        "name it in a row of helpline/locale/nl/privacy/register.md, or say of whom it is not"
    )
    assert not named & OF_NOBODY


def test_what_the_organisation_has_not_set_is_named(helpwanted: Line, settings: Any) -> None:
    errors = StringIO()
    call_command("privacy", stdout=StringIO(), stderr=errors)
    assert (
        "HELPLINE_PRIVACY_CONTACT, HELPLINE_PRIVACY_BASIS, HELPLINE_PRIVACY_PROCESSORS" in errors.getvalue()
    )
    settings.PRIVACY_CONTACT, settings.PRIVACY_BASIS = (
        ["mailto:p@hulp.example"],
        "Artikel 6 lid 1 onder f AVG.",
    )
    settings.PRIVACY_PROCESSORS = "Hostingbedrijf, in Nederland"
    errors = StringIO()
    call_command("privacy", stdout=StringIO(), stderr=errors)
    assert errors.getvalue() == ""
