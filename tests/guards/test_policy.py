"""A caller's page may load and do nothing but what the repository contains."""

import pytest
from django.test import Client

from chat.models import Line
from tests.support import admin_pages as staff
from tests.support.domain.cast import a_line

PAGES = ("/", "/nl/", "/en/", "/nl/helpwanted/", "/en/helpwanted/")


@pytest.fixture
def helpwanted(db: None) -> Line:
    return a_line()


@pytest.mark.parametrize("path", PAGES)
def test_a_caller_s_page_has_the_strict_policy(client: Client, helpwanted: Line, path: str) -> None:
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "worker-src 'self'" in policy
    assert "trusted-types solver" in policy.split("; ")
    assert "frame-ancestors 'none'" in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies


@pytest.mark.parametrize("path", PAGES)
def test_a_caller_s_page_names_no_other_site_to_load_from(
    client: Client, helpwanted: Line, path: str
) -> None:
    text = client.get(path).content.decode()
    for sign in ('src="http', "src='http", 'src="//', "@import", "url(http"):
        assert sign not in text
    assert "<script>" not in text
    assert " style=" not in text
    assert " onclick=" not in text


def trusted(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    rules = response.headers["Content-Security-Policy"].split("; ")
    return next(rule for rule in rules if rule.startswith("trusted-types"))


def test_each_page_of_the_staff_names_the_policies_that_its_own_scripts_create(helpwanted: Line) -> None:
    carla, floor, gijs = (staff.sign_in(who()) for who in (staff.carla, staff.floor, staff.gijs))
    assert trusted(carla, "/console/") == "trusted-types lit-html installing"
    assert trusted(floor, "/board/") == "trusted-types lit-html"
    assert trusted(gijs, "/desk/") == "trusted-types lit-html"
    assert trusted(carla, "/guest/") == "trusted-types lit-html"
