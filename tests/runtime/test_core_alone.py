"""Without any optional app the core is complete: its pages name none of them, and lack nothing. `make test`
runs all tests of the core that way; these tests check what can only be seen then."""

import re

import pytest
from django.conf import settings
from django.test import Client

from chat.models import Work
from chat.requests import REQUESTS
from helpline import frontend, keeping, languages
from tests.support import admin_pages as staff
from tests.support.domain.cast import a_line

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(bool(settings.OPTIONAL_APPS), reason="an optional app is installed"),
]
APPS = ("planning", "reports", "practice", "administration", "demo")


def test_no_request_of_an_app_is_taken() -> None:
    homes = {declared.handler.__module__ for table in REQUESTS.values() for declared in table.values()}
    assert homes
    assert [home for home in homes if home.split(".")[1] in APPS] == []


def test_no_file_of_an_app_is_served() -> None:
    names = [*frontend.files(), *(name for name, _ in languages.served())]
    assert [name for name in names if {*name.split("/")} & {*APPS}] == []


def test_no_table_of_an_app_is_kept() -> None:
    assert {model.split(".")[0] for model in keeping.rules()} & {*APPS} == set()


@pytest.mark.parametrize("path", ["/rota/", "/demo/", "/practice/helpwanted/", "/board/figures/helpwanted/"])
def test_an_app_s_page_is_nowhere(path: str, client: Client) -> None:
    assert client.get(path).status_code == 404


def test_a_supervisor_s_pages_name_no_app() -> None:
    floor = staff.floor()
    Work.objects.create(person=floor, line=a_line("helpwanted"))
    browser = staff.sign_in(floor)
    for path in ("/account/", "/board/"):
        page = browser.get(path, headers={"accept-language": "en"}).content.decode()
        assert "data-apps" not in page
        assert re.findall(r"rota|demo|practi[cs]e", page) == [], path
