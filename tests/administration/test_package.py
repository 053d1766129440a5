"""The Debian package is reproducible, has the units of deploy/, and none of its scripts removes data."""

import hashlib
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.drills import releases
from tests.support.platform import ROOT

SCRIPTS = ("postinst", "prerm", "postrm")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Makes what `make wheel` makes, with bytes in place of the program and of one dependency."""
    folder = tmp_path_factory.mktemp("dist")
    (folder / "helpline-1.0.0-py3-none-any.whl").write_bytes(b"program")
    (folder / "requirements.txt").write_text("other==1\n")
    (folder / "wheels").mkdir()
    (folder / "wheels/other-1-py3-none-any.whl").write_bytes(b"other")
    releases.package(folder, folder / "wheels")
    return folder


@pytest.fixture(scope="module")
def package(dist: Path) -> Path:
    return dist / "helpline_1.0.0_amd64.deb"


def listed(package: Path) -> str:
    words = ["dpkg-deb", "--contents", str(package)]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def test_it_is_built_twice_the_same(dist: Path, package: Path) -> None:
    first = hashlib.sha256(package.read_bytes()).digest()
    time.sleep(1.1)  # another second of the clock, which no file contains
    for path in dist.rglob("*.whl"):
        path.touch()
    assert hashlib.sha256(releases.package(dist, dist / "wheels").read_bytes()).digest() == first


def test_it_brings_the_command_the_units_and_the_examples(package: Path) -> None:
    names = {row.split()[-1] for row in listed(package).splitlines()}
    units = {f"./usr/lib/systemd/system/{path.name}" for path in (ROOT / "deploy/systemd").iterdir()}
    assert units <= names
    assert {
        "./usr/bin/helpline",
        "./usr/lib/helpline/wheels/other-1-py3-none-any.whl",
        "./usr/share/doc/helpline/examples/prometheus/scrape.yml",
        "./usr/share/doc/helpline/install.md",
    } <= names


def test_every_file_belongs_to_root_and_nobody_else_may_write_one(package: Path) -> None:
    for row in listed(package).splitlines():
        mode, owner = row.split()[:2]
        assert owner == "root/root", row
        assert mode[5] == mode[8] == "-", row


def test_a_script_is_one_that_sh_can_read() -> None:
    for name in SCRIPTS:
        subprocess.run(["sh", "-n", str(ROOT / "deploy/debian" / name)], check=True)


def test_the_account_can_read_the_program_whatever_root_s_umask_is() -> None:
    script = (ROOT / "deploy/debian/postinst").read_text()
    assert script.index("umask 022") < script.index("python3 -m venv")


def test_removing_the_package_and_purging_it_delete_nothing_but_the_program(tmp_path: Path) -> None:
    """The scripts run with programs that only record their arguments."""
    notes = tmp_path / "notes"
    for name in ("rm", "systemctl", "getent"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$@" >> {notes}\n')
        (tmp_path / name).chmod(0o755)
    for script, word in (
        ("prerm", "remove"),
        ("postrm", "remove"),
        ("postrm", "purge"),
        ("prerm", "upgrade"),
    ):
        words = ["sh", str(ROOT / "deploy/debian" / script), word]
        path = f"{tmp_path}:/usr/bin:/bin"
        subprocess.run(words, check=True, capture_output=True, env={"PATH": path})
    removed = [row for row in notes.read_text().splitlines() if row.startswith("rm ")]
    assert removed == ["rm -rf /opt/helpline"]


def test_what_the_package_needs_is_named_in_one_place_with_the_python_it_is_built_for() -> None:
    control = (ROOT / "deploy/debian/control").read_text()
    assert 'PYTHON = "3.13"' in (ROOT / "deploy/debian/build.py").read_text()
    assert "python3 (>= 3.13~), python3 (<< 3.14)" in control
    assert "caddy | nginx" in control


def test_the_first_line_of_each_release_says_what_an_administrator_must_do() -> None:
    releases_in_it = re.findall(r"^## \S+\n(.*)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert releases_in_it
    assert all(line.startswith("*To do*: ") for line in releases_in_it)


def test_the_browser_s_bill_is_the_same_at_each_run(tmp_path: Path) -> None:
    bill: dict[str, object] = {"components": [{"name": "é"}], "metadata": {"component": "helpline"}}
    made = []
    for number in ("1", "2"):
        given, out = tmp_path / f"{number}.json", tmp_path / f"{number}.cdx.json"
        at_random = {"serialNumber": number, "metadata": {"timestamp": number, "component": "helpline"}}
        given.write_text(json.dumps(bill | at_random))
        words = [sys.executable, str(ROOT / "deploy/debian/bill.py"), str(given), str(out)]
        subprocess.run(words, check=True)
        made.append(out.read_text())
    assert made[0] == made[1]
    assert json.loads(made[0]) == bill
