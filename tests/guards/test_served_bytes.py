"""The bytes in the repository are the bytes that a caller's browser runs."""

from pathlib import Path

import pytest
from django.test import Client

from chat.models import Line
from helpline.frontend import SERVED, release
from tests.support.domain.cast import a_line

FRONTEND = Path(__file__).parents[2] / "frontend"
FILES = sorted(
    path.relative_to(FRONTEND).as_posix()
    for folder in SERVED
    for path in (FRONTEND / folder).rglob("*")
    if path.is_file() and path.suffix in {".js", ".css", ".json"}
)


@pytest.fixture
def helpwanted(db: None) -> Line:
    return a_line()


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_served_as_it_lies_in_the_repository(client: Client, name: str) -> None:
    response = client.get(f"/app/{release()}/{name}")
    assert response.status_code == 200
    assert b"".join(response) == (FRONTEND / name).read_bytes()
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "name",
    [
        "../manage.py",
        "caller/../../manage.py",
        "package.json",
        "node_modules/lit/package.json",
        "caller/none.js",
        "build/vendor.mjs",
    ],
)
def test_nothing_else_is_served(client: Client, name: str) -> None:
    assert client.get(f"/app/{release()}/{name}").status_code == 404


def test_the_caller_s_page_is_the_same_for_everybody_and_sets_no_cookie(
    client: Client, helpwanted: Line
) -> None:
    answers = [
        client.get("/nl/helpwanted/"),
        client.get("/nl/helpwanted/", headers={"cookie": "sessionid=x; csrftoken=y", "user-agent": "other"}),
    ]
    assert answers[0].content == answers[1].content
    assert not answers[0].cookies
    assert not answers[1].cookies


def test_an_unknown_line_or_language_is_not_there(client: Client, helpwanted: Line) -> None:
    for path in ("/nl/elsewhere/", "/de/helpwanted/", "/nl/helpwanted/x/"):
        assert client.get(path).status_code == 404


def test_the_script_for_other_sites_is_served_as_it_lies_in_the_repository_and_sets_no_cookie(
    client: Client,
) -> None:
    response = client.get("/embed.js")
    assert response.content == (FRONTEND / "embed" / "embed.js").read_bytes()
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies
