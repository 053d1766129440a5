"""Makes Helpwanted certified: Floor signs, and the test knows the root's words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.support.domain import certifying
from tests.support.domain.cast import Counsellor
from tests.support.domain.certifying import Installation


@pytest.fixture
def installation(settings: Settings, tmp_path: Path) -> Iterator[Installation]:
    """Provides an installation in which nothing is signed yet and no root is named."""
    yield certifying.an_installation(settings, tmp_path)
    certifying.forget()


@pytest.fixture
def certified(installation: Installation, floor: Counsellor, helpwanted: object) -> Installation:
    """Provides an installation with a named root, in which Floor's browser may sign for Helpwanted."""
    installation.names_its_root()
    installation.signs_scopes(installation.signs_with(floor))
    return installation
