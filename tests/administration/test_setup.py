"""`manage.py setup` gives an empty installation its lines, its directory, and links for its first people."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from chat.administration.management.commands import setup
from chat.lines import templates
from chat.lines.templates import NoSuchTemplate, Wanted
from chat.models import Line, Service
from counsellors.models import AuditRow, Organisation, Person
from helpline.lib import clock

pytestmark = pytest.mark.django_db
FIRST = {
    "organisation": "Veilig Praten",
    "line": ["young-victims", "worried-adults"],
    "name": ["Praat mee", "Op tijd"],
    "administrator": ["ilse"],
    "supervisor": ["floor=Floor", "hanna=Hanna"],
}


def sets_up(**changed: object) -> str:
    said = io.StringIO()
    call_command("setup", stdout=said, **({"uncertified": True} | FIRST | changed))
    return said.getvalue()


def links_in(said: str) -> list[str]:
    return [line.split()[-1] for line in said.splitlines() if "/join/#" in line]


def test_the_organisation_its_lines_and_the_directory_are_there() -> None:
    sets_up()
    assert Organisation.objects.get().name == "Veilig Praten"
    assert {line.slug: (line.path, line.formal) for line in Line.objects.all()} == {
        "helpwanted": ("praat", False),
        "stopitnow": ("gesprek", True),
    }
    assert Service.objects.filter(slug="112").exists()


def test_a_new_line_is_closed_until_a_supervisor_opens_it() -> None:
    sets_up()
    assert {line.state for line in Line.objects.all()} == {"closed"}
    assert Client().get("/api/lines/praat/").json()["open"] is False


def test_the_page_s_address_does_not_name_the_line_and_its_name_finds_no_page() -> None:
    sets_up()
    assert Client().get("/nl/praat/").status_code == 200
    assert Client().get("/nl/helpwanted/").status_code == 404
    assert Client().get("/api/lines/helpwanted/").status_code == 200


def test_callers_of_a_line_are_shown_its_own_services() -> None:
    sets_up()
    shown = {row["service"] for row in Client().get("/api/lines/gesprek/").json()["services"]}
    assert shown == set(templates.read("worried-adults").services)
    assert "kindertelefoon" not in shown


def test_each_first_person_has_a_link_that_opens_once_and_is_printed_once() -> None:
    said = sets_up()
    links = [line.split()[-1] for line in said.splitlines() if "/join/#" in line]
    assert len(links) == 3
    for address in links:
        assert Client().post("/join/", {"link": address}).status_code == 302
    record = str(list(AuditRow.objects.values()))
    assert not any(address.rpartition("#")[2] in record for address in links)


def test_what_a_start_would_refuse_is_said_at_once(settings: Settings) -> None:
    settings.DEMO, settings.ORIGINS = False, ["http://hulp.example"]
    assert "Mend this before the server can start: HELPLINE_ORIGINS: each origin must be https" in sets_up()


def test_supervisors_supervise_every_line_and_nobody_is_in_yet() -> None:
    sets_up()
    floor = Person.objects.get(username="floor")
    assert floor.roles == ["supervisor"]
    assert floor.work.count() == 2
    assert not Person.objects.filter(is_active=True).exists()


def test_an_interrupted_setup_goes_on_with_new_links_and_adds_nobody() -> None:
    first = links_in(sets_up())
    again = links_in(sets_up(resume=True, organisation="Een ander"))
    assert Organisation.objects.get().name == "Veilig Praten"
    assert len(again) == Person.objects.count() == 3
    assert Client().post("/join/", {"link": first[0]}).status_code != 302
    assert Client().post("/join/", {"link": again[0]}).status_code == 302


def test_once_somebody_came_in_a_second_setup_makes_no_link() -> None:
    sets_up()
    Person.objects.filter(username="ilse").update(came_at=clock.now())
    assert links_in(said := sets_up(resume=True)) == []
    assert "nobody was added" in said
    assert "not used" not in said


def test_what_a_second_setup_cannot_change_is_named_and_said_to_be_changed_in_the_browser() -> None:
    sets_up()
    said = sets_up(
        resume=True,
        organisation="Een ander",
        line=["young-victims=jongeren", "worried-adults"],
        administrator=["otto"],
    )
    assert "Veilig Praten is there already, so these were not used: Een ander, jongeren, otto." in said
    assert "changed in the browser" in said


def test_a_setup_that_was_interrupted_at_its_root_makes_the_root_next_time(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.ROOTS = tmp_path / "roots.json"
    sets_up()
    made: list[int] = []
    monkeypatch.setattr(setup.Command, "_make_root", lambda _: made.append(1))
    sets_up(resume=True, uncertified=False)
    assert made == [1]


def test_a_wrong_answer_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["", "Veilig Praten", "no-such", "young-victims", "il se", "ilse", "floor=", "floor"])
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    sets_up(organisation=None, line=None, name=None, administrator=None, supervisor=None)
    told = capsys.readouterr().out
    assert "needs an answer" in told
    assert "There is no template no-such" in told
    assert {person.username for person in Person.objects.all()} == {"ilse", "floor"}


def test_an_installation_in_use_is_not_set_up_again() -> None:
    sets_up()
    with pytest.raises(CommandError, match="already"):
        sets_up(organisation="Een ander")
    assert Organisation.objects.get().name == "Veilig Praten"


@pytest.mark.parametrize(
    "changed",
    [{"line": ["no-such"]}, {"supervisor": ["floor", "floor"]}, {"supervisor": ["a=Floor", "b=floor"]}],
)
def test_a_slip_of_the_pen_makes_nothing(changed: dict[str, list[str]]) -> None:
    with pytest.raises(CommandError):
        sets_up(**changed)
    assert not Organisation.objects.exists()
    assert not Line.objects.exists()


@pytest.mark.parametrize("second", ["hanna=Floor", "hanna=FLOOR", "hanna= floor"])
def test_two_people_with_one_alias_are_named_as_what_is_wrong_and_nothing_is_made(second: str) -> None:
    with pytest.raises(CommandError, match="the same alias"):
        sets_up(supervisor=["floor=Floor", second])
    assert not Person.objects.exists()


def test_a_line_of_one_s_own_has_its_own_path() -> None:
    sets_up(line=["young-victims=jongerenlijn"], name=None)
    assert Line.objects.get().path == "jongerenlijn"


def test_a_line_bears_no_other_organisation_s_name_and_number() -> None:
    sets_up()
    assert set(Line.objects.values_list("name", "phone")) == {("Praat mee", ""), ("Op tijd", "")}
    Organisation.objects.all().delete()
    Line.objects.all().delete()
    Person.objects.all().delete()
    sets_up(line=["young-victims"], name=None, phone=["020-1234567"])
    assert list(Line.objects.values_list("name", "phone")) == [("Veilig Praten", "020-1234567")]


def test_what_is_no_telephone_number_is_refused_and_nothing_is_made() -> None:
    with pytest.raises(CommandError, match="'abc' is no telephone number"):
        sets_up(line=["young-victims"], name=None, phone=["abc"])
    assert not Line.objects.exists()


@pytest.mark.parametrize("names", [None, ["Praat mee"], ["Praat mee", "Op tijd", "Nog een"]])
def test_of_several_lines_each_is_named_or_none_is_made(names: list[str] | None) -> None:
    with pytest.raises(CommandError, match="Nothing was made"):
        sets_up(name=names)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("name", templates.names())
def test_a_template_names_services_that_the_directory_has(name: str) -> None:
    rows = json.loads((templates.FOLDER.parent / "services.json").read_text())
    assert set(templates.read(name).services) <= {row["slug"] for row in rows}


@pytest.mark.parametrize("name", ["../lines/young-victims", "", "x/y"])
def test_only_a_template_s_name_is_one(name: str) -> None:
    with pytest.raises(NoSuchTemplate):
        templates.make(Wanted(name), now=clock.now())
