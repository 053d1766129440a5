"""The papers tell callers, staff, the authority and the board what really happens with personal data."""

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, get_args

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import translation

from chat.administration.papers import PAPERS, answers, rendering, spans
from chat.lines import templates
from chat.models import Line
from chat.protocol.fields import HoldReason
from chat.retention import holds, readings
from counsellors import permissions
from counsellors.models import Organisation, Person
from helpline import keeping, languages
from helpline.lib import clock
from helpline.lib.printing import CannotPrint
from tests.support.domain.cast import a_line

LOCALE = Path(__file__).parents[2] / "helpline" / "locale"
OURS = ("nl", "en")
ANSWERED: dict[str, answers.Answer] = {
    "address": "Straat 1, Utrecht",
    "contact": "privacy@hulp.example",
    "officer": "fg@hulp.example",
    "basis": "f",
    "exception": "h",
    "processors": {"nl": "Hostingbedrijf, in Nederland", "en": "Hosting company, in the Netherlands"},
    "transfers": {"nl": "nee", "en": "no"},
    "logs": "30",
    "council": {"nl": "ja, in mei", "en": "yes, in May"},
}


@pytest.fixture(autouse=True)
def no_file_of_answers(settings: Any, tmp_path: Path) -> Path:
    path: Path = tmp_path / "papers.toml"
    settings.PAPERS = path
    return path


@pytest.fixture
def helpwanted(db: None) -> Line:
    Organisation.objects.create(name="Veilig Praten")
    return a_line()


def told(paper: str, language: str = "nl", given: dict[str, answers.Answer] | None = None) -> str:
    """Returns the paper with its lines joined, so that a test can look for a sentence."""
    return " ".join(rendering.markdown(paper, language, given or {}).split())


@pytest.mark.parametrize("language", OURS)
@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_asks_for_nothing_but_the_listed_questions_and_once_answered_for_nothing(
    helpwanted: Line, paper: str, language: str
) -> None:
    texts = languages.texts(answers.TEXTS, language)
    asked = {texts[f"blank.{name}"] for name in answers.QUESTIONS}
    assert set(re.findall("⟨(.*?)⟩", told(paper, language))) <= asked
    text = told(paper, language, ANSWERED)
    assert not re.search(r"[{}⟨⟩⟦⟧%]", text)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_has_the_same_sections_tables_and_facts_in_both_languages(paper: str) -> None:
    dutch, english = ((LOCALE / code / "papers" / f"{paper}.md").read_text() for code in OURS)

    def shape(text: str) -> list[str]:
        return re.findall(r"^(?:#+ (?:\d+\.)?|\||- |\d+\. |> )", text, re.MULTILINE)

    def named(text: str) -> list[str]:
        return re.findall(r"{[{%].*?[%}]}|`[^`]*`|\d+\(?\d* GDPR", text)

    assert shape(dutch) == shape(english)
    assert [one for one in named(dutch) if "GDPR" not in one] == [
        one for one in named(english) if "GDPR" not in one
    ]


@pytest.mark.parametrize("language", OURS)
@pytest.mark.parametrize("paper", ["callers", "staff", "dpia", "register"])
def test_no_statement_forgets_that_supervisors_can_read_again_and_two_can_hold(
    helpwanted: Line, paper: str, language: str
) -> None:
    text, known = told(paper, language), languages.texts(answers.TEXTS, language)
    with translation.override(language):
        assert spans.told(holds.MAX_HOLD, known) in text
        assert spans.told(readings.READING_TTL, known) in text
    if paper != "staff":
        assert all(known[f"hold.{reason}"] in text for reason in get_args(HoldReason.__value__))
    seat = {
        "callers": "Een teamleider, achteraf|A supervisor, afterwards",
        "staff": "kan een supervisor een afgelopen gesprek lezen|a supervisor can read a conversation",
    }
    assert re.search(seat.get(paper, r"\*\*reviewstoel\*\*|\*\*review seat\*\*"), text)


@pytest.mark.parametrize(
    ("retention", "nl", "en"),
    [
        (timedelta(hours=24), "24 uur na het einde", "24 hours after the end"),
        (timedelta(days=7), "7 dagen na het einde", "7 days after the end"),
        (timedelta(0), "meteen na het einde", "right after the end"),
    ],
)
def test_each_paper_that_names_a_line_tells_its_own_date(
    helpwanted: Line, retention: timedelta, nl: str, en: str
) -> None:
    Line.objects.update(retention=retention)
    for paper in ("callers", "dpia", "register", "board"):
        assert nl in told(paper)
        assert en in told(paper, "en")


def test_a_new_line_begins_with_no_more_than_the_papers_say(helpwanted: Line, settings: Any) -> None:
    settings.RETENTION = timedelta(hours=1)  # of the demo's lines
    made = [templates.make(templates.Wanted(name, slug=name), now=clock.now()) for name in templates.names()]
    assert max(line.retention for line in made) == timedelta(hours=24)
    for paper in ("dpia", "register"):
        assert "hooguit 24 uur" in told(paper)


@pytest.mark.parametrize(
    ("setting", "value", "shown", "papers"),
    [
        ("OPEN_SPAN", timedelta(hours=30), "55 uur na het begin", ["callers", "dpia", "register"]),
        ("STAFF_WRAPS", timedelta(minutes=95), "2 uur nadat", ["callers", "register"]),
        ("SIGNED_IN", timedelta(hours=9), "hooguit 9 uur", ["staff", "register"]),
        ("NEUTRAL_SITE", "https://weer.example/nl", "weer.example", ["callers"]),
        ("BACKUP_FOLDER", Path("/var/backups"), "7 dagen", ["callers", "staff", "register", "processors"]),
        ("MAIL_HOST", "post.hulp.example", "post.hulp.example", ["staff", "register"]),
    ],
)
def test_a_changed_setting_changes_every_paper_that_names_it(
    helpwanted: Line, settings: Any, setting: str, value: object, shown: str, papers: list[str]
) -> None:
    assert [paper for paper in papers if shown in told(paper)] == []
    setattr(settings, setting, value)
    assert [paper for paper in papers if shown in told(paper)] == papers


def test_a_line_that_can_be_read_again_or_takes_letters_says_so(helpwanted: Line) -> None:
    assert "Niemand kan het nalezen." in told("callers")
    Line.objects.update(review_key=b"k" * 65, letters=Line.Letters.CLOSED, letter_span=timedelta(days=5))
    text = told("callers")
    assert "Een teamleider kan het tot dan nalezen." in text
    assert "hooguit 5 dagen open" in text


def test_every_model_is_of_one_kind_and_stands_in_the_register(helpwanted: Line) -> None:
    listed = [model for kind in keeping.kinds().values() for model in kind.models]
    assert sorted(listed) == sorted(keeping.rules()), "give the model a kind, in the keeping.py of its rule"
    of_persons = {model for name, kind in keeping.kinds().items() if kind.whose for model in kind.models}
    shown = set(re.findall(r"\b[a-z_]+\.[A-Z]\w+", told("register")))
    assert shown == of_persons


def test_every_model_that_points_to_a_person_is_told_to_the_staff() -> None:
    pointing = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is Person
    }
    told_to_staff = {
        model for kind in keeping.kinds().values() if keeping.STAFF in kind.whose for model in kind.models
    }
    assert pointing - told_to_staff == set()


def test_each_kind_has_its_texts() -> None:
    for language in OURS:
        texts = languages.texts(answers.TEXTS, language)
        for name, kind in keeping.kinds().items():
            wanted = {f"kind.{name}.{part}" for part in ("data", "source", "kept")} if kind.whose else set()
            assert wanted <= texts.keys()


def test_an_app_that_is_left_out_is_left_out_of_the_papers(
    helpwanted: Line, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ziekmeldingen" in told("staff")
    assert "planning.Shift" in told("register")
    assert "het rooster maken" in told("dpia")
    assert "staat onder *Cijfers*" in told("dpia")
    assert "Wat je oefent" in told("staff")
    settings.OPTIONAL_APPS = ["demo"]
    found = [app for app in apps.get_app_configs() if app.label != "planning"]
    monkeypatch.setattr(apps, "get_app_configs", lambda: found)
    assert "ziekmeldingen" not in told("staff")
    assert "planning." not in told("register")
    assert "het rooster maken" not in told("dpia")
    assert "staat onder *Cijfers*" not in told("dpia")
    assert "Wat je oefent" not in told("staff")


def test_who_may_do_what_is_taken_from_the_table_of_permissions(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "nalezen, en vasthouden (elk op de eigen lijn) | – | ja | – | – |" in told("dpia")
    monkeypatch.setitem(permissions.MAY, "review", frozenset())
    assert "nalezen, en vasthouden (elk op de eigen lijn) | – | – | – | – |" in told("dpia")


def test_the_ground_that_the_organisation_chose_is_the_same_in_every_paper(helpwanted: Line) -> None:
    given = ANSWERED | {"basis": "e", "exception": "g", "law": "artikel 1 van de Hulpwet"}
    for paper in ("callers", "dpia", "register"):
        assert "artikel 1 van de Hulpwet" in told(paper, "nl", given)
        assert "artikel 1 van de Hulpwet" not in told(paper, "nl", ANSWERED)
    assert "artikel 6 lid 1 onder e" in told("callers", "nl", given)
    assert "artikel 6 lid 1 onder f" in told("callers", "nl", ANSWERED)


def test_the_statement_for_callers_has_short_sentences(helpwanted: Line) -> None:
    for language in OURS:
        text = rendering.markdown("callers", language, ANSWERED)
        prose = " ".join(line.lstrip("- ") for line in text.splitlines() if not line.startswith(("|", "#")))
        lengths = [len(one.split()) for one in re.split(r"(?<=[.?!:])\s+", prose.replace("*", ""))]
        assert max(lengths) <= 24
        assert sum(lengths) / len(lengths) <= 11


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('adress = "x"', "adress is no question"),
        ('basis = "a"', "basis must be one of e, f"),
        ("logs = 30", "logs must be a text"),
        ("address = ", "cannot be read"),
    ],
)
def test_a_file_of_answers_that_is_wrong_is_refused_with_a_sentence(
    helpwanted: Line, no_file_of_answers: Path, written: str, said: str
) -> None:
    no_file_of_answers.write_text(written)
    with pytest.raises(CommandError, match=said):
        call_command("papers", show="register", stdout=StringIO())


def test_what_is_not_answered_is_named_and_the_form_asks_for_it(
    helpwanted: Line, no_file_of_answers: Path
) -> None:
    form, errors, out = StringIO(), StringIO(), StringIO()
    call_command("papers", form=True, language="en", stdout=form)
    no_file_of_answers.write_text(form.getvalue().replace('officer = ""', 'officer = "fg@hulp.example"'))
    call_command("papers", show="register", stdout=out, stderr=errors)
    assert "address, contact, basis, exception, processors, transfers, logs, council" in errors.getvalue()
    assert "fg@hulp.example" in out.getvalue()
    assert answers.unanswered(ANSWERED) == []
    assert answers.unanswered(ANSWERED | {"basis": "e"}) == ["law"]


def test_a_folder_gets_every_paper_to_edit_and_to_read(helpwanted: Line, tmp_path: Path) -> None:
    call_command("papers", str(tmp_path / "papers"), without_pdf=True, stdout=StringIO(), stderr=StringIO())
    made = {path.name for path in (tmp_path / "papers").iterdir()}
    assert made == {f"{paper}.{code}.{end}" for paper in PAPERS for code in OURS for end in ("md", "html")}
    page = (tmp_path / "papers" / "dpia.nl.html").read_text()
    assert '<html lang="nl">' in page
    assert "<mark>⟨" in page
    assert "<td>artikel 10, strafbare feiten</td>" in page
    assert not re.search(r"<(?:script|img|link)|https?://", page)


def test_a_language_without_the_papers_is_refused_with_those_that_have_them(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "staff_codes", lambda: ["nl", "en", "de"])
    monkeypatch.setattr(rendering, "_file", lambda paper, code: LOCALE / code / "papers" / f"{paper}.md")
    assert rendering.in_languages() == ["nl", "en"]
    with pytest.raises(CommandError, match="exist in: nl, en"):
        call_command("papers", show="board", language="de", stdout=StringIO())


def test_where_no_pdf_can_be_made_the_command_says_what_to_add(
    helpwanted: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_: str) -> bytes:
        raise CannotPrint

    monkeypatch.setattr("chat.administration.papers.rendering.to_pdf", none)
    with pytest.raises(CommandError, match="--without-pdf"):
        call_command("papers", str(tmp_path), stdout=StringIO(), stderr=StringIO())


@pytest.mark.parametrize("language", OURS)
def test_the_page_for_the_board_has_two_pages_at_most(helpwanted: Line, language: str) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    text = rendering.markdown("board", language, ANSWERED)
    assert len(weasyprint.HTML(string=rendering.page(text, language)).render().pages) <= 2
