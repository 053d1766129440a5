"""The file of roots, and never a row, decides for which line a page checks certificates."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from chat.administration import health, trust
from chat.lines import addresses
from chat.models import Line
from counsellors.certificates import demo_signer, roots
from helpline.lib import clock
from tests.support import planting
from tests.support.domain.cast import Counsellor, a_line
from tests.support.domain.certifying import Installation

pytestmark = pytest.mark.django_db(transaction=True)
OWN, SHARED = "praat.example.org", "hulp.example.org"
NOT_CHECKED = ("We konden deze pagina niet controleren", "We could not check this page")


@pytest.fixture
def charity(installation: Installation, settings: Settings) -> Installation:
    """Makes two lines, the first with a host of its own, and names a root."""
    settings.ALLOWED_HOSTS = [OWN, SHARED]
    a_line("helpwanted", path="praat", hosts=OWN)
    a_line("stopitnow", path="gesprek")
    installation.names_its_root()
    return installation


def line_of(path: str, host: str = SHARED) -> str:
    """Returns the line for which the page's browser checks certificates. If it is "", the page says that
    there is none."""
    page = Client().get(path, headers={"host": host}).content.decode()
    found = re.search(r'data-line="([\w-]*)"', page)
    assert found, page[:200]
    assert any(said in page for said in NOT_CHECKED) == (found[1] == "")
    return found[1]


def root(*told: str, **options: object) -> str:
    said = io.StringIO()
    call_command("root", *told, stdout=said, **options)
    return said.getvalue()


def test_each_page_is_of_the_line_that_the_file_lists(charity: Installation) -> None:
    assert line_of("/nl/praat/") == line_of("/en/praat/") == "helpwanted"
    assert line_of("/nl/gesprek/") == "stopitnow"
    assert line_of("/", OWN) == line_of("/en/", f"{OWN}:8443") == line_of("/nl/praat/", OWN) == "helpwanted"


def test_two_rows_that_somebody_swapped_are_nobody_s_pages(charity: Installation) -> None:
    planting.swap_lines("helpwanted", "stopitnow")
    pages = ("/nl/praat/", "/en/praat/", "/nl/gesprek/", "/en/gesprek/")
    assert [line_of(page) for page in pages] == [""] * 4
    assert line_of("/", OWN) == line_of("/nl/", OWN) == line_of("/nl/praat/", OWN) == ""
    planting.swap_lines("helpwanted", "stopitnow")
    assert line_of("/nl/praat/") == line_of("/", OWN) == "helpwanted"


def test_an_address_that_the_file_does_not_list_is_nobody_s(charity: Installation) -> None:
    Line.objects.filter(pk="stopitnow").update(path="elders", hosts=SHARED)
    assert line_of("/nl/elders/") == ""
    assert line_of("/", SHARED) == "", "no line takes the common host"
    Line.objects.filter(pk="helpwanted").update(hosts="")
    Line.objects.filter(pk="stopitnow").update(path="gesprek", hosts=OWN)
    assert line_of("/nl/gesprek/", OWN) == "", "on a host that the file lists for another line"


def test_without_a_root_the_database_says_it_and_with_a_torn_file_nobody(
    charity: Installation, settings: Settings
) -> None:
    settings.ROOTS.write_text("{")
    assert line_of("/nl/praat/") == ""
    settings.ROOTS = settings.ROOTS.with_name("none.json")
    assert line_of("/nl/praat/") == "helpwanted"


def test_a_person_compares_before_the_file_lists_other_pages(
    charity: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    Line.objects.filter(pk="stopitnow").update(path="elders")
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    with pytest.raises(CommandError, match="nothing was listed"):
        root("paths")
    assert line_of("/nl/elders/") == ""
    root("name", anyway=True)
    assert line_of("/nl/elders/") == "", "naming the roots once more lists nothing"
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    said = root("paths")
    assert "/elders/  stopitnow" in said
    assert "/elders/ is of no line in the file, of stopitnow in the database" in said
    assert line_of("/nl/elders/") == "stopitnow"
    assert "/elders/  stopitnow\n" in root("show")


def test_the_first_naming_asks_for_the_pages_and_no_session_forgets_them(
    installation: Installation, floor: Counsellor, helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.names_its_root(named=False)
    file = roots.read()
    assert file is not None
    roots.change(file, paths={}, hosts={})
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(CommandError, match="run it in a terminal"):
        root("name", anyway=True)
    assert roots.metas() is None, "nothing is named"
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    root("name", anyway=True)
    installation.signs_scopes(installation.signs_with(floor))
    file = roots.read()
    assert file is not None
    assert (file.serial, file.paths) == (1, {helpwanted.path: "helpwanted"})


def test_a_check_names_each_page_that_file_and_database_give_to_another_line(
    charity: Installation,
) -> None:
    assert trust.pages().is_well
    planting.swap_lines("helpwanted", "stopitnow")
    found = trust.pages()
    assert found.is_wrong
    assert "/praat/ is of helpwanted in the file, of stopitnow in the database" in found.words
    assert f"{OWN} is of helpwanted in the file, of stopitnow in the database" in found.words
    assert "helpline root paths" in found.advice
    assert str(found) in map(str, health.examine(clock.now()))


def test_a_demo_lists_new_pages_by_itself_and_gives_none_to_another_line(charity: Installation) -> None:
    a_line("third", path="derde")
    planting.swap_lines("helpwanted", "stopitnow")
    demo_signer.list_pages(*addresses.of_lines())
    assert line_of("/nl/derde/") == "third"
    assert line_of("/nl/praat/") == ""
