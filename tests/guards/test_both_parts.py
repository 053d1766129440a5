"""`make test` and `make test-long` together run every test once, and CI runs both and the checks. The short
tests of the core run with no optional app installed."""

import os
import re
import subprocess
import sys

import pytest

from tests.support.left_out import MARK
from tests.support.platform import ROOT

PLUGINS = ("-p", "no:cacheprovider", "-p", "tests.support.left_out")
CORE, REST = "not long and core", "not long and not core"


@pytest.mark.long
@pytest.mark.timeout(600)
def test_both_parts_together_are_every_test_once() -> None:
    core, _ = collected("-m", CORE, HELPLINE_APPS="none")
    others, _ = collected("-m", REST)
    _, short = collected("-m", "long")
    assert len(core) > 2000
    assert len(others) > 1000
    assert sorted(core + others) == sorted(short)


def test_the_commands_run_these_parts() -> None:
    makefile = (ROOT / "Makefile").read_text()
    parts = re.findall(r"^\t(.*)\$\(PYTEST\).* -m (long|\"[^\"]*\")", makefile, re.MULTILINE)
    assert [part for _, part in parts] == [f'"{CORE}"', f'"{REST}"', "long"]
    assert parts[0][0] == "HELPLINE_APPS=none "
    assert re.findall(r"^make (\S+)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE) == [
        "test",
        "test-long",
        "check",
    ]


def collected(*words: str, **settings: str) -> tuple[list[str], list[str]]:
    """Returns the names of the tests that are taken, and of those that are left out."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *PLUGINS, *words],
        cwd=ROOT, capture_output=True, text=True, check=True, env=os.environ | settings,
    )  # fmt: skip
    names = [line for line in done.stdout.splitlines() if "::" in line]
    left_out = [line.removeprefix(MARK) for line in names if line.startswith(MARK)]
    return [line for line in names if not line.startswith(MARK)], left_out
