"""The wheel contains everything that is served, and the same bytes whoever builds it from the same tree."""

import hashlib
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from chat.management.commands import catalogues
from helpline import __version__
from tests.drills import releases
from tests.support.platform import ROOT

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (made,) = releases.build(tmp_path_factory.mktemp("one")).glob("*.whl")
    return made


def test_it_is_built_twice_the_same(wheel: Path, tmp_path: Path) -> None:
    """The second build is in another folder, at another time."""
    (again,) = releases.build_copy(tmp_path).glob("*.whl")
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(wheel.read_bytes()).digest()


def test_the_texts_of_the_pages_are_compiled_to_the_same_bytes_at_any_minute(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    shutil.copy(ROOT / "helpline/locale/nl/LC_MESSAGES/django.po", source)
    compiled = set()
    for day in (1, 2):
        with time_machine.travel(datetime(2026, 11, day, tzinfo=UTC)):
            catalogues._to_mo(source, "nl")
        compiled.add(source.with_suffix(".mo").read_bytes())
    assert len(compiled) == 1


def test_all_that_is_served_lies_in_it_and_no_test_does(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in listed.splitlines():
        top, _, rest = name.partition("/")
        if top in {"helpline", "chat", "counsellors"}:
            assert name in names, name
        if top == "frontend" and rest.split("/")[0] in {
            "caller",
            "console",
            "board",
            "shared",
            "vendor",
            "embed",
        }:
            assert f"helpline/served/{rest}" in names, name
    assert {"helpline/locale/nl/LC_MESSAGES/django.mo", "helpline/deploy/caddy/Caddyfile"} <= names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "docs/"))]


def test_its_number_is_the_program_s_own(wheel: Path) -> None:
    assert wheel.name == f"helpline-{__version__}-py3-none-any.whl"
    assert f"helpline-{__version__}-py3" in (ROOT / "docs" / "install-by-hand.md").read_text()
    assert f"helpline_{__version__}_amd64.deb" in (ROOT / "docs" / "install.md").read_text()
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_command_is_in_it(wheel: Path) -> None:
    (entry,) = [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("entry_points.txt")]
    assert "helpline = helpline.__main__:main" in zipfile.ZipFile(wheel).read(entry).decode()


def test_make_leaves_beside_it_what_the_page_of_the_installation_asks_for() -> None:
    steps = subprocess.run(
        ["make", "--dry-run", "--assume-old=.venv/dev", "wheel"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert "cp requirements.txt dist" in steps
