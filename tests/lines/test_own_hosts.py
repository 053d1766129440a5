"""A line may have hosts of its own, on which there is no choice and no other line, and the page says so."""

import pytest
from django.test import Client
from pytest_django import Settings

from chat.lines import addresses, templates
from chat.lines.templates import Wanted
from chat.models import Line
from chat.runtime import first_services
from helpline.lib import clock

OWN, SHARED = "praat.example.org", "hulp.example.org"
NAMES_IT = "het adres van deze pagina noemt de hulplijn"


@pytest.fixture
def lines(db: None, settings: Settings) -> dict[str, Line]:
    settings.ALLOWED_HOSTS = [OWN, SHARED]
    first_services.fill()
    made = {name: templates.make(Wanted(name), now=clock.now()) for name in templates.names()}
    made["young-victims"].hosts = "Praat.example.org chat.example.org"
    made["young-victims"].save()
    return made


def page(path: str, host: str) -> tuple[int, str]:
    response = Client().get(path, headers={"host": host})
    assert "no-store" in response.headers["Cache-Control"]
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("path", ["/", "/nl/"])
@pytest.mark.parametrize("port", ["", ":8443"])
def test_on_its_own_host_the_first_page_is_the_line_s(lines: dict[str, Line], path: str, port: str) -> None:
    status, shown = page(path, OWN + port)
    assert status == 200
    assert 'data-line="helpwanted"' in shown
    assert NAMES_IT in shown
    assert 'href="/en/"' in shown, "the other language is on the same host"
    assert "Stop it Now" not in shown


def test_elsewhere_all_lines_are_shown_and_its_page_names_nothing(lines: dict[str, Line]) -> None:
    _, shown = page("/nl/", SHARED)
    assert "Stop it Now" in shown
    status, shown = page("/nl/praat/", SHARED)
    assert status == 200
    assert NAMES_IT not in shown


def test_another_line_s_page_is_not_on_it(lines: dict[str, Line]) -> None:
    assert page("/nl/praat/", OWN)[0] == 200
    status, shown = page("/nl/gesprek/", OWN)
    assert status == 404
    assert "Stop it Now" not in shown


def test_two_lines_do_not_share_a_host(lines: dict[str, Line]) -> None:
    other = lines["worried-adults"].pk
    with pytest.raises(addresses.HostTaken):
        addresses.require_free(other, "iets.example.org chat.example.org")
    addresses.require_free(other, "iets.example.org")


def test_no_line_takes_the_host_on_which_all_lines_are(lines: dict[str, Line], settings: Settings) -> None:
    """Its callers would find another line in its place, and a page that does not exist."""
    settings.OWN_HOSTS = [OWN]
    with pytest.raises(addresses.CommonHost):
        addresses.require_free("helpwanted", f"iets.example.org {SHARED}")
    addresses.require_free("helpwanted", OWN)
    settings.OWN_HOSTS = []
    with pytest.raises(addresses.CommonHost):
        addresses.require_free("helpwanted", OWN)


@pytest.mark.parametrize(
    "typed", ["https://praat.example.org", "praat.example.org:443", "praat.example.org.", "-", "localhost"]
)
def test_a_host_is_a_name_alone(lines: dict[str, Line], typed: str) -> None:
    with pytest.raises(addresses.NoHost):
        addresses.require_free("helpwanted", typed)
