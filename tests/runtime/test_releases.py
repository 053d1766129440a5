"""Somebody who talks during an upgrade keeps the modules with which the page was opened."""

import os
import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.test import Client

from chat.runtime import releases
from helpline import frontend

OLD = "0123456789abcdef"


@pytest.fixture
def kept(tmp_path: Path, settings: Any) -> Path:
    """Makes a folder that has one module of an older release."""
    settings.RELEASES = tmp_path
    folder = tmp_path / "app" / OLD
    (folder / "caller" / "waiting").mkdir(parents=True)
    (folder / "caller" / "waiting" / "earning.js").write_text("// as it was\n")
    (tmp_path / "secret.js").write_text("// not served\n")
    return folder


def test_an_older_release_s_module_is_served_as_it_was(kept: Path) -> None:
    answer = Client().get(f"/app/{OLD}/caller/waiting/earning.js")
    assert (answer.status_code, answer.content) == (200, b"// as it was\n")
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["caller/none.js", "../secret.js", "caller/../../../secret.js", "build/vendor.js"]
)
def test_nothing_else_of_that_folder_is(kept: Path, name: str) -> None:
    assert Client().get(f"/app/{OLD}/{name}").status_code == 404


def test_a_release_that_nobody_kept_is_this_one_s_and_asked_anew(kept: Path, settings: Any) -> None:
    answer = Client().get("/app/fedcba9876543210/caller/waiting/earning.js")
    assert answer.content == (settings.FRONTEND / "caller/waiting/earning.js").read_bytes()
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.long
def test_a_release_keeps_its_own_files_and_those_of_the_few_before_it(tmp_path: Path, settings: Any) -> None:
    settings.RELEASES = tmp_path
    for number in range(6):
        (tmp_path / "app" / f"{number:016x}").mkdir(parents=True)
    frontend.keep_release()
    frontend.keep_release()
    names = {path.name for path in (tmp_path / "app").iterdir()}
    assert frontend.release() in names
    assert len(names) == frontend.MAX_OLD_RELEASES + 1
    own = tmp_path / "app" / frontend.release()
    served = settings.FRONTEND / "caller" / "caller.js"
    assert (own / "caller" / "caller.js").read_bytes() == served.read_bytes()
    assert (own / "caller" / "caller.js.br").exists()
    for path in (own, own / "caller", own / "caller" / "caller.js"):
        assert path.stat().st_mode & 0o044 == 0o044, "a proxy of another account serves them"
    assert [path for path in tmp_path.iterdir() if path.name != "app"] == []


def test_a_file_that_is_stored_compressed_is_not_compressed_again(tmp_path: Path, settings: Any) -> None:
    settings.RELEASES = tmp_path
    stored = tmp_path / "app" / frontend.release() / "caller" / "caller.js.br"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"as it is stored")
    address = f"/app/{frontend.release()}/caller/"
    answer = Client().get(f"{address}caller.js", HTTP_ACCEPT_ENCODING="gzip, br")
    assert (answer.content, answer["Content-Encoding"]) == (b"as it is stored", "br")
    other = Client().get(f"{address}plain.js", HTTP_ACCEPT_ENCODING="br")
    source = (settings.FRONTEND / "caller" / "plain.js").read_bytes()
    assert brotli.decompress(other.content) == source


def test_beside_them_lies_a_page_of_numbers_for_the_proxy_which_names_no_line(
    tmp_path: Path, settings: Any
) -> None:
    settings.RELEASES = tmp_path
    (tmp_path / releases.DOWN).write_text("of the release before")
    mask = os.umask(0o077)  # as systemd runs a unit
    try:
        releases.keep()
    finally:
        os.umask(mask)
    page = tmp_path / releases.DOWN
    assert f"/app/{frontend.release()}/caller/plain.js" in page.read_text()
    assert not re.search("helpwanted|stop it now|veilig praten", page.read_text(), re.IGNORECASE)
    assert page.stat().st_mode & 0o044 == 0o044
    assert {path.name for path in tmp_path.iterdir()} == {"app", releases.DOWN}, "no draft stays"


def test_a_folder_that_another_process_takes_away_meanwhile_stops_no_start(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RELEASES = tmp_path
    gone, there = tmp_path / "app" / OLD, tmp_path / "app" / "fedcba9876543210"
    there.mkdir(parents=True)
    listed = Path.iterdir
    monkeypatch.setattr(
        Path, "iterdir", lambda self: iter([*listed(self), *([gone] if self.name == "app" else [])])
    )
    frontend.keep_release()
    assert there.is_dir()
