"""What a browser may do on a caller's page: nothing but what the repository brings."""

import pytest
from django.test import Client

from chat.models import Line
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
    assert "trusted-types lit-html solver" in policy
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
