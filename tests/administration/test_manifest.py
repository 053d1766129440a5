"""Callers are served the signed files, and somebody elsewhere can detect it if they are not."""

import json
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from chat.administration import manifest, verifying
from chat.models import Line
from counsellors.certificates import roots, signed_bytes
from helpline import frontend
from helpline.lib import clock
from tests.support import planting
from tests.support.domain.cast import a_line
from tests.support.domain.certifying import a_key
from tests.support.platform import Platform

APP = "https://project.example"
NOT_THERE = ("/-/", "/nl/none/", "/en/none/", "/x", "/login/none/", "/app/x/none.js", "/api/lines/none/")


@pytest.fixture
def helpwanted(db: None) -> Line:
    return a_line()


def written() -> dict[str, Any]:
    return manifest.write("testserver", APP)


def test_each_address_that_callers_open_is_in_it_with_what_stands_there(helpwanted: Line) -> None:
    files = written()["files"]
    assert {"/", "/nl/", "/en/", "/nl/helpwanted/", "/en/helpwanted/meer/", "/embed.js"} <= set(files)
    assert f"/app/{frontend.release()}/caller/caller.js" in files
    for path in ("/nl/helpwanted/", f"/app/{frontend.release()}/caller/caller.js"):
        assert files[path] == manifest.digest_at(path, Client().get(path).content)
    named = set(re.findall(r'(?:src|href)="(/[^"#?]*)"', Client().get("/nl/helpwanted/").content.decode()))
    assert named
    assert {path for path in named if not path.startswith("/api/")} <= set(files)


@pytest.mark.parametrize("path", ["/", "/nl/", "/en/", "/nl/helpwanted/", "/nl/helpwanted/meer/"])
def test_a_page_is_the_same_for_everybody_and_at_any_hour(helpwanted: Line, path: str) -> None:
    seen = {Client().get(path).content}
    seen.add(Client(headers={"Accept-Language": "en", "User-Agent": "x", "Cookie": "a=b"}).get(path).content)
    Line.objects.update(state=Line.State.CLOSED)
    seen.add(Client().get(path).content)
    Line.objects.update(state=Line.State.OPEN)
    with time_machine.travel(clock.now() + timedelta(days=40), tick=False):
        seen.add(Client().get(path).content)
    assert len(seen) == 1


def test_what_is_not_there_is_the_same_at_every_address(helpwanted: Line) -> None:
    pages = {Client().get(path).content for path in ("/-/", "/nl/none/", "/en/none/", "/x")}
    assert len(pages) == 1


def test_every_answer_of_the_callers_part_bears_the_one_policy_and_leads_nowhere_else(
    helpwanted: Line, client: Client
) -> None:
    expected = written()
    asked = [*expected["files"], *NOT_THERE, "/api/lines/helpwanted/", "/healthz", "/readyz"]
    answers = [(path, client.get(path)) for path in asked]
    answers += [("/api/exit/", client.post("/api/exit/")), ("/api/feedback/", client.post("/api/feedback/"))]
    answers.append(("/nl", client.get("/nl")))
    answers.append(("a host that is not ours", Client(headers={"Host": "elsewhere.example"}).get("/nl/")))
    assert {answer.status_code for _, answer in answers} >= {200, 301, 400, 404}
    for path, answer in answers:
        assert answer.headers.get("Content-Security-Policy") == expected["default_csp"], path
        assert not {"Refresh", "Link", "Set-Cookie"} & set(answer.headers), path
        assert not re.match(r"[a-z]+:|//", answer.headers.get("Location", "")), path


def test_a_page_that_breaks_bears_the_policy_too(helpwanted: Line, client: Client) -> None:
    expected = written()["default_csp"]
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE chat_line RENAME TO chat_elsewhere")
    answer = client.get("/nl/helpwanted/")
    assert answer.status_code >= 500
    assert answer.headers["Content-Security-Policy"] == expected


def test_the_policy_is_one_that_a_browser_with_the_extension_takes(helpwanted: Line) -> None:
    policy = written()["default_csp"]
    rules = {row.split()[0]: row.split()[1:] for row in policy.split(";") if row.strip()}
    assert "," not in policy
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == rules["worker-src"] == ["'self'"]


def test_what_was_changed_after_it_was_signed_is_not_signed(helpwanted: Line) -> None:
    signed = manifest.sign(written(), Ed25519PrivateKey.generate())
    (public,) = signed["signatures"]
    assert manifest.require_signed(signed, public) == signed["manifest"]
    signed["manifest"]["files"]["/"] = "x"
    with pytest.raises(manifest.NotSigned):
        manifest.require_signed(signed, public)
    with pytest.raises(manifest.NotSigned):
        manifest.require_signed({"manifest": {}}, public)


class Signed:
    """Makes the manifest of a running site from its own data, as an operator does."""

    def __init__(self, platform: Platform, folder: Path) -> None:
        self.path: Path | None = folder / "manifest.json"
        host = platform.url.split("://")[-1]
        words = ("--key", str(folder / "key.pem"), "--host", host, "--output", str(self.path))
        made = platform.manage("manifest", *words)
        assert made.returncode == 0, made.stderr
        self.key, self.said = made.stdout.split()[-1], ""

    def verifies(self, url: str, *roots: str, serial: int | None = None) -> list[str]:
        out, compared = StringIO(), {"root": list(roots) or None, "serial": serial}
        try:
            # With `=`, as the documents say it: one key of 64 begins with a dash.
            key = f"--key={self.key}"
            call_command("verify", url, key, manifest=self.path, stdout=out, **compared)
        except CommandError as error:
            return [*out.getvalue().splitlines(), str(error)]
        finally:
            self.said = out.getvalue()
        return []


@pytest.mark.long
def test_a_running_site_is_compared_as_strangers_see_it(laptop: Platform, tmp_path: Path) -> None:
    signed = Signed(laptop, tmp_path)
    assert signed.verifies(laptop.url, *laptop.demo["roots"], serial=laptop.demo["serial"]) == []


@pytest.mark.long
def test_the_roots_that_the_pages_name_are_compared_by_themselves(
    laptop: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = Signed(laptop, tmp_path)
    (root,) = laptop.demo["roots"]
    later = laptop.demo["serial"] + 1
    assert "DIFFERS the pages take scopes of before the last signing session" in signed.verifies(
        laptop.url, root, serial=later
    )
    assert any("nothing to compare them with" in one for one in signed.verifies(laptop.url))
    assert signed.verifies(laptop.url, root) == []
    assert f"Its pages name the root {root}" in signed.said
    other = "B" * 87
    assert "DIFFERS the pages name other roots than those that were written down" in signed.verifies(
        laptop.url, other
    )
    fetched = verifying.Site.get

    def exchanged(site: Any, path: str, headers: dict[str, str]) -> Any:
        """Replaces the root for some callers by an attacker's, or by none."""
        status, found, body = fetched(site, path, {**headers, "Accept-Encoding": "identity"})
        if path == "/nl/praat/" and headers["Accept-Language"] == "ar":
            body = body.replace(root.encode(), other.encode())
        return status, found, body

    monkeypatch.setattr(verifying.Site, "get", exchanged)
    assert any("name other roots than each other" in row for row in signed.verifies(laptop.url, root))


def test_a_page_is_signed_without_the_lines_that_name_roots(
    helpwanted: Line, settings: Any, tmp_path: Path
) -> None:
    settings.ROOTS = tmp_path / "roots.json"
    before = written()["files"]["/nl/helpwanted/"]
    file = roots.add(signed_bytes.point_of(a_key()), named=True, since=0)
    roots.change(file, paths={"helpwanted": "helpwanted"})
    page = Client().get("/nl/helpwanted/").content
    assert len(manifest.named_in(page)) == 2
    assert written()["files"]["/nl/helpwanted/"] == before
    # After this move no browser looks for them: they are no roots, and the page differs.
    lines = re.search(rb"\n  <meta name=.helpline-roots.*\n.*helpline-serial[^\n]*>", page)
    assert lines
    moved = page.replace(lines[0], b"").replace(
        b'<template id="pictures">', b'<template id="pictures">' + lines[0]
    )
    assert manifest.named_in(moved) == ()
    assert manifest.digest_at("/nl/helpwanted/", moved) != before


def test_two_lines_whose_addresses_somebody_swapped_are_other_pages_than_were_signed(
    helpwanted: Line, settings: Any, tmp_path: Path
) -> None:
    settings.ROOTS = tmp_path / "roots.json"
    stopitnow = a_line("stopitnow")
    file = roots.add(signed_bytes.point_of(a_key()), named=True, since=0)
    roots.change(file, paths={line.path: line.pk for line in (helpwanted, stopitnow)})
    signed = written()["files"]
    planting.swap_lines(helpwanted.pk, stopitnow.pk)
    served = written()["files"]
    changed = {path for path in signed if signed[path] != served[path]}
    assert {"/nl/helpwanted/", "/en/helpwanted/", "/nl/stopitnow/", "/en/stopitnow/"} <= changed


@pytest.mark.long
def test_without_a_manifest_of_one_s_own_the_site_s_is_taken(laptop: Platform, tmp_path: Path) -> None:
    signed = Signed(laptop, tmp_path)
    shown = laptop.var / "webcat" / "manifest.json"
    shown.parent.mkdir(exist_ok=True)
    try:
        shown.write_bytes((tmp_path / "manifest.json").read_bytes())
        signed.path = None
        assert signed.verifies(laptop.url, *laptop.demo["roots"]) == []
    finally:
        shown.unlink()


@pytest.mark.long
def test_a_byte_that_differs_is_named(
    laptop: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = Signed(laptop, tmp_path)
    module = f"/app/{frontend.release()}/caller/conversation/grants.js"
    fetched = verifying.Site.get

    def exchanged(site: Any, path: str, headers: dict[str, str]) -> Any:
        status, found, body = fetched(site, path, headers)
        if path == module or (path == "/nl/" and headers["Accept-Language"] == "ar"):
            body += b" "
        return status, found, body

    monkeypatch.setattr(verifying.Site, "get", exchanged)
    said = signed.verifies(laptop.url, *laptop.demo["roots"])
    assert f"DIFFERS {module}: other bytes than were signed, for" in "\n".join(said)
    assert "DIFFERS /nl/: other bytes than were signed, for ar" in said
    assert {row.split(":")[0] for row in said[:-1]} == {f"DIFFERS {module}", "DIFFERS /nl/"}, (
        "and nothing else"
    )


def test_a_manifest_of_another_key_is_refused(laptop: Platform, tmp_path: Path) -> None:
    signed = Signed(laptop, tmp_path)
    signed.key = "A" * 43
    assert "bears no signature by this key" in signed.verifies(laptop.url, *laptop.demo["roots"])[0]


def test_the_site_shows_what_was_signed(client: Client, db: None, tmp_path: Path, settings: Any) -> None:
    settings.WEBCAT = tmp_path
    assert client.get("/.well-known/webcat/manifest.json").status_code == 404
    (tmp_path / "manifest.json").write_text(json.dumps({"manifest": {}}))
    assert client.get("/.well-known/webcat/manifest.json").json() == {"manifest": {}}
