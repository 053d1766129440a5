"""Drills take minutes, and build whole installations: `make drills` runs them, `make test` does not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drills import root
from tests.drills.root import Root
from tests.support.platform import ROOT

WANTED = "HELPLINE_DRILL"
collect_ignore_glob = [] if os.environ.get(WANTED) else ["test_*.py"]


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what an operator gets: the wheel and the locked dependencies."""
    folder = tmp_path_factory.mktemp("release")
    subprocess.run([sys.executable, "manage.py", "catalogues"], cwd=ROOT, check=True)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True
    )
    (folder / "requirements.txt").write_text((ROOT / "requirements.txt").read_text())
    return folder


@pytest.fixture(scope="session")
def empty_machine() -> Iterator[Root]:
    """Debian 13 with nothing on it, in a network of its own."""
    root.prepare_network()
    with Root() as made:
        yield made
