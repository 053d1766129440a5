"""Drills take minutes, and build whole installations: `make drills` runs them, `make test` does not."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drills import releases, root
from tests.drills.root import Root

WANTED = "HELPLINE_DRILL"
collect_ignore_glob = [] if os.environ.get(WANTED) else ["test_*.py"]


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what an operator gets."""
    return releases.build(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="session")
def next_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of a release 1.1.0, whose page differs."""
    return releases.build_next(tmp_path_factory.mktemp("next"))


@pytest.fixture(scope="session")
def empty_machine() -> Iterator[Root]:
    """Debian 13 with nothing on it, in a network of its own."""
    root.prepare_network()
    with Root() as made:
        yield made
