"""The bytes in the repository are the bytes that a caller's browser runs."""

import gzip
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from django.test import Client
from pytest_django import Settings

from chat.models import Line
from helpline import compression
from helpline.frontend import files, keep_release, release
from tests.support.domain.cast import a_line

FILES = files()


@pytest.fixture
def helpwanted(db: None) -> Line:
    return a_line()


def test_a_file_is_served_as_it_lies_in_the_repository(client: Client) -> None:
    for name in FILES:
        response = client.get(f"/app/{release()}/{name}")
        assert response.status_code == 200, name
        assert b"".join(response) == FILES[name].read_bytes(), name
        assert "Set-Cookie" not in response.headers, name


def test_compressed_it_is_smaller_and_the_same(client: Client) -> None:
    for name in FILES:
        stored = FILES[name].read_bytes()
        packed = client.get(f"/app/{release()}/{name}", headers={"accept-encoding": "gzip, deflate, br"})
        assert packed.headers["Content-Encoding"] == "br", name
        assert brotli.decompress(packed.content) == stored, name
        assert len(packed.content) < len(stored), name


def test_what_is_written_for_a_proxy_is_the_same_in_every_form(tmp_path: Path, settings: Settings) -> None:
    settings.RELEASES = tmp_path
    keep_release()
    root = tmp_path / "app" / release()
    written = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert written == {name + suffix for name in FILES for suffix in ("", ".br", ".gz")}
    for name in FILES:
        stored = FILES[name].read_bytes()
        assert (root / name).read_bytes() == stored
        assert brotli.decompress((root / f"{name}.br").read_bytes()) == stored
        assert gzip.decompress((root / f"{name}.gz").read_bytes()) == stored


def test_the_cache_of_compressed_bytes_holds_a_whole_release() -> None:
    # With one entry less than a release needs, each file would be compressed again whenever it is asked for.
    assert len(FILES) * len(compression.SUFFIXES) < compression.MAX_CACHED_ANSWERS * 0.9


@pytest.mark.parametrize(
    ("accepts", "encoding", "unpack"),
    [
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("GZIP, BR", "br", brotli.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
        ("zstd, *;q=0", None, bytes),
    ],
)
def test_a_browser_gets_what_it_can_unpack(
    client: Client, helpwanted: Line, accepts: str, encoding: str | None, unpack: Callable[[bytes], bytes]
) -> None:
    for path in (f"/app/{release()}/caller/caller.js", "/nl/helpwanted/", "/nl/"):
        packed = client.get(path, headers={"accept-encoding": accepts})
        assert packed.headers.get("Content-Encoding") == encoding
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert unpack(packed.content) == client.get(path).content


def test_what_holds_anything_of_a_person_is_never_compressed(client: Client, helpwanted: Line) -> None:
    for path in ("/login/", "/console/", "/api/lines/helpwanted/", "/guest/", "/healthz"):
        answer = client.get(path, headers={"accept-encoding": "gzip, br"})
        assert "Content-Encoding" not in answer.headers, path


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
    assert response.content == (Path(__file__).parents[2] / "frontend" / "embed" / "embed.js").read_bytes()
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies
