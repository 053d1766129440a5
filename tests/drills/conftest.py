"""Drills take minutes and build whole installations. `make drills` runs them, `make test` does not."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drills import releases, root
from tests.drills.root import Root

WANTED = "HELPLINE_DRILL"
collect_ignore_glob = [] if os.environ.get(WANTED) else ["test_*.py"]


@pytest.fixture(scope="session")
def release_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the publisher's key; its public half is beside it."""
    return releases.make_key(tmp_path_factory.mktemp("key"))


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory, release_key: Path) -> Path:
    """Returns a folder with what an administrator downloads, and with the publisher's public key."""
    folder = releases.build(tmp_path_factory.mktemp("release"))
    releases.package(folder)
    releases.sign(folder, release_key)
    shutil.copy(release_key.with_suffix(".pub"), folder)
    return folder


@pytest.fixture(scope="session")
def next_release(tmp_path_factory: pytest.TempPathFactory, release_key: Path) -> Path:
    """Returns the same for release 1.1.0, whose page differs."""
    folder = releases.build_copy(tmp_path_factory.mktemp("next"), one_release_later=True)
    releases.package(folder)
    releases.sign(folder, release_key)
    return folder


@pytest.fixture(scope="session")
def empty_machine() -> Iterator[Root]:
    """Provides an empty Debian 13 in a network of its own."""
    root.prepare_network()
    with Root() as made:
        yield made
