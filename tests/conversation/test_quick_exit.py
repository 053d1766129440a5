"""Quick exit over HTTP: 204 whatever it holds; our own page's browser also forgets what it loaded."""

import pytest
from django.test import Client

from chat.models import Conversation, Line
from tests.support.domain.cast import a_caller

OURS = "https://hulp.example"
JSON = "application/json"
WRONG = '{"conversation": "AAAAAAAAAAAAAAAAAAAAAA", "token": "no"}'


def leave(client: Client, body: str = WRONG, *, origin: str | None = OURS, kind: str = JSON) -> str | None:
    """What the browser is told to clear; the answer is 204 and sets no cookie, always."""
    headers = {} if origin is None else {"Origin": origin}
    response = client.post("/api/exit/", body, content_type=kind, headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert not response.cookies
    return response.headers.get("Clear-Site-Data")


@pytest.mark.django_db
def test_our_page_s_browser_empties_its_cache_and_nothing_else(client: Client, helpwanted: Line) -> None:
    anna = a_caller()
    body = f'{{"conversation": "{anna.conversation}", "token": "{anna.opened.token}"}}'
    assert leave(client, body) == '"cache"'
    assert Conversation.objects.get(pk=anna.conversation).token_hash is None


@pytest.mark.django_db
@pytest.mark.parametrize("body", [WRONG, "{", "[]", "null", '{"token": 1}', '{"conversation": "\\ud800"}'])
def test_whatever_it_holds_it_is_answered_alike(client: Client, body: str) -> None:
    assert leave(client, body) == '"cache"'


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [f"{JSON}; charset=utf-8", "APPLICATION/JSON"])
def test_json_may_be_spelt_as_browsers_spell_it(client: Client, kind: str) -> None:
    assert leave(client, kind=kind) == '"cache"'


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "https://elsewhere.example",
        "http://hulp.example",
        "https://hulp.example:8443",
        "https://hulp.example.elsewhere.example",
        "https://x.hulp.example",
        "https://hulp.example:port",
        "https://[",
    ],
)
def test_another_site_s_page_does_not_empty_the_cache(client: Client, origin: str | None) -> None:
    assert leave(client, origin=origin) is None


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_which_any_site_can_send_does_not_empty_the_cache(client: Client, kind: str) -> None:
    assert leave(client, kind=kind) is None


@pytest.mark.django_db
def test_without_our_origin_the_token_still_dies(client: Client, helpwanted: Line) -> None:
    anna = a_caller()
    body = f'{{"conversation": "{anna.conversation}", "token": "{anna.opened.token}"}}'
    assert leave(client, body, origin=None) is None
    assert Conversation.objects.get(pk=anna.conversation).token_hash is None
